"""Step 6: agreements with the family and between the parties: signed by each, in force once no undo is left."""

from __future__ import annotations

from tests.journeys.pages import Window
from tests.journeys.people import Journey
from tests.journeys.steps_giving import UNDO
from tests.journeys.steps_household import follows

AGREED, FIRST, SECOND = 2200, 1000, 1200  # yuan: both halves of the pledged need, and the public money


def service_agreement_is_signed(journey: Journey) -> None:
    """Both sides' duties and the right to leave; the family reads and signs on its page without an account."""
    agency = journey["yimin"]
    agency.open("/home/")
    agency.follow("/analyses/")
    agency.send(household_duties="按约定的时间在家，有变化提前说一声。")
    agreement = agency.path
    opened_and_signed(agency)
    widow = follows(journey)
    widow.follow("/ours/agreements/")
    text = widow.path
    widow.sees("过冬有保障", "按约定的时间在家")
    widow.does("/sign/")
    widow.open(text)
    assert widow.links("/undo/")
    journey.site.advance(minutes=UNDO)
    widow.open(text)
    assert not widow.links("/undo/")
    assert widow.links("/leave/")
    is_in_force(agency, agreement)


def entrustment_is_signed(journey: Journey) -> None:
    """Discussed, then agency, fund holder and platform sign the same text; from the tenth minute on it is in force."""
    agency, holder, supervisor = journey["yimin"], journey["cishan"], journey["li"]
    agency.open("/home/")
    agency.follow("/entrustment/")
    agency.send(
        amount=AGREED,
        tranche_1=FIRST,
        tranche_2=SECOND + 1,
        duties="按时报告，凭证齐全，接受评估。",
        liability="违反约定的，停止拨付并追回。",
        status=409,
    )
    agency.send(tranche_2=SECOND)  # now they add up
    agency.does("/do/show/")
    first = agency.path
    holder.open("/home/")
    holder.follow("/delivery/agreements/")
    holder.does("/do/change/", kind="reporting", text="请写明凭证几天内交齐。")
    agency.open(first)
    agency.sees("请写明凭证几天内交齐。")
    assert not agency.links("/do/open/")  # nobody signs before the answer
    agency.does("/edit/", reporting="每季一报，凭证十五日内交齐。", answer="已写明十五日。")
    journey.facts["entrustment"] = agency.path
    assert agency.path != first
    opened_and_signed(agency)
    holder.open("/home/")
    holder.follow("/delivery/agreements/")
    holder.does("/sign/")
    supervisor.open("/admin/")
    supervisor.follow("waiting=platform")
    supervisor.follow("/work/")
    supervisor.does("/work/platform/")
    journey.site.advance(minutes=UNDO)
    is_in_force(agency, journey.facts["entrustment"])


def opened_and_signed(agency: Window) -> None:
    """The writer fixes the text for everybody and signs it first."""
    agency.does("/do/open/")
    agency.does("/sign/")


def is_in_force(agency: Window, agreement: str) -> None:
    """Only what is in force can be followed by a new version."""
    agency.open(agreement)
    assert agency.links("/amend/"), agency.text()
