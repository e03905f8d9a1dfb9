"""What was handed over to a family, as it may object to it."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from common.clock import day_of
from common.templatetags.ui import amount
from delivery.enums import DeliveryState
from delivery.models import Delivery
from households.models import Household
from households.queries.decisions import Decision

HANDED_OVER = frozenset({DeliveryState.DELIVERED, DeliveryState.CONFIRMED, DeliveryState.DISPUTED})


def decisions_about(household: Household) -> Iterator[Decision]:
    """Every delivery that was made, whatever the family said about it then."""
    rows = Delivery.objects.filter(proposal__need__household=household, delivered_at__isnull=False)
    for row in rows.select_related("proposal__need__item").order_by("pk"):
        item = row.proposal.need.item
        said = {"thing": item.label, "amount": amount(row.amount, item), "number": row.proposal.number}
        yield Decision(
            "delivery",
            Delivery._meta.label_lower,
            row.public_id,
            _("what was handed over: %(thing)s, %(amount)s (%(number)s)") % said,
            day_of(row.delivered_at),
            stands=row.state in HANDED_OVER,
            detail=row.reason,
        )
