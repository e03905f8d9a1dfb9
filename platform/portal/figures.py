"""Totals that anyone may see."""

from __future__ import annotations

from django.db.models import Count, Sum
from django.utils.translation import gettext_lazy as _

from common.todos import Figure
from delivery.models import Delivery
from donors.models import Lot
from households.enums import HouseholdState, NeedState
from households.models import Household, Need
from implementers.models import Agency
from matching.models import Proposal
from reference.coding import TRIAL_PREFIX

SMALLEST_CELL = 5


def national_figures() -> list[Figure]:
    """Families supported, needs met, money received by families, agencies at work."""
    supported = (
        Household.objects.exclude(area__startswith=TRIAL_PREFIX).filter(state=HouseholdState.ACTIVE).count()
    )
    needs = Need.objects.exclude(area__startswith=TRIAL_PREFIX)
    met = needs.filter(state__in=[NeedState.FULFILLED, NeedState.VERIFIED, NeedState.CLOSED]).count()
    agencies = Agency.objects.filter(state="admitted").count()
    on_the_way = Proposal.objects.filter(state__in=["agreed", "executing"]).aggregate(n=Count("pk"))["n"]
    return [
        Figure(_("Families supported"), cell(supported)),
        Figure(_("Needs met"), cell(met)),
        Figure(_("Money received by families (yuan)"), money_received()),
        Figure(_("Help on the way"), cell(on_the_way)),
        Figure(_("Agencies at work"), f"{agencies:,}"),
    ]


def money_received() -> str:
    """Yuan in families' hands; unsaid while it could be told whose they are."""
    fen = Lot.objects.filter(kind="money").aggregate(total=Sum("disbursed"))["total"] or 0
    received = Delivery.objects.filter(settled_at__isnull=False, proposal__lot__kind="money")
    families = received.aggregate(n=Count("proposal__need__household", distinct=True))["n"]
    told = families >= SMALLEST_CELL or fen == 0
    return f"{fen // 100:,}" if told else str(_("not shown: fewer than 5 families"))


def cell(count: int) -> str:
    """A count of families that cannot point at anybody."""
    return f"{count:,}" if count >= SMALLEST_CELL or count == 0 else str(_("under 5"))
