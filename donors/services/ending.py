"""How a lot ends or is held: taken back, past its date, frozen, not kept, finished."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.rules import refuse_unless_by_rule
from common import clock
from common.actors import Actor
from common.exceptions import Refused
from common.locking import lock
from common.states import move
from donors import rules, signals
from donors.enums import Account, EntryKind, LotKind, LotState, PledgeState
from donors.models import Lot, Pledge
from donors.services.counters import follow, shift
from donors.services.parties import need_reason

BREACHES_UNTIL_REVIEW = 2


@transaction.atomic
def withdraw_lot(*, lot: Lot, by: Actor, at: datetime, amount: int | None = None, reason: str = "") -> Lot:
    """Take back what nobody has been promised; all of it ends the offer, what is set aside stays set aside (§41)."""
    lot = lock(lot)
    rules.refuse_unless_own_donor(lot.donor, by)
    if not lot.was_listed:
        return move(lot, LotState.WITHDRAWN, by=by, at=at, reason=reason)
    if lot.state != LotState.LISTED:
        raise Refused(
            "wrong_state",
            _("This offer is “%(state)s” now, so nothing can be taken back from it.")
            % {"state": lot.state_label},
        )
    if amount is not None and amount != lot.available:
        return shift(
            lot, EntryKind.TAKEN_BACK, Account.AVAILABLE, Account.RETURNED, amount, lot, by=by, at=at
        )
    if not lot.available:
        raise Refused(
            "nothing_free",
            _("All of this is set aside for households or in use, so nothing can be taken back."),
        )
    move(lot, LotState.WITHDRAWN, by=by, at=at, reason=reason)
    shift(lot, EntryKind.TAKEN_BACK, Account.AVAILABLE, Account.RETURNED, lot.available, lot, by=by, at=at)
    signals.lot_withdrawn.send(sender=Lot, lot=lot, by=by, at=at)
    return lot


@transaction.atomic
def expire_lot(*, lot: Lot, by: Actor, at: datetime) -> Lot:
    """Past its last day: spoilt goods are written off, everything else goes back to the donor."""
    refuse_unless_by_rule(by)
    lot = lock(lot)
    day = clock.day_of(at)
    spoilt = lot.expires_on is not None and day > lot.expires_on
    if not spoilt and not (lot.valid_until is not None and day > lot.valid_until):
        raise Refused("not_expired", _("This offer is still within its dates."))
    move(lot, LotState.EXPIRED, by=by, at=at, reason="goods" if spoilt else "window")
    if lot.available:
        kind, target = (
            (EntryKind.WRITTEN_OFF, Account.WRITTEN_OFF)
            if spoilt and lot.kind == LotKind.GOODS
            else (EntryKind.TAKEN_BACK, Account.RETURNED)
        )
        shift(lot, kind, Account.AVAILABLE, target, lot.available, lot, by=by, at=at)
    signals.lot_withdrawn.send(sender=Lot, lot=lot, by=by, at=at)
    return lot


@transaction.atomic
def freeze_lot(*, lot: Lot, reason: str, by: Actor, at: datetime) -> Lot:
    """Hold everything while a complaint or a doubt about the goods is looked into."""
    lot = lock(lot)
    rules.refuse_unless_lot_worker(lot, by)
    return move(lot, LotState.FROZEN, by=by, at=at, also={"reason": need_reason(reason)})


@transaction.atomic
def unfreeze_lot(*, lot: Lot, by: Actor, at: datetime) -> Lot:
    """The doubt is settled: offered again, or all in use when nothing is left of it."""
    lot = lock(lot)
    rules.refuse_unless_lot_worker(lot, by)
    return follow(move(lot, LotState.LISTED, by=by, at=at, also={"reason": ""}), by=by, at=at)


@transaction.atomic
def default_lot(*, lot: Lot, reason: str, by: Actor, at: datetime) -> Lot:
    """Promised and not given after two reminders: written off; from the second breach on offers are looked at twice."""
    lot = lock(lot)
    rules.refuse_unless_lot_worker(lot, by)
    if lot.reserved:
        raise Refused(
            "still_reserved",
            _(
                "Some of this is still set aside for households. Have the match called off first, then record this."
            ),
        )
    move(lot, LotState.DEFAULTED, by=by, at=at, also={"reason": need_reason(reason)})
    if lot.available:
        shift(
            lot,
            EntryKind.WRITTEN_OFF,
            Account.AVAILABLE,
            Account.WRITTEN_OFF,
            lot.available,
            lot,
            by=by,
            at=at,
        )
    pledge = Pledge.objects.filter(lot=lot, state=PledgeState.STANDING).first()
    if pledge is not None:
        move(lock(pledge), PledgeState.BREACHED, by=by, at=at)
    donor = lock(lot.donor)
    if (
        donor.lots.filter(state=LotState.DEFAULTED).count() >= BREACHES_UNTIL_REVIEW
        and not donor.needs_review
    ):
        donor.needs_review = True
        donor.save(update_fields=["needs_review"])
    return lot


@transaction.atomic
def close_lot(*, lot: Lot, by: Actor, at: datetime) -> Lot:
    """Finished: nothing set aside any more and no feedback owed."""
    lot = lock(lot)
    rules.refuse_unless_lot_worker(lot, by)
    if lot.reserved:
        raise Refused("still_reserved", _("Some of this is still set aside for households."))
    if lot.feedback.filter(done_at__isnull=True).exists():
        raise Refused(
            "feedback_owed", _("The donor has not been told everything yet. Give the feedback first.")
        )
    return move(lot, LotState.CLOSED, by=by, at=at)
