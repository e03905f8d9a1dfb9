"""A donor reads whether anybody has seen the family, never that somebody did before it is so."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from common import clock
from households import services
from households.models import Need
from tests import cast
from tests.cast import AT, signed_in
from tests.households.test_emergency import visits
from tests.matching.conftest import Scene

DAY = timedelta(days=1)


@pytest.fixture
def at_once(scene: Scene) -> Need:
    """Open ahead of its visit and its assessment."""
    answers = cast.clean_answers(3)
    answers = replace(answers, needs=(replace(answers.needs[0], urgency="emergency"),))
    [need] = cast.needs_of(cast.verified(cast.applies(answers), scene.cast))
    with clock.fixed(AT):
        return services.open_at_once(need=need, reason="断药两天。", by=scene.cast.supervisor, at=AT)


def english(scene: Scene) -> Client:
    client = signed_in(scene.miller)
    client.cookies["language"] = "en"
    return client


def read(client: Client, need: Need) -> str:
    return client.get(f"/match/needs/{need.public_id}/").content.decode()


def test_need_opened_at_once_says_that_the_visit_follows(scene: Scene, at_once: Need) -> None:
    client = english(scene)
    with clock.fixed(AT + DAY):
        shown = read(client, at_once)
        listed = client.get("/match/catalogue/")
        [card] = [card for card in listed.context["cards"] if card.need == at_once]
    for said in (shown, card.checked):
        assert "opened at once by a supervisor because it cannot wait; the visit follows by" in said
        assert "checked by a social worker" not in said

    with clock.fixed(AT + 4 * DAY):
        assert "and is still to come" in read(client, at_once)


def test_it_says_when_the_family_was_seen_once_it_was(scene: Scene, at_once: Need) -> None:
    visits(at_once.household, scene.cast)

    with clock.fixed(AT + DAY):
        shown = read(english(scene), at_once)
    assert "checked by a social worker yesterday" in shown
    assert "opened at once" not in shown


def test_visit_of_an_earlier_day_does_not_speak_for_what_was_opened_at_once(
    scene: Scene, at_once: Need
) -> None:
    visits(at_once.household, scene.cast)
    Need.objects.filter(pk=at_once.pk).update(opened_at=AT + 2 * DAY)

    with clock.fixed(AT + 2 * DAY):
        shown = read(english(scene), at_once)
    assert "opened at once by a supervisor" in shown
    assert "checked by a social worker" not in shown


def test_need_without_a_visit_claims_none(scene: Scene, at_once: Need) -> None:
    Need.objects.filter(pk=at_once.pk).update(assess_by=None)

    with clock.fixed(AT + DAY):
        shown = read(english(scene), at_once)
    assert "not visited by a social worker yet" in shown
    assert "checked by a social worker" not in shown


def test_no_page_for_donors_says_that_every_need_was_checked(scene: Scene) -> None:
    client = english(scene)
    with clock.fixed(AT + DAY):
        assert "What cannot wait a supervisor opens before the visit" in (
            client.get("/match/catalogue/").content.decode()
        )
    for page in ("/match/catalogue/", "/give/"):
        said = client.get(page).content.decode()
        assert "every need" not in said.lower()
