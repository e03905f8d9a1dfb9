"""A delegate passes on the family's own answer and shows it; without that nothing is answered (step 1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from common import clock
from common.actors import CodeHolder
from common.exceptions import Refused
from files.models import Attachment
from households import services as households
from households.models import Delegation
from matching import services
from matching.enums import ProposalState
from matching.models import Confirmation, Proposal
from tests.cast import AT
from tests.households.test_submit import HELPER
from tests.matching.conftest import Scene
from tests.matching.test_answers import PIXEL, proposed, say_yes, widow


@pytest.fixture(autouse=True)
def today() -> Any:
    with clock.fixed(AT + timedelta(minutes=1)):
        yield


@pytest.fixture
def asked(scene: Scene) -> Proposal:
    proposal = proposed(scene)
    say_yes(proposal, "agency", scene.agent)
    return proposal


@pytest.fixture
def helper(scene: Scene) -> Delegation:
    given = replace(HELPER, scope=("receive_goods", "receive_notice"))
    return households.grant_delegation(
        household=scene.quilts.household, delegate=given, evidence=None, by=widow(scene), at=AT
    )


@pytest.fixture
def browser(scene: Scene, helper: Delegation) -> Client:
    """The delegate's browser after the family's code and the end of its own telephone number."""
    client = Client()
    session = client.session
    code = widow(scene).actor_ref
    session["household"] = {"application": code, "delegation": helper.public_id, "seen": 2**33}
    session.save()
    client.cookies["language"] = "en"
    return client


def stored() -> list[Any]:
    models = (Proposal, Confirmation, Attachment)
    return [list(model.objects.order_by("pk").values()) for model in models]


def photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("yes.png", PIXEL, content_type="image/png")


@pytest.mark.parametrize("said", ["yes", "no"])
def test_page_asks_the_delegate_for_the_familys_own_word(asked: Proposal, browser: Client, said: str) -> None:
    url = f"/match/household/{asked.public_id}/{said}/"
    shown = browser.get(url).content.decode()
    assert "the family" in shown
    assert "Do you want this?" not in shown
    assert 'type="file"' in shown
    assert "my application" not in shown
    before = stored()

    assert browser.post(url, {"_key": "1"}).status_code == 422
    refused = browser.post(url, {"_key": "1"})
    assert "Add the photo or recording" in refused.content.decode()
    assert stored() == before

    assert browser.post(url, {"_key": "2", "upload": photo()}).status_code == 302
    answer = asked.confirmations.get(party="household")
    assert (answer.state, answer.method) == ("given" if said == "yes" else "declined", "delegate")
    kept = answer.evidence
    assert kept is not None
    assert (kept.purpose, kept.owner_ref) == ("confirmation_evidence", asked.public_id)
    asked.refresh_from_db()
    assert asked.state == (ProposalState.CONFIRMED if said == "yes" else ProposalState.RELEASED)


@pytest.mark.parametrize("act", [services.confirm, services.decline])
def test_delegate_without_evidence_is_refused(asked: Proposal, helper: Delegation, act: Any) -> None:
    before = stored()
    given: dict[str, Any] = {"reason": ""} if act is services.decline else {}

    with pytest.raises(Refused) as refused:
        act(
            proposal=asked, party="household", method="delegate", evidence=None,
            by=CodeHolder(helper.public_id, "delegate"), at=AT, **given,
        )  # fmt: skip

    assert refused.value.code == "evidence_missing"
    assert stored() == before


def test_status_page_speaks_to_the_delegate_of_the_family(asked: Proposal, browser: Client) -> None:
    shown = browser.get("/help/status/").content.decode()

    assert "There is help for the family" in shown
    assert "Yes, the family wants this" in shown
    assert "Yes, we want this" not in shown
    assert "Please tell us by" in shown
    assert "what the family says" in shown
    assert "your answer" not in shown.partition("What the family asked for")[2]


def test_family_itself_answers_with_one_press(scene: Scene, asked: Proposal) -> None:
    client = Client()
    session = client.session
    session["household"] = {"application": widow(scene).actor_ref, "delegation": "", "seen": 2**33}
    session.save()
    url = f"/match/household/{asked.public_id}/yes/"
    assert 'type="file"' not in client.get(url).content.decode()

    assert client.post(url, {"_key": "1"}).status_code == 302
    asked.refresh_from_db()
    assert asked.state == ProposalState.CONFIRMED
