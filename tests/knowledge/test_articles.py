"""Three different people, no identities, evidence that is final."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.enums import Role
from common.exceptions import Refused
from knowledge import services
from knowledge.enums import ArticleState
from knowledge.models import Article
from knowledge.rules import CHECKLIST
from tests import cast as people

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> people.Cast:
    return people.county()


def draft(cast: people.Cast, **changes: Any) -> Article:
    fields: dict[str, Any] = {
        "kind": "entry",
        "title": "先把药费定下来",
        "summary": "每月按时送药，比一次给一笔钱更安心。",
        "body": "## 做法\n\n1. 和村医对药单。\n2. 每月固定一天送到家。",
        "causes": ["illness"],
        "categories": ["N06"],
        "grade": "C",
        "evaluations": [],
        "story": "none",
    }
    return services.draft_article(**{**fields, "by": cast.worker, **changes}, at=people.AT)


def sent(cast: people.Cast, **changes: Any) -> Article:
    return services.send_article(
        article=draft(cast, **changes), checklist=list(CHECKLIST), by=cast.worker, at=people.AT
    )


def read(cast: people.Cast) -> Article:
    return services.pass_peer_review(article=sent(cast), by=cast.colleague, at=people.AT)


def test_article_is_public_after_three_people(cast: people.Cast) -> None:
    article = read(cast)
    address = f"/learn/{article.public_id}/"
    assert Client().get(address).status_code == 404

    services.publish_article(article=article, by=cast.supervisor, at=people.AT)

    page = Client().get(address)
    assert page.status_code == 200
    assert "先把药费定下来" in page.content.decode()
    assert "先把药费定下来" in Client().get("/learn/").content.decode()


def test_author_may_not_read_nor_publish_the_own_article(cast: people.Cast) -> None:
    article = sent(cast)

    with pytest.raises(Refused) as refused:
        services.pass_peer_review(article=article, by=cast.worker, at=people.AT)

    assert refused.value.code == "four_eyes"
    article.refresh_from_db()
    assert article.state == ArticleState.PEER_REVIEW


def test_reader_may_not_publish(cast: people.Cast) -> None:
    article = services.pass_peer_review(article=sent(cast), by=cast.supervisor, at=people.AT)

    with pytest.raises(Refused) as refused:
        services.publish_article(article=article, by=cast.supervisor, at=people.AT)

    assert refused.value.code == "third_person_needed"
    article.refresh_from_db()
    assert article.state == ArticleState.COMPLIANCE_REVIEW


@pytest.mark.parametrize("slip", ["电话13800001234", "住在三组12号", f"证件{people.WIDOW_ID}"])
def test_number_that_points_at_a_person_is_refused(cast: people.Cast, slip: str) -> None:
    article = draft(cast, body=f"做法：{slip}")

    with pytest.raises(Refused) as refused:
        services.send_article(article=article, checklist=list(CHECKLIST), by=cast.worker, at=people.AT)

    assert refused.value.code == "identifying"
    article.refresh_from_db()
    assert article.state == ArticleState.DRAFT


def test_unticked_list_is_refused(cast: people.Cast) -> None:
    article = draft(cast)

    with pytest.raises(Refused) as refused:
        services.send_article(article=article, checklist=["no_names"], by=cast.worker, at=people.AT)

    assert refused.value.code == "checklist"


@pytest.mark.parametrize("grade", ["A", "B"])
def test_grade_without_evaluated_projects_is_refused(cast: people.Cast, grade: str) -> None:
    with pytest.raises(Refused) as refused:
        draft(cast, grade=grade)

    assert refused.value.code == "evidence_weak"
    assert not Article.objects.exists()


def test_taken_down_article_is_gone_at_once(cast: people.Cast) -> None:
    article = services.publish_article(article=read(cast), by=cast.supervisor, at=people.AT)

    services.take_down_article(article=article, reason="有家庭认出了自己", by=cast.supervisor, at=people.AT)

    assert Client().get(f"/learn/{article.public_id}/").status_code == 404


def test_script_in_an_article_never_reaches_the_page(cast: people.Cast) -> None:
    article = services.pass_peer_review(
        article=sent(cast, body="<script>alert(1)</script> [x](javascript:alert(1))"),
        by=cast.colleague,
        at=people.AT,
    )
    services.publish_article(article=article, by=cast.supervisor, at=people.AT)

    page = Client().get(f"/learn/{article.public_id}/").content.decode()

    assert "<script>alert" not in page
    assert 'href="javascript' not in page


def test_donor_cannot_write(cast: people.Cast) -> None:
    donor = people.hire("mill", "磨坊", Role.DONOR, organisation=cast.mill, by=cast.administrator)

    response = people.signed_in(donor).get("/learn/write/")

    assert response.status_code == 404
