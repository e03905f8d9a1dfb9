"""Predicates and validations of the household side, shared by pages, desk, imports and jobs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import User
from accounts.rules import refuse_own_employer
from common import panels
from common.actors import Actor
from common.clock import day_of
from common.crypto import blind_indexes
from common.exceptions import Refused
from common.identity import (
    birth_date_of,
    check_disability_certificate,
    check_resident_id,
    compact,
    holder_of,
    kind_of_number,
    plain_name,
    sex_of,
)
from common.masking import age_on
from households.answers import ApplicationAnswers, PersonAnswer
from households.enums import ApplicationState, AssessmentState, Channel, HouseholdState
from households.models import Application, Household, Member

REQUIRED_CONSENTS = frozenset({"apply", "sensitive"})
CASE_ROLES = frozenset({Role.SOCIAL_WORKER, Role.SUPERVISOR})
CHANNEL_ROLES: dict[str, frozenset[Role]] = {
    Channel.VILLAGE_WORKER: frozenset({Role.VILLAGE_WORKER}),
    Channel.DESK: CASE_ROLES,
}
# A family on file, also while its exit is asked about and in the year after it (R48).
ON_FILE = frozenset(
    {
        HouseholdState.ACTIVE,
        HouseholdState.EXIT_PROPOSED,
        HouseholdState.EXIT_AGREED,
        HouseholdState.TRACKING,
    }
)
UNDER_CHECK = frozenset({ApplicationState.VERIFYING, ApplicationState.FLAGGED})
CLASSIFIED = ("category", "standard")  # what a file says beside its people before it is filed (domain §2.1)
OF_EVERYBODY = ("name", "sex", "id_kind", "relation", "health", "labour")  # and what of each of them
LONGEST_DELEGATION = timedelta(days=3 * 365)
GUARDED_AGE = 14  # below it the guardian consents (PIPL §31)
# Papers whose number is, or begins with, the resident number; a birth certificate's number tells nothing.
NUMBER_TELLS_BIRTH = frozenset(
    {"resident_id", "household_register", "residence_permit", "disability_certificate"}
)
BIRTH_CERTIFICATE = re.compile(r"[A-Z]\d{9}")
PHONE = re.compile(r"1[3-9]\d{9}|0\d{9,11}|[2-8]\d{6,7}")


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
    if sum(person.relation == "head" for person in answers.members) > 1:
        raise Refused(
            "two_heads", _("Only one person can be the head of the household. Look at the family once more.")
        )
    delegate = answers.delegate
    if delegate is not None and not delegate.read_back:
        raise Refused(
            "not_read_back",
            _("Read the application aloud to the household first, then tick that you did."),
            field="read_back",
        )


def check_document(kind: str, text: str, *, today: date | None = None) -> str:
    """The number of a document in its plain spelling, or a kind refusal (GB 11643, domain §2.9 ID-01)."""
    if kind == "disability_certificate":
        return check_disability_certificate(text, today=today, field="id_number")
    if kind == "birth_certificate":
        number = compact(text)
        if not BIRTH_CERTIFICATE.fullmatch(number):
            raise Refused(
                "birth_certificate",
                _(
                    "A birth certificate carries a letter and nine digits. No certificate at hand? Leave it empty."
                ),
                field="id_number",
            )
        return number
    return check_resident_id(text, today=today, field="id_number")


def readable_phone(text: str) -> str:
    """A mobile or land line number as digits, or a refusal that says what is odd (domain §2.9 TEL-01)."""
    digits = re.sub(r"[\s\-()（）]", "", text).removeprefix("+86")
    if digits and not PHONE.fullmatch(digits):
        raise Refused(
            "phone_digits",
            _("A mobile number has 11 digits. Read it once more, or leave it empty if there is none."),
            field="phone",
        )
    return digits


def checked_person(person: PersonAnswer, *, today: date | None = None) -> PersonAnswer:
    """The person with a checked identity number; birth date and sex follow the number when they were left out.

    A kind that was left out follows from the number too: a certificate's is longer than a card's (decision 0003).
    """
    name = plain_name(person.name)
    if not person.id_number:
        return person if person.name == name else replace(person, name=name)
    stated = person.id_kind not in {"", "none"}
    kind = person.id_kind if stated else kind_of_number(person.id_number)
    number = check_document(kind, person.id_number, today=today)
    if kind not in NUMBER_TELLS_BIRTH:
        return replace(person, name=name, id_number=number, id_kind=kind)
    return replace(
        person,
        name=name,
        id_number=number,
        id_kind=kind,
        birth_date=birth_date_of(number),
        birth_precision="day",
        sex=person.sex or sex_of(number),
    )


def refuse_child_alone(people: Sequence[PersonAnswer], consents: Iterable[str], *, on: date) -> None:
    """A child under fourteen applies with the guardian's consent (PIPL §31)."""
    if under_guard(people[0].birth_date, on=on) and "child_data" not in consents:
        raise Refused(
            "guardian_missing",
            _("A child under 14 applies together with the guardian. Let the guardian agree first."),
            field="consents",
        )


def under_guard(born: date | None, *, on: date) -> bool:
    """Younger than fourteen on a day; nobody knows when the birth date is not known."""
    return born is not None and age_on(born, on) < GUARDED_AGE


def refuse_unfit_channel(channel: str, *, area: str, by: Any) -> None:
    """A village worker files for the own village, the desk for its own area; nobody else uses these channels."""
    roles = CHANNEL_ROLES.get(channel)
    if roles is None:
        return
    seat = getattr(by, "seat", None)
    if seat is None or seat.role not in roles or not area.startswith(seat.prefix):
        raise Refused(
            "outside_area",
            _("This village is outside the area you file for. Ask the colleague who serves it."),
            field="area",
        )


def plain_code(text: str) -> str:
    """A query code as it is kept: small letters, no dashes; o is read as 0, i and l as 1."""
    kept = "".join(character for character in text.lower() if character.isalnum())
    return kept.translate(str.maketrans("oil", "011"))


def refuse_known_ids(people: Iterable[PersonAnswer], *, household: Household | None = None) -> None:
    """One person, one file: an identity number already on file stops here, before anything is stored."""
    people = [person for person in people if person.id_number]
    numbers = [holder_of(person.id_number) for person in people]
    if len(numbers) != len(set(numbers)):
        raise Refused(
            "id_twice",
            _("Two members have the same identity number. Please look at both again."),
            field="id_number",
        )
    named = {index: person for person in people for index in blind_indexes("resident_id", person.id_number)}
    known = Member.objects.filter(live=True, id_index__in=list(named))
    if household is not None:
        known = known.exclude(household=household)
    if (found := known.values_list("id_index", flat=True).first()) is not None:
        raise Refused(
            "id_known",
            _(
                "The identity number of %(name)s already belongs to a file. Look at it once more; if it is right, leave"
                " it empty and send: the social worker sorts it out with you at the visit."
            )
            % {"name": named[found].name},
            field="id_number",
        )


def refuse_unless_case_role(by: User, household: Household) -> None:
    """Case work is done by social workers and supervisors of the household's area, without a tie to a party."""
    seat = by.seat
    if seat is None or seat.role not in CASE_ROLES or not household.area.startswith(seat.prefix):
        raise Refused("not_your_case", _("This family is outside your service area."))
    refuse_own_employer(by=by, organisation_ids=parties_of(household))


def refuse_unless_supervisor(by: User, household: Household) -> None:
    """Decisions on a file are taken by a supervisor of the household's area, without a tie to a party."""
    seat = by.seat
    if seat is None or seat.role != Role.SUPERVISOR or not household.area.startswith(seat.prefix):
        raise Refused(
            "supervisor_needed", _("A supervisor of this area decides here. Hand it over on the worklist.")
        )
    refuse_own_employer(by=by, organisation_ids=parties_of(household))


def refuse_paused(household: Household) -> None:
    """While a file is paused its application, assessment and visits rest, and so do their clocks (domain §10.1)."""
    if household.state == HouseholdState.SUSPENDED:
        raise Refused("paused", _("This file is paused. A supervisor of its area lets it go on first."))


def refuse_unless_speaking(household: Household, by: Actor, at: datetime, *, scope: str) -> None:
    """Only the family speaks for itself: by its code, its delegate within the scope, or its worker."""
    if isinstance(by, User):
        refuse_unless_case_role(by, household)
        return
    if by.actor_kind == "household":
        speaks = household.applications.filter(public_id=by.actor_ref).exists()
    else:
        given = household.delegations.filter(public_id=by.actor_ref, state="given", valid_to__gte=day_of(at))
        speaks = by.actor_kind == "delegate" and any(scope in delegation.scope for delegation in given)
    if not speaks:
        raise Refused("not_yours", _("Only the family itself can answer this."))


def refuse_unless_passing_on(household: Household, by: Actor, at: datetime, *, scope: str) -> None:
    """What the family answers may also be written down by the village worker who filed for it."""
    seat = by.seat if isinstance(by, User) else None
    if seat is None or seat.role != Role.VILLAGE_WORKER:
        refuse_unless_speaking(household, by, at, scope=scope)
        return
    if household.filed_by_id != getattr(by, "pk", None) or not household.area.startswith(seat.prefix):
        raise Refused(
            "not_your_filing", _("You did not file for this family. Its social worker writes it down.")
        )
    refuse_own_employer(by=by, organisation_ids=parties_of(household))


def waits_from_list(household: Household) -> bool:
    """Read from a table that did not file it, and nothing was asked for yet: its first need is its application."""
    return household.state == HouseholdState.PENDING and household.channel == Channel.BATCH


def parties_of(household: Household) -> frozenset[int]:
    """The organisations that help this household: whoever was ever let into its file, and what upper apps know."""
    let_in = household.case_accesses.values_list("organisation_id", flat=True)
    return frozenset([*let_in, *panels.collect("household.parties", household)])


def unclassified(household: Household) -> list[str]:
    """Which of the two marks an authority asks of every file are still open."""
    return [name for name in CLASSIFIED if not getattr(household, name)]


def unsaid(people: Iterable[Member | PersonAnswer]) -> list[str]:
    """What an authority asks of everybody and is still open for one of them."""
    people = list(people)
    return [name for name in OF_EVERYBODY if not all(getattr(person, name) for person in people)]


def assessed_anew(application: Application) -> bool:
    """Whether a file that was approved has its assessment set aside and no new one in force yet."""
    if application.state != ApplicationState.APPROVED:
        return False
    states = set(application.assessments.values_list("state", flat=True))
    return AssessmentState.SET_ASIDE in states and AssessmentState.APPROVED not in states


def set_aside_of(application: Application, user: User) -> bool:
    """Whether an assessment this person wrote here was set aside: somebody else writes the new one."""
    return application.assessments.filter(state=AssessmentState.SET_ASIDE, assessor=user).exists()


def groups_of(household: Household, on: date) -> list[str]:
    """The population groups a household belongs to, from its live members; sorted slugs of `population_group`."""
    return group_slugs([member for member in household.members.all() if member.live], on)


def group_slugs(people: Sequence[Member | PersonAnswer], on: date) -> list[str]:
    """The groups of these people, stored or only declared."""
    ages = [age_on(person.birth_date, on) if person.birth_date else None for person in people]
    found = {"whole_household"}
    for person, age in zip(people, ages, strict=True):
        health = set(person.health)
        if age is not None:
            found |= {"children"} if age < 18 else set()
            found |= {"elderly"} if age >= 60 else set()
            found |= {"labour_age"} if 16 <= age < 60 else set()
        found |= {"students"} if person.student_status not in {"", "preschooler"} else set()
        found |= {"disabled"} if "disabled" in health or person.disability_kind else set()
        found |= {"chronically_ill"} if "chronic" in health else set()
        found |= {"seriously_ill"} if "serious" in health else set()
        found |= {"women"} if person.sex == "female" and (age is None or age >= 18) else set()
    if ages and all(age is not None and age >= 60 for age in ages):
        found.add("elderly_alone")
    return sorted(found)
