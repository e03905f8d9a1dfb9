"""A text that came back is corrected, a published one gets a new version; a story rests on consents in force."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from common.actors import CodeHolder
from common.exceptions import Refused, Stale
from common.panels import collect
from households.models import Consent
from households.services import record_consent, withdraw_consent
from knowledge import services
from knowledge.enums import ArticleState
from knowledge.models import Article
from knowledge.rules import CHECKLIST
from tests import cast as people
from tests.cast import AT, signed_in
from tests.knowledge.test_articles import draft, sent

pytestmark = pytest.mark.django_db
WORDS: dict[str, Any] = {
    "kind": "entry",
    "title": "先把药费定下来",
    "summary": "每月按时送药。",
    "body": "和村医对药单。",
    "grade": "C",
    "story": "none",
}


@pytest.fixture
def cast() -> people.Cast:
    return people.county()


def consent(cast: people.Cast, purpose: str = "story") -> Consent:
    household = people.accepted(people.widow_applies(), cast).household
    return record_consent(
        household=household, purpose=purpose, data_classes=["ordinary"], receiver=None, method="click",
        evidence=None, by=CodeHolder(household.applications.get().public_id), at=AT,
    )  # fmt: skip


def family_of(given: Consent) -> CodeHolder:
    return CodeHolder(given.household.applications.get().public_id)


def refused(code: str, act: Any, **kwargs: Any) -> None:
    with pytest.raises(Refused) as caught:
        act(**kwargs)
    assert caught.value.code == code


def post(client: Client, url: str, data: dict[str, Any], expect: int = 302) -> Any:
    page = client.get(url)
    assert page.status_code == 200, url
    key = re.search(r'name="_key" value="(\w+)"', page.content.decode())
    assert key
    answer = client.post(url, {"_key": key.group(1), **data})
    assert answer.status_code == expect, answer.content.decode()[:3000]
    return answer


def published(cast: people.Cast, **changes: Any) -> Article:
    article = services.pass_peer_review(article=sent(cast, **changes), by=cast.colleague, at=AT)
    return services.publish_article(article=article, by=cast.supervisor, at=AT)


def test_text_that_came_back_is_corrected_and_sent_again(cast: people.Cast) -> None:
    article = services.return_article(article=sent(cast), reason="步骤不清楚", by=cast.colleague, at=AT)
    author, own = signed_in(cast.worker), f"/learn/{article.public_id}/"
    assert [
        todo.url for todo in collect("todo.social_worker", cast.worker) if todo.detail == article.title
    ] == [own]
    assert f"{own}edit/" in author.get(own).content.decode()
    assert "步骤不清楚" in author.get(f"{own}edit/").content.decode()

    post(author, f"{own}edit/", {**WORDS, "version": article.version, "title": "每月一次对药单"})
    post(author, f"{own}send/", {"checklist": list(CHECKLIST)})

    article.refresh_from_db()
    assert (article.title, article.state, article.reason) == ("每月一次对药单", "peer_review", "")


def test_text_refused_for_a_number_can_be_corrected(cast: people.Cast) -> None:
    article = draft(cast, body="住在三组12号")
    author, own = signed_in(cast.worker), f"/learn/{article.public_id}/"
    answer = post(author, f"{own}send/", {"checklist": list(CHECKLIST)}, expect=409)
    assert f"{own}edit/" in answer.content.decode()

    post(author, f"{own}edit/", {**WORDS, "version": article.version})
    post(author, f"{own}send/", {"checklist": list(CHECKLIST)})

    article.refresh_from_db()
    assert article.state == ArticleState.PEER_REVIEW


def test_stale_edit_shows_both_texts_and_saves_nothing(cast: people.Cast) -> None:
    article = draft(cast)
    given: dict[str, Any] = {
        "causes": [],
        "categories": [],
        "evaluations": [],
        "consents": [],
        "by": cast.worker,
    }
    services.edit_article(article=article, version=1, at=AT, **given, **{**WORDS, "title": "第一页改的"})

    with pytest.raises(Stale):
        services.edit_article(article=article, version=1, at=AT, **given, **{**WORDS, "title": "第二页改的"})
    page = post(
        signed_in(cast.worker), f"/learn/{article.public_id}/edit/",
        {**WORDS, "version": 1, "title": "第二页改的"}, expect=409,
    )  # fmt: skip

    assert "第一页改的" in page.content.decode()
    assert "第二页改的" in page.content.decode()
    article.refresh_from_db()
    assert (article.title, article.version) == ("第一页改的", 2)


def test_nobody_else_edits_and_nothing_sent_is_edited(cast: people.Cast) -> None:
    article = draft(cast)
    assert signed_in(cast.colleague).get(f"/learn/{article.public_id}/edit/").status_code == 404
    given: dict[str, Any] = {
        "causes": [],
        "categories": [],
        "evaluations": [],
        "consents": [],
        "at": AT,
        **WORDS,
    }
    refused("not_your_draft", services.edit_article, article=article, version=1, by=cast.colleague, **given)
    services.send_article(article=article, checklist=list(CHECKLIST), by=cast.worker, at=AT)
    refused("not_your_draft", services.edit_article, article=article, version=1, by=cast.worker, **given)

    article.refresh_from_db()
    assert (article.summary, article.version) == ("每月按时送药，比一次给一笔钱更安心。", 1)


def test_edit_does_not_slip_past_the_evidence_rule(cast: people.Cast) -> None:
    article = draft(cast)
    given: dict[str, Any] = {"causes": [], "categories": [], "evaluations": [], "consents": [], "at": AT}

    refused(
        "evidence_weak", services.edit_article, article=article, version=1, by=cast.worker, **given,
        **{**WORDS, "grade": "A"},
    )  # fmt: skip

    article.refresh_from_db()
    assert (article.grade, article.version) == ("C", 1)


def test_new_version_takes_the_place_of_the_published_one(cast: people.Cast) -> None:
    first = published(cast)
    old = f"/learn/{first.public_id}/"

    answer = post(signed_in(cast.colleague), f"{old}revise/", {})

    second = Article.objects.get(replaces=first)
    assert answer.url == f"/learn/{second.public_id}/"
    assert (second.author, second.title, second.state) == (cast.colleague, first.title, "draft")
    assert Client().get(old).status_code == 200  # public until the new one is
    assert Client().get(answer.url).status_code == 404
    refused("not_published", services.revise_article, article=first, by=cast.worker, at=AT)
    assert Article.objects.count() == 2

    services.send_article(article=second, checklist=list(CHECKLIST), by=cast.colleague, at=AT)
    services.pass_peer_review(article=second, by=cast.worker, at=AT)
    services.publish_article(article=second, by=cast.supervisor, at=AT)

    first.refresh_from_db()
    assert first.state == ArticleState.UPDATED
    assert Client().get(old).status_code == 404
    assert Client().get(answer.url).status_code == 200
    assert [row.pk for row in Client().get("/learn/").context["articles"]] == [second.pk]


def test_draft_given_up_leaves_the_published_version_as_it_was(cast: people.Cast) -> None:
    first = published(cast)
    second = services.revise_article(article=first, by=cast.colleague, at=AT)
    refused("not_your_draft", services.drop_article, article=second, by=cast.worker, at=AT)
    second.refresh_from_db()
    assert second.state == ArticleState.DRAFT

    post(signed_in(cast.colleague), f"/learn/{second.public_id}/drop/", {})

    first.refresh_from_db()
    assert first.state == ArticleState.PUBLISHED
    services.revise_article(article=first, by=cast.worker, at=AT)  # the way is free again


def test_page_offers_each_person_only_the_own_steps(cast: people.Cast) -> None:
    article = draft(cast)
    own = f"/learn/{article.public_id}/"
    assert signed_in(cast.colleague).get(own).context["forms"] == ()
    services.send_article(article=article, checklist=list(CHECKLIST), by=cast.worker, at=AT)
    assert signed_in(cast.worker).get(own).context["forms"] == ()
    assert signed_in(cast.colleague).get(own).context["forms"] == ("approve", "return")
    services.pass_peer_review(article=article, by=cast.colleague, at=AT)
    assert signed_in(cast.colleague).get(own).context["forms"] == ()
    assert signed_in(cast.supervisor).get(own).context["forms"] == ("publish", "return")


@pytest.mark.parametrize(
    ("story", "purposes", "code"),
    [
        ("families", [], "consent_missing"),
        ("families", ["apply"], "consent_for_else"),
        ("none", ["story"], "consent_without_story"),
    ],
)
def test_story_and_consents_must_fit(cast: people.Cast, story: str, purposes: list[str], code: str) -> None:
    consents = [consent(cast, purpose) for purpose in purposes]

    refused(code, draft, cast=cast, story=story, consents=consents)

    assert not Article.objects.exists()


def test_story_is_published_with_its_consent_and_goes_when_it_is_taken_back(cast: people.Cast) -> None:
    given = consent(cast)
    author = signed_in(cast.worker)
    page = author.get("/learn/write/").content.decode()
    assert given.household.number in page
    assert people.WIDOW not in page
    post(author, "/learn/write/", {**WORDS, "story": "families", "consents": [given.pk]})
    article = Article.objects.get()
    assert list(article.consents.all()) == [given]
    services.send_article(article=article, checklist=list(CHECKLIST), by=cast.worker, at=AT)
    services.pass_peer_review(article=article, by=cast.colleague, at=AT)
    own = f"/learn/{article.public_id}/"
    assert given.household.number in signed_in(cast.supervisor).get(own).content.decode()
    services.publish_article(article=article, by=cast.supervisor, at=AT)
    assert given.household.number not in Client().get(own).content.decode()

    withdraw_consent(consent=given, by=family_of(given), at=AT)

    assert Client().get(own).status_code == 404
    assert list(Client().get("/learn/").context["articles"]) == []
    told = [todo.url for todo in collect("todo.supervisor", cast.supervisor)]
    assert own in told
    refused("consent_withdrawn", services.revise_article, article=article, by=cast.worker, at=AT)
    article.refresh_from_db()
    assert article.state == ArticleState.PUBLISHED
    services.take_down_article(article=article, reason="家庭撤回了同意", by=cast.supervisor, at=AT)


def test_consent_taken_back_before_publishing_stops_it(cast: people.Cast) -> None:
    given = consent(cast)
    article = services.pass_peer_review(
        article=sent(cast, story="families", consents=[given]), by=cast.colleague, at=AT
    )
    withdraw_consent(consent=given, by=family_of(given), at=AT)

    refused("consent_withdrawn", services.publish_article, article=article, by=cast.supervisor, at=AT)

    article.refresh_from_db()
    assert article.state == ArticleState.COMPLIANCE_REVIEW


def test_consent_of_another_county_cannot_be_chosen(cast: people.Cast) -> None:
    given = consent(cast)

    post(
        signed_in(cast.stranger), "/learn/write/", {**WORDS, "story": "families", "consents": [given.pk]},
        expect=422,
    )  # fmt: skip

    assert not Article.objects.exists()


def test_stale_edit_compares_what_was_chosen_from_lists_value_by_value(cast: people.Cast) -> None:
    article = draft(cast)
    given: dict[str, Any] = {"categories": [], "evaluations": [], "consents": [], "by": cast.worker, "at": AT}
    services.edit_article(article=article, version=1, causes=["illness", "labour"], **given, **WORDS)
    author, edit = signed_in(cast.worker), f"/learn/{article.public_id}/edit/"

    page = post(author, edit, {**WORDS, "version": 1, "causes": ["illness", "disability"]}, expect=409)

    shown = page.content.decode()
    boxes = re.findall(r'<input type="checkbox"[^>]* name="causes" value="(\w+)"( checked)?>', shown)
    assert sorted(boxes) == [("disability", " checked"), ("illness", " checked"), ("labour", "")]
    assert 'type="hidden" name="causes"' not in shown
    article.refresh_from_db()
    assert (article.causes, article.version) == (["illness", "labour"], 2)
    post(author, edit, {**WORDS, "version": 2, "causes": ["illness", "labour", "disability"]})
    article.refresh_from_db()
    assert set(article.causes) == {"illness", "labour", "disability"}


def test_stale_edit_shows_consents_the_other_person_linked(cast: people.Cast) -> None:
    article = draft(cast)
    given: dict[str, Any] = {"causes": [], "categories": [], "evaluations": [], "by": cast.worker, "at": AT}
    agreed = consent(cast)
    told = {**WORDS, "story": "families"}
    services.edit_article(article=article, version=1, consents=[agreed], **given, **told)

    with pytest.raises(Stale) as found:
        services.edit_article(article=article, version=1, consents=[], **given, **WORDS)

    assert [(one.field, one.theirs, one.yours) for one in found.value.differences] == [
        ("story", "families", "none"), ("consents", [agreed.pk], []),
    ]  # fmt: skip
    assert list(article.consents.all()) == [agreed]
