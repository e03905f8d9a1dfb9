"""A measure ends by two people's word: after the agency's report, or when its time is over (domain §10.9, §11.4)."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounts.enums import Role
from common import clock
from common.actors import SYSTEM
from common.exceptions import Refused
from evaluation import services
from evaluation.models import EliminationCase, Evaluation
from implementers.models import Agency
from implementers.services import change_standing_state
from jobs.models import Job
from jobs.services import enqueue
from jobs.worker import perform
from notices.models import Notice
from tests.cast import AT, hire, signed_in
from tests.evaluation.test_pages import send
from tests.evaluation.test_rating import computed, finished, in_force
from tests.projects import stage as s

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=120)


@pytest.fixture(autouse=True)
def still() -> Any:
    with clock.fixed(AT):
        yield


@pytest.fixture
def on() -> s.Stage:
    return s.stage()


def refused(code: str, act: Any, **kwargs: Any) -> None:
    with pytest.raises(Refused) as caught:
        act(**kwargs)
    assert caught.value.code == code


def measured(on: s.Stage, *standings: str, until: datetime | None = None) -> Agency:
    for standing in standings:
        change_standing_state(
            agency=on.agency, to=standing, reason="评级偏低。", by=SYSTEM, at=AT, until=until
        )
    on.agency.refresh_from_db()
    return on.agency


def decided(on: s.Stage, case: EliminationCase, decision: str, at: datetime = AT) -> Agency:
    for person in (on.cast.supervisor, on.cast.second_supervisor):
        services.decide_elimination(case=case, decision=decision, reason="看过整改记录。", by=person, at=at)
    on.agency.refresh_from_db()
    return on.agency


def test_rectified_agency_is_heard_and_lifted_by_two_people_in_pages(on: s.Stage) -> None:
    measured(on, "rectifying", until=AT + timedelta(days=90))
    agency = signed_in(on.leader)
    assert "/evaluation/put-right/" in agency.get("/evaluation/rating/").content.decode()

    told = send(agency, "/evaluation/put-right/", text="已补齐签到表，换了负责人。")

    case = EliminationCase.objects.get()
    assert told.url == f"/evaluation/cases/{case.public_id}/"
    assert (case.trigger, case.state) == ("put_right", "stated")
    desk = f"/admin/evaluation/eliminationcase/{case.public_id}/file/"
    first, second = signed_in(on.cast.supervisor), signed_in(on.cast.second_supervisor)
    assert "已补齐签到表" in first.get(desk).content.decode()
    send(first, desk, decision="none", reason="整改到位。")
    on.agency.refresh_from_db()
    assert on.agency.standing == "rectifying"
    send(first, desk, expect=409, decision="none", reason="整改到位。")
    send(second, desk, decision="none", reason="同意。")

    on.agency.refresh_from_db()
    assert (on.agency.standing, on.agency.standing_until) == ("normal", None)
    assert agency.get(told.url).status_code == 200
    assert "/evaluation/put-right/" not in agency.get("/evaluation/rating/").content.decode()


def test_two_people_may_go_on_to_suspension(on: s.Stage) -> None:
    measured(on, "warned")
    case = services.report_put_right(agency=on.agency, text="已整改。", by=on.leader, at=AT)

    agency = decided(on, case, "suspended")

    assert (agency.standing, agency.standing_until) == ("suspended", AT + timedelta(days=90))


def test_report_is_refused_while_a_case_is_open_or_nothing_runs_or_by_a_stranger(on: s.Stage) -> None:
    _other, stranger = s.admitted_agency(on.cast, 20, "邻县社工中心")
    given: dict[str, Any] = {"agency": on.agency, "text": "已整改。", "at": AT}
    refused("nothing_to_put_right", services.report_put_right, **given, by=on.leader)
    measured(on, "warned")
    refused("not_your_agency", services.report_put_right, **given, by=stranger)
    refused("text_missing", services.report_put_right, **given | {"text": " "}, by=on.leader)
    assert not EliminationCase.objects.exists()

    services.report_put_right(**given, by=on.leader)
    refused("case_open", services.report_put_right, **given, by=on.leader)

    assert EliminationCase.objects.count() == 1


def test_suspension_is_looked_at_when_its_last_day_has_passed(on: s.Stage) -> None:
    ends = AT + timedelta(days=90)
    measured(on, "suspended", until=ends)
    refused(
        "nothing_to_put_right", services.report_put_right, agency=on.agency, text="x", by=on.leader, at=AT
    )
    assert services.open_due_reviews(by=SYSTEM, at=ends - timedelta(minutes=1)) == []
    assert not EliminationCase.objects.exists()

    enqueue("evaluation.open_reviews", key="evaluation.open_reviews", by=on.cast.supervisor, at=AT)
    with clock.fixed(ends):
        perform(Job.objects.get(kind="evaluation.open_reviews").pk)
    assert services.open_due_reviews(by=SYSTEM, at=ends) == []  # it is open already

    case = EliminationCase.objects.get()
    assert (case.trigger, case.facts["standing"]) == ("period_over", "suspended")
    assert Notice.objects.filter(kind="elimination_opened", to_ref=on.leader.public_id).exists()
    refused(
        "statement_running", services.decide_elimination, case=case, decision="none", reason="x",
        by=on.cast.supervisor, at=ends,
    )  # fmt: skip
    services.make_statement(case=case, text="已整改。", by=on.leader, at=ends)
    assert decided(on, case, "none", ends).standing == "normal"


def test_suspension_can_go_on_for_another_period(on: s.Stage) -> None:
    measured(on, "suspended", until=AT)
    (case,) = services.open_due_reviews(by=SYSTEM, at=AT)

    agency = decided(on, case, "suspended", LATER)

    assert (agency.standing, agency.standing_until) == ("suspended", LATER + timedelta(days=90))
    assert agency.standing_since == AT


def test_rectification_is_not_prolonged_and_only_what_follows_can_be_decided(on: s.Stage) -> None:
    measured(on, "rectifying", until=AT)
    (case,) = services.open_due_reviews(by=SYSTEM, at=AT)
    desk = signed_in(on.cast.supervisor).get(f"/admin/evaluation/eliminationcase/{case.public_id}/file/")

    refused(
        "measure_unknown", services.decide_elimination, case=case, decision="rectifying", reason="再等等",
        by=on.cast.supervisor, at=LATER,
    )  # fmt: skip

    case.refresh_from_db()
    on.agency.refresh_from_db()
    assert (case.first_decider, case.state, on.agency.standing) == (None, "opened", "rectifying")
    assert [value for value, _label in desk.context["form"].fields["decision"].choices] == [
        "none", "warned", "suspended", "eliminated",
    ]  # fmt: skip


def test_after_a_removal_the_agency_is_admitted_anew(on: s.Stage) -> None:
    measured(on, "warned", "eliminated", until=AT)
    (case,) = services.open_due_reviews(by=SYSTEM, at=AT)

    agency = decided(on, case, "none", LATER)

    assert (agency.standing, agency.state) == ("normal", "checking")


def test_review_changes_nothing_when_the_agency_was_frozen_meanwhile(on: s.Stage) -> None:
    measured(on, "warned")
    case = services.report_put_right(agency=on.agency, text="已整改。", by=on.leader, at=AT)
    measured(on, "frozen")

    assert decided(on, case, "none").standing == "frozen"


def test_evaluator_of_the_agency_does_not_lift_its_measure(on: s.Stage) -> None:
    s.opened(on, s.in_ex_ante(on))
    drawn = Evaluation.objects.get().team.all()[0].user
    both = hire("both", drawn.name, Role.SUPERVISOR, organisation=on.cast.station, prefix="990101",
                by=on.cast.administrator)  # fmt: skip
    Evaluation.objects.get().team.filter(user=drawn).update(user=both)
    measured(on, "warned")
    case = services.report_put_right(agency=on.agency, text="已整改。", by=on.leader, at=AT)

    refused(
        "evaluator_of_agency",
        services.decide_elimination,
        case=case,
        decision="none",
        reason="x",
        by=both,
        at=AT,
    )

    case.refresh_from_db()
    assert case.first_decider is None


def test_supervisor_asks_for_the_reviews_at_the_desk(on: s.Stage) -> None:
    send(signed_in(on.cast.supervisor), "/admin/evaluation/eliminationcase/run/reviews/")

    assert Job.objects.get().kind == "evaluation.open_reviews"
    assert (
        "/run/reviews/"
        in signed_in(on.cast.supervisor).get("/admin/evaluation/eliminationcase/").content.decode()
    )


# --- appeals ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("granted", [True, False])
def test_result_appealed_before_publishing_is_public_once_its_summary_is_written(
    on: s.Stage, granted: bool
) -> None:
    found = s.opened(on, s.in_ex_ante(on))
    s.concluded(on, found, [84, 84])
    third = hire("sun3", "孙三", Role.SUPERVISOR, organisation=on.cast.station, prefix="990101",
                 by=on.cast.administrator)  # fmt: skip
    found.refresh_from_db()
    appeal = services.file_appeal(about=found, text="漏看了。", by=on.leader, at=AT)
    for person in (on.cast.second_supervisor, third):
        services.decide_appeal(
            appeal=appeal, granted=granted, answer="看过了。", by=person, at=AT,
            corrected_score=Decimal(90) if granted else None,
        )  # fmt: skip
    public = f"/evaluation/published/{found.public_id}/"
    assert Client().get(public).status_code == 404
    assert not Evaluation.objects.visible_to(None).exists()

    desk = signed_in(on.cast.supervisor)
    file = f"/admin/evaluation/evaluation/{found.public_id}/file/"
    send(desk, file, expect=422, act="publish", summary="")
    send(desk, file, act="publish", summary="设计扎实。")

    found.refresh_from_db()
    assert (found.state, found.published_at) == ("published", AT)
    assert "设计扎实。" in Client().get(public).content.decode()
    refused("appealed_before", services.file_appeal, about=found, text="再来", by=on.leader, at=AT)


@pytest.mark.parametrize("kind", ["evaluation", "rating", "case"])
def test_appeal_against_another_agencys_result_does_not_exist(on: s.Stage, kind: str) -> None:
    _other, stranger = s.admitted_agency(on.cast, 20, "邻县社工中心")
    found = s.opened(on, s.in_ex_ante(on))
    s.concluded(on, found, [84, 84])
    found.refresh_from_db()
    services.publish_evaluation(evaluation=found, summary="好。", by=on.cast.supervisor, at=AT)
    measured(on, "warned")
    about: Any = found
    if kind == "case":
        about = services.report_put_right(agency=on.agency, text="已整改。", by=on.leader, at=AT)
    if kind == "rating":
        finished(on, [96])
        about = in_force(computed()[on.agency.pk], on)
    url = f"/evaluation/appeal/{kind}/{about.public_id}/"

    assert signed_in(on.leader).get(url).status_code == 200
    assert signed_in(stranger).get(url).status_code == 404
    assert signed_in(stranger).post(url, {"text": "我们不同意", "_key": "1"}).status_code == 404

    about.refresh_from_db()
    assert about.state != "appealed"


def test_agency_is_told_what_its_case_waits_for_and_what_was_decided(on: s.Stage) -> None:
    measured(on, "warned", until=AT - timedelta(days=1))
    agency = signed_in(on.leader)
    before = agency.get("/evaluation/rating/").content.decode()
    assert "已到期" in before
    assert "/evaluation/put-right/" in before

    case = services.report_put_right(agency=on.agency, text="已整改。", by=on.leader, at=AT)

    waiting = agency.get("/evaluation/rating/").content.decode()
    assert "我们正在看你们的陈述" in waiting
    assert "/evaluation/put-right/" not in waiting
    decided(on, case, "suspended")
    assert "决定： 暂停承接新项目" in agency.get("/evaluation/rating/").content.decode()


def test_time_for_a_statement_that_is_over_says_so(on: s.Stage) -> None:
    measured(on, "warned")
    case = services.open_elimination(
        agency=on.agency, trigger="low", measure="rectifying", facts={}, by=SYSTEM, at=AT
    )
    own = f"/evaluation/cases/{case.public_id}/"
    shown = signed_in(on.leader).get("/evaluation/rating/").content.decode()
    assert f'<a class="button" href="{own}">' in shown
    assert "/evaluation/put-right/" not in shown

    with clock.fixed(AT + timedelta(days=60)):
        agency = signed_in(on.leader)
        for page in ("/evaluation/rating/", own):
            assert "接下来由两位督导作出决定" in agency.get(page).content.decode()
