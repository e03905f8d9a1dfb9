"""The village worker reads of the family, never as if she were it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import translation

from common import clock
from households.enums import HouseholdState as H
from households.models import Application, QualityFlag
from households.queries import page
from households.queries.words import ACTS, TO_FAMILY, TO_FILER
from households.services import ask_explanation
from tests import cast as people
from tests.cast import AT, Cast

OBJECTING = ("objection.", "households.objection.", "households.remedy.")  # never shown to the filer


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with clock.fixed(AT), translation.override("en"):
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    return people.county()


@pytest.fixture
def application(cast: Cast) -> Application:
    return people.applies(
        people.clean_answers(1, read_back=True), by=cast.village_worker, channel="village_worker"
    )


@pytest.fixture
def village(cast: Cast) -> Client:
    client = people.signed_in(cast.village_worker)
    client.cookies["language"] = "en"
    return client


def text(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def test_nothing_told_to_the_filer_speaks_to_the_family() -> None:
    shown = [words for action, words in TO_FILER.acts.items() if not action.startswith(OBJECTING)]
    told = [
        *TO_FILER.stands.values(), *TO_FILER.following.values(), *TO_FILER.stands_on_file.values(),
        *TO_FILER.following_on_file.values(), *shown, TO_FILER.found, TO_FILER.anew, TO_FILER.suggested,
    ]  # fmt: skip
    for words in told:
        assert not {"you", "your"} & set(str(words).lower().replace(",", " ").replace(".", " ").split())
    assert TO_FILER.stands_on_file.keys() == TO_FAMILY.stands_on_file.keys()
    assert TO_FILER.following_on_file.keys() == TO_FAMILY.following_on_file.keys() | {H.EXIT_PROPOSED}


def test_filing_is_told_of_the_family(cast: Cast, village: Client, application: Application) -> None:
    people.approved(application, cast)
    at = f"/help/village/{application.public_id}/"

    for url in ("/help/village/", at):
        assert "Approved: this family is on file" in text(village, url)
    contact = text(village, f"{at}contact/")
    assert "So that we reach the family." in contact
    assert "How is the family&#x27;s house found now?" in contact
    assert "no longer ours" not in contact


def test_mark_is_explained_only_where_there_is_one(
    cast: Cast, village: Client, application: Application
) -> None:
    people.accepted(application, cast)
    assert "orange mark" not in text(village, "/help/village/")

    flag = QualityFlag.objects.create(
        household=application.household, rule="TEL-01", severity="flag", state="raised", state_since=AT,
        raised_at=AT,
    )  # fmt: skip
    ask_explanation(flag=flag, by=cast.worker, at=AT)

    assert "orange mark" in text(village, "/help/village/")


def test_what_one_act_brought_about_stands_in_the_order_of_the_steps(
    cast: Cast, application: Application
) -> None:
    people.approved(application, cast)

    lines = page.timeline(application)

    titles = [line.title for line in lines if line.at == lines[0].at]
    approved, search = ACTS["households.application.approved"], ACTS["households.need.open"]
    assert titles.index(search) < titles.index(approved)
