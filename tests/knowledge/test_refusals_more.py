"""Only what is final counts as evidence."""

from __future__ import annotations

import pytest

from knowledge.models import Article
from tests.knowledge.test_articles import draft
from tests.projects import stage as s
from tests.refusing import refuses

pytestmark = pytest.mark.django_db


def test_article_does_not_rest_on_an_evaluation_under_way() -> None:
    on = s.stage()
    found = s.opened(on, s.in_ex_ante(on))

    with refuses("not_final"):
        draft(on.cast, grade="B", evaluations=[found], by=on.cast.supervisor)

    assert not Article.objects.exists()
    final = s.concluded(on, found, [84, 84])
    assert draft(on.cast, grade="B", evaluations=[final]).grade == "B"
