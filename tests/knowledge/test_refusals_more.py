"""Only what is final counts as evidence; an experience rests on some and names nobody on file."""

from __future__ import annotations

import pytest

from knowledge.enums import ArticleState
from knowledge.models import Article
from knowledge.rules import CHECKLIST
from knowledge.services import send_article
from tests import cast as people
from tests.cast import AT
from tests.knowledge.test_articles import draft
from tests.projects import stage as s
from tests.refusing import refuses

pytestmark = pytest.mark.django_db


def test_article_does_not_rest_on_an_evaluation_under_way() -> None:
    on = s.stage()
    found = s.opened(on, s.completing(on))

    with refuses("not_final"):
        draft(on.cast, grade="B", evaluations=[found], by=on.cast.supervisor)

    assert not Article.objects.exists()
    final = s.concluded(on, found, [84, 84])
    assert draft(on.cast, grade="B", evaluations=[final]).grade == "B"


def test_experience_without_an_evaluation_is_not_sent() -> None:
    on = s.stage()
    bare = draft(on.cast, kind="experience")

    with refuses("evaluation_missing"):
        send_article(article=bare, checklist=list(CHECKLIST), by=on.cast.worker, at=AT)

    final = s.concluded(on, s.opened(on, s.completing(on)), [84, 84])
    resting = draft(on.cast, kind="experience", evaluations=[final])
    sent = send_article(article=resting, checklist=list(CHECKLIST), by=on.cast.worker, at=AT)
    assert sent.state == ArticleState.PEER_REVIEW


def test_name_of_a_family_on_file_is_refused_though_nothing_links_it() -> None:
    cast = people.county()
    people.approved(people.widow_applies(), cast)
    naming = draft(cast, body=f"{people.WIDOW}家的药，每月固定一天送到。")

    with refuses("identifying"):
        send_article(article=naming, checklist=list(CHECKLIST), by=cast.worker, at=AT)

    elsewhere = draft(cast, body=f"{people.WIDOW}家的药，每月固定一天送到。", by=cast.stranger)
    sent = send_article(article=elsewhere, checklist=list(CHECKLIST), by=cast.stranger, at=AT)
    assert sent.state == ArticleState.PEER_REVIEW  # a name that no family of that place bears
