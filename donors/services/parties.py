"""Donors: registered by themselves, checked by a person who does not work for them, paused and resumed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.enums import Duty, MembershipState, Role
from accounts.models import Organisation, User
from accounts.rules import (
    kind_of_code,
    readable_credit_code,
    readable_mobile,
    refuse_unless_worker_near,
)
from accounts.services import create_organisation, open_own_seat, register_involvement
from common.actors import Actor
from common.exceptions import Refused
from common.locking import lock, save_edited
from common.states import move
from donors import rules
from donors.enums import BODY_KINDS, WITH_QUALIFICATIONS, DonorKind, DonorState, RegistrationLevel
from donors.models import Donor
from donors.services.news import tell
from journal.services import record


@dataclass(frozen=True)
class Body:
    """The particulars of an organisation that registers as a donor."""

    name: str
    uscc: str
    area: str = ""
    legal_representative: str = ""
    state_owned: bool = False
    approval_doc: str = ""
    approval_file: Any = None
    licence: Any = None
    is_charity: bool | None = None
    may_fundraise: bool | None = None
    tax_deductible: bool | None = None
    registration_level: str = ""


@transaction.atomic
def register_donor(
    *,
    user: User,
    kind: str,
    body: Body | None = None,
    name: str = "",
    alias: str = "",
    show_name: bool = False,
    on_boards: bool = False,
    contact_name: str = "",
    contact_phone: str = "",
    by: Actor,
    at: datetime,
) -> Donor:
    """An individual, or a body with its credit code; whoever registers acts for it from now on (domain §6.1)."""
    if kind not in {DonorKind.INDIVIDUAL, *BODY_KINDS}:
        raise Refused(
            "kind_unknown", _("Choose whether you give as a person or for an organisation."), field="kind"
        )
    phone = readable_mobile(contact_phone)
    organisation = None
    if kind != DonorKind.INDIVIDUAL:
        if body is None:
            raise Refused("body_missing", _("Tell us which organisation it is."), field="uscc")
        _refuse_unapproved(body)
        _refuse_unqualified(body)
        readable_credit_code(body.uscc, kinds=BODY_KINDS[kind])
        _refuse_incomplete(kind, body)
        organisation = organisation_of(
            user=user,
            name=body.name,
            kinds=BODY_KINDS[kind],
            uscc=body.uscc,
            area=body.area,
            by=by,
            at=at,
        )
    donor = Donor(
        kind=kind,
        organisation=organisation,
        user=None if organisation else user,
        display_name=(organisation.name if organisation else name or user.name).strip(),
        alias=alias.strip(),
        show_name=show_name,
        on_boards=on_boards,
        contact_name=(contact_name or user.name).strip(),
        contact_phone=phone,
        legal_representative=body.legal_representative.strip() if body else "",
        state_owned=body.state_owned if body else False,
        approval_doc=body.approval_doc.strip() if body else "",
        approval_file=body.approval_file if body else None,
        licence=body.licence if body else None,
        is_charity=body.is_charity if body else None,
        may_fundraise=body.may_fundraise if body else None,
        tax_deductible=body.tax_deductible if body else None,
        registration_level=body.registration_level if body else "",
        state=DonorState.REGISTERED,
        state_since=at,
        registered_at=at,
    )
    try:
        with transaction.atomic():
            donor.save(force_insert=True)
    except IntegrityError:
        raise Refused(
            "donor_known", _("You are registered as a donor already. Open your page to go on."), field="kind"
        ) from None
    record("donors.donor.registered", donor, by=by, at=at, kind=str(kind))
    open_own_seat(user=user, role=Role.DONOR, organisation=organisation, by=by, at=at)
    return donor


def organisation_of(
    *, user: User, name: str, kinds: Sequence[str], uscc: str, area: str, by: Actor, at: datetime
) -> Organisation:
    """The own organisation behind a credit code, or a newly registered one; never somebody else's."""
    code = readable_credit_code(uscc, kinds=kinds)
    own = Organisation.objects.filter(
        uscc=code,
        memberships__user=user,
        memberships__state=MembershipState.ACTIVE,
        memberships__manages=True,
    ).first()
    kind = kind_of_code(code, kinds)
    return own or create_organisation(name=name, kind=kind, uscc=code, area=area, by=by, at=at)


def _refuse_unapproved(body: Body) -> None:
    """A state-owned giver states the approval of its asset authority (charity law §43)."""
    if body.state_owned and not body.approval_doc.strip():
        raise Refused(
            "approval_missing",
            _(
                "A state-owned body gives with the approval of its asset authority. Write the document's number."
            ),
            field="approval_doc",
        )


def _refuse_incomplete(kind: str, body: Body) -> None:
    """Who stands for a body and, of a social organisation or foundation, where it is registered (domain §6.1)."""
    if not body.legal_representative.strip():
        raise Refused(
            "representative_missing",
            _("Write the legal representative's name as it stands on the certificate."),
            field="legal_representative",
        )
    if kind in WITH_QUALIFICATIONS and body.registration_level not in RegistrationLevel.values:
        raise Refused(
            "level_missing",
            _("Say which office of civil affairs registered it: ministry, province, prefecture or county."),
            field="registration_level",
        )


def _refuse_unqualified(body: Body) -> None:
    """Raising funds in public is a right of charities alone (charity law §22)."""
    if body.may_fundraise and not body.is_charity:
        raise Refused(
            "not_a_charity",
            _("Only a recognised charity may raise funds in public. Look at the certificate once more."),
            field="may_fundraise",
        )


@transaction.atomic
def edit_donor(*, donor: Donor, version: int, by: Actor, at: datetime, **changes: Any) -> Donor:
    """The donor decides how it is named and who can be reached (donation law §8)."""
    allowed = {"alias", "show_name", "on_boards", "contact_name", "contact_phone"}
    rules.refuse_unless_own_donor(donor, by)
    if not changes.keys() <= allowed:
        raise Refused("not_yours_to_change", _("This part was checked. Ask a social worker to change it."))
    if "contact_phone" in changes:
        changes["contact_phone"] = readable_mobile(changes["contact_phone"])
    donor = save_edited(donor, version=version, changes=changes)
    record("donors.donor.edited", donor, by=by, at=at, fields=sorted(changes))
    return donor


@transaction.atomic
def start_checking_donor(*, donor: Donor, by: Actor, at: datetime) -> Donor:
    """Somebody takes the check on."""
    _refuse_far_or_tied(donor, by)
    return move(lock(donor), DonorState.CHECKING, by=by, at=at)


@transaction.atomic
def verify_donor(*, donor: Donor, seen: str = "", by: User, at: datetime) -> Donor:
    """A worker who does not work for the donor has seen the papers; from now on it may offer (domain §6.1).

    A body without an uploaded licence is accepted on an original alone, which `seen` names.
    """
    donor = lock(donor)
    _refuse_far_or_tied(donor, by)
    if donor.organisation and not donor.licence and not seen.strip():
        raise Refused(
            "papers_not_seen",
            _("No licence was uploaded. Write below which original you saw; without one, do not accept yet."),
            field="reason",
        )
    register_involvement(file=donor, duty=Duty.VERIFIER, by=by, at=at)
    if donor.state == DonorState.REGISTERED:
        move(donor, DonorState.CHECKING, by=by, at=at)
    also = {"verified_at": at, "verified_by": by, "reason": ""}
    move(donor, DonorState.VERIFIED, by=by, at=at, also=also, originals=seen.strip())
    tell(donor, "donor_verified", by=by, at=at)
    return donor


@transaction.atomic
def refuse_donor(*, donor: Donor, reason: str, by: Actor, at: datetime) -> Donor:
    """The papers do not hold; the reason is told."""
    donor = lock(donor)
    _refuse_far_or_tied(donor, by)
    move(donor, DonorState.REFUSED, by=by, at=at, also={"reason": need_reason(reason)})
    tell(donor, "donor_refused", by=by, at=at)
    return donor


@transaction.atomic
def suspend_donor(*, donor: Donor, reason: str, by: Actor, at: datetime) -> Donor:
    """No new offers for now; what is listed stays until each lot is looked at."""
    donor = lock(donor)
    _refuse_far_or_tied(donor, by)
    also = {"reason": need_reason(reason), "needs_review": True}
    return move(donor, DonorState.SUSPENDED, by=by, at=at, also=also)


@transaction.atomic
def resume_donor(*, donor: Donor, by: Actor, at: datetime) -> Donor:
    """May offer again; every offer is still looked at twice."""
    donor = lock(donor)
    _refuse_far_or_tied(donor, by)
    return move(donor, DonorState.VERIFIED, by=by, at=at, also={"reason": ""})


@transaction.atomic
def set_donor_standing(
    *, donor: Donor, star: int, score: Decimal, since: datetime, by: Actor, at: datetime
) -> Donor:
    """Evaluation writes stars and score down here, where lower layers read them (domain §11.1)."""
    donor = lock(donor)
    donor.star, donor.score, donor.standing_since = star, score, since
    donor.save(update_fields=["star", "score", "standing_since"])
    record("donors.donor.standing_set", donor, by=by, at=at, star=star, score=str(score))
    return donor


def need_reason(reason: str) -> str:
    """Every negative decision says why."""
    if not reason.strip():
        raise Refused("reason_missing", _("Say why, in a sentence the donor will read."), field="reason")
    return reason.strip()


def _refuse_far_or_tied(donor: Donor, by: Actor) -> None:
    refuse_unless_worker_near(by=by, organisation=donor.organisation)
    rules.refuse_own_donor(by=by, donor=donor)
