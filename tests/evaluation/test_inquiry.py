"""A case a supervisor opens on what was reported: its evidence, the freeze that comes with it, and what is refused."""

from datetime import timedelta
from typing import Any

import pytest

from common import clock
from common.actors import SYSTEM
from evaluation import services
from evaluation.models import EliminationCase
from files.models import Attachment
from implementers.services import change_standing_state
from tests.cast import AT, OTHER_COUNTY, hire, signed_in
from tests.evaluation.test_pages import send
from tests.projects import stage as s
from tests.refusing import refuses

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def still() -> Any:
    with clock.fixed(AT):
        yield


@pytest.fixture
def on() -> s.Stage:
    return s.stage()


def given(on: s.Stage, **changes: Any) -> dict[str, Any]:
    facts = {"agency": on.agency, "trigger": "breach_reported", "reason": "发票与实物不符。"}
    return {**facts, "evidence": s.picture(), "by": on.cast.supervisor, "at": AT, **changes}


def test_supervisor_opens_a_case_at_the_desk_and_the_agency_is_frozen_at_once(on: s.Stage) -> None:
    desk = f"/admin/implementers/agency/{on.agency.public_id}/work/"
    url = f"/admin/evaluation/eliminationcase/about/{on.agency.public_id}/"
    browser = signed_in(on.cast.supervisor)
    assert url in browser.get(desk).content.decode()
    assert url not in signed_in(on.cast.worker).get(desk).content.decode()

    made = send(browser, url, trigger="breach_reported", reason="发票与实物不符。", evidence=s.picture())

    case = EliminationCase.objects.get()
    assert (case.trigger, case.measure, case.state) == ("breach_reported", "eliminated", "opened")
    on.agency.refresh_from_db()
    assert on.agency.standing == "frozen"
    paper = f"/files/{Attachment.objects.get(purpose='case_evidence').public_id}/"
    shown = browser.get(made.url).content.decode()
    assert "发票与实物不符" in shown
    assert paper in shown
    agency = signed_in(on.leader)
    told = agency.get(f"/evaluation/cases/{case.public_id}/").content.decode()
    assert "发票与实物不符" in told
    assert paper not in told
    assert agency.get(paper).status_code == 404


def test_case_is_not_opened_by_others_nor_without_grounds(on: s.Stage) -> None:
    far = hire(
        "far", "远督导", "supervisor", organisation=on.cast.station, prefix=OTHER_COUNTY,
        by=on.cast.administrator,
    )  # fmt: skip
    unfit: dict[str, dict[str, Any]] = {
        "trigger_unknown": {"trigger": "low"},
        "not_rectifying": {"trigger": "rectification_failed"},
        "reason_missing": {"reason": " "},
        "no_file": {"evidence": None},
    }
    for code, changes in unfit.items():
        with refuses(code):
            services.open_inquiry(**given(on, **changes))
    with refuses("supervisors_only"):
        services.open_inquiry(**given(on, by=on.cast.worker))
    with refuses("other_place"):
        services.open_inquiry(**given(on, by=far))

    services.open_inquiry(**given(on, trigger="licence_revoked"))
    with refuses("case_open"):
        services.open_inquiry(**given(on))


def test_no_case_is_opened_about_an_agency_that_is_removed(on: s.Stage) -> None:
    for standing in ("warned", "eliminated"):
        change_standing_state(agency=on.agency, to=standing, reason="整改未落实。", by=SYSTEM, at=AT)

    with refuses("removed_already"):
        services.open_inquiry(**given(on))


def test_inquiry_that_finds_nothing_sets_the_agency_free_by_two_people(on: s.Stage) -> None:
    case = services.open_inquiry(**given(on))
    later = AT + timedelta(days=30)

    for person in (on.cast.supervisor, on.cast.second_supervisor):
        services.decide_elimination(case=case, decision="none", reason="发票补齐了。", by=person, at=later)

    on.agency.refresh_from_db()
    assert on.agency.standing == "normal"


def test_time_to_put_things_right_that_passed_in_silence_has_failed(on: s.Stage) -> None:
    change_standing_state(
        agency=on.agency,
        to="rectifying",
        reason="评级偏低。",
        by=SYSTEM,
        at=AT,
        until=AT + timedelta(days=90),
    )

    (case,) = services.open_due_reviews(by=SYSTEM, at=AT + timedelta(days=91))

    assert (case.trigger, case.facts["standing"]) == ("rectification_failed", "rectifying")
    on.agency.refresh_from_db()
    assert on.agency.standing == "rectifying"  # two people decide, after its statement


def test_warning_whose_time_is_over_has_not_failed(on: s.Stage) -> None:
    change_standing_state(
        agency=on.agency, to="warned", reason="评级偏低。", by=SYSTEM, at=AT, until=AT + timedelta(days=90)
    )

    (case,) = services.open_due_reviews(by=SYSTEM, at=AT + timedelta(days=91))

    assert case.trigger == "period_over"
