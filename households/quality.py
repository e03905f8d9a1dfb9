"""The rule catalogue of suspicious data (domain §2.9): each rule asks, none rejects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.clock import SHANGHAI, day_of
from common.crypto import index_forms
from common.identity import known_region, sex_of
from households.enums import FlagState, HouseholdState
from households.models import Household, Member
from households.queries.suspicions import near_people
from reference.coding import is_fictional

BLOCK, FLAG, INFO = "block", "flag", "info"
NO_LABOUR = frozenset({"weak", "lost", "none"})
ADULT_WORK = range(16, 60)
SCHOOL_AGE = range(6, 16)
SHARED_PHONE_LIMIT = 3
LEAST_WAGES = 10_000  # fen; smaller wages of a year are a slip of the pen
JUMP = 3
FILINGS_A_DAY = 20
FALSE_WORDS_REMEMBERED = timedelta(days=365)


@dataclass(frozen=True)
class Question:
    """A rule hit: what was asked about, with slugs and numbers only."""

    rule: str
    severity: str
    member_id: int | None = None
    detail: dict[str, Any] = field(default_factory=dict)


Check = Callable[[Household, list[Member], date], Iterator[Question]]


@dataclass(frozen=True)
class Rule:
    """One rule: its code, how grave it is, and what it asks in plain words."""

    code: str
    severity: str
    explanation: str | Promise
    check: Check
    enabled: bool = True


def _sex_differs(_household: Household, members: list[Member], _on: date) -> Iterator[Question]:
    for member in members:
        numbered = member.id_kind == "resident_id" and member.id_number and member.sex
        if numbered and sex_of(member.id_number) != member.sex:
            yield Question("ID-03", FLAG, member.pk)


def _region_unknown(household: Household, members: list[Member], _on: date) -> Iterator[Question]:
    """The made-up divisions are on no list, so nobody is asked about them there."""
    for member in members:
        if is_fictional(household.area):
            return
        if member.id_kind == "resident_id" and member.id_number and not known_region(member.id_number):
            yield Question("ID-04", INFO, member.pk)


def _no_head(_household: Household, members: list[Member], _on: date) -> Iterator[Question]:
    if not any(member.is_head for member in members):
        yield Question("HH-03", BLOCK)


def _two_spouses(_household: Household, members: list[Member], _on: date) -> Iterator[Question]:
    if sum(member.relation == "spouse" for member in members) > 1:
        yield Question("HH-02", FLAG)


def _couple_same_sex(_household: Household, members: list[Member], _on: date) -> Iterator[Question]:
    head = next((member for member in members if member.is_head), None)
    for member in members:
        if head and member.relation == "spouse" and member.sex and member.sex == head.sex:
            yield Question("REL-02", FLAG, member.pk)


def _parent_younger(_household: Household, members: list[Member], _on: date) -> Iterator[Question]:
    head = next((member for member in members if member.is_head and member.birth_date), None)
    for member in members:
        if head is None or head.birth_date is None or member.birth_date is None:
            continue
        parent = member.relation in {"father", "mother"} and member.birth_date >= head.birth_date
        child = member.relation in {"son", "daughter"} and member.birth_date <= head.birth_date
        if parent or child:
            yield Question("REL-01", FLAG, member.pk)


def _out_of_school(_household: Household, members: list[Member], on: date) -> Iterator[Question]:
    for member in members:
        age = member.age_on(on)
        if age in SCHOOL_AGE and not member.student_status and not member.dropout_reason:
            yield Question("EDU-02", FLAG, member.pk, {"age": age})


def _healthy_without_labour(_household: Household, members: list[Member], on: date) -> Iterator[Question]:
    for member in members:
        healthy = member.health == ["healthy"]
        if (
            member.age_on(on) in ADULT_WORK
            and healthy
            and not member.student_status
            and member.labour in NO_LABOUR
        ):
            yield Question("LAB-01", FLAG, member.pk)


def _works_without_labour(_household: Household, members: list[Member], _on: date) -> Iterator[Question]:
    for member in members:
        if member.work_months and member.labour in {"none", "lost"}:
            yield Question("LAB-02", FLAG, member.pk)


def _work_place_months(_household: Household, members: list[Member], _on: date) -> Iterator[Question]:
    for member in members:
        if bool(member.work_place) != bool(member.work_months):
            yield Question("LAB-03", INFO, member.pk)


def _illness_without_patient(household: Household, members: list[Member], _on: date) -> Iterator[Question]:
    causes = {household.cause_main, household.cause_second, household.cause_third}
    sick = any(set(member.health) & {"chronic", "serious", "disabled"} for member in members)
    if "illness" in causes and not sick:
        yield Question("RISK-01", FLAG)


def _labour_lacking(household: Household, members: list[Member], _on: date) -> Iterator[Question]:
    causes = {household.cause_main, household.cause_second, household.cause_third}
    able = sum(member.labour in {"ordinary", "skilled"} for member in members)
    if "labour" in causes and len(members) >= 4 and able * 2 >= len(members):
        yield Question("RISK-03", FLAG, None, {"members": len(members), "able": able})


def _phone_shared(household: Household, _members: list[Member], _on: date) -> Iterator[Question]:
    if household.phone_index:
        others = (
            Household.objects.filter(phone_index__in=index_forms(household, "phone_index"))
            .exclude(pk=household.pk)
            .count()
        )
        if others >= SHARED_PHONE_LIMIT:
            yield Question("TEL-01", FLAG, None, {"households": others + 1})


def _same_person(household: Household, members: list[Member], _on: date) -> Iterator[Question]:
    """Same name and birth date in the same township, or one slip away in the village: perhaps one person twice."""
    near = Counter(person for one in near_people(household, members) for person in one.people)
    for member in members:
        found = near[member.public_id]
        if member.birth_date is not None:
            twins = Member.objects.filter(
                live=True,
                name=member.name,
                birth_date=member.birth_date,
                household__area__startswith=household.area[:9],
            ).exclude(household=household)
            found = max(found, twins.count())
        if found:
            yield Question("DUP-01", FLAG, member.pk, {"found": found})


def _identity_missing(_household: Household, members: list[Member], _on: date) -> Iterator[Question]:
    for member in members:
        if not member.id_number:
            yield Question("ID-05", INFO, member.pk)


def _yulu_without_student(household: Household, members: list[Member], _on: date) -> Iterator[Question]:
    vocational = any(
        member.student_status.startswith(("vocational", "higher_vocational", "technician"))
        for member in members
    )
    if not vocational and household.measures.filter(kind="yulu").exists():
        yield Question("EDU-03", FLAG)


def _income_odd(household: Household, _members: list[Member], _on: date) -> Iterator[Question]:
    """Wages of some coins, or an income per head three times that of the year before."""
    years = list(household.years.order_by("-year")[:2])
    if not years:
        return
    latest = years[0]
    coins = latest.income_lines.filter(kind="wages", amount__gt=0, amount__lt=LEAST_WAGES).exists()
    earlier = years[1].per_capita if len(years) > 1 else None
    jumped = earlier and latest.per_capita is not None and latest.per_capita > earlier * JUMP
    if coins or jumped:
        yield Question("INC-01", FLAG, None, {"year": latest.year})


def _filer_busy(household: Household, _members: list[Member], _on: date) -> Iterator[Question]:
    """One person filing for very many families on one day: perhaps without having sat with them."""
    if household.filed_by_id is None:
        return
    day = day_of(household.created_at)
    start = datetime.combine(day, time.min, tzinfo=SHANGHAI)
    filed = Household.objects.filter(
        filed_by=household.filed_by_id, created_at__gte=start, created_at__lt=start + timedelta(days=1)
    ).count()
    if filed > FILINGS_A_DAY:
        yield Question("DEL-01", FLAG, None, {"filed": filed})


def _applied_before(household: Household, members: list[Member], on: date) -> Iterator[Question]:
    """Refused before: whoever assesses reads the earlier file; false words stay in mind for a year (domain §11.4)."""
    numbers = [form for member in members for form in index_forms(member, "id_index")]
    earlier = Household.objects.filter(
        members__id_index__in=numbers, members__live=False, state=HouseholdState.REJECTED
    ).exclude(pk=household.pk)
    refused = earlier.order_by("-pk").first()
    if refused is None:
        return
    since = datetime.combine(on - FALSE_WORDS_REMEMBERED, time.min, tzinfo=SHANGHAI)
    false = earlier.filter(flags__state=FlagState.CONFIRMED_FALSE, flags__decided_at__gte=since).exists()
    yield Question("APP-01", FLAG if false else INFO, None, {"file": refused.number})


RULES: dict[str, Rule] = {
    rule.code: rule
    for rule in (
        Rule("ID-03", FLAG, _("The identity number and the sex noted do not go together."), _sex_differs),
        Rule("ID-04", INFO, _("The region in the identity number is not on today's list."), _region_unknown),
        Rule("ID-05", INFO, _("The identity number is still missing."), _identity_missing),
        Rule("HH-02", FLAG, _("Two members are noted as spouse of the head."), _two_spouses),
        Rule("HH-03", BLOCK, _("Nobody is noted as head of the household."), _no_head),
        Rule("REL-01", FLAG, _("By the dates, a child would be older than its parent."), _parent_younger),
        Rule("REL-02", FLAG, _("Head and spouse are noted with the same sex."), _couple_same_sex),
        Rule(
            "EDU-02",
            FLAG,
            _("A child of school age is not at school and no reason is noted."),
            _out_of_school,
        ),
        Rule("LAB-01", FLAG, _("A healthy adult is noted as not able to work."), _healthy_without_labour),
        Rule(
            "LAB-02", FLAG, _("Somebody noted as unable to work is noted with a job."), _works_without_labour
        ),
        Rule(
            "LAB-03", INFO, _("Place and months of work away should be noted together."), _work_place_months
        ),
        Rule(
            "RISK-01",
            FLAG,
            _("Illness is noted as a cause, but nobody is noted as ill."),
            _illness_without_patient,
        ),
        Rule(
            "RISK-03",
            FLAG,
            _("Lack of labour is noted, but half the family is able to work."),
            _labour_lacking,
        ),
        Rule(
            "EDU-03",
            FLAG,
            _("Vocational aid is received, but nobody is noted at a vocational school."),
            _yulu_without_student,
        ),
        Rule("INC-01", FLAG, _("The income looks unlikely: please compare it with the papers."), _income_odd),
        Rule("DEL-01", FLAG, _("One person filed for very many families on the same day."), _filer_busy),
        Rule("TEL-01", FLAG, _("The same telephone stands in several files."), _phone_shared),
        Rule(
            "APP-01", INFO, _("Somebody here was refused before; read the earlier file too."), _applied_before
        ),
        Rule("DUP-01", FLAG, _("Somebody of the same name and birth date is on file nearby."), _same_person),
    )
}


def find_questions(household: Household, *, on: date) -> list[Question]:
    """Every hit of every enabled rule on a household; child age bands and shares are counted on the day given."""
    members = list(household.members.filter(live=True).order_by("pk"))
    return [
        question for rule in RULES.values() if rule.enabled for question in rule.check(household, members, on)
    ]
