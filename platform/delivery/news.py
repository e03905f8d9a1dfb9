"""Who is told of which step; every notice is one row in the transaction of the step itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.dispatch import receiver
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from accounts.queries import holders_of, members_of
from common.actors import Actor
from delivery import signals
from delivery.enums import CARRIED, AgreementKind, DisbursementState, EndingState, RemarkKind
from delivery.models import Agreement, Delivery, Disbursement, Ending, Remark, Transfer
from delivery.rules import donors_asked
from donors.models import Donor
from donors.queries import donor_users
from households.models import Household
from households.services.news import tell_household
from notices.services import notify_all
from projects.models import Project

_D = DisbursementState
TO_HOLDER = {
    _D.REQUESTED: "disbursement_requested",
    _D.CHECKED: "disbursement_to_approve",
    _D.APPROVED: "disbursement_to_pay",
    _D.RECEIVED: "disbursement_moved",
    _D.VOUCHERED: "disbursement_moved",
}
TO_AGENCY = {
    _D.PAID: "disbursement_paid",
    _D.REJECTED: "disbursement_moved",
    _D.RETURNED: "disbursement_moved",
    _D.DISPUTED: "disbursement_moved",
    _D.RECOVERED: "disbursement_moved",
    _D.RECONCILED: "disbursement_moved",
}


@receiver(signals.negotiation_opened)
def lay_before(*, agreement: Agreement, by: Actor, at: datetime, **_: Any) -> None:
    """The other parties and the donors have a text, or a new version of it, to read."""
    project = agreement.project
    _tell([*_holder(project), *_donors(project)], "agreement_to_read", agreement, _url(agreement), by, at)
    supervisors = holders_of(Role.SUPERVISOR, area=project.place)
    _tell(supervisors, "agreement_to_read", agreement, _desk_url(agreement), by, at)


@receiver(signals.remark_made)
def pass_on_remark(*, remark: Remark, by: Actor, at: datetime, **_: Any) -> None:
    agreement = remark.agreement
    kind = "use_declined" if remark.kind == RemarkKind.DECLINED else "agreement_remark"
    _tell(_agency(agreement.project), kind, agreement, _url(agreement), by, at)


@receiver(signals.remarks_answered)
def pass_on_answer(*, agreement: Agreement, by: Actor, at: datetime, **_: Any) -> None:
    """Whoever made a remark reads why the text stays."""
    refs = agreement.remarks.filter(closed_at=at).values("by_ref")
    people = User.objects.filter(public_id__in=refs)
    staff = set(holders_of(Role.SUPERVISOR, area=agreement.project.place))
    for person in people:
        url = _desk_url(agreement) if person in staff else _url(agreement)
        _tell([person], "agreement_answered", agreement, url, by, at)


@receiver(signals.ending_asked)
@receiver(signals.ending_moved)
def follow_ending(*, ending: Ending, by: Actor, at: datetime, **_: Any) -> None:
    """Every party reads what is asked about the end and what the others say."""
    agreement = ending.agreement
    project = agreement.project
    if ending.state == EndingState.DONE:
        return
    _tell([*_agency(project), *_holder(project)], "agreement_ending", agreement, _url(agreement), by, at)
    supervisors = holders_of(Role.SUPERVISOR, area=project.place)
    _tell(supervisors, "agreement_ending", agreement, _desk_url(agreement), by, at)


@receiver(signals.signing_opened)
def ask_to_sign(*, agreement: Agreement, by: Actor, at: datetime, **_: Any) -> None:
    """Every party but the agency, which wrote it; donors when the use of their money is to change."""
    if agreement.household is not None:
        tell_household(agreement.household, "agreement_for_household", by=by, at=at)
        return
    project = agreement.project
    _tell(_holder(project), "agreement_to_sign", agreement, _url(agreement), by, at)
    donors = [user for donor in donors_asked(agreement) for user in donor_users(donor)]
    _tell(donors, "use_to_agree", agreement, _url(agreement), by, at)
    supervisors = holders_of(Role.SUPERVISOR, area=project.place)
    _tell(supervisors, "agreement_to_sign", agreement, _desk_url(agreement), by, at)


@receiver(signals.agreement_effective)
def say_in_force(*, agreement: Agreement, by: Actor, at: datetime, **_: Any) -> None:
    _tell(_agency(agreement.project), "agreement_effective", agreement, _url(agreement), by, at)
    if agreement.household is not None:
        tell_household(agreement.household, "agreement_in_force_for_household", by=by, at=at)
    elif agreement.kind == AgreementKind.ENTRUSTMENT:
        _tell(_holder(agreement.project), "agreement_effective", agreement, _url(agreement), by, at)


@receiver(signals.agreement_ended)
def say_ended(*, agreement: Agreement, by: Actor, at: datetime, **_: Any) -> None:
    _tell(_agency(agreement.project), "agreement_ended", agreement, _url(agreement), by, at)
    if agreement.household is not None:
        tell_household(agreement.household, "agreement_ended_for_household", by=by, at=at)
        _tell(_worker(agreement.household), "agreement_ended", agreement, _desk_url(agreement), by, at)
    else:
        others = [*_holder(agreement.project), *_donors(agreement.project)]
        _tell(others, "agreement_ended", agreement, _url(agreement), by, at)


@receiver(signals.transfer_declared)
def ask_for_arrival(*, transfer: Transfer, by: Actor, at: datetime, **_: Any) -> None:
    people = members_of(transfer.fund_holder.organisation_id, role=Role.FUND_HOLDER)
    url = reverse("delivery:transfer", args=[transfer.public_id])
    notify_all(to=people, kind="transfer_declared", url=url, by=by, at=at)


@receiver(signals.transfer_arrived)
def say_arrived(*, transfer: Transfer, by: Actor, at: datetime, **_: Any) -> None:
    url = reverse("delivery:transfer", args=[transfer.public_id])
    params = {"receipt": transfer.receipt_no}
    notify_all(
        to=donor_users(transfer.lot.donor), kind="transfer_arrived", params=params, url=url, by=by, at=at
    )


@receiver(signals.transfer_rejected)
def say_not_found(*, transfer: Transfer, by: Actor, at: datetime, **_: Any) -> None:
    url = reverse("delivery:transfer", args=[transfer.public_id])
    notify_all(to=donor_users(transfer.lot.donor), kind="transfer_rejected", url=url, by=by, at=at)


@receiver(signals.disbursement_moved)
def follow_payment(*, disbursement: Disbursement, by: Actor, at: datetime, **_: Any) -> None:
    """Whoever has the next step, and the agency of what became of its request."""
    url = reverse("delivery:payment", args=[disbursement.public_id])
    state = DisbursementState(disbursement.state)
    if state in TO_HOLDER:
        _tell(_holder(disbursement.project), TO_HOLDER[state], disbursement, url, by, at)
    if state in TO_AGENCY:
        _tell(_agency(disbursement.project), TO_AGENCY[state], disbursement, url, by, at)


@receiver(signals.delivery_recorded)
def ask_household(*, delivery: Delivery, by: Actor, at: datetime, **_: Any) -> None:
    tell_household(delivery.proposal.need.household, "delivery_for_household", by=by, at=at)


@receiver(signals.delivery_disputed)
def call_for_help(*, delivery: Delivery, by: Actor, at: datetime, **_: Any) -> None:
    """The agency puts it right; the family's worker, or the area's supervisors, look after it."""
    household, project = delivery.proposal.need.household, delivery.proposal.project
    staff = _worker(household) or holders_of(Role.SUPERVISOR, area=household.area)
    desk = reverse("admin:delivery_delivery_work", args=[delivery.public_id])
    _tell(staff, "delivery_disputed", delivery.proposal, desk, by, at)
    if project is not None:
        url = reverse("delivery:delivery", args=[delivery.public_id])
        _tell(_agency(project), "delivery_disputed", delivery.proposal, url, by, at)


@receiver(signals.receipt_settled)
def say_received(*, delivery: Delivery, by: Actor, at: datetime, **_: Any) -> None:
    """The giver and the agency hear that it arrived; no name, only the number of the match."""
    proposal = delivery.proposal
    lot_url = reverse("donors:lot", args=[proposal.lot.public_id])
    _tell(donor_users(proposal.lot.donor), "delivery_received", proposal, lot_url, by, at)
    if proposal.project is not None:
        url = reverse("delivery:delivery", args=[delivery.public_id])
        _tell(_agency(proposal.project), "delivery_received", proposal, url, by, at)


def _tell(people: Iterable[User], kind: str, row: Any, url: str, by: Actor, at: datetime) -> None:
    """Whoever acted knows already."""
    others = [person for person in people if person.public_id != by.actor_ref]
    notify_all(to=others, kind=kind, params={"number": row.number}, url=url, by=by, at=at)


def _agency(project: Project) -> list[User]:
    return members_of(project.agency.organisation_id, role=Role.AGENCY)


def _holder(project: Project) -> list[User]:
    if project.fund_holder is None:
        return []
    return members_of(project.fund_holder.organisation_id, role=Role.FUND_HOLDER)


def _donors(project: Project) -> list[User]:
    """Who gave what the project holds for families."""
    donors = Donor.objects.filter(lots__proposals__project=project, lots__proposals__state__in=CARRIED)
    return [user for donor in donors.distinct() for user in donor_users(donor)]


def _worker(household: Household) -> list[User]:
    return [household.worker] if household.worker else []


def _url(agreement: Agreement) -> str:
    return reverse("delivery:agreement", args=[agreement.public_id])


def _desk_url(agreement: Agreement) -> str:
    return reverse("admin:delivery_agreement_work", args=[agreement.public_id])
