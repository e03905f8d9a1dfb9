"""Who may act on a project, and what a project must say before it is sent."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.rules import acts_by_rule, refuse_own_employer
from common.actors import Actor
from common.exceptions import Refused
from households.models import Household
from projects.models import Project

FEE_CEILING_BP = 1000


def refuse_unless_agency(project: Project, by: Any) -> None:
    """Only the project's own agency writes it."""
    seat = getattr(by, "seat", None)
    if seat is None or seat.role != Role.AGENCY or seat.organisation_id != project.agency.organisation_id:
        raise Refused("not_your_project", _("This project belongs to another agency."))


def refuse_unless_staff(project: Project, by: Any, *, supervisor: bool = False) -> None:
    """Platform staff of the place decide, never where their own employer is a party (R20)."""
    seat = getattr(by, "seat", None)
    roles = {Role.SUPERVISOR} if supervisor else {Role.SUPERVISOR, Role.SOCIAL_WORKER}
    if seat is None or seat.role not in roles or not project.place.startswith(seat.prefix):
        raise Refused(
            "not_your_area", _("A supervisor of this area decides here. Hand it over on the worklist.")
        )
    refuse_own_employer(by=by, organisation_ids=party_organisations(project))


def refuse_unless_staff_or_rule(project: Project, by: Any, *, supervisor: bool = False) -> None:
    """A person who acts here is staff of the place; a job acts by rule."""
    if not acts_by_rule(by):
        refuse_unless_staff(project, by, supervisor=supervisor)


def speaks_by_code(household: Household, by: Actor, *, scope: str, on: date) -> bool:
    """Whether somebody proved by a query code to be this household, or its delegate for such a matter that day."""
    if by.actor_kind == "delegate":
        given = household.delegations.filter(public_id=by.actor_ref, state="given", valid_to__gte=on)
        return any(scope in delegation.scope for delegation in given)
    return by.actor_kind == "household" and household.applications.filter(public_id=by.actor_ref).exists()


def party_organisations(project: Project) -> list[int]:
    """The organisations that have an interest in a project."""
    holder = [project.fund_holder.organisation_id] if project.fund_holder else []
    return [project.agency.organisation_id, *holder]


def check_complete(project: Project, items: int) -> None:
    """Place, population, funds and schedule are columns that cannot be empty; the rest is asked for here."""
    required: dict[str, Any] = {
        "groups": project.groups,
        "needs_covered": project.needs_covered.strip(),
        "activities": project.activities.strip(),
        "evaluation_plan": project.evaluation_plan.strip(),
        "budget_lines": project.budget_lines,
    }
    for name, value in required.items():
        if not value:
            label = Project._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            raise Refused("incomplete", _("Still to be filled in: %(field)s") % {"field": label}, field=name)
    if not items:
        raise Refused("no_capacity", _("Say what the project can bring, and how much of it."), field="items")
    if project.fund_holder_id is None:
        raise Refused(
            "no_fund_holder", _("Choose the fund holder that will keep the money."), field="fund_holder"
        )
    total = sum(int(line["amount"]) for line in project.budget_lines)
    if total != project.funds:
        raise Refused(
            "budget_sum", _("The budget lines do not add up to the funds needed."), field="budget_lines"
        )
    if project.admin_fee_bp > FEE_CEILING_BP:
        raise Refused(
            "fee_too_high", _("Administration may take ten per cent at most."), field="admin_fee_bp"
        )
