"""Before an article is published it belongs to the place it is written in; so do the files behind it ever after."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from common.actors import CodeHolder
from common.panels import collect
from households.models import Consent
from knowledge import services
from knowledge.models import Article
from knowledge.rules import CHECKLIST
from tests import cast as people
from tests.cast import AT, OTHER_COUNTY, hire, signed_in
from tests.gates import assert_all_refused, assert_complete
from tests.knowledge.test_articles import draft
from tests.knowledge.test_versions import consent

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> people.Cast:
    return people.county()


@pytest.fixture
def far(cast: people.Cast) -> User:
    return hire(
        "far",
        "远督导",
        Role.SUPERVISOR,
        organisation=cast.station,
        prefix=OTHER_COUNTY,
        by=cast.administrator,
    )


def told(cast: people.Cast) -> tuple[Article, Consent]:
    """A draft told after a family that agreed."""
    agreed = consent(cast)
    return draft(cast, story="families", consents=[agreed]), agreed


def published(cast: people.Cast, article: Article) -> Article:
    services.send_article(article=article, checklist=list(CHECKLIST), by=cast.worker, at=AT)
    services.pass_peer_review(article=article, by=cast.colleague, at=AT)
    return services.publish_article(article=article, by=cast.supervisor, at=AT)


def test_draft_is_open_to_its_place_alone_on_pages_and_desk(cast: people.Cast, far: User) -> None:
    article, agreed = told(cast)
    number = agreed.household.number
    address = f"/learn/{article.public_id}/"
    rows = reverse("admin:knowledge_article_changelist")
    row = reverse("admin:knowledge_article_change", args=[article.pk])

    for near in (cast.worker, cast.colleague, cast.supervisor):
        browser = signed_in(near)
        assert number in browser.get(address).content.decode()
        assert article.title in browser.get("/learn/desk/").content.decode()
        assert article.title in browser.get(rows).content.decode()
    for stranger in (cast.stranger, far):
        browser = signed_in(stranger)
        assert browser.get(address).status_code == 404
        assert article.title not in browser.get("/learn/desk/").content.decode()
        assert article.title not in browser.get(rows).content.decode()
        assert browser.get(row).status_code in {302, 404}
        assert browser.get(f"{address}approve/").status_code == 404
        assert browser.post(f"{address}return/", {"reason": "x", "_key": "1"}).status_code == 404
    assert not Article.objects.visible_to(far).exists()
    article.refresh_from_db()
    assert article.state == "draft"


def test_published_article_is_public_and_the_files_behind_it_are_not(cast: people.Cast, far: User) -> None:
    article, agreed = told(cast)
    published(cast, article)
    number = agreed.household.number
    address = f"/learn/{article.public_id}/"

    assert article.title in Client().get(address).content.decode()
    for reader in (cast.stranger, far):
        page = signed_in(reader).get(address).content.decode()
        assert article.title in page
        assert number not in page
        assert "/take-down/" not in page
        shown = signed_in(reader).get(reverse("admin:knowledge_article_change", args=[article.pk]))
        assert number not in shown.content.decode()
        assert signed_in(reader).get(f"{address}take-down/").status_code == 404
    assert number in signed_in(cast.supervisor).get(address).content.decode()


def test_head_office_reads_what_every_county_writes(cast: people.Cast) -> None:
    article, _agreed = told(cast)
    office = hire(
        "head", "总督导", Role.SUPERVISOR, organisation=cast.station, prefix="00", by=cast.administrator
    )

    assert Article.objects.visible_to(office).get() == article


def test_no_consent_of_a_closed_file_is_linked_by_its_number(cast: people.Cast) -> None:
    agreed = consent(cast)
    words: dict[str, Any] = {
        "kind": "experience", "title": "x", "summary": "x", "body": "x", "causes": [], "categories": [], "grade": "C",
        "evaluations": [], "story": "families", "consents": [agreed],
    }  # fmt: skip

    assert_all_refused(services, {"draft_article": words}, {"another county": cast.stranger}, "knowledge")


def test_every_service_refuses_other_counties_other_roles_and_households(
    cast: people.Cast, far: User
) -> None:
    article, _agreed = told(cast)
    article.refresh_from_db()
    why = {"article": article, "reason": "no"}
    words = {
        "causes": [], "categories": [], "evaluations": [], "consents": [], "kind": "experience", "title": "x",
        "summary": "x", "body": "x", "grade": "C", "story": "none",
    }  # fmt: skip
    here: dict[str, dict[str, Any]] = {
        "archive_article": {"article": article},
        "drop_article": {"article": article},
        "edit_article": {"article": article, "version": article.version, **words},
        "pass_peer_review": {"article": article},
        "publish_article": {"article": article},
        "return_article": why,
        "revise_article": {"article": article},
        "send_article": {"article": article, "checklist": list(CHECKLIST)},
        "take_down_article": why,
    }
    giver = hire("mill", "磨坊", Role.DONOR, organisation=cast.mill, by=cast.administrator)
    others = {"a donor": giver, "a household": CodeHolder("a")}

    assert_complete(services, {**here, "draft_article": words}, below=())
    far_people = {"another county's worker": cast.stranger, "another county's supervisor": far}
    assert_all_refused(services, here, {**others, **far_people}, "knowledge", "accounts")
    assert_all_refused(services, {"draft_article": words}, others, "knowledge", "accounts")


def test_todos_name_articles_of_the_own_place_alone(cast: people.Cast, far: User) -> None:
    article = services.send_article(article=draft(cast), checklist=list(CHECKLIST), by=cast.worker, at=AT)
    services.pass_peer_review(article=article, by=cast.colleague, at=AT)

    def details(user: User) -> list[str]:
        return [todo.detail for todo in collect("todo.supervisor", user)]

    assert article.title in details(cast.supervisor)
    assert article.title not in details(far)
