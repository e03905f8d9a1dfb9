"""Predicates and validations of the household side, shared by pages, desk, imports and jobs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from accounts.enums import Duty, Role
from accounts.models import User
from common.crypto import blind_index
from common.exceptions import Refused
from common.identity import birth_date_of, check_id_document, check_resident_id, sex_of
from households.answers import ApplicationAnswers, PersonAnswer
from households.models import Household, Member

REQUIRED_CONSENTS = frozenset({"apply", "sensitive"})
CASE_ROLES = frozenset({Role.SOCIAL_WORKER, Role.SUPERVISOR})
REVIEW_DUTIES = frozenset({Duty.VERIFIER, Duty.ASSESSOR, Duty.REVIEWER})


def check_answers(answers: ApplicationAnswers) -> None:
    """An application names at least one person and one need, in a known place, with the two consents given."""
    if missing := REQUIRED_CONSENTS - set(answers.consents):
        raise Refused(
            "consent_missing",
            _(
                "Without your consent we may not keep your details. Read the notice and tick both boxes to go on."
            ),
            field="consents" if missing else None,
        )
    if not answers.members:
        raise Refused("no_member", _("Tell us at least who is asking for help."), field="members")
    if not answers.needs:
        raise Refused("no_need", _("Tell us at least one thing you need help with."), field="needs")
    if len(answers.area) < 9:
        raise Refused(
            "area_unknown", _("Choose the township and village where the family lives."), field="area"
        )
    delegate = answers.delegate
    if delegate is not None and not delegate.read_back:
        raise Refused(
            "not_read_back",
            _("Read the application aloud to the household first, then tick that you did."),
            field="read_back",
        )


def checked_person(person: PersonAnswer) -> PersonAnswer:
    """The person with a checked identity number; birth date and sex follow the number when they were left out."""
    if not person.id_number:
        return person
    if person.id_kind in {"", "resident_id"}:
        number = check_resident_id(person.id_number)
        changes = {"id_number": number, "id_kind": "resident_id"}
        born = birth_date_of(number)
        return _with(
            person, **changes, birth_date=born, birth_precision="day", sex=person.sex or sex_of(number)
        )
    return _with(person, id_number=check_id_document(person.id_kind, person.id_number))


def _with(person: PersonAnswer, **changes: object) -> PersonAnswer:
    return PersonAnswer(**{**vars(person), **changes})  # type: ignore[arg-type]


def refuse_known_ids(people: Iterable[PersonAnswer], *, household: Household | None = None) -> None:
    """One person, one file: an identity number already on file stops here, before anything is stored."""
    numbers = [person.id_number for person in people if person.id_number]
    if len(numbers) != len(set(numbers)):
        raise Refused(
            "id_twice",
            _("Two members have the same identity number. Please look at both again."),
            field="id_number",
        )
    indexes = [blind_index("resident_id", number) for number in numbers]
    known = Member.objects.filter(live=True, id_index__in=indexes)
    if household is not None:
        known = known.exclude(household=household)
    if known.exists():
        raise Refused(
            "id_known",
            _(
                "This identity number already belongs to a file. Look at the number once more; if it is right, leave it"
                " empty and send: our worker will sort it out with you at the visit."
            ),
            field="id_number",
        )


def refuse_unless_case_role(by: User, household: Household) -> None:
    """Case work is done by social workers and supervisors of the household's area."""
    seat = by.seat
    if seat is None or seat.role not in CASE_ROLES or not household.area.startswith(seat.prefix):
        raise Refused("not_your_case", _("This family is outside your service area."))


def refuse_unless_supervisor(by: User, household: Household) -> None:
    """Decisions on a file are taken by a supervisor of the household's area."""
    seat = by.seat
    if seat is None or seat.role != Role.SUPERVISOR or not household.area.startswith(seat.prefix):
        raise Refused(
            "supervisor_needed", _("A supervisor of this area decides here. Hand it over on the worklist.")
        )


def groups_of(household: Household, on: date) -> list[str]:
    """The population groups a household belongs to, from its live members; sorted slugs of `population_group`."""
    members = [member for member in household.members.all() if member.live]
    ages = [(member, member.age_on(on)) for member in members]
    found = {"whole_household"}
    for member, age in ages:
        health = set(member.health)
        if age is not None:
            found |= {"children"} if age < 18 else set()
            found |= {"elderly"} if age >= 60 else set()
            found |= {"labour_age"} if 16 <= age < 60 else set()
        found |= {"students"} if member.student_status not in {"", "preschooler"} else set()
        found |= {"disabled"} if "disabled" in health or member.disability_kind else set()
        found |= {"chronically_ill"} if "chronic" in health else set()
        found |= {"seriously_ill"} if "serious" in health else set()
        found |= {"women"} if member.sex == "female" and (age is None or age >= 18) else set()
    if members and all(age is not None and age >= 60 for _member, age in ages):
        found.add("elderly_alone")
    return sorted(found)
