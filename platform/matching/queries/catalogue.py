"""The catalogue: open needs without anybody's name, and what is still missing of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, IntegerField, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext, ngettext

from common.clock import day_of
from common.templatetags.ui import day_words
from households.enums import NeedState
from households.models import Need, Visit
from matching.enums import Origin, ProposalState
from matching.models import Proposal
from reference.queries import labels, path_labels

WHOLE = "whole_household"
QUIET = frozenset({WHOLE, "labour_age", "women"})  # said when nothing else describes the family
SHOWN_GROUPS = 3
COUNTY_LENGTH = 6
STOOD_OPEN = (NeedState.OPEN, NeedState.FULFILLED, NeedState.VERIFIED, NeedState.CLOSED)


def needs_shown(user: Any, on: date) -> QuerySet[Need]:
    """What this reader may browse that day and is not yet promised in full; annotated with what is left."""
    waiting = (
        Proposal.objects.filter(need=OuterRef("pk"), state=ProposalState.SUGGESTED, origin=Origin.DONOR)
        .order_by()
        .values("need")
        .annotate(total=Sum("amount"))
        .values("total")
    )
    visited = (
        Visit.objects.filter(household=OuterRef("household_id"), done_at__isnull=False)
        .order_by("-done_at")
        .values("done_at")[:1]
    )
    rows: QuerySet[Need] = Need.objects.listed().open_on(on) & Need.objects.visible_to(user)
    shown: QuerySet[Need] = (
        rows.annotate(
            pledged=Coalesce(Subquery(waiting, output_field=IntegerField()), Value(0)),
            visited_at=Subquery(visited),
        )
        .annotate(left=F("requested") - F("reserved") - F("delivered") - F("pledged"))
        .filter(left__gt=0)
        .select_related("item")
    )
    return shown


def left_of(need: Need) -> int:
    """What nobody has promised: the need's remainder less the donors' pledges waiting for a decision."""
    waiting = Proposal.objects.filter(need=need, state=ProposalState.SUGGESTED, origin=Origin.DONOR)
    return need.remaining - (waiting.aggregate(total=Sum("amount"))["total"] or 0)


def met_since(public_id: str) -> Need | None:
    """A need that stood in the catalogue until all of it was promised or had arrived."""
    rows = Need.objects.filter(
        public_id=public_id, listed=True, consent__withdrawn_at__isnull=True, state__in=STOOD_OPEN
    )
    need: Need | None = rows.select_related("item").first()
    return need if need is not None and left_of(need) <= 0 else None


@dataclass(frozen=True)
class Card:
    """A need as a stranger may see it: what, where to the county, for whom by group, how much is left."""

    need: Any
    category: str
    title: str
    place: str
    groups: str
    checked: str
    left: int
    covered: int


def cards(needs: Iterable[Any], on: date) -> list[Card]:
    """The cards of one page, with three queries for all their words."""
    rows = list(needs)
    if not rows:
        return []
    counties = path_labels({row.area[:COUNTY_LENGTH] for row in rows})
    categories, groups = labels("need_category"), labels("population_group")
    return [
        Card(
            need=row,
            category=categories.get(row.item.category, ""),
            title=row.public_title or row.item.label,
            place=counties[row.area[:COUNTY_LENGTH]].rpartition(" / ")[2],
            groups=group_words(row.groups, groups),
            checked=_checked(row, on),
            left=row.left,
            covered=row.requested - row.left,
        )
        for row in rows
    ]


def group_words(slugs: list[str], known: dict[str, str]) -> str:
    """The groups that describe a family best, three at most."""
    telling = [slug for slug in slugs if slug not in QUIET] or [slug for slug in slugs if slug != WHOLE]
    return gettext(", ").join(known.get(slug, slug) for slug in telling[:SHOWN_GROUPS])


def _checked(need: Any, on: date) -> str:
    """How long ago a worker saw the family; what could not wait is open before, and says so (domain §10.2)."""
    if need.visited_at is None or _seen_for_something_else(need):
        return _not_visited(need, on)
    days = (on - day_of(need.visited_at)).days
    if days <= 0:
        return gettext("checked by a social worker today")
    return ngettext(
        "checked by a social worker yesterday", "checked by a social worker %(days)s days ago", days
    ) % {"days": days}


def _seen_for_something_else(need: Any) -> bool:
    """What was opened at once has not been seen by a visit of the days before."""
    return need.assess_by is not None and day_of(need.visited_at) < day_of(need.opened_at)


def _not_visited(need: Any, on: date) -> str:
    if need.assess_by is None:
        return gettext("not visited by a social worker yet")
    words = {"day": day_words(need.assess_by)}
    if day_of(need.assess_by) < on:
        return (
            gettext(
                "opened at once by a supervisor because it cannot wait; the visit was due by %(day)s and is still "
                "to come"
            )
            % words
        )
    return (
        gettext("opened at once by a supervisor because it cannot wait; the visit follows by %(day)s") % words
    )
