"""A lot under review: taken on, listed or refused by somebody who has no tie to the donor."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Duty
from accounts.models import User
from accounts.services import register_involvement
from common import clock
from common.actors import Actor
from common.exceptions import Refused
from common.locking import lock
from common.states import move
from donors import rules, signals
from donors.enums import Account, EntryKind, LotState
from donors.models import LedgerEntry, Lot
from donors.services.lots import refuse_unadmitted_holder
from donors.services.news import tell
from donors.services.parties import need_reason


@transaction.atomic
def review_lot(*, lot: Lot, by: User, at: datetime) -> Lot:
    """Take the review on, once the donor's ten minutes are over."""
    lot = lock(lot)
    rules.refuse_unless_lot_worker(lot, by)
    if lot.state == LotState.SUBMITTED and rules.undo_open(lot.undo_until, at):
        raise Refused(
            "undo_still_open", _("The donor can still take this back. Look at it in a few minutes.")
        )
    register_involvement(file=lot, duty=Duty.REVIEWER, by=by, at=at)
    return move(lot, LotState.REVIEWING, by=by, at=at)


@transaction.atomic
def list_lot(*, lot: Lot, by: User, at: datetime) -> Lot:
    """List what was reviewed: checked donor, allowed conditions, admitted fund holder; its ledger begins."""
    lot = lock(lot)
    rules.refuse_unless_lot_worker(lot, by)
    rules.refuse_unverified(lot.donor)
    _refuse_forbidden(lot)
    refuse_unadmitted_holder(lot, clock.day_of(at))
    register_involvement(file=lot, duty=Duty.REVIEWER, by=by, at=at)
    open_ledger(lot, by=by, at=at)
    tell(lot.donor, "lot_listed", title=lot.title, by=by, at=at)
    return lot


@transaction.atomic
def reject_lot(*, lot: Lot, reason: str, by: User, at: datetime) -> Lot:
    """Not listed, with the reason the donor reads; it can be put right and sent again."""
    lot = lock(lot)
    rules.refuse_unless_lot_worker(lot, by)
    register_involvement(file=lot, duty=Duty.REVIEWER, by=by, at=at)
    move(lot, LotState.REJECTED, by=by, at=at, also={"reason": need_reason(reason)})
    tell(lot.donor, "lot_rejected", title=lot.title, by=by, at=at)
    return lot


def open_ledger(lot: Lot, *, by: Actor, at: datetime) -> Lot:
    """Listed: the first entry of the ledger brings the whole quantity in."""
    move(lot, LotState.LISTED, by=by, at=at, also={"listed_at": at}, quantity=lot.quantity)
    LedgerEntry.objects.create(
        lot=lot,
        kind=EntryKind.LISTED,
        source=Account.OUTSIDE,
        target=Account.AVAILABLE,
        quantity=lot.quantity,
        cause_label="donors.lot",
        cause_ref=lot.public_id,
        at=at,
    )
    signals.lot_listed.send(sender=Lot, lot=lot, by=by, at=at)
    return lot


def _refuse_forbidden(lot: Lot) -> None:
    """The conditions are checked again as stored: what came in by another way is not listed either."""
    stated = list(lot.conditions.values("field", "op", "value"))
    rules.check_conditions(stated)
    rules.refuse_forbidden_words(lot.title)
