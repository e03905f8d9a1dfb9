"""Who signs, who pays, who hands over."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import User
from accounts.rules import refuse_own_employer
from common.actors import Actor
from common.exceptions import Refused
from delivery.enums import AgreementKind, Signer
from delivery.models import Agreement
from projects.models import Project
from projects.rules import party_organisations

SIGNERS = {
    AgreementKind.SERVICE: (Signer.AGENCY, Signer.HOUSEHOLD),
    AgreementKind.ENTRUSTMENT: (Signer.AGENCY, Signer.FUND_HOLDER, Signer.PLATFORM),
}


def refuse_unless_of_agency(project: Project, by: User) -> None:
    """Only the project's own agency."""
    seat = by.seat
    if seat is None or seat.role != Role.AGENCY or seat.organisation_id != project.agency.organisation_id:
        raise Refused("not_your_project", _("This belongs to another agency."))


def refuse_unless_of_fund_holder(project: Project, by: User) -> None:
    """Only people of the fund holder that keeps the project's money."""
    seat = by.seat
    holder = project.fund_holder
    if (
        seat is None
        or seat.role != Role.FUND_HOLDER
        or holder is None
        or seat.organisation_id != holder.organisation_id
    ):
        raise Refused("not_your_money", _("This money is kept by another fund holder."))


def refuse_unless_signer(agreement: Agreement, signer: str, by: Actor) -> None:
    """Each party signs for itself; the household by code, or through its worker or delegate with evidence."""
    if signer not in SIGNERS[AgreementKind(agreement.kind)]:
        raise Refused("no_party", _("This party does not sign this agreement."))
    if signer == Signer.HOUSEHOLD:
        _refuse_unless_for_household(agreement, by)
        return
    if not isinstance(by, User) or by.seat is None:
        raise Refused("not_a_signer", _("Another party signs here."))
    if signer == Signer.AGENCY:
        refuse_unless_of_agency(agreement.project, by)
    elif signer == Signer.FUND_HOLDER:
        refuse_unless_of_fund_holder(agreement.project, by)
    elif by.seat.role != Role.SUPERVISOR or not agreement.project.place.startswith(by.seat.prefix):
        raise Refused("supervisor_needed", _("A supervisor of this area signs for the platform."))
    else:
        refuse_own_employer(by=by, organisation_ids=party_organisations(agreement.project))


def _refuse_unless_for_household(agreement: Agreement, by: Actor) -> None:
    household = agreement.household
    if household is None:
        raise Refused("no_party", _("This party does not sign this agreement."))
    if not isinstance(by, User):
        if by.actor_kind == "household" and household.applications.filter(public_id=by.actor_ref).exists():
            return
        raise Refused("not_a_signer", _("Another party signs here."))
    seat = by.seat
    worker = seat is not None and seat.role in {Role.SOCIAL_WORKER, Role.SUPERVISOR}
    if seat is not None and worker and household.area.startswith(seat.prefix):
        return
    if household.delegations.filter(user=by, state="given").exists():
        return
    raise Refused("not_a_signer", _("Another party signs here."))
