"""A paused file rests: nothing is done to its application, assessment or visits, and its clocks stand still."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from common import clock
from common.actors import SYSTEM
from common.exceptions import Refused
from households import services
from households.desk import worklist
from households.models import Application, Assessment, Household, Visit
from households.queries.page import standing
from jobs.models import Job
from jobs.services import enqueue
from jobs.worker import perform
from journal.models import Entry
from reference.queries import add_working_days
from tests import cast as people
from tests.cast import AT, Cast

TUESDAY, NEXT_TUESDAY = AT + timedelta(days=1), AT + timedelta(days=8)
Step = Callable[[Application, Cast], Any]


@pytest.fixture
def cast(db: None) -> Cast:
    return people.county()


def begun(application: Application, cast: Cast) -> Application:
    application = people.visited(application, cast)
    services.start_assessment(application=application, by=cast.worker, at=AT)
    return application


def alone(application: Application, cast: Cast) -> Application:
    return application


def visit_of(application: Application) -> Visit:
    return people.planned_visit(application.household)


def recorded(application: Application, cast: Cast) -> None:
    services.record_visit(
        visit=visit_of(application),
        done_at=AT,
        companion=cast.colleague,
        companion_name="",
        by_video=False,
        identity_seen=2,
        papers_of=application.household.members.all(),
        findings="家中整洁。",
        evidence=None,
        by=cast.worker,
        at=TUESDAY,
    )


STEPS: dict[str, tuple[Any, Step]] = {
    "accept": (alone, lambda a, c: services.accept_application(application=a, by=c.worker, at=TUESDAY)),
    "return": (
        alone,
        lambda a, c: services.return_application(application=a, missing=["户口簿"], by=c.worker, at=TUESDAY),
    ),
    "verify": (
        people.accepted,
        lambda a, c: services.start_verifying(application=a, by=c.worker, at=TUESDAY),
    ),
    "plan": (
        people.verified,
        lambda a, c: services.plan_visit(
            household=a.household, kind="follow_up", due=date(2026, 12, 4), by=c.worker, at=TUESDAY
        ),
    ),
    "record": (people.verified, recorded),
    "no_show": (
        people.verified,
        lambda a, c: services.record_no_show(
            visit=visit_of(a), new_due=date(2026, 12, 4), by=c.worker, at=TUESDAY
        ),
    ),
    "cancel": (
        people.verified,
        lambda a, c: services.cancel_visit(visit=visit_of(a), reason="no_need", by=c.worker, at=TUESDAY),
    ),
    "assess": (
        people.visited,
        lambda a, c: services.start_assessment(application=a, by=c.worker, at=TUESDAY),
    ),
    "write": (
        begun,
        lambda a, c: services.save_assessment(
            assessment=a.assessments.get(), version=1, changes={"wish": "x"}, by=c.worker, at=TUESDAY
        ),
    ),
    "send": (
        begun,
        lambda a, c: services.submit_assessment(
            assessment=a.assessments.get(), household_confirms=True, needs=[], by=c.worker, at=TUESDAY
        ),
    ),
    "send_back": (
        people.assessed,
        lambda a, c: services.send_back_assessment(
            assessment=a.assessments.get(), reason="再问问", by=c.supervisor, at=TUESDAY
        ),
    ),
    "review": (
        people.assessed,
        lambda a, c: services.start_review(application=a, by=c.supervisor, at=TUESDAY),
    ),
    "approve": (
        people.reviewing,
        lambda a, c: services.approve_application(application=a, by=c.supervisor, at=TUESDAY),
    ),
}


def rows() -> list[Any]:
    models = (Application, Assessment, Household, Visit)
    return [list(model.objects.order_by("pk").values()) for model in models]


def paused(application: Application, cast: Cast) -> Application:
    household = application.household
    services.suspend_household(household=household, reason="investigation", by=cast.second_supervisor, at=AT)
    return Application.objects.get(pk=application.pk)


@pytest.mark.parametrize("step", STEPS)
def test_nothing_is_done_while_the_file_is_paused(cast: Cast, step: str) -> None:
    stage, act = STEPS[step]
    application = paused(stage(people.widow_applies(), cast), cast)
    before = rows()

    with pytest.raises(Refused) as caught:
        act(application, cast)
    assert (caught.value.code, rows()) == ("paused", before)
    assert "supervisor" in caught.value.message or "督导" in caught.value.message

    services.resume_household(household=application.household, by=cast.second_supervisor, at=TUESDAY)
    if step != "send":  # the assessment is not written yet
        act(Application.objects.get(pk=application.pk), cast)
        assert rows() != before


def kinds(*users: Any) -> list[str]:
    found = []
    for user in users:
        role = worklist.for_supervisor if user.seat.role == "supervisor" else worklist.for_social_worker
        found += [todo.kind for todo in role(user)]
    return found


def test_days_to_keep_stand_still_and_move_on_by_the_days_at_rest(cast: Cast) -> None:
    waiting = people.applies(people.clean_answers(1))
    checked = people.verified(people.widow_applies(), cast)
    before = [(row.accept_due, row.visit_due, row.decide_due) for row in (waiting, checked)]
    visit = visit_of(checked)
    for application in (waiting, checked):
        services.suspend_household(
            household=application.household, reason="moved", by=cast.supervisor, at=TUESDAY
        )

    with clock.fixed(NEXT_TUESDAY):
        assert kinds(cast.worker, cast.colleague, cast.supervisor) == []
        for application in (waiting, checked):
            assert standing(Application.objects.get(pk=application.pk))[2] is None
        page = people.signed_in(cast.worker).get(
            f"/admin/households/household/{waiting.household.public_id}/file/"
        )
        assert "/do/accept/" not in page.content.decode()
        for application in (waiting, checked):
            services.resume_household(household=application.household, by=cast.supervisor, at=NEXT_TUESDAY)
        assert kinds(cast.worker) == ["accept", "visit"]
        assert kinds(cast.supervisor) == []

    moved = [None if day is None else add_working_days(day, 5) for days in before for day in days]
    found = Application.objects.filter(pk__in=[waiting.pk, checked.pk]).order_by("pk")
    assert [
        day for days in found.values_list("accept_due", "visit_due", "decide_due") for day in days
    ] == moved
    assert Visit.objects.get().due == add_working_days(visit.due, 5)
    entry = Entry.objects.filter(object_label="households.household").latest("id")
    assert entry.parameters["days"] == 5


def test_nobody_is_reminded_of_a_visit_that_rests(cast: Cast) -> None:
    application = paused(people.verified(people.widow_applies(), cast), cast)
    eve = AT.replace(day=visit_of(application).due.day) - timedelta(days=1)

    with clock.fixed(eve):
        job = enqueue("households.visits_due", key="visits:t", by=SYSTEM, at=eve)
        perform(job.pk)

    assert Job.objects.get(pk=job.pk).result == {"reminded": 0}
