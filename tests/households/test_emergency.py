"""What cannot wait is opened at once by a supervisor, and assessed within 72 hours."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from common import clock
from common.actors import SYSTEM
from common.clock import day_of
from common.exceptions import Refused
from households import services
from households.desk import worklist
from households.models import Application, Assessment, Household, Need
from households.services.file import edit_household
from journal.models import Entry
from tests import cast as people
from tests.cast import AT, Cast

WHY = "断药两天，等不到评估。"
LATE = AT + timedelta(hours=73)


@pytest.fixture
def cast(db: None) -> Cast:
    return people.county()


def urgent() -> Application:
    answers = people.widow_answers()
    medicine, quilt = answers.needs
    return people.applies(replace(answers, needs=(replace(medicine, urgency="emergency"), quilt)))


@pytest.fixture
def application(cast: Cast) -> Application:
    return people.verified(urgent(), cast)


@pytest.fixture
def need(application: Application) -> Need:
    return people.needs_of(application)[0]


def refused(code: str, **given: Any) -> None:
    models = (Application, Household, Need, Entry)
    before = [list(model.objects.order_by("pk").values()) for model in models]
    with pytest.raises(Refused) as caught:
        services.open_at_once(at=AT, **{"reason": WHY, **given})
    assert caught.value.code == code
    assert [list(model.objects.order_by("pk").values()) for model in models] == before


def visits(household: Household, cast: Cast) -> None:
    services.record_visit(
        visit=people.planned_visit(household), done_at=AT, companion=cast.colleague, companion_name="",
        by_video=False, identity_seen=2, papers_of=household.members.all(), findings="药瓶空了。", evidence=None,
        by=cast.worker, at=AT,
    )  # fmt: skip


def todos(user: Any) -> list[Any]:
    role = worklist.for_supervisor if user.seat.role == "supervisor" else worklist.for_social_worker
    return [todo for todo in role(user) if todo.kind in {"assess", "assess_at_once"}]


def test_urgent_need_is_open_at_once_from_the_file(cast: Cast, application: Application, need: Need) -> None:
    desk = people.signed_in(cast.supervisor)
    file = f"/admin/households/household/{need.household.public_id}/file/"
    page = f"/admin/households/need/{need.public_id}/do/open/"
    assert page in desk.get(file).content.decode()
    assert page not in people.signed_in(cast.worker).get(file).content.decode()
    other = people.needs_of(application)[1]
    assert f"/need/{other.public_id}/do/open/" not in desk.get(file).content.decode()

    with clock.fixed(AT):
        assert desk.post(page, {"reason": WHY, "_key": "1"}).status_code == 302

    need.refresh_from_db()
    assert (need.state, need.severity, need.severity_rule, need.severity_reason) == (
        "open",
        5,
        "at_once",
        WHY,
    )
    assert need.assess_by == AT + timedelta(hours=72)
    assert list(Need.objects.listed().open_on(day_of(AT))) == [need]
    entry = Entry.objects.filter(object_ref=need.public_id).latest("id")
    assert (entry.actor_ref, entry.parameters["rule"]) == (cast.supervisor.public_id, "at_once")
    assert WHY not in str(entry.parameters)
    assert page not in desk.get(file).content.decode()


def test_its_assessment_is_due_within_three_days(cast: Cast, application: Application, need: Need) -> None:
    services.open_at_once(need=need, reason=WHY, by=cast.supervisor, at=AT)

    with clock.fixed(LATE):
        for user in (cast.worker, cast.supervisor):
            (todo,) = todos(user)
            assert (todo.kind, todo.due) == ("assess_at_once", AT + timedelta(hours=72))
            assert todo.due < clock.now()
        page = people.signed_in(cast.worker).get("/admin/").content.decode()
        assert f"{todo.url}" in page


def test_assessment_rates_it_and_approval_leaves_it_open(
    cast: Cast, application: Application, need: Need
) -> None:
    services.open_at_once(need=need, reason=WHY, by=cast.supervisor, at=AT)
    services.reserve_need(need=need, amount=2, by=SYSTEM, at=AT)
    household = application.household
    visits(household, cast)
    edit_household(
        household=household, version=household.version, changes=people.CLASS_OF_FILE, by=cast.worker, at=AT
    )
    assessment = services.start_assessment(application=application, by=cast.worker, at=AT)
    saved = services.save_assessment(
        assessment=assessment, version=1, changes=people.full_assessment(), by=cast.worker, at=AT
    )
    send = f"/admin/households/assessment/{saved.public_id}/do/send/"
    assert f"requested_{need.public_id}" in people.signed_in(cast.worker).get(send).content.decode()
    entries = [
        {"need": one, "rank": place, "requested": 5 if one == need else one.requested}
        for place, one in enumerate(people.needs_of(application), start=1)
    ]
    services.submit_assessment(
        assessment=saved, household_confirms=True, needs=entries, by=cast.worker, at=AT
    )
    need.refresh_from_db()
    assert (need.requested, todos(cast.worker)) == (6, [])
    application.refresh_from_db()
    services.start_review(application=application, by=cast.second_supervisor, at=AT)
    services.approve_application(application=application, by=cast.second_supervisor, at=AT)

    need.refresh_from_db()
    assert (need.state, need.requested, need.reserved, need.severity_rule) == ("open", 5, 2, "severity-1")
    assert need.assessment == Assessment.objects.get()
    assert set(Need.objects.values_list("state", flat=True)) == {"open"}


def test_who_may_open_and_what(cast: Cast, application: Application, need: Need) -> None:
    quilt = people.needs_of(application)[1]
    refused("supervisor_needed", need=need, by=cast.worker)
    refused("not_urgent", need=quilt, by=cast.supervisor)
    refused("reason_missing", need=need, by=cast.supervisor, reason=" ")
    services.suspend_household(household=need.household, reason="moved", by=cast.second_supervisor, at=AT)
    refused("paused", need=need, by=cast.supervisor)
    services.resume_household(household=need.household, by=cast.second_supervisor, at=AT)
    services.open_at_once(need=need, reason=WHY, by=cast.supervisor, at=AT)
    refused("need_settled", need=need, by=cast.supervisor)


def test_only_while_the_application_is_checked(cast: Cast) -> None:
    application = people.accepted(urgent(), cast)

    refused("not_checked", need=people.needs_of(application)[0], by=cast.supervisor)


def test_nobody_opens_what_they_filed_themselves(cast: Cast) -> None:
    answers = people.clean_answers(1)
    answers = replace(answers, needs=(replace(answers.needs[0], urgency="emergency"),))
    filed = people.applies(answers, by=cast.supervisor, channel="desk")
    application = people.verified(filed, cast)

    refused("incompatible_duty", need=people.needs_of(application)[0], by=cast.supervisor)


def test_hours_stand_still_with_the_file(cast: Cast, need: Need) -> None:
    services.open_at_once(need=need, reason=WHY, by=cast.supervisor, at=AT)
    services.suspend_household(household=need.household, reason="moved", by=cast.supervisor, at=AT)
    with clock.fixed(LATE):
        assert todos(cast.worker) == todos(cast.supervisor) == []

    services.resume_household(household=need.household, by=cast.supervisor, at=LATE)

    need.refresh_from_db()
    assert need.assess_by == LATE + timedelta(hours=72)


def test_it_ends_with_a_refused_application_unless_help_is_on_its_way(
    cast: Cast, application: Application, need: Need
) -> None:
    services.open_at_once(need=need, reason=WHY, by=cast.supervisor, at=AT)
    services.reserve_need(need=need, amount=2, by=SYSTEM, at=AT)
    household = application.household
    visits(household, cast)
    assessment = services.start_assessment(application=application, by=cast.worker, at=AT)
    saved = services.save_assessment(
        assessment=assessment, version=1, changes=people.full_assessment(), by=cast.worker, at=AT
    )
    services.submit_assessment(
        assessment=saved, household_confirms=True, needs=people.in_order(application), by=cast.worker, at=AT
    )
    application.refresh_from_db()
    services.start_review(application=application, by=cast.supervisor, at=AT)
    given: dict[str, Any] = {"application": application, "reason": "收入高于标准。", "by": cast.supervisor}
    with pytest.raises(Refused) as caught:
        services.reject_application(at=AT, **given)
    assert caught.value.code == "still_reserved"
    assert Need.objects.get(pk=need.pk).state == "open"

    services.release_need(need=need, amount=2, by=SYSTEM, at=AT)
    services.reject_application(at=AT, **given)
    assert set(Need.objects.values_list("state", flat=True)) == {"cancelled"}
