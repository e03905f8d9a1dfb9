"""Facts about a household: a year's income and deprivations, help received, what the State has decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Duty
from accounts.models import User
from accounts.services import register_involvement
from common.exceptions import Refused, Stale
from common.locking import lock
from common.recording import record
from households.measures.alkire_foster import CHINA_FOUR_DIMENSIONS
from households.measures.income import NET_INCOME, per_capita_net_income
from households.models import Household, HouseholdYear, IncomeLine, MeasureReceived, Member, OfficialStatus
from households.rules import refuse_unless_case_role
from policy.enums import LineKind
from policy.models import Line
from policy.queries import line_for
from reference.models import Item

DEPRIVATIONS = tuple(name for name in CHINA_FOUR_DIMENSIONS.weights if name != "below_line")
# The monitoring line replaced the poverty line in 2021; a place keeps the one it has published.
LINES_TO_TRY = (LineKind.MONITORING, LineKind.POVERTY)


@transaction.atomic
def record_year(
    *,
    household: Household,
    year: int,
    period_start: date,
    period_end: date,
    size: int,
    size_basis: str,
    lines: Sequence[tuple[str, str, int]],
    deprivations: Mapping[str, bool | None],
    version: int | None,
    by: User,
    at: datetime,
) -> HouseholdYear:
    """The income of one period by source, net and per head by the versioned formula, against the line in force.

    Nothing known about income leaves income open: it is never 0. `version` is the edited row's, None for a new year.
    """
    household = lock(household)
    refuse_unless_case_role(by, household)
    register_involvement(file=household, duty=Duty.HANDLER, by=by, at=at)
    if size < 1:
        raise Refused("size", _("A household has at least one member."), field="size")
    if period_end <= period_start:
        raise Refused("period", _("The period ends after it begins."), field="period_end")
    if any(amount < 0 for _kind, _detail, amount in lines):
        raise Refused("amount", _("Write costs as costs, not with a minus sign."), field="amount")
    facts = _facts_of(household, year, version)
    income = per_capita_net_income([(kind, amount) for kind, _detail, amount in lines], size=size)
    line = line_of(household.area, year)
    facts.period_start, facts.period_end = period_start, period_end
    facts.size, facts.size_basis = size, size_basis
    facts.net_income = income.net if income else None
    facts.per_capita = income.per_capita if income else None
    facts.formula_version = NET_INCOME.version if income else ""
    facts.line = line if income else None
    facts.below_line = is_below(income.per_capita, line) if income else None
    for name in DEPRIVATIONS:
        setattr(facts, name, deprivations.get(name))
    facts.save()
    facts.income_lines.all().delete()
    IncomeLine.objects.bulk_create(
        IncomeLine(household_year=facts, kind=kind, detail=detail, amount=amount)
        for kind, detail, amount in lines
    )
    record(
        "household.year_recorded",
        facts,
        by=by,
        at=at,
        household=household.public_id,
        year=year,
        net=facts.net_income,
        size=size,
        formula=facts.formula_version,
        below_line=facts.below_line,
    )
    return facts


def line_of(area: str, year: int) -> Line | None:
    """The line a household's income is held against."""
    found = (line_for(area=area, year=year, kind=kind) for kind in LINES_TO_TRY)
    return next((line for line in found if line is not None), None)


def is_below(per_capita: Decimal, line: Line | None) -> bool | None:
    """Strictly below; without a line nobody can say."""
    return None if line is None else per_capita < line.amount


@transaction.atomic
def add_measure(
    *,
    household: Household,
    kind: str,
    item: Item | None,
    source: str,
    amount: int | None,
    period_start: date,
    period_end: date | None,
    document: str,
    member: Member | None,
    by: User,
    at: datetime,
) -> MeasureReceived:
    """Help the household already receives from anywhere: the matcher must not double it."""
    refuse_unless_case_role(by, household)
    register_involvement(file=household, duty=Duty.HANDLER, by=by, at=at)
    if period_end is not None and period_end < period_start:
        raise Refused("period", _("The help ends after it begins."), field="period_end")
    if member is not None and member.household_id != household.pk:
        raise Refused("other_household", _("This person belongs to another family."), field="member")
    measure = MeasureReceived.objects.create(
        household=household,
        kind=kind,
        item=item,
        source=source,
        amount=amount,
        period_start=period_start,
        period_end=period_end,
        document=document,
        member=member,
        recorded_at=at,
    )
    record("household.measure_recorded", measure, by=by, at=at, household=household.public_id, kind=kind)
    return measure


@transaction.atomic
def add_official_status(
    *,
    household: Household,
    status: str,
    issuer: str,
    document: str,
    valid_from: date,
    valid_to: date | None,
    by: User,
    at: datetime,
) -> OfficialStatus:
    """What an authority decided, with issuer, document and dates; it moves no state of ours (domain §0.1)."""
    refuse_unless_case_role(by, household)
    register_involvement(file=household, duty=Duty.HANDLER, by=by, at=at)
    if valid_to is not None and valid_to <= valid_from:
        raise Refused("period", _("The status ends after it begins."), field="valid_to")
    row = OfficialStatus.objects.create(
        household=household,
        status=status,
        issuer=issuer,
        document=document,
        valid_from=valid_from,
        valid_to=valid_to,
        recorded_at=at,
    )
    record("household.status_recorded", row, by=by, at=at, household=household.public_id, status=status)
    return row


def _facts_of(household: Household, year: int, version: int | None) -> HouseholdYear:
    known: HouseholdYear | None = HouseholdYear.objects.filter(household=household, year=year).first()
    if known is None:
        return HouseholdYear(household=household, year=year, version=1)
    known = lock(known)
    if known.version != version:
        raise Stale(
            _("This year was recorded after you opened the page. Look at it, then record your correction."),
            differences=[],
            version=known.version,
        )
    known.version += 1
    return known
