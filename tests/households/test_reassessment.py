"""An upheld objection to an assessment: somebody else assesses anew, support goes on, promises stay."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from accounts.models import User
from common import clock
from common.actors import CodeHolder
from common.exceptions import Refused
from households import services
from households.desk import worklist
from households.models import Application, Assessment, Household, Need, Remedy, Visit
from journal.models import Entry
from notices.models import Notice
from tests import cast as people
from tests.cast import AT, Cast
from tests.households.objecting import decided, judged, objects, outsiders
from tests.households.test_desk_acts import address, post
from tests.households.test_status import entered

LATER = AT + timedelta(days=1)
MODELS = (Application, Assessment, Household, Need, Visit)


@pytest.fixture(autouse=True)
def tuesday() -> Iterator[None]:
    with clock.fixed(LATER):
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    return people.county()


@pytest.fixture
def deciders(cast: Cast) -> list[User]:
    return outsiders(cast)


@pytest.fixture
def application(cast: Cast) -> Application:
    return people.approved(people.widow_applies(), cast)


def rows() -> list[Any]:
    return [list(model.objects.order_by("pk").values()) for model in MODELS]


def refused(code: str, act: Any, **given: Any) -> None:
    before = rows()
    with pytest.raises(Refused) as caught:
        act(**({"at": LATER} | given))
    assert (caught.value.code, rows()) == (code, before)


def reopened(application: Application, deciders: list[User], cast: Cast) -> Assessment:
    """The family was right; what it objected to."""
    old: Assessment = application.assessments.latest("pk")
    decided(application.household, "assessment", deciders, cast)
    old.refresh_from_db()
    return old


def visited(household: Household, by: User) -> None:
    services.record_visit(
        visit=people.planned_visit(household), done_at=LATER, companion=None, companion_name="三组组长",
        by_video=False, identity_seen=0, papers_of=[], findings="药费单都看了。", evidence=None, by=by, at=LATER,
    )  # fmt: skip


def written(application: Application, by: User, **changes: Any) -> Assessment:
    """Every level, by somebody else."""
    assessment = services.start_assessment(application=application, by=by, at=LATER)
    services.save_assessment(
        assessment=assessment, version=assessment.version, changes=people.full_assessment() | changes, by=by,
        at=LATER,
    )  # fmt: skip
    return Assessment.objects.get(pk=assessment.pk)


def sent(assessment: Assessment, by: User, needs: list[dict[str, Any]]) -> Assessment:
    return services.submit_assessment(
        assessment=assessment, household_confirms=True, needs=needs, by=by, at=LATER
    )


def quilts() -> Need:
    need: Need = Need.objects.select_related("item").get(item__slug="quilt")
    return need


def test_support_goes_on_while_somebody_else_assesses(
    cast: Cast, deciders: list[User], application: Application
) -> None:
    needs = list(Need.objects.order_by("pk").values())

    old = reopened(application, deciders, cast)

    application.refresh_from_db()
    household = Household.objects.get()
    assert (old.state, application.state, household.state) == ("set_aside", "approved", "active")
    assert list(Need.objects.order_by("pk").values()) == needs
    assert household.worker == cast.worker  # until a supervisor hands it on; the deciders never see the file
    assert not Household.objects.visible_to(deciders[0]).exists()
    visit = Visit.objects.get(state="planned")
    assert (visit.kind, visit.due, application.decide_due) == (
        "verification",
        date(2026, 11, 26),
        date(2026, 12, 7),
    )
    assert not Remedy.objects.exists()
    assert Notice.objects.filter(kind="assessed_again_for_household").count() == 1
    assert Notice.objects.filter(kind="assessor_wanted", to_ref=cast.supervisor.public_id).count() == 1
    assert Entry.objects.filter(action="households.assessment.set_aside").count() == 1
    desk = people.signed_in(cast.supervisor)
    shown = desk.get(f"/admin/households/household/{household.public_id}/file/?tab=check").content.decode()
    assert people.WIDOW_WORDS in shown
    assert "因异议不再采用" in shown
    assert "请另一位同事在 11 月 26 日前上门" in shown
    assert "另一位社工会上门" in entered(application).get("/help/status/").content.decode()


def test_neither_the_earlier_assessor_nor_a_decider_assesses_anew(
    cast: Cast, deciders: list[User], application: Application
) -> None:
    reopened(application, deciders, cast)
    household = Household.objects.get()
    start = services.start_assessment

    refused("assessed_before", start, application=application, by=cast.worker)
    refused("incompatible_duty", start, application=application, by=deciders[0])
    refused("incompatible_duty", start, application=application, by=cast.supervisor)
    refused("not_your_case", start, application=application, by=cast.stranger)
    handed: dict[str, Any] = {"household": household, "by": cast.supervisor}
    refused("assessed_before", services.assign_worker, worker=cast.worker, **handed)
    refused(
        "wrong_state", services.reject_application, application=application, reason="x", by=cast.supervisor
    )

    services.assign_worker(worker=cast.colleague, **handed, at=LATER)
    assert start(application=application, by=cast.colleague, at=LATER).assessor == cast.colleague
    assert start(application=application, by=cast.worker, at=LATER).assessor == cast.colleague


def test_needs_follow_the_new_assessment_once_it_is_approved(
    cast: Cast, deciders: list[User], application: Application
) -> None:
    old, fresh = reopened(application, deciders, cast), cast.colleague
    assessment = written(application, fresh, grade=4, causes=[{"code": "labour", "level": "person"}])
    assert Household.objects.get().worker == fresh
    entry: dict[str, Any] = {
        "need": quilts(),
        "requested": 3,
        "urgency": "emergency",
        "deadline": date(2026, 12, 1),
    }
    given: dict[str, Any] = {
        "assessment": assessment,
        "household_confirms": True,
        "needs": [entry],
        "by": fresh,
    }
    refused("visit_anew", services.submit_assessment, **given)
    visited(application.household, cast.second_supervisor)  # somebody else's eyes
    refused("visit_anew", services.submit_assessment, **given)
    services.open_visit_task(
        household=application.household,
        kind="verification",
        due=LATER.date(),
        cause_ref="",
        by=fresh,
        at=LATER,
    )
    visited(application.household, fresh)

    sent(assessment, fresh, [entry])

    assert (quilts().requested, quilts().severity, quilts().assessment) == (2, 4, old)
    approve = services.approve_reassessment
    refused("supervisor_needed", approve, assessment=assessment, by=fresh)
    Assessment.objects.filter(pk=old.pk).update(assessor=cast.second_supervisor)
    refused("four_eyes", approve, assessment=assessment, by=cast.second_supervisor)
    approve(assessment=assessment, by=cast.supervisor, at=LATER)

    need = quilts()
    assert (need.state, need.requested, need.urgency, need.deadline) == (
        "open",
        3,
        "emergency",
        date(2026, 12, 1),
    )
    assert (need.severity, need.assessment) == (5, assessment)
    assert Household.objects.get().cause_main == "labour"
    assert Notice.objects.filter(kind="assessed_anew_for_household").count() == 1
    refused("not_anew", approve, assessment=assessment, by=cast.supervisor)
    refused("not_verifying", services.start_assessment, application=application, by=cast.worker)


def test_what_is_promised_stays(cast: Cast, deciders: list[User], application: Application) -> None:
    services.reserve_need(need=quilts(), amount=2, by=cast.worker, at=AT)
    reopened(application, deciders, cast)
    assert (quilts().state, quilts().reserved) == ("open", 2)
    assessment = written(application, cast.colleague)
    visited(application.household, cast.colleague)
    less: dict[str, Any] = {"need": quilts(), "requested": 1}
    given: dict[str, Any] = {"assessment": assessment, "household_confirms": True, "by": cast.colleague}
    refused("promised_already", services.submit_assessment, needs=[less], **given)
    services.release_need(need=quilts(), amount=2, by=cast.worker, at=LATER)
    sent(assessment, cast.colleague, [less])
    services.reserve_need(need=quilts(), amount=2, by=cast.worker, at=LATER)

    services.approve_reassessment(assessment=assessment, by=cast.supervisor, at=LATER)

    assert (quilts().requested, quilts().reserved, quilts().assessment) == (2, 2, assessment)


def test_need_that_has_all_it_needs_by_the_new_assessment_is_met(
    cast: Cast, deciders: list[User], application: Application
) -> None:
    services.reserve_need(need=quilts(), amount=1, by=cast.worker, at=AT)
    services.deliver_need(need=quilts(), amount=1, by=cast.worker, at=AT)
    reopened(application, deciders, cast)
    assessment = written(application, cast.colleague)
    visited(application.household, cast.colleague)
    sent(assessment, cast.colleague, [{"need": quilts(), "requested": 1}])

    services.approve_reassessment(assessment=assessment, by=cast.supervisor, at=LATER)

    assert (quilts().state, quilts().requested, quilts().delivered) == ("fulfilled", 1, 1)


def test_supervisors_own_severity_outlives_the_new_assessment(
    cast: Cast, deciders: list[User], application: Application
) -> None:
    services.override_severity(need=quilts(), severity=2, reason="邻居借了被子", by=cast.supervisor, at=AT)
    reopened(application, deciders, cast)
    assessment = written(application, cast.colleague, grade=4)
    visited(application.household, cast.colleague)
    sent(assessment, cast.colleague, [{"need": quilts(), "requested": 2}])

    services.approve_reassessment(assessment=assessment, by=cast.supervisor, at=LATER)

    assert (quilts().severity, quilts().severity_rule) == (2, "override")


def test_sent_back_keeps_the_file_approved_and_what_was_found(
    cast: Cast, deciders: list[User], application: Application
) -> None:
    reopened(application, deciders, cast)
    assessment = written(application, cast.colleague)
    visited(application.household, cast.colleague)
    sent(assessment, cast.colleague, [{"need": quilts(), "requested": 5}])

    services.send_back_assessment(assessment=assessment, reason="再问问药费", by=cast.supervisor, at=LATER)

    application.refresh_from_db()
    assert application.state == "approved"
    page = people.signed_in(cast.colleague).get(address(assessment, "send")).content.decode()
    assert f'name="requested_{quilts().public_id}" value="5"' in page


@pytest.mark.parametrize("step", ["assessed", "reviewing", "rejected"])
def test_file_not_approved_goes_back_to_checking(cast: Cast, deciders: list[User], step: str) -> None:
    walk = people.assessed if step == "assessed" else people.reviewing
    application = walk(people.widow_applies(), cast)
    if step == "rejected":
        services.reject_application(application=application, reason="收入高", by=cast.supervisor, at=AT)

    old = reopened(application, deciders, cast)

    application.refresh_from_db()
    assert (old.state, application.state) == ("set_aside", "verifying")
    refused("assessed_before", services.start_assessment, application=application, by=cast.worker)
    assessment = written(application, cast.colleague)
    visited(application.household, cast.colleague)
    entries = people.in_order(application)
    entries[1]["requested"] = 3
    assert entries[1]["need"] == quilts()
    sent(assessment, cast.colleague, entries)
    application.refresh_from_db()
    services.start_review(application=application, by=cast.second_supervisor, at=LATER)
    services.approve_application(application=application, by=cast.second_supervisor, at=LATER)
    assert (quilts().state, quilts().requested, quilts().assessment) == ("open", 3, assessment)


def test_application_taken_back_meanwhile_leaves_it_to_a_supervisor(cast: Cast, deciders: list[User]) -> None:
    application = people.assessed(people.applies(people.clean_answers(1)), cast)
    objection = objects(application.household, "assessment")
    services.withdraw_application(application=application, by=CodeHolder(application.public_id), at=AT)

    judged(objection, deciders, cast)

    assert Remedy.objects.get().objection == objection
    assert not Assessment.objects.filter(state="set_aside").exists()


def kinds(user: User) -> list[str]:
    role = worklist.for_supervisor if user.seat.role == "supervisor" else worklist.for_social_worker  # type: ignore[union-attr]
    return [todo.kind for todo in role(user)]


def test_it_is_handed_on_written_and_approved_on_the_pages(
    cast: Cast, deciders: list[User], application: Application
) -> None:
    old = reopened(application, deciders, cast)
    boss, fresh = people.signed_in(cast.supervisor), people.signed_in(cast.colleague)
    assert "hand_on" in kinds(cast.supervisor)
    assert not {"visit", "assess_anew"} & {*kinds(cast.worker), *kinds(cast.colleague)}
    household = application.household
    assert post(boss, household, "assign", worker=cast.worker.public_id).status_code == 409
    assert post(boss, household, "assign", "k2", worker=cast.colleague.public_id).status_code == 302
    assert "hand_on" not in kinds(cast.supervisor)
    assert {"visit", "assess_anew"} <= set(kinds(cast.colleague))
    assert people.signed_in(cast.worker).get(address(old, "anew")).status_code == 404
    file = f"/admin/households/household/{household.public_id}/file/"
    assert address(old, "anew") in fresh.get(file).content.decode()

    begun = post(fresh, old, "anew")
    assessment = Assessment.objects.get(state="draft")
    assert begun.url == f"/admin/households/assessment/{assessment.public_id}/write/problem/"
    assert kinds(cast.colleague).count("assess_anew") == 1
    visited(household, cast.colleague)
    written(application, cast.colleague)
    sent(Assessment.objects.get(pk=assessment.pk), cast.colleague, [{"need": quilts(), "requested": 4}])

    assert "approve_anew" in kinds(cast.supervisor)
    before = rows()
    assert post(fresh, assessment, "approve").status_code == 404
    assert rows() == before
    page = boss.get(address(assessment, "approve")).content.decode()
    assert "2 床 → 4 床" in page
    assert [post(boss, assessment, "approve").status_code for _twice in range(2)] == [302, 302]
    assert (quilts().requested, "approve_anew" in kinds(cast.supervisor)) == (4, False)
    assert Entry.objects.filter(action="assessment.renewed").count() == 1
