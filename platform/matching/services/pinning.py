"""Pairs a worker keeps for the next run, and pairs a colleague excluded: set, lifted, on record (matching.md §1)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.clock import day_of
from common.exceptions import Refused
from common.locking import lock, lock_all
from common.recording import record
from donors.models import Lot
from households.models import Need
from matching.enums import LiftReason, ProposalState
from matching.models import Ban, Pin, Proposal
from matching.rules import refuse_unfit_pair, refuse_unfit_worker


@transaction.atomic
def pin_pair(*, proposal: Proposal, amount: int, by: User, at: datetime) -> Pin:
    """Keep this pair with this amount in the next runs of the area, until it is decided or somebody lifts it.

    What a decision would have to refuse cannot be kept; nothing is reserved.
    """
    proposal = lock(proposal)
    need, lot = proposal.need, proposal.lot
    if proposal.state != ProposalState.SUGGESTED:
        raise Refused("decided_already", _("A colleague decided this already. Reload the list."))
    refuse_unfit_worker(by, need, lot)
    refuse_unfit_pair(need, lot, amount, day_of(at))
    if amount > min(need.remaining, lot.available):
        raise Refused(
            "more_than_there_is",
            _("This is more than the family still needs or than is free of this resource. Take less."),
            field="amount",
        )
    drop_pin(need=need, lot=lot, reason=LiftReason.CHANGED, by=by, at=at)
    pin = Pin.objects.create(need=need, lot=lot, amount=amount, by=by, at=at)
    record("matching.pinned", pin, by=by, at=at, need=need.public_id, lot=lot.public_id, amount=amount)
    return pin


@transaction.atomic
def unpin_pair(*, pin: Pin, by: User, at: datetime) -> None:
    """The next run is free to choose again."""
    refuse_unfit_worker(by, pin.need, pin.lot)
    if not drop_pin(need=pin.need, lot=pin.lot, reason=LiftReason.SET_FREE, by=by, at=at):
        raise Refused("lifted_already", _("A colleague lifted this already. Reload the list."))


def drop_pin(*, need: Need, lot: Lot, reason: str, by: User, at: datetime) -> int:
    """The pair was decided, excluded or set free: nothing is kept for it any more."""
    pins = lock_all(Pin.objects.in_force().filter(need=need, lot=lot))
    for pin in pins:
        pin.lifted_at, pin.lifted_by, pin.lift_reason = at, by, reason
        pin.save(update_fields=["lifted_at", "lifted_by", "lift_reason"])
        record("matching.unpinned", pin, by=by, at=at, need=need.public_id, lot=lot.public_id, reason=reason)
    return len(pins)


@transaction.atomic
def lift_ban(*, ban: Ban, reason: str, by: User, at: datetime) -> Ban:
    """A pair that was excluded may come up again; who lifted it and why stays with it."""
    ban = lock(ban)
    refuse_unfit_worker(by, ban.need, ban.lot)
    if ban.lifted_at is not None:
        raise Refused("lifted_already", _("A colleague lifted this already. Reload the list."))
    if not reason.strip():
        raise Refused("reason_missing", _("Say why this pair may come up again."), field="reason")
    ban.lifted_at, ban.lifted_by, ban.lift_reason = at, by, reason.strip()
    ban.save(update_fields=["lifted_at", "lifted_by", "lift_reason"])
    record("matching.ban_lifted", ban, by=by, at=at, need=ban.need.public_id, lot=ban.lot.public_id)
    return ban
