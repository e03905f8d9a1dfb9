"""Pairs kept for the next run and pairs excluded: set, respected by the run, lifted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from common import clock
from journal.models import Entry
from matching import services
from matching.engine import Piece
from matching.models import Ban, Pin, Proposal
from matching.services import run as running
from matching.snapshot import take_snapshot
from tests.cast import AT, COUNTY, signed_in
from tests.matching.conftest import Scene, listed_lot
from tests.matching.test_decision import refusal, suggested
from tests.matching.test_run import performed, started


def pieces() -> list[tuple[int, int, int]]:
    """What a run over the county would suggest now, certified."""
    solution, failure = running.computed(take_snapshot(prefix=COUNTY, on=AT.date()))
    assert failure == ""
    return [(int(piece.lot), int(piece.need), piece.amount) for piece in solution.pieces]


def journaled(action: str) -> int:
    return Entry.objects.filter(action=action).count()


@pytest.mark.django_db(transaction=True)
def test_next_run_keeps_the_pair_and_the_amount(scene: Scene):
    """Without the pin the run takes the lot whose days are numbered first."""
    soon = listed_lot(scene, conditions=[{"field": "valid_until", "value": "2026-12-01"}])
    later = listed_lot(scene)
    assert pieces() == [(soon.pk, scene.quilts.pk, 2)]

    services.pin_pair(
        proposal=suggested(scene, later, scene.quilts, 1), amount=1, by=scene.cast.worker, at=AT
    )
    run = performed(started(scene))

    assert sorted(Proposal.objects.filter(run=run).values_list("lot", "amount", "origin")) == sorted(
        [(soon.pk, 1, "run"), (later.pk, 1, "worker")]
    )
    assert journaled("matching.pinned") == 1
    assert take_snapshot(prefix=COUNTY, on=AT.date()).pins == [Piece(later.pk, scene.quilts.pk, 1)]


def test_unpinned_pair_is_chosen_freely_again(scene: Scene):
    soon = listed_lot(scene, conditions=[{"field": "valid_until", "value": "2026-12-01"}])
    later = listed_lot(scene)
    pin = services.pin_pair(
        proposal=suggested(scene, later, scene.quilts, 1), amount=1, by=scene.cast.worker, at=AT
    )

    services.unpin_pair(pin=pin, by=scene.cast.worker, at=AT)

    assert pieces() == [(soon.pk, scene.quilts.pk, 2)]
    pin.refresh_from_db()
    assert (pin.lift_reason, pin.lifted_by) == ("set_free", scene.cast.worker)
    refusal("lifted_already", lambda: services.unpin_pair(pin=pin, by=scene.cast.worker, at=AT))
    assert journaled("matching.unpinned") == 1


def test_pin_again_changes_the_amount_and_keeps_the_history(scene: Scene):
    proposal = suggested(scene, listed_lot(scene), scene.quilts, 2)
    services.pin_pair(proposal=proposal, amount=2, by=scene.cast.worker, at=AT)

    services.pin_pair(proposal=proposal, amount=1, by=scene.cast.supervisor, at=AT + timedelta(hours=1))

    assert list(Pin.objects.in_force().values_list("amount", "by")) == [(1, scene.cast.supervisor.pk)]
    assert list(Pin.objects.exclude(lifted_at=None).values_list("lift_reason", flat=True)) == ["changed"]


@pytest.mark.parametrize("amount", [3, 11])
def test_pin_of_more_than_there_is_is_refused(scene: Scene, amount: int):
    proposal = suggested(scene, listed_lot(scene), scene.quilts, 2)

    refusal(
        "more_than_there_is",
        lambda: services.pin_pair(proposal=proposal, amount=amount, by=scene.cast.worker, at=AT),
    )

    assert not Pin.objects.exists()
    assert journaled("matching.pinned") == 0


def test_pin_by_a_stranger_or_by_the_donors_own_employee_is_refused(scene: Scene):
    proposal = suggested(scene, listed_lot(scene), scene.quilts, 2)

    refusal(
        "not_your_area",
        lambda: services.pin_pair(proposal=proposal, amount=1, by=scene.cast.stranger, at=AT),
    )
    refusal("not_your_area", lambda: services.pin_pair(proposal=proposal, amount=1, by=scene.miller, at=AT))

    assert not Pin.objects.exists()


def test_pin_that_could_not_be_decided_any_more_is_left_out_of_the_run(scene: Scene):
    """The cap is reached meanwhile: the run must not suggest what a decision would refuse."""
    lot = listed_lot(scene, conditions=[{"field": "household_cap", "value": 1}])
    proposal = suggested(scene, lot, scene.quilts, 1)
    services.decide(proposal=proposal, project=scene.project, amount=1, by=scene.cast.worker, at=AT)
    Pin.objects.create(need=scene.quilts, lot=lot, amount=1, by=scene.cast.worker, at=AT)

    assert take_snapshot(prefix=COUNTY, on=AT.date()).pins == []
    assert pieces() == []


def test_decided_pair_is_not_kept_any_longer(scene: Scene):
    proposal = suggested(scene, listed_lot(scene), scene.quilts, 2)
    pin = services.pin_pair(proposal=proposal, amount=1, by=scene.cast.worker, at=AT)

    services.decide(proposal=proposal, project=scene.project, amount=1, by=scene.cast.worker, at=AT)

    pin.refresh_from_db()
    assert pin.lift_reason == "decided"
    refusal(
        "decided_already",
        lambda: services.pin_pair(proposal=proposal, amount=1, by=scene.cast.worker, at=AT),
    )


def test_excluded_pair_comes_up_again_only_after_it_is_lifted(scene: Scene):
    lot = listed_lot(scene)
    proposal = suggested(scene, lot, scene.quilts, 2)
    pin = services.pin_pair(proposal=proposal, amount=2, by=scene.cast.worker, at=AT)
    services.ban(proposal=proposal, reason="被子已有", by=scene.cast.worker, at=AT)
    pin.refresh_from_db()
    assert pin.lift_reason == "excluded"
    assert pieces() == []
    ban = Ban.objects.get()

    refusal("reason_missing", lambda: services.lift_ban(ban=ban, reason=" ", by=scene.cast.worker, at=AT))
    refusal("not_your_area", lambda: services.lift_ban(ban=ban, reason="x", by=scene.cast.stranger, at=AT))
    ban.refresh_from_db()
    assert ban.lifted_at is None
    assert pieces() == []

    services.lift_ban(ban=ban, reason="被子湿了，不能再用", by=scene.cast.supervisor, at=AT)

    assert pieces() == [(lot.pk, scene.quilts.pk, 2)]
    ban.refresh_from_db()
    assert (ban.lifted_by, ban.lift_reason) == (scene.cast.supervisor, "被子湿了，不能再用")
    refusal("lifted_already", lambda: services.lift_ban(ban=ban, reason="x", by=scene.cast.worker, at=AT))
    assert journaled("matching.ban_lifted") == 1


def test_worker_keeps_excludes_and_lifts_from_the_desk(scene: Scene):
    proposal = suggested(scene, listed_lot(scene), scene.quilts, 2)
    worker = signed_in(scene.cast.worker)
    with clock.fixed(AT):
        keep = reverse("admin:matching_proposal_keep", args=[proposal.public_id])
        assert worker.post(keep, {"amount": "1", "_key": "1"}).status_code == 302
        pin = Pin.objects.in_force().get()
        assert pin.amount == 1
        listed = worker.get(reverse("admin:matching_pin_changelist"))
        assert scene.quilts.household.number in listed.content.decode()
        lift = reverse("admin:matching_pin_lift", args=[pin.public_id])
        assert worker.post(lift, {"_key": "2"}).status_code == 302
        assert not Pin.objects.in_force().exists()
        assert worker.get(lift).status_code == 404

        ban_url = reverse("admin:matching_proposal_ban", args=[proposal.public_id])
        assert worker.post(ban_url, {"reason": "不合适", "_key": "3"}).status_code == 302
        listed = worker.get(reverse("admin:matching_ban_changelist"))
        assert "不合适" in listed.content.decode()
        lift = reverse("admin:matching_ban_lift", args=[Ban.objects.get().public_id])
        assert worker.post(lift, {"reason": "", "_key": "4"}).status_code == 422
        assert Ban.objects.in_force().exists()
        assert worker.post(lift, {"reason": "说清楚了", "_key": "5"}).status_code == 302
    assert not Ban.objects.in_force().exists()


def test_another_areas_pairs_do_not_exist(scene: Scene):
    proposal = suggested(scene, listed_lot(scene), scene.quilts, 2)
    pin = services.pin_pair(proposal=proposal, amount=1, by=scene.cast.worker, at=AT)
    stranger = signed_in(scene.cast.stranger)

    assert stranger.get(reverse("admin:matching_pin_lift", args=[pin.public_id])).status_code == 404
    assert (
        scene.quilts.household.number
        not in stranger.get(reverse("admin:matching_pin_changelist")).content.decode()
    )
