"""Steps every payment shares: the reason of a refusal, the freed sum, the news for the layers above."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from common.actors import Actor
from common.exceptions import Refused
from common.states import move
from delivery import signals
from delivery.enums import BINDING, DisbursementState
from delivery.models import Agreement, Disbursement


def with_reason(
    row: Disbursement, state: DisbursementState, reason: str, by: Actor, at: datetime, *, kept: int = 0
) -> Disbursement:
    """Not approved, sent back, doubted, recovered: never without a sentence why; what no longer binds is free.

    What families kept of it stays drawn.
    """
    if not reason.strip():
        raise Refused("reason_missing", _("Say why, in a sentence."), field="reason")
    also: dict[str, Any] = {"reason": reason.strip(), "kept": kept}
    bound = row.state in BINDING
    move(row, state, by=by, at=at, also=also, amount=row.amount, kept=kept)
    if bound and state not in BINDING:
        _free(row)
    return tell(row, by, at)


def tell(disbursement: Disbursement, by: Actor, at: datetime) -> Disbursement:
    signals.disbursement_moved.send(sender=Disbursement, disbursement=disbursement, by=by, at=at)
    return disbursement


def _free(row: Disbursement) -> None:
    """The newest version that came into force carries the sum asked for."""
    versions = Agreement.objects.filter(number=row.agreement.number, effective_at__isnull=False)
    newest = versions.order_by("-version").values_list("pk", flat=True)[:1]
    Agreement.objects.filter(pk__in=list(newest)).update(drawn=F("drawn") - (row.amount - row.kept))
