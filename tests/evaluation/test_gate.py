"""Who reads the inside of an evaluation: its team, its agency, the station of the place; others the summary alone."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from evaluation import services
from evaluation.models import Evaluation, Finding, Score, TeamMember
from tests.cast import AT
from tests.projects import stage as s

pytestmark = pytest.mark.django_db
INSIDE = (Finding, Score, TeamMember)


@pytest.fixture
def on() -> s.Stage:
    return s.stage()


@pytest.fixture
def published(on: s.Stage) -> Evaluation:
    """A finding, two sheets, and a summary that everybody may read."""
    found = s.opened(on, s.in_ex_ante(on))
    services.add_finding(evaluation=found, text="缺签到表。", by=found.team.all()[0].user, at=AT)
    s.concluded(on, found, [84, 84])
    found.refresh_from_db()
    return services.publish_evaluation(
        evaluation=found, summary="送到了，也用上了。", by=on.cast.supervisor, at=AT
    )


def seen(user: Any) -> list[int]:
    return [model.objects.visible_to(user).count() for model in INSIDE]


def test_inside_of_a_published_evaluation_stays_with_those_involved(on: s.Stage, published: Evaluation):
    _rival, other = s.admitted_agency(on.cast, 20, "邻县社工中心")
    drawn = [member.user for member in published.team.all()]
    undrawn = next(user for user in on.evaluators if user not in drawn)

    assert Evaluation.objects.visible_to(AnonymousUser()).get() == published
    for outsider in (AnonymousUser(), other, undrawn, on.cast.stranger):
        assert seen(outsider) == [0, 0, 0]
    for insider in (drawn[0], on.cast.supervisor):
        assert seen(insider) == [1, 2, 2]
    assert seen(on.leader) == [1, 2, 0]  # who judged it is told to nobody it judges
    assert seen(on.cast.worker) == [1, 0, 0]
