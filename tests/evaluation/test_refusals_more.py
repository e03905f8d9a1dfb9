"""Refusals at the edge of an evaluation: two roles of one person, and days that are over."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts import services as accounts
from accounts.enums import Role
from accounts.models import Membership, User
from evaluation import services
from evaluation.models import EliminationCase, Evaluation
from tests.cast import AT, COUNTY
from tests.projects import stage as s
from tests.refusing import refuses

pytestmark = pytest.mark.django_db


@pytest.fixture
def on() -> s.Stage:
    return s.stage()


@pytest.fixture
def found(on: s.Stage) -> Evaluation:
    return s.opened(on, s.in_ex_ante(on))


def as_supervisor(on: s.Stage, person: User) -> User:
    """The same person takes a second seat, as a supervisor of the county."""
    seat = accounts.invite_member(
        username=person.username, name=person.name, role=Role.SUPERVISOR, prefix=COUNTY,
        organisation=on.cast.station, by=on.cast.administrator, at=AT,
    )  # fmt: skip
    accounts.accept_invitation(membership=seat, by=seat.user, at=AT)
    user: User = User.objects.get(pk=person.pk)
    return user.take(Membership.objects.get(pk=seat.pk))


def test_evaluator_does_not_close_the_own_evaluation_as_supervisor(on: s.Stage, found: Evaluation) -> None:
    evaluator = found.team.order_by("pk")[0].user
    s.scored(found, [84, 85])
    supervisor = as_supervisor(on, evaluator)

    services.close_round(evaluation=found, by=on.cast.supervisor, at=AT)
    services.comment(evaluation=found, text="没有意见。", by=on.leader, at=AT)

    with refuses("evaluator_here"):
        services.finalise(evaluation=found, by=supervisor, at=AT)

    services.finalise(evaluation=found, by=on.cast.supervisor, at=AT)


def test_evaluator_scores_in_the_role_of_an_evaluator_alone(on: s.Stage, found: Evaluation) -> None:
    evaluator = found.team.order_by("pk")[0].user
    supervisor = as_supervisor(on, evaluator)

    with refuses("not_as_evaluator"):
        s.save(found, supervisor, 84)

    s.save(found, User.objects.get(pk=evaluator.pk).take(evaluator.seat), 84)


def test_appeal_comes_within_thirty_days(on: s.Stage, found: Evaluation) -> None:
    final = s.concluded(on, found, [84, 84])

    with refuses("appeal_over"):
        services.file_appeal(about=final, text="分数偏低。", by=on.leader, at=AT + timedelta(days=30))

    last = AT + timedelta(days=30) - timedelta(seconds=1)
    assert services.file_appeal(about=final, text="分数偏低。", by=on.leader, at=last).state == "received"


def test_statement_comes_by_its_day(on: s.Stage, found: Evaluation) -> None:
    s.concluded(on, found, [84, 84], veto="diverted_funds")
    case = EliminationCase.objects.get()
    days = (case.statement_due - AT.date()).days

    with refuses("statement_over"):
        services.make_statement(case=case, text="没有挪用。", by=on.leader, at=AT + timedelta(days=days + 1))

    services.make_statement(case=case, text="没有挪用。", by=on.leader, at=AT + timedelta(days=days))
