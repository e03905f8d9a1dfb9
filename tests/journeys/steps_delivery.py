"""Step 6: causes found together; what was promised is brought, and the family says that it arrived."""

from __future__ import annotations

from tests.journeys.pages import Window
from tests.journeys.people import Journey
from tests.journeys.steps_giving import UNDO
from tests.journeys.steps_household import follows
from tests.journeys.steps_money import today


def causes_are_found_together(journey: Journey) -> None:
    """Written by the agency with the family, confirmed by both."""
    worker, agency, project = journey["zhou"], journey["yimin"], journey.facts["project"]
    worker.open(f"/admin/projects/project/{project}/with/")
    worker.send(
        household=worker.page.locator("main [name=household] option").nth(1).get_attribute("value"),
    )
    agency.open(f"/projects/file/{project}/")
    agency.follow("/projects/analysis/")
    analysis = agency.path
    agency.follow("/write/")
    agency.send(
        main_cause="illness",
        causes=["schooling"],
        cause_notes="和家里人一起聊过两次，大家都认可。",
        strengths="手巧，邻里愿意搭把手。",
        responses="按月上门，先把过冬的事解决。",
        goals="三个月内过冬有保障\n半年后药费有着落",
    )
    agency.open(analysis)
    agency.send("main button[value=propose]")
    journey.facts["analysis"] = analysis
    agency.open(analysis)
    if agency.page.locator("main button[value=confirm]").count():
        agency.send("main button[value=confirm]")
    widow = follows(journey)
    widow.follow("/projects/with-us/")
    widow.send()


def first_help_is_brought(journey: Journey) -> None:
    """The first half of the money, both quilts and the hours of company."""
    is_brought(journey, amounts=("1000", "2", "4"))


def rest_is_brought(journey: Journey) -> None:
    """The other half of the pledged need and the public money, from the second payment."""
    is_brought(journey, amounts=("600", "600"))


def is_brought(journey: Journey, *, amounts: tuple[str, ...]) -> None:
    """Planned, handed over with a photo, and confirmed by the family on its page, without JavaScript."""
    agency, project = journey["yimin"], journey.facts["project"]
    agency.open(f"/projects/file/{project}/")
    planned = [plan for plan in agency.links("/plan/") if is_planned(agency, plan, amounts)]
    assert len(planned) == len(amounts)
    widow = follows(journey)
    confirmed = 0
    while links := widow.links("/arrived/"):
        widow.open(links[0])
        widow.send()
        confirmed += 1
    assert confirmed == len(amounts)
    journey.site.advance(minutes=UNDO)


def is_planned(agency: Window, plan: str, amounts: tuple[str, ...]) -> bool:
    """Money comes from the newest payment; what that does not hold waits for the next one."""
    agency.open(plan)
    if agency.page.input_value("main [name=amount]") not in amounts:
        return False
    payments = agency.page.locator("main [name=disbursement] option")
    if payments.count():
        agency.fill(disbursement=payments.last.get_attribute("value"))
    agency.send(planned_on=today())
    agency.does("/do/record/", delivered_on=today(), upload="交付照片")
    return True
