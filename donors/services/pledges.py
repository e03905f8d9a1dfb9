"""Pledges: a lot for one need alone, made by a checked donor, taken back freely for ten minutes (charity law §41)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organisation
from accounts.rules import refuse_unless_by_rule
from common import clock
from common.actors import Actor
from common.exceptions import Refused
from common.locking import lock
from common.states import move
from donors import rules, signals
from donors.enums import Binding, LotState, PledgeState
from donors.models import Donor, Pledge
from donors.services.ending import withdraw_lot
from donors.services.lots import draft_lot, refuse_unadmitted_holder
from donors.services.review import open_ledger
from journal.services import record


@transaction.atomic
def make_pledge(
    *,
    donor: Donor,
    item: Any,
    quantity: int,
    need_ref: str,
    title: str,
    area_prefix: str = "",
    fund_holder: Organisation | None = None,
    binding: str = Binding.INTENTION,
    confirm_each: bool = False,
    fair_value: int | None = None,
    by: Actor,
    at: datetime,
) -> Pledge:
    """A lot restricted to one need and the pledge over it; listed at once, because it carries no other condition.

    The layer above has checked the need and adds the proposal of origin donor in the same transaction.
    """
    donor = lock(donor)
    rules.refuse_unless_own_donor(donor, by)
    rules.refuse_unverified(donor)
    if donor.needs_review:
        raise Refused(
            "donor_needs_review",
            _("Your offers are looked at before they are listed. Make an offer of your own and send it."),
        )
    if binding not in Binding.values:
        raise Refused("binding_unknown", _("Choose whether this is a wish or a promise."), field="binding")
    lot = draft_lot(
        donor=donor, title=title, items=[item], quantity=quantity, fund_holder=fund_holder,
        restricted_ref=need_ref, fair_value=fair_value, by=by, at=at,
    )  # fmt: skip
    if area_prefix or confirm_each:
        lot.area_prefix, lot.confirm_each = area_prefix, confirm_each
        lot.save(update_fields=["area_prefix", "confirm_each"])
    refuse_unadmitted_holder(lot, clock.day_of(at))
    open_ledger(lot, by=by, at=at)
    pledge = Pledge.objects.create(
        donor=donor,
        lot=lot,
        need_ref=need_ref,
        quantity=quantity,
        binding=binding,
        state=PledgeState.MADE,
        state_since=at,
        made_at=at,
        undo_until=at + timedelta(minutes=settings.UNDO_MINUTES),
    )
    record("pledge.made", pledge, by=by, at=at, need=need_ref, amount=quantity, binding=str(binding))
    return pledge


@transaction.atomic
def withdraw_pledge(*, pledge: Pledge, by: Actor, at: datetime, reason: str = "") -> Pledge:
    """Within ten minutes always; later a wish may be taken back, a promise or an agreement may not (§41)."""
    pledge = lock(pledge)
    rules.refuse_unless_own_donor(pledge.donor, by)
    in_time = pledge.state == PledgeState.MADE and rules.undo_open(pledge.undo_until, at)
    if not in_time and pledge.binding != Binding.INTENTION:
        raise Refused(
            "pledge_binds",
            _(
                "The ten minutes are over and this promise binds you. If your means have become much worse, "
                "call us: the law knows a way out, and we explain it."
            ),
        )
    if pledge.state == PledgeState.MADE and not in_time:
        move(pledge, PledgeState.STANDING, by=by, at=at)
    signals.pledge_withdrawing.send(sender=Pledge, pledge=pledge, by=by, at=at)
    lot = lock(pledge.lot)
    if lot.reserved or lot.disbursed:
        raise Refused(
            "pledge_in_use",
            _(
                "A household has already been told about this gift. Ask the social worker to call the match off first."
            ),
        )
    move(pledge, PledgeState.WITHDRAWN, by=by, at=at, also={"reason": reason.strip()})
    if lot.state == LotState.LISTED:
        withdraw_lot(lot=lot, by=by, at=at)
    return pledge


@transaction.atomic
def settle_pledges(*, by: Actor, at: datetime) -> int:
    """Pledges whose ten minutes are over stand from now on."""
    refuse_unless_by_rule(by)
    due = Pledge.objects.filter(state=PledgeState.MADE, undo_until__lte=at).order_by("pk")
    settled = [move(lock(pledge), PledgeState.STANDING, by=by, at=at) for pledge in due]
    return len(settled)
