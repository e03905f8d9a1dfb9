"""The most urgent need said sets the days of a case, and the worklist and the file keep them (design §5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.conf import settings

from common import clock
from common.actors import CodeHolder
from common.templatetags.ui import moment
from households import services
from households.desk import worklist
from households.desk.words import next_step
from households.models import Application, Household, Visit
from households.services.clocks import days_for
from tests import cast as people
from tests.cast import AT, Cast

# AT is Monday, 23 November 2026.
TERMS = [
    ("emergency", date(2026, 11, 24), date(2026, 11, 24), date(2026, 11, 30)),
    ("soon", date(2026, 11, 25), date(2026, 11, 26), date(2026, 12, 7)),
    ("ordinary", date(2026, 11, 25), date(2026, 11, 26), date(2026, 12, 21)),
]


@pytest.fixture
def cast(db: None) -> Cast:
    return people.county()


def asks(*urgencies: str) -> Application:
    answers = people.clean_answers(1)
    items = ("quilt", "chronic_medicine", "rice")
    needs = tuple(
        replace(answers.needs[0], item=item, quantity=500, urgency=urgency)
        for item, urgency in zip(items, urgencies, strict=False)
    )
    return people.applies(replace(answers, needs=needs))


@pytest.mark.parametrize(("urgency", "accept", "visit", "decide"), TERMS)
def test_most_urgent_need_sets_the_days(
    cast: Cast, urgency: str, accept: date, visit: date, decide: date
) -> None:
    application = asks("ordinary", urgency)
    assert (application.accept_due, application.decide_due) == (accept, decide)

    application = people.verified(application, cast)

    assert application.visit_due == visit
    assert Visit.objects.get().due == visit


@pytest.mark.parametrize(("urgency", "accept", "visit", "decide"), TERMS)
def test_worklist_is_due_by_the_same_days(
    cast: Cast, urgency: str, accept: date, visit: date, decide: date
) -> None:
    application = asks(urgency)

    def due(kind: str) -> date:
        [todo] = [todo for todo in worklist.for_social_worker(cast.worker) if todo.kind == kind]
        assert todo.due is not None
        return todo.due.date()

    with clock.fixed(AT):
        assert due("accept") == accept
        people.verified(application, cast)
        assert due("visit") == visit
        services.record_visit(
            visit=people.planned_visit(application.household), done_at=AT, companion=cast.colleague,
            companion_name="", by_video=False, identity_seen=2,
            papers_of=application.household.members.all(), findings="在家。", evidence=None, by=cast.worker, at=AT,
        )  # fmt: skip
        assert due("assess") == decide


def test_every_urgency_has_its_days_and_none_is_slower_than_a_lesser_one() -> None:
    terms = [days_for({urgency}) for urgency, *_days in TERMS]

    assert set(settings.CASE_DAYS) == {urgency for urgency, *_days in TERMS}
    assert all(day <= later for one, two in pairwise(terms) for day, later in zip(one, two, strict=True))


def test_something_more_keeps_the_days_of_its_own_need(cast: Cast) -> None:
    household = people.approved(asks("ordinary"), cast).household
    by = CodeHolder(household.applications.get().public_id)
    more = replace(people.clean_answers(1).needs[0], item="chronic_medicine", urgency="emergency")

    further = services.request_further(
        household=household, answer=more, beneficiary=None, read_back=False, by=by, at=AT
    )

    assert (further.accept_due, further.decide_due) == (date(2026, 11, 24), date(2026, 11, 30))


def test_next_step_names_the_hour_of_what_was_opened_at_once(cast: Cast) -> None:
    application = people.verified(asks("emergency"), cast)
    [need] = people.needs_of(application)
    before = next_step(Household.objects.get(), application)

    services.open_at_once(need=need, reason="断药两天。", by=cast.supervisor, at=AT)

    hour = moment(AT + timedelta(hours=72))
    assert hour not in before
    assert hour in next_step(Household.objects.get(), application)
    page = (
        people.signed_in(cast.worker)
        .get(f"/admin/households/household/{need.household.public_id}/file/")
        .content.decode()
    )
    assert page.count(hour) == 2
