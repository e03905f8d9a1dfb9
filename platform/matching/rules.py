"""What a worker may decide, and which warnings need a second person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Role
from accounts.models import User
from accounts.rules import refuse_own_employer
from common.exceptions import Refused
from donors.enums import ConditionField
from donors.models import Lot
from donors.rules import refuse_own_donor
from households.models import Need
from households.queries import measures_overlapping
from matching.enums import HELD
from matching.models import Ban, Proposal
from matching.related import donors_related_to
from projects.models import Project, ProjectItem
from projects.queries import LEVELS, UNRATED, projects_able
from projects.rules import party_organisations
from reference.models import Item

DUPLICATE_MEASURE = "duplicate_measure"
CONDITION_WORDS = {
    "item": gettext_lazy("kind of help"),
    "area": gettext_lazy("area"),
    "groups": gettext_lazy("group of people"),
    "severity": gettext_lazy("severity"),
    "restricted": gettext_lazy("meant for one family"),
    "cap": gettext_lazy("at most per family"),
    "smallest": gettext_lazy("smallest part"),
    "dates": gettext_lazy("dates"),
    "related": gettext_lazy("tie between donor and family"),
}


CARRIER_FIELDS = (
    ConditionField.IMPLEMENTER_KIND,
    ConditionField.ADMIN_FEE_CAP,
    ConditionField.DELIVERY_MODE,
)
CARRIER_WORDS = {
    "agency_level": gettext_lazy("The donor asked for an agency with a better rating."),
    "agency_kind": gettext_lazy("The donor asked for another kind of agency."),
    "admin_fee": gettext_lazy("This project takes more for its administration than the donor allows."),
    "delivery_mode": gettext_lazy("The donor asked for a way of delivery this agency has not named."),
}
BASIS_POINTS_IN_PERCENT = 100


def refuse_unfit_decider(by: User, proposal: Proposal, project: Project | None) -> None:
    """A worker of the area whose employer is neither donor, agency nor fund holder of the match (R20, R31)."""
    refuse_unfit_worker(by, proposal.need, proposal.lot)
    if project is not None:
        refuse_own_employer(
            by=by, organisation_ids=[number for number in party_organisations(project) if number]
        )


def refuse_unfit_worker(by: User, need: Need, lot: Lot) -> None:
    """A worker of the need's area; neither the worker nor the employer gives the lot or holds its money (R20, R31)."""
    seat = by.seat
    roles = {Role.SOCIAL_WORKER, Role.SUPERVISOR}
    if seat is None or seat.role not in roles or not need.area.startswith(seat.prefix):
        raise Refused("not_your_area", _("This match is decided by the workers of its area."))
    parties = [lot.donor.organisation_id, lot.fund_holder_id]
    refuse_own_employer(by=by, organisation_ids=[number for number in parties if number])
    refuse_own_donor(by=by, donor=lot.donor)


def pair_conditions(need: Need, lot: Lot, amount: int, on: date) -> dict[str, bool]:
    """Every hard condition of a lot and whether this family and this amount meet it."""
    ends = [end for end in (lot.valid_until, lot.expires_on, need.deadline) if end is not None]
    return {
        "item": need.item_id in {item.pk for item in lot.items.all()},
        "area": need.area.startswith(lot.area_prefix),
        "groups": not lot.groups or bool(set(lot.groups) & set(need.groups)),
        "severity": (need.severity or 0) >= lot.min_severity,
        "restricted": lot.restricted_ref in {"", need.public_id},
        "cap": lot.per_household_cap is None or held(need, lot) + amount <= lot.per_household_cap,
        "smallest": amount >= min(lot.smallest, need.remaining),
        "dates": lot.valid_from <= on <= min(ends, default=on),
        "related": lot.donor_id
        not in donors_related_to([need.household_id]).get(need.household_id, frozenset()),
    }


def refuse_unfit_pair(need: Need, lot: Lot, amount: int, on: date) -> None:
    """Every hard condition again at the decision, whoever proposed the pair; the snapshot may be old."""
    if Ban.objects.in_force().filter(need=need, lot=lot).exists():
        raise Refused("banned", _("A colleague decided that this resource is not for this family."))
    conditions = pair_conditions(need, lot, amount, on)
    if not conditions.pop("related"):
        raise Refused(
            "related_party", _("The donor and the family are tied to each other; the law forbids this match.")
        )
    for name, holds in conditions.items():
        if not holds:
            raise Refused(
                f"condition_{name}",
                _("The donor's condition “%(name)s” does not fit this family. Choose another resource.")
                % {"name": CONDITION_WORDS[name]},
            )


def answer_scope(item: Item) -> str:
    """What a delegate must have been entrusted with to answer for the household."""
    return "receive_money" if item.is_money else "receive_goods"


def warnings_for(need: Need, on: date) -> list[str]:
    """What a decider must be shown: help with the same item that already comes from elsewhere."""
    return [DUPLICATE_MEASURE] if measures_overlapping(need, on=on).exists() else []


def projects_fitting(proposal: Proposal, amount: int, on: date) -> list[ProjectItem]:
    """Projects that can take exactly this: place, groups, dates, room, standing, everything the donor asks of who
    brings it, the money's holder; the better agency first.
    """
    need, lot = proposal.need, proposal.lot
    rows = projects_able(item=need.item, area=need.area, groups=need.groups, amount=amount, on=on)
    asked = _asked_of_carrier(lot)
    return [
        row for row in rows if not _carrier_faults(row.project, lot, asked) and _holder_fits(row.project, lot)
    ]


def refuse_unfit_project(project: Project, proposal: Proposal, amount: int, on: date) -> None:
    """Only a project that can take exactly this, whatever the page showed when it was opened."""
    for code in _carrier_faults(project, proposal.lot, _asked_of_carrier(proposal.lot)):
        raise Refused(code, str(CARRIER_WORDS[code]), field="project")
    if not _holder_fits(project, proposal.lot):
        raise Refused(
            "other_fund_holder", _("The donor's money lies with another fund holder."), field="project"
        )
    if project.pk not in {row.project_id for row in projects_fitting(proposal, amount, on)}:
        raise Refused(
            "project_unfit", _("This project cannot take it. Choose one from the list."), field="project"
        )


def _asked_of_carrier(lot: Lot) -> dict[str, Any]:
    """What the donor made binding about the project and its agency, as field and value (domain §6.4)."""
    rows = lot.conditions.filter(field__in=CARRIER_FIELDS, hard=True)
    return dict(rows.values_list("field", "value"))


def _carrier_faults(project: Project, lot: Lot, asked: Mapping[str, Any]) -> list[str]:
    """Which of the donor's conditions on project and agency do not hold."""
    agency, least = project.agency, lot.min_agency_level
    kinds, way = asked.get(ConditionField.IMPLEMENTER_KIND), asked.get(ConditionField.DELIVERY_MODE)
    cap = asked.get(ConditionField.ADMIN_FEE_CAP)
    holds = {
        "agency_level": not least or LEVELS.index(agency.rating_level or UNRATED) <= LEVELS.index(least),
        "agency_kind": kinds is None or agency.kind in kinds,
        "admin_fee": cap is None or project.admin_fee_bp <= cap * BASIS_POINTS_IN_PERCENT,
        "delivery_mode": way is None or way in agency.delivery_ways,
    }
    return [code for code, fine in holds.items() if not fine]


def _holder_fits(project: Project, lot: Lot) -> bool:
    held_by = project.fund_holder.organisation_id if project.fund_holder else None
    return lot.fund_holder_id is None or held_by in {None, lot.fund_holder_id}


def held(need: Need, lot: Lot) -> int:
    """How much of a lot this family already has or has been promised."""
    rows = Proposal.objects.filter(lot=lot, need__household_id=need.household_id, state__in=HELD)
    return sum(rows.values_list("amount", flat=True))
