"""What claims an effect rests on what was judged after the end, and leads its readers there."""

from __future__ import annotations

import pytest
from django.test import Client

from common.exceptions import Refused
from evaluation.services import file_appeal, publish_evaluation
from knowledge import services
from knowledge.forms import ArticleForm
from knowledge.models import Article
from knowledge.rules import CHECKLIST
from tests.cast import AT
from tests.knowledge.test_articles import draft
from tests.projects import stage as s
from tests.refusing import refuses

pytestmark = pytest.mark.django_db


@pytest.fixture
def on() -> s.Stage:
    return s.stage(evaluators=8)


@pytest.mark.parametrize(("kind", "grade"), [("experience", "C"), ("experience", "B"), ("entry", "B")])
def test_plan_is_no_evidence_of_an_effect(on: s.Stage, kind: str, grade: str) -> None:
    plan = s.concluded(on, s.opened(on, s.in_ex_ante(on)), [84, 84])

    with pytest.raises(Refused) as refused:
        draft(on.cast, kind=kind, grade=grade, evaluations=[plan])

    assert (refused.value.code, refused.value.field) == ("not_after_the_end", "evaluations")
    assert "结项" in str(refused.value.message)  # what to choose instead
    assert not Article.objects.exists()
    result = s.concluded(on, s.opened(on, s.completing(on)), [84, 84])
    article = draft(on.cast, kind=kind, grade=grade, evaluations=[result])
    words = {"title": article.title, "summary": article.summary, "body": article.body, "story": "none"}
    with refuses("not_after_the_end"):
        services.edit_article(
            article=article, version=article.version, evaluations=[plan], consents=[], kind=kind, grade=grade,
            causes=[], categories=[], by=on.cast.worker, at=AT, **words,
        )  # fmt: skip
    assert list(article.evaluations.all()) == [result]


def test_form_offers_only_evaluations_after_the_end(on: s.Stage) -> None:
    s.concluded(on, s.opened(on, s.in_ex_ante(on)), [84, 84])
    result = s.concluded(on, s.opened(on, s.completing(on)), [84, 84])

    offered = ArticleForm(user=on.cast.worker).fields["evaluations"].queryset  # type: ignore[attr-defined]

    assert list(offered) == [result]


def test_draft_that_rests_on_a_plan_is_neither_sent_nor_published(on: s.Stage) -> None:
    plan = s.concluded(on, s.opened(on, s.in_ex_ante(on)), [84, 84])
    article = draft(on.cast, kind="experience")
    article.evaluations.set([plan])  # as one could before the rule

    with refuses("not_after_the_end"):
        services.send_article(article=article, checklist=list(CHECKLIST), by=on.cast.worker, at=AT)

    article.refresh_from_db()
    assert article.state == "draft"


def test_public_article_links_each_evaluation_while_its_summary_is_public(on: s.Stage) -> None:
    found = s.concluded(on, s.opened(on, s.completing(on)), [84, 84])
    found = publish_evaluation(evaluation=found, summary="用上了。", by=on.cast.supervisor, at=AT)
    article = draft(on.cast, kind="experience", grade="B", evaluations=[found])
    services.send_article(article=article, checklist=list(CHECKLIST), by=on.cast.worker, at=AT)
    services.pass_peer_review(article=article, by=on.cast.colleague, at=AT)
    services.publish_article(article=article, by=on.cast.supervisor, at=AT)
    anybody, address = Client(), f"/evaluation/published/{found.public_id}/"

    page = anybody.get(f"/learn/{article.public_id}/").content.decode()

    assert f'href="{address}"' in page
    assert anybody.get(address).status_code == 200
    file_appeal(about=found, text="漏看了满意度调查。", by=on.leader, at=AT)
    page = anybody.get(f"/learn/{article.public_id}/").content.decode()
    assert address not in page
    assert "84.00" not in page
    assert found.project.title in page
