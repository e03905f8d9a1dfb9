"""The file itself, completed and corrected by hand: where the household lives, and who belongs to it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.enums import Duty
from accounts.models import User
from accounts.services import register_involvement
from common.exceptions import Refused
from common.identity import holder_of
from common.locking import lock, save_edited
from common.recording import record
from households.answers import PersonAnswer
from households.enums import ENDED, IdentityLevel, NeedState
from households.models import Household, Member
from households.rules import (
    checked_person,
    readable_phone,
    refuse_known_ids,
    refuse_unless_case_role,
    unsaid,
)

PLACE = frozenset({"group", "address", "phone", "category", "standard"})
PERSON = frozenset(PersonAnswer.__dataclass_fields__)


@transaction.atomic
def edit_household(
    *, household: Household, version: int, changes: dict[str, Any], by: User, at: datetime
) -> Household:
    """Correct group, address, phone, category or standard; a stale save shows both versions."""
    refuse_unless_case_role(by, household)
    _refuse_other_fields(changes, PLACE)
    if "phone" in changes:
        changes = {**changes, "phone": readable_phone(changes["phone"])}
    saved = save_edited(household, version=version, changes=changes)
    note_missing(saved)
    register_involvement(file=household, duty=Duty.HANDLER, by=by, at=at)
    record("household.edited", saved, by=by, at=at, fields=sorted(changes))
    return saved


@transaction.atomic
def add_member(*, household: Household, person: PersonAnswer, by: User, at: datetime) -> Member:
    """Somebody belongs to the household who was not named yet."""
    household = lock(household)
    refuse_unless_case_role(by, household)
    if household.state in ENDED:
        raise Refused("file_ended", _("This application has ended. The family is named in a new one."))
    person = _checked(person, household, None)
    member = Member(household=household, **_columns(person))
    member.save(force_insert=True)
    note_missing(household)
    register_involvement(file=household, duty=Duty.HANDLER, by=by, at=at)
    record("member.added", member, by=by, at=at, household=household.public_id)
    return member


@transaction.atomic
def edit_member(*, member: Member, version: int, changes: dict[str, Any], by: User, at: datetime) -> Member:
    """Correct or complete one person; the identity number is checked and may stand in one file only."""
    household = lock(member.household)
    refuse_unless_case_role(by, household)
    _refuse_other_fields(changes, PERSON)
    member = lock(member)
    if not member.live:
        raise Refused("member_ended", _("This person no longer belongs to the household."))
    present = {name: getattr(member, name) for name in PERSON} | {"health": tuple(member.health)}
    person = _checked(PersonAnswer(**{**present, **changes}), household, member)
    columns = _columns(person)
    if not person.id_number or person.id_number == member.id_number:
        columns["identity_level"] = member.identity_level if person.id_number else IdentityLevel.DECLARED
    try:
        with transaction.atomic():
            saved = save_edited(member, version=version, changes=columns)
    except IntegrityError:
        raise Refused(
            "id_known", _("This identity number already belongs to a file."), field="id_number"
        ) from None
    note_missing(household)
    register_involvement(file=household, duty=Duty.HANDLER, by=by, at=at)
    record("member.edited", saved, by=by, at=at, fields=sorted(changes), household=household.public_id)
    return saved


@transaction.atomic
def end_member(*, member: Member, reason: str, by: User, at: datetime) -> Member:
    """Somebody died, married away or moved; the row stays, the number becomes free for another file."""
    household = lock(member.household)
    refuse_unless_case_role(by, household)
    member = lock(member)
    if not member.live:
        raise Refused("member_ended", _("This person no longer belongs to the household."))
    if household.members.filter(live=True).count() == 1:
        raise Refused("last_member", _("This is the last person of the household. Pause the file instead."))
    member.live = False
    member.ended_reason = reason
    member.save(update_fields=["live", "ended_reason"])
    note_missing(household)
    register_involvement(file=household, duty=Duty.HANDLER, by=by, at=at)
    record("member.ended", member, by=by, at=at, reason=reason, household=household.public_id)
    return member


def _refuse_other_fields(changes: dict[str, Any], allowed: frozenset[str]) -> None:
    if set(changes) - allowed:
        raise Refused("field_not_editable", _("This cannot be changed by hand."))


def _checked(person: PersonAnswer, household: Household, member: Member | None) -> PersonAnswer:
    """One head, one number per person, and a number that checks out."""
    person = checked_person(person)
    others = household.members.filter(live=True).exclude(pk=member.pk if member else None)
    if person.relation == "head" and others.filter(is_head=True).exists():
        raise Refused(
            "head_known", _("The household has a head already. Change that person first."), field="relation"
        )
    if person.id_number and any(
        holder_of(other.id_number) == holder_of(person.id_number) for other in others
    ):
        raise Refused(
            "id_twice",
            _("Another member has this identity number. Please look at both again."),
            field="id_number",
        )
    refuse_known_ids([person], household=household)
    return person


def _columns(person: PersonAnswer) -> dict[str, Any]:
    columns = asdict(person)
    columns["health"] = list(person.health)
    columns["is_head"] = person.relation == "head"
    columns["education"] = "" if person.student_status else person.education
    columns["identity_level"] = IdentityLevel.CHECKED if person.id_number else IdentityLevel.DECLARED
    return columns


def note_missing(household: Household) -> None:
    """What a file still lacks: of its people, of their papers, a telephone, an amount nobody has looked at yet."""
    members = list(household.members.filter(live=True))
    missing = [] if any(member.is_head for member in members) else ["head"]
    missing += [] if all(member.id_number for member in members) else ["id_number"]
    missing += unsaid(members)
    missing += [] if household.phone or household.delegations.filter(state="given").exists() else ["phone"]
    asked = "quantity" in household.incomplete and household.needs.filter(state=NeedState.DRAFT).exists()
    missing += ["quantity"] if asked else []
    household.incomplete = missing
    household.save(update_fields=["incomplete"])
