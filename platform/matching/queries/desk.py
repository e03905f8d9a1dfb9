"""The matching desk: the queue, and everything a worker needs to see before deciding."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.templatetags.ui import amount as in_units
from common.templatetags.ui import day
from donors.models import Lot
from donors.words import wish_rows
from households.enums import NeedState
from households.models import MeasureReceived, Need
from households.queries import measures_overlapping
from implementers.enums import Standing
from implementers.models import Agency
from matching.enums import ProposalState
from matching.models import Override, Pin, Proposal, UnmetReason
from matching.queries.catalogue import group_words
from matching.queries.shortages import latest_runs
from matching.rules import CONDITION_WORDS, held, pair_conditions, projects_fitting
from projects.models import ProjectItem
from projects.queries import band_of
from reference.queries import labels, path_labels

NEXT_SHOWN = 3


def queue(user: Any) -> QuerySet[Proposal]:
    """Suggestions this worker may decide, as long as their need is open and no supervisor is being asked."""
    asked = Override.objects.waiting().filter(proposal=OuterRef("pk"))
    return (
        Proposal.objects.visible_to(user)
        .filter(~Exists(asked), state=ProposalState.SUGGESTED, need__state=NeedState.OPEN)
        .select_related("need__item", "need__household", "lot__donor")
    )


def waiting_overrides(user: Any) -> QuerySet[Override]:
    """Questions no supervisor has answered yet, the oldest first."""
    rows: QuerySet[Override] = Override.objects.visible_to(user).waiting()
    return rows.select_related(
        "proposal__need__item", "proposal__need__household", "proposal__lot__donor", "asked_by",
        "project__agency__organisation",
    )  # fmt: skip


def unmet_rows(user: Any, on: date) -> QuerySet[UnmetReason]:
    """Needs the latest runs could not serve, of families this worker may see, each with its newest run's reason.

    A run leaves a reason or a suggestion for every need it looked at, so a later one of either kind outdates the row.
    """
    later = {"need": OuterRef("need"), "run__gt": OuterRef("run")}
    return UnmetReason.objects.filter(
        ~Exists(UnmetReason.objects.filter(**later)),
        ~Exists(Proposal.objects.filter(**later)),
        run__in=latest_runs(on),
        need__in=Need.objects.visible_to(user),
        need__state=NeedState.OPEN,
    ).select_related("need__item", "need__household")


@dataclass(frozen=True)
class Comparison:
    """One condition of the donor beside the family's value."""

    name: str
    lot: str
    need: Any
    holds: bool


@dataclass(frozen=True)
class Able:
    """A project that can take the match, with its agency's rating and the room left."""

    row: ProjectItem
    rating: str
    overdue: bool
    room: str
    band: int


@dataclass(frozen=True)
class Evidence:
    """What stands to the right of the queue."""

    proposal: Proposal
    place: str
    groups: str
    comparisons: list[Comparison]
    why: list[str]
    others: list[tuple[Lot, str]]
    measures: list[MeasureReceived]
    projects: list[Able]
    wishes: list[tuple[Any, str]]
    pin: Pin | None


def evidence_of(proposal: Proposal, *, on: date) -> Evidence:
    """Conditions compared today, not when the run was made; who could bring it; what to watch out for."""
    need, lot = proposal.need, proposal.lot
    measures = list(measures_overlapping(need, on=on).select_related("item"))
    known = labels("population_group")
    places = path_labels({need.area, *([lot.area_prefix] if lot.area_prefix else [])})
    return Evidence(
        proposal=proposal,
        place=" ".join(places[need.area].split(" / ")[2:]),
        groups=group_words(need.groups, known),
        comparisons=_comparisons(proposal, on, known, places),
        why=_why(proposal, on),
        others=_others(proposal),
        measures=measures,
        pin=Pin.objects.in_force().filter(need=need, lot=lot).select_related("by").first(),
        wishes=[(row.label, row.value) for row in wish_rows(lot)],
        projects=[_able(row) for row in projects_fitting(proposal, min(proposal.amount, need.remaining), on)],
    )


def named(slugs: Iterable[str], known: dict[str, str]) -> str:
    return _(", ").join(known.get(slug, slug) for slug in slugs)


def _able(row: ProjectItem) -> Able:
    agency = row.project.agency
    return Able(
        row=row,
        rating=rating_words(agency),
        overdue=agency.organisation.feedback_overdue_since is not None,
        room=in_units(row.spare, row.item),
        band=band_of(agency),
    )


def rating_words(agency: Agency) -> str:
    """What the rating board says of it; nobody counts as rated before."""
    said = (
        _("rating %(level)s") % {"level": agency.rating_level} if agency.rating_level else _("not rated yet")
    )
    return said if agency.standing == Standing.NORMAL else f"{said} · {agency.get_standing_display()}"


def _comparisons(
    proposal: Proposal, on: date, known: dict[str, str], places: dict[str, str]
) -> list[Comparison]:
    need, lot = proposal.need, proposal.lot
    holds = pair_conditions(need, lot, proposal.amount, on)
    family_place = " ".join(places[need.area].split(" / ")[2:])
    ends = [end for end in (lot.valid_until, lot.expires_on) if end is not None]
    words: dict[str, tuple[str, Any] | None] = {
        "item": (named([item.label for item in lot.items.all()], {}), need.item.label),
        "area": (places[lot.area_prefix] if lot.area_prefix else _("anywhere"), family_place),
        "groups": (named(lot.groups, known), named(need.groups, known) or _("not said"))
        if lot.groups
        else None,
        "severity": (_("at least %(severity)s of 5") % {"severity": lot.min_severity}, need.severity)
        if lot.min_severity > 1
        else None,
        "restricted": (_("for this family"), need.number) if lot.restricted_ref else None,
        "cap": (in_units(lot.per_household_cap, need.item), _cap_words(proposal))
        if lot.per_household_cap
        else None,
        "smallest": (in_units(lot.smallest, need.item), in_units(proposal.amount, need.item))
        if lot.smallest > 1
        else None,
        "dates": (
            _("to be used by %(day)s") % {"day": day(min(ends))} if ends else _("no last day"),
            _("needed by %(day)s") % {"day": day(need.deadline)} if need.deadline else _("no last day"),
        ),
        "related": (_("no tie to the donor"), _("none found") if holds["related"] else _("tied")),
    }
    return [
        Comparison(str(CONDITION_WORDS[name]), said[0], said[1], holds[name])
        for name, said in words.items()
        if said is not None and not (name == "item" and holds[name])
    ]


def _cap_words(proposal: Proposal) -> str:
    already = held(proposal.need, proposal.lot)
    asked = in_units(proposal.amount, proposal.need.item)
    if not already:
        return asked
    return _("%(amount)s, and %(held)s before") % {
        "amount": asked,
        "held": in_units(already, proposal.need.item),
    }


def _why(proposal: Proposal, on: date) -> list[str]:
    """Why this resource for this family, in one or two sentences."""
    said = []
    rank, peers = proposal.explanation.get("rank"), proposal.explanation.get("peers")
    if proposal.lot.restricted_ref:
        said.append(_("The donor pledged it for this family."))
    if rank and peers == 1:
        said.append(_("No other family is as urgent."))
    elif rank:
        said.append(
            _("By waiting time this family is number %(rank)s of %(peers)s with the same urgency.")
            % {"rank": rank, "peers": peers}
        )
    ends = [end for end in (proposal.lot.valid_until, proposal.lot.expires_on) if end is not None]
    if ends:
        days = (min(ends) - on).days
        said.append(
            ngettext(
                "This resource can be used for %(days)s more day.",
                "This resource can be used for %(days)s more days.",
                days,
            )
            % {"days": days}
        )
    if not said:
        said.append(_("A colleague chose it by hand."))
    return said


def _others(proposal: Proposal) -> list[tuple[Lot, str]]:
    """The next candidates the run saw, with what is left of them now."""
    wanted = [row["lot"] for row in proposal.explanation.get("next", [])][:NEXT_SHOWN]
    found = {lot.pk: lot for lot in Lot.objects.filter(pk__in=wanted).select_related("donor")}
    return [(found[pk], in_units(found[pk].available, proposal.need.item)) for pk in wanted if pk in found]
