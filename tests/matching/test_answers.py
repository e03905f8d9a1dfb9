"""Who answers when, what silence does, and ten minutes to think again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from common.actors import SYSTEM, CodeHolder
from common.exceptions import Refused
from files.models import Attachment
from files.services import keep
from households.enums import ApplicationState
from households.models import Application, Need, Visit
from households.queries import page, words
from households.services import deliver_need, reserve_need
from matching import services
from matching.enums import ProposalState
from matching.models import Confirmation, Proposal
from notices.models import Notice
from tests import cast
from tests.cast import AT
from tests.matching.conftest import Scene, listed_lot

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def proposed(scene: Scene, **more: Any) -> Proposal:
    lot = listed_lot(scene, **more)
    proposal = services.propose_by_hand(need=scene.quilts, lot=lot, amount=2, by=scene.cast.worker, at=AT)
    services.decide(proposal=proposal, project=scene.project, amount=2, by=scene.cast.worker, at=AT)
    return Proposal.objects.get(pk=proposal.pk)


def widow(scene: Scene) -> CodeHolder:
    assert scene.quilts.application is not None
    return CodeHolder(scene.quilts.application.public_id)


def evidence(scene: Scene, proposal: Proposal) -> Attachment:
    upload = SimpleUploadedFile("yes.png", PIXEL, content_type="image/png")
    return keep(upload=upload, purpose="confirmation_evidence", owner=proposal, by=scene.cast.worker, at=AT)


def say_yes(proposal: Proposal, party: str, by: Any, *, at: Any = AT, **more: Any) -> Confirmation:
    given: dict[str, Any] = {"method": "web", "evidence": None}
    return services.confirm(proposal=proposal, party=party, by=by, at=at, **given | more)


def parties(proposal: Proposal) -> list[tuple[str, str]]:
    return list(proposal.confirmations.order_by("pk").values_list("party", "state"))


def test_answers_are_asked_in_order_and_the_household_last(scene: Scene):
    proposal = proposed(scene, conditions=[{"field": "confirm_each", "op": "is", "value": True}])
    assert parties(proposal) == [("agency", "asked")]

    with pytest.raises(Refused) as refused:
        say_yes(proposal, "household", widow(scene))
    assert refused.value.code == "not_asked"

    say_yes(proposal, "agency", scene.agent)
    assert parties(proposal) == [("agency", "given"), ("donor", "asked")]
    say_yes(proposal, "donor", scene.miller)
    assert parties(proposal)[-1] == ("household", "asked")
    say_yes(proposal, "household", widow(scene))

    proposal.refresh_from_db()
    assert proposal.state == ProposalState.CONFIRMED


def told(scene: Scene) -> tuple[Any, list[Any]]:
    """How the quilts stand on the family's page, and the titles of its timeline."""
    application = Application.objects.get()
    standing = {need.pk: said for need, said in page.needs_in_words(application)}[scene.quilts.pk]
    return standing, [line.title for line in page.timeline(application)]


def test_family_reads_that_help_is_found_once_all_have_said_yes(scene: Scene):
    suggested, found = words.ACTS["need.reserved"], words.ACTS["matching.proposal.confirmed"]
    assert told(scene)[0] == words.NEED_STATES["open"]

    proposal = proposed(scene)
    standing, lines = told(scene)
    assert (standing, suggested in lines, found in lines) == (words.SUGGESTED, True, False)
    say_yes(proposal, "agency", scene.agent)
    assert told(scene)[0] == words.AWAITED
    say_yes(proposal, "household", widow(scene))
    standing, lines = told(scene)
    assert (standing, lines[0]) == (words.FOUND, found)

    deliver_need(need=scene.quilts, amount=1, by=SYSTEM, at=AT)
    assert told(scene)[0] == words.REST_COMING


def test_desk_calls_a_need_promised_once_all_have_said_yes(scene: Scene):
    desk = cast.signed_in(scene.cast.worker)
    desk.cookies["language"] = "en"
    file = f"/admin/households/household/{scene.quilts.household.public_id}/file/"

    def said() -> list[tuple[bool, bool]]:
        pages = [desk.get(url).content.decode() for url in ("/admin/households/need/", file)]
        return [("Set aside, answers awaited" in page, "Promised in full" in page) for page in pages]

    proposal = proposed(scene)
    assert said() == [(True, False)] * 2
    say_yes(proposal, "agency", scene.agent)
    say_yes(proposal, "household", widow(scene))
    assert said() == [(False, True)] * 2


def test_family_is_not_told_of_a_search_when_nothing_is_missing(scene: Scene):
    application = Application.objects.get()
    reserve_need(need=scene.medicine, amount=1, by=SYSTEM, at=AT)
    assert page.standing(application)[1] == words.NEXT[ApplicationState.APPROVED]
    assert page.need_in_words(Need.objects.get(pk=scene.medicine.pk)) == words.FOUND_IN_PART

    reserve_need(need=scene.medicine, amount=scene.medicine.requested - 1, by=SYSTEM, at=AT)
    proposed(scene)

    assert page.standing(application)[1] == words.NEXT_FOUND


def test_met_conditions_are_the_donors_consent(scene: Scene):
    proposal = proposed(scene)

    say_yes(proposal, "agency", scene.agent)

    assert parties(proposal) == [("agency", "given"), ("household", "asked")]


def test_everybody_asked_is_told(scene: Scene):
    proposal = proposed(scene)
    say_yes(proposal, "agency", scene.agent)

    kinds = list(Notice.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds.count("match_for_agency") == 1
    assert kinds.count("match_for_household") == 1


def test_nobody_answers_for_somebody_else(scene: Scene):
    proposal = proposed(scene)

    for by in (scene.miller, scene.cast.worker, widow(scene)):
        with pytest.raises(Refused) as refused:
            say_yes(proposal, "agency", by)
        assert refused.value.code == "not_yours"

    assert parties(proposal) == [("agency", "asked")]


def test_another_household_cannot_answer(scene: Scene):
    other = cast.applies(cast.clean_answers(1))
    proposal = proposed(scene)
    say_yes(proposal, "agency", scene.agent)

    with pytest.raises(Refused) as refused:
        say_yes(proposal, "household", CodeHolder(other.public_id))

    assert refused.value.code == "not_yours"
    assert parties(proposal)[-1] == ("household", "asked")


def test_yes_through_a_worker_needs_its_evidence(scene: Scene):
    proposal = proposed(scene)
    say_yes(proposal, "agency", scene.agent)

    with pytest.raises(Refused) as refused:
        say_yes(proposal, "household", scene.cast.worker, method="worker")
    assert refused.value.code == "evidence_missing"

    say_yes(proposal, "household", scene.cast.worker, method="worker", evidence=evidence(scene, proposal))
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.CONFIRMED


@pytest.mark.parametrize("method", ["worker", "web"])
def test_no_through_a_worker_gives_nothing_away_without_the_familys_word(scene: Scene, method: str):
    proposal = proposed(scene)
    say_yes(proposal, "agency", scene.agent)
    given: dict[str, Any] = {"proposal": proposal, "party": "household", "reason": "", "at": AT}

    with pytest.raises(Refused) as refused:
        services.decline(**given, method=method, by=scene.cast.worker)
    assert refused.value.code == "evidence_missing"
    assert parties(proposal)[-1] == ("household", "asked")
    assert Need.objects.get(pk=scene.quilts.pk).reserved == 2

    shown = evidence(scene, proposal)
    asked = services.decline(**given, method="worker", evidence=shown, by=scene.cast.worker)

    assert (asked.state, asked.evidence) == ("declined", shown)


def test_no_of_the_agency_needs_a_reason_and_releases(scene: Scene):
    proposal = proposed(scene)
    given: dict[str, Any] = {
        "proposal": proposal,
        "party": "agency",
        "method": "web",
        "by": scene.agent,
        "at": AT,
    }

    with pytest.raises(Refused) as refused:
        services.decline(**given, reason=" ")
    assert refused.value.code == "reason_missing"
    assert Need.objects.get(pk=scene.quilts.pk).reserved == 2

    services.decline(**given, reason="人手不够")

    proposal.refresh_from_db()
    assert (proposal.state, proposal.released_reason) == (ProposalState.RELEASED, "declined_by_agency")
    assert Need.objects.get(pk=scene.quilts.pk).reserved == 0
    assert Notice.objects.filter(kind="match_released").exists()


def test_no_of_the_household_needs_no_reason(scene: Scene):
    proposal = proposed(scene)
    say_yes(proposal, "agency", scene.agent)

    services.decline(proposal=proposal, party="household", reason="", method="web", by=widow(scene), at=AT)

    proposal.refresh_from_db()
    assert proposal.state == ProposalState.RELEASED
    assert Need.objects.get(pk=scene.quilts.pk).state == "open"


def test_agency_silent_for_seven_days_releases(scene: Scene):
    proposal = proposed(scene)
    question = proposal.confirmations.get()

    assert services.time_out(question=question, by=SYSTEM, at=AT + 7 * DAY) == ""
    assert services.time_out(question=question, by=SYSTEM, at=AT + 8 * DAY) == "released"

    proposal.refresh_from_db()
    question.refresh_from_db()
    assert (proposal.state, question.state) == (ProposalState.RELEASED, "timed_out")
    assert Need.objects.get(pk=scene.quilts.pk).reserved == 0


def test_household_silent_for_fourteen_days_is_visited_and_keeps_the_match(scene: Scene):
    proposal = proposed(scene)
    say_yes(proposal, "agency", scene.agent)
    question = proposal.confirmations.get(party="household")

    assert services.time_out(question=question, by=SYSTEM, at=AT + 8 * DAY) == ""
    assert services.time_out(question=question, by=SYSTEM, at=AT + 15 * DAY) == "visit"
    services.time_out(question=question, by=SYSTEM, at=AT + 16 * DAY)

    proposal.refresh_from_db()
    question.refresh_from_db()
    assert (proposal.state, question.state) == (ProposalState.PROPOSED, "asked")
    assert Visit.objects.filter(kind="confirmation", cause_ref=proposal.public_id).count() == 1
    assert Need.objects.get(pk=scene.quilts.pk).reserved == 2


def test_undo_at_minute_nine_asks_again_and_cancels_who_was_asked_since(scene: Scene):
    proposal = proposed(scene)
    say_yes(proposal, "agency", scene.agent)

    services.undo_confirmation(proposal=proposal, party="agency", by=scene.agent, at=AT + 9 * MINUTE)
    assert parties(proposal) == [("agency", "asked"), ("household", "cancelled")]

    say_yes(proposal, "agency", scene.agent, at=AT + 20 * MINUTE)
    assert parties(proposal) == [("agency", "given"), ("household", "asked")]


def test_undo_at_minute_eleven_is_refused(scene: Scene):
    proposal = proposed(scene)
    say_yes(proposal, "agency", scene.agent)

    with pytest.raises(Refused) as refused:
        services.undo_confirmation(proposal=proposal, party="agency", by=scene.agent, at=AT + 11 * MINUTE)

    assert refused.value.code == "too_late_to_undo"
    assert parties(proposal) == [("agency", "given"), ("household", "asked")]


def test_undo_of_the_households_yes_opens_the_match_again(scene: Scene):
    proposal = proposed(scene)
    say_yes(proposal, "agency", scene.agent)
    say_yes(proposal, "household", widow(scene))

    services.undo_confirmation(proposal=proposal, party="household", by=widow(scene), at=AT + 9 * MINUTE)

    proposal.refresh_from_db()
    assert proposal.state == ProposalState.PROPOSED
    with pytest.raises(Refused) as refused:
        services.undo_confirmation(proposal=proposal, party="household", by=widow(scene), at=AT + 9 * MINUTE)
    assert refused.value.code == "nothing_to_undo"
