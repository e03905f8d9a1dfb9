"""Moving units of a lot: one ledger entry, its two counters with F(), the journal, all in one transaction."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from common import clock
from common.actors import Actor
from common.exceptions import Refused
from common.locking import lock
from common.states import move
from donors.enums import COUNTERS, Account, EntryKind, LotState, PledgeState
from donors.models import LedgerEntry, Lot, Pledge
from journal.services import record

Cause = models.Model | tuple[str, str]

# A lot in one of these takes its units back as free ones; elsewhere they go back to the donor.
OPEN = frozenset({LotState.LISTED, LotState.USED_UP, LotState.FROZEN})
# What was set aside before may still be handed over.
HANDED_OVER_FROM = frozenset({LotState.LISTED, LotState.WITHDRAWN, LotState.EXPIRED})


@transaction.atomic
def reserve_lot(*, lot: Lot, amount: int, cause: Cause, by: Actor, at: datetime) -> Lot:
    """Set units aside for one proposal: only of a listed lot, within its dates, and never more than is free."""
    lot = lock(lot)
    day = clock.day_of(at)
    if lot.state != LotState.LISTED:
        raise Refused(
            "lot_not_listed",
            _("This offer is “%(state)s” now, so nothing can be set aside from it.")
            % {"state": lot.state_label},
        )
    if day < lot.valid_from or any(
        end is not None and day > end for end in (lot.valid_until, lot.expires_on)
    ):
        raise Refused("lot_out_of_dates", _("This offer is not within its dates today. Choose another one."))
    return shift(lot, EntryKind.RESERVED, Account.AVAILABLE, Account.RESERVED, amount, cause, by=by, at=at)


@transaction.atomic
def release_lot(*, lot: Lot, amount: int, cause: Cause, by: Actor, at: datetime) -> Lot:
    """What was set aside is free again, or goes back to the donor when the lot is no longer offered."""
    lot = lock(lot)
    target = Account.AVAILABLE if lot.state in OPEN else Account.RETURNED
    kind = EntryKind.RELEASED if target == Account.AVAILABLE else EntryKind.TAKEN_BACK
    return shift(lot, kind, Account.RESERVED, target, amount, cause, by=by, at=at)


@transaction.atomic
def disburse_lot(
    *, lot: Lot, amount: int, cause: Cause, by: Actor, at: datetime, handed_over: date | None = None
) -> Lot:
    """A household received what was set aside for it; never from a frozen lot, never spoilt goods (charity law §36).

    What counts for the goods' own date is the day they were handed over, when it lies before the household's word.
    """
    lot = lock(lot)
    if lot.state not in HANDED_OVER_FROM:
        raise Refused(
            "lot_held",
            _("This offer is “%(state)s” now, so nothing can be handed over from it.")
            % {"state": lot.state_label},
        )
    if lot.expires_on is not None and (handed_over or clock.day_of(at)) > lot.expires_on:
        raise Refused("goods_expired", _("These goods are past their date and may not be handed over."))
    return shift(lot, EntryKind.DISBURSED, Account.RESERVED, Account.DISBURSED, amount, cause, by=by, at=at)


@transaction.atomic
def return_to_lot(*, lot: Lot, amount: int, cause: Cause, by: Actor, at: datetime) -> Lot:
    """What was handed over came back: free for others, or to the donor when the lot is no longer offered."""
    lot = lock(lot)
    target = Account.AVAILABLE if lot.state in OPEN else Account.RETURNED
    return shift(lot, EntryKind.CAME_BACK, Account.DISBURSED, target, amount, cause, by=by, at=at)


@transaction.atomic
def write_off(
    *, lot: Lot, amount: int, cause: Cause, by: Actor, at: datetime, source: str = Account.AVAILABLE
) -> Lot:
    """Lost, spoilt or never delivered: the units leave the lot and stay on its books."""
    if source not in {Account.AVAILABLE, Account.RESERVED}:
        raise Refused("write_off_source", _("Only what is free or set aside can be written off."))
    lot = lock(lot)
    return shift(lot, EntryKind.WRITTEN_OFF, source, Account.WRITTEN_OFF, amount, cause, by=by, at=at)


def shift(
    lot: Lot, kind: str, source: str, target: str, amount: int, cause: Cause, *, by: Actor, at: datetime
) -> Lot:
    """Write the entry and its counters; refused when the source holds less. The caller has locked the lot."""
    if not lot.was_listed:
        raise Refused("lot_not_listed", _("This offer has not been listed yet."))
    if amount <= 0:
        raise Refused("amount_not_positive", _("State an amount above zero."), field="amount")
    enough = Lot.objects.filter(pk=lot.pk, **{f"{source}__gte": amount})
    if not enough.update(**{source: F(source) - amount, target: F(target) + amount}):
        raise Refused(
            "not_enough",
            _(
                "There is not that much left here any more. Look at the offer again and choose a smaller amount."
            ),
            field="amount",
        )
    label, ref = cause_of(cause)
    LedgerEntry.objects.create(
        lot=lot,
        kind=kind,
        source=source,
        target=target,
        quantity=amount,
        cause_label=label,
        cause_ref=ref,
        at=at,
    )
    record(
        f"donors.lot.{kind}",
        lot,
        by=by,
        at=at,
        source=str(source),
        target=str(target),
        amount=amount,
        cause=ref,
    )
    lot.refresh_from_db(fields=COUNTERS)
    return follow(lot, by=by, at=at)


def cause_of(cause: Cause) -> tuple[str, str]:
    """The (label, ref) of what made the units move."""
    if isinstance(cause, tuple):
        return cause
    row: Any = cause
    return row._meta.label_lower, str(row.public_id)


def follow(lot: Lot, *, by: Actor, at: datetime) -> Lot:
    """The states that follow from the counters: all in use, offered again, a pledge kept."""
    if lot.state == LotState.LISTED and not lot.available and not lot.reserved:
        lot = move(lot, LotState.USED_UP, by=by, at=at)
    elif lot.state == LotState.USED_UP and lot.available:
        lot = move(lot, LotState.LISTED, by=by, at=at)
    if lot.restricted_ref and lot.disbursed == lot.quantity:
        pledge = Pledge.objects.filter(lot=lot, state__in=[PledgeState.MADE, PledgeState.STANDING]).first()
        if pledge is not None:
            _fulfil(lock(pledge), by=by, at=at)
    return lot


def _fulfil(pledge: Pledge, *, by: Actor, at: datetime) -> None:
    if pledge.state == PledgeState.MADE:
        move(pledge, PledgeState.STANDING, by=by, at=at)
    move(pledge, PledgeState.FULFILLED, by=by, at=at)
