"""The household's own word that help arrived: ten minutes to think again, then ledger, need and donor follow."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.rules import refuse_unless_by_rule
from common.actors import Actor
from common.clock import day_of
from common.exceptions import Refused
from common.locking import lock
from common.recording import record
from common.states import move
from delivery import signals
from delivery.enums import DeliveryState
from delivery.models import Delivery
from delivery.rules import refuse_unless_receiver, refuse_without_evidence
from delivery.services.deliveries import note_spokesperson
from donors.services import disburse_lot, open_feedback
from files.models import Attachment
from households.services import deliver_need
from households.services.news import tell_of_delegate
from matching.services import mark_completed


@transaction.atomic
def confirm_receipt(
    *, delivery: Delivery, method: str, evidence: Attachment | None, by: Actor, at: datetime
) -> Delivery:
    """The household says it arrived: by code, or through worker or delegate with evidence, never by the agency.

    Nothing moves yet: for ten minutes the household can take its word back (design §4.9).
    """
    delivery = lock(delivery)
    refuse_unless_receiver(delivery, by, at)
    method = refuse_without_evidence(by, method, evidence)
    note_spokesperson(delivery, by, at)
    also = {
        "confirmed_at": at,
        "undo_until": at + timedelta(minutes=settings.UNDO_MINUTES),
        "confirm_method": method,
        "confirmed_by_ref": by.actor_ref,
        "evidence": evidence,
    }
    return move(
        delivery, DeliveryState.CONFIRMED, by=by, at=at, also=also, method=method, amount=delivery.amount
    )


@transaction.atomic
def undo_receipt(*, delivery: Delivery, by: Actor, at: datetime) -> Delivery:
    """Ten minutes to think again, by whoever may speak for the household; it is as if nobody had answered."""
    delivery = lock(delivery)
    refuse_unless_receiver(delivery, by, at)
    if delivery.state != DeliveryState.CONFIRMED:
        raise Refused("nothing_to_undo", _("There is no answer that can be taken back now. Reload the page."))
    if not delivery.may_undo(at):
        raise Refused("too_late_to_undo", _("The ten minutes are over. Please call us."))
    tell_of_delegate(delivery.proposal.need.household, by=by, at=at)
    cleared = {
        "confirmed_at": None,
        "undo_until": None,
        "confirm_method": "",
        "confirmed_by_ref": "",
        "evidence": None,
    }
    return move(delivery, DeliveryState.DELIVERED, by=by, at=at, reason="undone", also=cleared)


@transaction.atomic
def settle_receipt(*, delivery: Delivery, by: Actor, at: datetime) -> Delivery:
    """The household's word stands: the need and the ledger move, the donor is owed the news, the match may be over."""
    refuse_unless_by_rule(by)
    delivery = lock(delivery)
    if delivery.state != DeliveryState.CONFIRMED or delivery.settled_at is not None:
        raise Refused("nothing_to_settle", _("There is no receipt waiting here. Reload the page."))
    if delivery.may_undo(at):
        raise Refused("undo_running", _("The ten minutes to undo are still running."))
    proposal = lock(delivery.proposal)
    deliver_need(need=proposal.need, amount=delivery.amount, by=by, at=at)
    handed_over = day_of(delivery.delivered_at) if delivery.delivered_at else None
    disburse_lot(
        lot=proposal.lot, amount=delivery.amount, cause=delivery, handed_over=handed_over, by=by, at=at
    )
    agency = proposal.project.agency.organisation if proposal.project else None
    open_feedback(lot=proposal.lot, kind="allocation", cause=delivery, responsible=agency, by=by, at=at)
    delivery.settled_at = at
    delivery.save(update_fields=["settled_at"])
    record("receipt.settled", delivery, by=by, at=at, amount=delivery.amount, proposal=proposal.public_id)
    settled = proposal.deliveries.filter(settled_at__isnull=False).aggregate(total=Sum("amount"))["total"]
    if settled == proposal.amount:
        mark_completed(proposal=proposal, by=by, at=at)
    signals.receipt_settled.send(sender=Delivery, delivery=delivery, by=by, at=at)
    return delivery


@transaction.atomic
def settle_due_receipts(*, by: Actor, at: datetime) -> int:
    """Every receipt nobody can take back any more; one whose gift is held waits, and holds up nothing else."""
    refuse_unless_by_rule(by)
    done = 0
    due = Delivery.objects.filter(
        state=DeliveryState.CONFIRMED, settled_at__isnull=True, undo_until__lte=at
    ).order_by("pk")
    for delivery in due:
        with suppress(Refused), transaction.atomic():
            settle_receipt(delivery=delivery, by=by, at=at)
            done += 1
    return done
