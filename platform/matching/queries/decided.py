"""What was decided about help for a family, as it may object to it: its own matches, and that none was found."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from common.clock import day_of
from common.templatetags.ui import amount
from households.enums import NeedState
from households.models import Household, Need
from households.queries.decisions import Decision
from matching.enums import Party, ProposalState
from matching.models import Confirmation, Proposal, UnmetReason


def decisions_about(household: Household) -> list[Decision]:
    """Matches the family was asked about, also those taken back since; needs for which nothing was found."""
    return [*_matches(household), *_unmet(household)]


def _matches(household: Household) -> Iterator[Decision]:
    asked = Confirmation.objects.filter(party=Party.HOUSEHOLD, proposal__need__household=household)
    rows = asked.select_related("proposal__need__item").order_by("proposal_id")
    for question in rows:
        row = question.proposal
        words = _("help was found: %(thing)s, %(amount)s (%(number)s)")
        on = question.asked_at
        if row.state == ProposalState.RELEASED:
            words = _("help that was found was taken back: %(thing)s, %(amount)s (%(number)s)")
            on = row.state_since
        yield Decision(
            "match", Proposal._meta.label_lower, row.public_id, words % _said(row), day_of(on),
            detail=row.released_reason,
        )  # fmt: skip


def _said(row: Proposal) -> dict[str, Any]:
    item = row.need.item
    return {"thing": item.label, "amount": amount(row.amount, item), "number": row.number}


def _unmet(household: Household) -> Iterator[Decision]:
    needs = household.needs.filter(opened_at__isnull=False).select_related("item").order_by("pk")
    runs = UnmetReason.objects.filter(need__in=needs).order_by("run_id").values_list("need_id", "run__on")
    looked = dict(runs)
    for need in needs:
        words = _("no help was found so far: %(thing)s, still missing %(amount)s") % {
            "thing": need.item.label,
            "amount": amount(need.remaining, need.item),
        }
        stands = need.state in {NeedState.OPEN, NeedState.EXPIRED} and need.remaining > 0
        on = looked.get(need.pk) or day_of(need.opened_at)
        yield Decision("match", Need._meta.label_lower, need.public_id, words, on, stands=stands)
