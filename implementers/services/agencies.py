"""Agencies: registered by their own people, with papers and staff."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.enums import MembershipState, Role
from accounts.models import Organisation, User
from accounts.rules import kind_of_code, readable_credit_code, readable_mobile
from accounts.services import create_organisation, open_own_seat
from common.actors import Actor
from common.exceptions import Refused
from common.locking import lock, save_edited
from common.panels import collect
from common.states import move
from implementers.enums import AgencyKind, AgencyState, CredentialKind, Licence, Standing
from implementers.models import Agency, Credential, Staff
from implementers.rules import refuse_unless_own
from implementers.services.papers import kept
from journal.services import record
from reference import queries as reference


@transaction.atomic
def register_agency(
    *,
    user: User,
    name: str,
    uscc: str,
    kind: str,
    area: str,
    licensed_workers: int,
    contact_phone: str,
    contact_name: str = "",
    host_name: str = "",
    about: str = "",
    delivery_ways: Sequence[str] = (),
    by: Actor,
    at: datetime,
) -> Agency:
    """An agency applies with its credit code; a volunteer team applies through the organisation that hosts it."""
    if kind not in AgencyKind.values:
        raise Refused("kind_unknown", _("Choose what kind of organisation you are."), field="kind")
    if kind == AgencyKind.VOLUNTEER_TEAM and not host_name.strip():
        raise Refused(
            "host_missing",
            _("A volunteer team needs a host organisation. Write its name."),
            field="host_name",
        )
    phone = contact_number(contact_phone)
    ways = _known_ways(delivery_ways)
    organisation = organisation_of(user=user, name=name, kinds=[kind], uscc=uscc, area=area, by=by, at=at)
    agency = Agency(
        organisation=organisation,
        kind=kind,
        host_name=host_name.strip(),
        area=area,
        licensed_workers=licensed_workers,
        delivery_ways=ways,
        about=about.strip(),
        contact_name=(contact_name or user.name).strip(),
        contact_phone=phone,
        state=AgencyState.APPLIED,
        state_since=at,
        standing=Standing.NORMAL,
        applied_at=at,
    )
    try:
        with transaction.atomic():
            agency.save(force_insert=True)
    except IntegrityError:
        raise Refused(
            "agency_known", _("This organisation has applied already. Open its page to go on."), field="uscc"
        ) from None
    record("implementers.agency.registered", agency, by=by, at=at, kind=kind, area=area)
    open_own_seat(user=user, role=Role.AGENCY, organisation=organisation, by=by, at=at)
    return agency


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


@transaction.atomic
def edit_agency(*, agency: Agency, version: int, by: Actor, at: datetime, **changes: Any) -> Agency:
    """The agency keeps its own particulars up to date; level, rating and standing are not its own to write."""
    refuse_unless_own(agency, by)
    allowed = {"area", "licensed_workers", "delivery_ways", "about", "contact_name", "contact_phone"}
    if not changes.keys() <= allowed:
        raise Refused("not_yours_to_change", _("This part was checked. Ask a social worker to change it."))
    if "contact_phone" in changes:
        changes["contact_phone"] = contact_number(changes["contact_phone"])
    if "delivery_ways" in changes:
        changes["delivery_ways"] = _known_ways(changes["delivery_ways"])
    agency = save_edited(agency, version=version, changes=changes)
    record("implementers.agency.edited", agency, by=by, at=at, fields=sorted(changes))
    return agency


@transaction.atomic
def add_credential(
    *,
    agency: Agency,
    kind: str,
    issuer: str,
    valid_from: date,
    valid_to: date | None = None,
    level: str = "",
    number: str = "",
    proof: Any = None,
    by: Actor,
    at: datetime,
) -> Credential:
    """A paper with its period and a picture of it; older ones stay (domain §4.9)."""
    refuse_unless_own(agency, by)
    if kind not in CredentialKind.values:
        raise Refused("kind_unknown", _("Choose which paper this is."), field="kind")
    _refuse_backwards(valid_from, valid_to)
    picture = kept(proof=proof, owner=agency, by=by, at=at)
    credential = Credential.objects.create(
        agency=agency, kind=kind, level=level.strip(), number=number.strip(), issuer=issuer.strip(),
        valid_from=valid_from, valid_to=valid_to, proof=picture, added_at=at,
    )  # fmt: skip
    record("implementers.credential.added", credential, by=by, at=at, agency=agency.public_id, kind=kind)
    return credential


@transaction.atomic
def add_staff(
    *,
    agency: Agency,
    name: str,
    licence: str = Licence.NONE,
    licence_number: str = "",
    is_fund_manager: bool = False,
    by: Actor,
    at: datetime,
) -> Staff:
    """Somebody who works for the agency; a licence comes with its number."""
    refuse_unless_own(agency, by)
    if licence not in Licence.values:
        raise Refused("licence_unknown", _("Choose the licence this person holds."), field="licence")
    if licence != Licence.NONE and not licence_number.strip():
        raise Refused(
            "licence_number_missing",
            _("Write the number that stands on the licence."),
            field="licence_number",
        )
    staff = Staff.objects.create(
        agency=agency, name=name.strip(), licence=licence, licence_number=licence_number.strip(),
        is_fund_manager=is_fund_manager, added_at=at,
    )  # fmt: skip
    record("implementers.staff.added", staff, by=by, at=at, agency=agency.public_id, licence=str(licence))
    return staff


@transaction.atomic
def staff_left(*, staff: Staff, by: Actor, at: datetime) -> Staff:
    """Somebody does not work there any more; the record stays."""
    staff = lock(staff)
    refuse_unless_own(staff.agency, by)
    if staff.left_at is not None:
        raise Refused("left_already", _("This person has left already."))
    staff.left_at = at
    staff.save(update_fields=["left_at"])
    record("implementers.staff.left", staff, by=by, at=at)
    return staff


@transaction.atomic
def apply_again(*, agency: Agency, by: Actor, at: datetime) -> Agency:
    """After a refusal, or after leaving, the agency may apply once more."""
    refuse_unless_own(agency, by)
    return move(lock(agency), AgencyState.APPLIED, by=by, at=at)


@transaction.atomic
def leave_platform(*, agency: Agency, by: Actor, at: datetime) -> Agency:
    """The agency goes of its own wish, once none of its projects runs any more (domain §11.4: orderly hand-over)."""
    agency = lock(agency)
    refuse_unless_own(agency, by)
    running = collect("agency.running", agency)
    if running:
        raise Refused(
            "projects_running",
            _("These projects still run: %(titles)s. Bring them to their end or have them handed over first.")
            % {"titles": "; ".join(running)},
        )
    return move(agency, AgencyState.LEFT, by=by, at=at)


def contact_number(text: str) -> str:
    """Whoever acts here can be reached by telephone."""
    phone = readable_mobile(text)
    if not phone:
        raise Refused(
            "phone_missing", _("Leave a phone number, so that we can reach you."), field="contact_phone"
        )
    return phone


def _known_ways(ways: Sequence[str]) -> list[str]:
    """Ways of delivery out of the code list, each once."""
    if not set(ways) <= {code.slug for code in reference.codes("delivery_mode")}:
        raise Refused("way_unknown", _("Choose the ways of delivery from the list."), field="delivery_ways")
    return sorted(set(ways))


def _refuse_backwards(valid_from: date, valid_to: date | None) -> None:
    if valid_to is not None and valid_to < valid_from:
        raise Refused(
            "period_backwards", _("The last day lies before the first one. Look at the paper once more."),
            field="valid_to",
        )  # fmt: skip
