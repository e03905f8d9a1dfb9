"""A lot before it is looked at: written page by page, sent, taken back within ten minutes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.enums import Duty
from accounts.services import register_involvement
from common import clock
from common.actors import Actor
from common.exceptions import Refused
from common.locking import lock, save_edited
from common.states import move
from donors import queries, rules
from donors.enums import ConditionField, LotKind, LotOrigin, LotState
from donors.models import Condition, Donor, Lot
from files.services import keep
from journal.services import record

EDITABLE = frozenset(
    {
        "title", "quantity", "valid_from", "expires_on", "batch", "goods_condition", "fair_value", "value_evidence",
        "fund_holder",
    }
)  # fmt: skip


@transaction.atomic
def draft_lot(
    *,
    donor: Donor,
    title: str,
    items: Sequence[Any],
    quantity: int,
    conditions: Iterable[Mapping[str, Any]] = (),
    valid_from: date | None = None,
    origin: str = LotOrigin.DONOR,
    by: Actor,
    at: datetime,
    **details: Any,
) -> Lot:
    """Begin an offer: things of one unit and how much of them; nothing is promised before it is sent."""
    rules.refuse_unless_own_donor(donor, by)
    kind = rules.check_items(items)
    refuse_bad_quantity(quantity, items)
    lot = Lot(
        donor=donor,
        title=title.strip(),
        kind=kind,
        origin=origin,
        quantity=quantity,
        available=quantity,
        smallest=smallest_piece(quantity, items),
        state=LotState.DRAFT,
        state_since=at,
        created_at=at,
        **details,
    )
    stated = rules.check_conditions(conditions)
    for name, value in _columns(kind, stated, quantity, lot.smallest, valid_from or clock.day_of(at)).items():
        setattr(lot, name, value)
    _save_new(lot)
    register_involvement(file=lot, duty=Duty.DONOR, by=by, at=at)
    lot.items.set(items)
    _write_conditions(lot, stated)
    record("donors.lot.drafted", lot, by=by, at=at, kind=kind, quantity=quantity, origin=str(origin))
    return lot


@transaction.atomic
def edit_lot(
    *,
    lot: Lot,
    version: int,
    evidence: UploadedFile[bytes] | None = None,
    by: Actor,
    at: datetime,
    **changes: Any,
) -> Lot:
    """Change a draft; what was sent is changed by taking it back first. `evidence` shows the goods' value."""
    if not changes.keys() <= EDITABLE:
        raise Refused("not_editable", _("This part of an offer cannot be changed here."))
    lot = _own(lot, by)
    _refuse_sent(lot)
    if "quantity" in changes:
        items = list(lot.items.all())
        refuse_bad_quantity(changes["quantity"], items)
        changes |= {
            "available": changes["quantity"],
            "smallest": smallest_piece(changes["quantity"], items),
        }
        stated = [rules.Stated(one.field, one.op, one.value, one.hard) for one in lot.conditions.all()]
        columns = _columns(lot.kind, stated, changes["quantity"], changes["smallest"], lot.valid_from)
        changes["per_household_cap"] = columns["per_household_cap"]
    if changes.get("expires_on") and changes["expires_on"] <= clock.day_of(at):
        raise Refused(
            "goods_expired",
            _("These goods would be past their date. Give another batch."),
            field="expires_on",
        )
    if evidence is not None:
        changes["value_evidence"] = keep(upload=evidence, purpose="value_evidence", owner=lot, by=by, at=at)
    lot = save_edited(lot, version=version, changes=changes)
    record("donors.lot.edited", lot, by=by, at=at, fields=sorted(changes))
    return lot


@transaction.atomic
def state_conditions(
    *, lot: Lot, version: int, conditions: Iterable[Mapping[str, Any]], by: Actor, at: datetime
) -> Lot:
    """Replace the conditions of a draft by these, as data the matching reads (R64)."""
    stated = rules.check_conditions(conditions)
    lot = _own(lot, by)
    _refuse_sent(lot)
    was_said = lot.conditions.filter(field=ConditionField.VALID_FROM).exists()
    start = clock.day_of(at) if was_said else lot.valid_from
    columns = _columns(lot.kind, stated, lot.quantity, lot.smallest, start)
    _refuse_window(columns["valid_from"], columns["valid_until"], clock.day_of(at))
    lot = save_edited(lot, version=version, changes=columns)
    lot.conditions.all().delete()
    _write_conditions(lot, stated)
    record("donors.lot.conditions_stated", lot, by=by, at=at, fields=[one.field for one in stated])
    return lot


@transaction.atomic
def submit_lot(*, lot: Lot, by: Actor, at: datetime) -> Lot:
    """Send the offer: by a checked donor, complete, money with a fund holder that is admitted today."""
    lot = _own(lot, by)
    rules.refuse_unverified(lot.donor)
    _refuse_window(lot.valid_from, lot.valid_until, clock.day_of(at))
    if lot.kind == LotKind.GOODS and not lot.goods_condition:
        raise Refused(
            "goods_condition_missing", _("Say in what condition the goods are."), field="goods_condition"
        )
    refuse_unadmitted_holder(lot, clock.day_of(at))
    undo_until = at + timedelta(minutes=settings.UNDO_MINUTES)
    return move(
        lot,
        LotState.SUBMITTED,
        by=by,
        at=at,
        also={"submitted_at": at, "undo_until": undo_until, "reason": ""},
    )


@transaction.atomic
def undo_lot(*, lot: Lot, by: Actor, at: datetime) -> Lot:
    """Within ten minutes the offer is a draft again, as if never sent (domain §0.12)."""
    lot = _own(lot, by)
    if lot.state == LotState.SUBMITTED and not rules.undo_open(lot.undo_until, at):
        raise Refused(
            "undo_over",
            _(
                "The ten minutes are over, the offer is being looked at. You can still take back what is free."
            ),
        )
    return move(lot, LotState.DRAFT, by=by, at=at, also={"submitted_at": None, "undo_until": None})


@transaction.atomic
def reopen_lot(*, lot: Lot, by: Actor, at: datetime) -> Lot:
    """An offer that was not listed can be put right and sent again."""
    return move(_own(lot, by), LotState.DRAFT, by=by, at=at, also={"submitted_at": None, "undo_until": None})


def refuse_unadmitted_holder(lot: Lot, on: date) -> None:
    """Money goes to a named fund holder, admitted that day; never to the platform (domain §0.7)."""
    if lot.kind != LotKind.MONEY:
        return
    admitted = {holder.organisation.pk for holder in queries.admitted_fund_holders(on)}
    if lot.fund_holder_id not in admitted:
        raise Refused(
            "fund_holder_missing",
            _("Choose the fund holder that will receive the money. The platform itself never takes any."),
            field="fund_holder",
        )


def refuse_bad_quantity(quantity: int, items: Sequence[Any]) -> None:
    """More than nothing, and at least the smallest useful piece of every thing offered."""
    if quantity <= 0:
        raise Refused("quantity_not_positive", _("State an amount above zero."), field="quantity")
    if quantity > 10**15:
        raise Refused(
            "quantity_slip", _("This is a very large amount. Count the digits once more."), field="quantity"
        )


def smallest_piece(quantity: int, items: Sequence[Any]) -> int:
    """The largest of the items' smallest parts, but never more than there is."""
    return min(quantity, max(int(item.smallest_part) for item in items))


def _own(lot: Lot, by: Actor) -> Lot:
    """The lot, locked, for its donor alone."""
    lot = lock(lot)
    rules.refuse_unless_own_donor(lot.donor, by)
    return lot


def _refuse_sent(lot: Lot) -> None:
    if lot.state != LotState.DRAFT:
        raise Refused(
            "lot_sent", _("This offer is “%(state)s” now and cannot be changed.") % {"state": lot.state_label}
        )


def _refuse_window(start: date, until: date | None, today: date) -> None:
    if until is not None and (until < start or until < today):
        raise Refused(
            "window_closed", _("The last day lies before the first one or is over. Choose a later day."),
            field="valid_until",
        )  # fmt: skip


def _columns(
    kind: str, stated: list[rules.Stated], quantity: int, smallest: int, start: date
) -> dict[str, Any]:
    """The columns these conditions give the lot; refused when not even one household could be served."""
    rules.refuse_unfit_way(kind, stated)
    columns = rules.compile_conditions(stated, quantity=quantity)
    cap = columns["per_household_cap"]
    if cap is not None and cap < smallest:
        limits = {one.field for one in stated}
        raise Refused(
            "cap_too_small",
            _("One household could not get even the smallest piece of this. Allow more for each household."),
            field="household_cap" if ConditionField.HOUSEHOLD_CAP in limits else "least_households",
        )
    return {**columns, "valid_from": columns["valid_from"] or start}


def _save_new(lot: Lot) -> None:
    try:
        with transaction.atomic():
            lot.save(force_insert=True)
    except IntegrityError:
        raise Refused(
            "lot_contradicts", _("These particulars contradict each other. Look at amounts and dates again.")
        ) from None


def _write_conditions(lot: Lot, stated: list[rules.Stated]) -> None:
    Condition.objects.bulk_create(
        Condition(lot=lot, field=one.field, op=one.op, value=one.value, hard=one.hard) for one in stated
    )
