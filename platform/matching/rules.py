"""What a worker may decide, and which warnings need a second person."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Role
from accounts.models import User
from accounts.rules import refuse_own_employer
from common.exceptions import Refused
from donors.models import Lot
from households.models import Need
from households.queries import measures_overlapping
from matching.models import Proposal
from matching.related import donors_related_to
from projects.models import Project
from projects.queries import LEVELS, UNRATED, projects_able
from projects.rules import party_organisations

DUPLICATE_MEASURE = "duplicate_measure"
CONDITION_WORDS = {
    "item": gettext_lazy("kind of help"),
    "area": gettext_lazy("area"),
    "groups": gettext_lazy("group of people"),
    "severity": gettext_lazy("how urgent"),
    "restricted": gettext_lazy("meant for one family"),
    "cap": gettext_lazy("at most per family"),
    "smallest": gettext_lazy("smallest part"),
    "dates": gettext_lazy("dates"),
}


def refuse_unfit_decider(by: User, proposal: Proposal, project: Project | None) -> None:
    """A worker of the area whose employer is neither donor, agency nor fund holder of the match (R20, R31)."""
    seat = by.seat
    roles = {Role.SOCIAL_WORKER, Role.SUPERVISOR}
    if seat is None or seat.role not in roles or not proposal.need.area.startswith(seat.prefix):
        raise Refused("not_your_area", _("This match is decided by the workers of its area."))
    parties = [proposal.lot.donor.organisation_id, proposal.lot.fund_holder_id]
    parties += party_organisations(project) if project is not None else []
    refuse_own_employer(by=by, organisation_ids=[number for number in parties if number])


def refuse_unfit_pair(need: Need, lot: Lot, amount: int, on: date) -> None:
    """Every hard condition again at the decision, whoever proposed the pair; the snapshot may be old."""
    fits = {
        "item": need.item_id in {item.pk for item in lot.items.all()},
        "area": need.area.startswith(lot.area_prefix),
        "groups": not lot.groups or bool(set(lot.groups) & set(need.groups)),
        "severity": (need.severity or 0) >= lot.min_severity,
        "restricted": lot.restricted_ref in {"", need.public_id},
        "cap": lot.per_household_cap is None or _held(need, lot) + amount <= lot.per_household_cap,
        "smallest": amount >= min(lot.smallest, need.remaining),
        "dates": need.deadline is None or need.deadline >= on,
    }
    for name, holds in fits.items():
        if not holds:
            raise Refused(
                f"condition_{name}",
                _("The donor's condition “%(name)s” does not fit this family. Choose another resource.")
                % {"name": CONDITION_WORDS[name]},
            )
    if lot.donor_id in donors_related_to([need.household_id]).get(need.household_id, frozenset()):
        raise Refused(
            "related_party", _("The donor and the family are tied to each other; the law forbids this match.")
        )


def warnings_for(need: Need, on: date) -> list[str]:
    """What a decider must be shown: help with the same item that already comes from elsewhere."""
    return [DUPLICATE_MEASURE] if measures_overlapping(need, on=on).exists() else []


def refuse_unfit_project(project: Project, proposal: Proposal, amount: int, on: date) -> None:
    """The project must be able to take exactly this: place, groups, dates, room, standing, the donor's least level."""
    rows = projects_able(
        item=proposal.need.item, area=proposal.need.area, groups=proposal.need.groups, amount=amount, on=on
    )
    if project.pk not in {row.project_id for row in rows}:
        raise Refused(
            "project_unfit", _("This project cannot take it. Choose one from the list."), field="project"
        )
    least = proposal.lot.min_agency_level
    if least and LEVELS.index(project.agency.rating_level or UNRATED) > LEVELS.index(least):
        raise Refused(
            "agency_level", _("The donor asked for an agency with a better rating."), field="project"
        )
    holder = proposal.lot.fund_holder_id
    if holder and project.fund_holder is not None and project.fund_holder.organisation_id != holder:
        raise Refused(
            "other_fund_holder", _("The donor's money lies with another fund holder."), field="project"
        )


def _held(need: Need, lot: Lot) -> int:
    live = ["proposed", "confirmed", "agreed", "executing", "completed", "fed_back", "closed"]
    rows = Proposal.objects.filter(lot=lot, need__household_id=need.household_id, state__in=live)
    return sum(rows.values_list("amount", flat=True))
