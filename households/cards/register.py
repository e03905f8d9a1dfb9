"""The register as cases of a targeting simulation: what a rule says of each household, and what is known of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from households.cards.card import Card
from households.cards.facts import File, score_of
from households.enums import ENDED
from households.measures.alkire_foster import CHINA_FOUR_DIMENSIONS, score
from households.measures.targeting import Case, Number
from households.models import HouseholdYear, OfficialStatus
from reference.coding import within
from reference.enums import LENGTHS

CHUNK = 500
INDICATORS = tuple(CHINA_FOUR_DIMENSIONS.weights)
RULES = ("card", "income", "deprivation")
OUTCOMES = ("below_line", "official", "deprived")
GROUPS = ("place", "category", "cause")


@dataclass(frozen=True)
class Asked:
    """What is tried out: a rule, a known outcome, and how households are grouped."""

    rule: str
    outcome: str
    by: str
    area: str
    on: date
    card: Card | None = None


def years_of(user: User, area: str) -> QuerySet[HouseholdYear]:
    """The newest recorded year of every household of the area that did not end, as the user may see it."""
    newer = HouseholdYear.objects.filter(household=OuterRef("household"), year__gt=OuterRef("year"))
    rows: QuerySet[HouseholdYear] = HouseholdYear.objects.visible_to(user)
    return rows.filter(within("household__area", area), ~Exists(newer)).exclude(
        household__state__in=list(ENDED)
    )


def register_cases(user: User, asked: Asked) -> Iterator[Case]:
    """One case for each household with a recorded year; what nobody knows of it stays unknown."""
    rows = years_of(user, asked.area).select_related("household", "line").order_by("pk")
    if asked.card is not None:
        rows = rows.prefetch_related("household__members")
    status = OfficialStatus.objects.filter(household=OuterRef("household"), valid_from__lte=asked.on)
    status = status.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=asked.on))
    rows = rows.annotate(official=Exists(status))
    shares: dict[tuple[bool | None, ...], Fraction | None] = {}
    for year in rows.iterator(chunk_size=CHUNK):
        pattern = tuple(getattr(year, name) for name in INDICATORS)
        if pattern not in shares:
            shares[pattern] = score(dict(zip(INDICATORS, pattern, strict=True))).value
        share = shares[pattern]
        urgency, eligible = _said(asked, year, share)
        yield Case(
            urgency, _known(asked, year, share), _GROUPS.get(asked.by, _none)(year, asked), eligible=eligible
        )


def _said(asked: Asked, year: HouseholdYear, share: Fraction | None) -> tuple[Number | None, bool]:
    """How urgent the rule finds the household, and whether it lets it in at all."""
    if asked.card is not None:
        members = [member for member in year.household.members.all() if member.live]
        return score_of(asked.card, File(members, year, asked.on)).points, True
    if asked.rule == "income":
        if year.per_capita is None or year.below_line is None:
            return None, False
        return -Fraction(year.per_capita), year.below_line
    return share, True


def _known(asked: Asked, year: HouseholdYear, share: Fraction | None) -> bool | None:
    """The outcome the rule is held against."""
    if asked.outcome == "below_line":
        return year.below_line
    if asked.outcome == "official":
        return bool(year.official)  # type: ignore[attr-defined]
    return None if share is None else share >= CHINA_FOUR_DIMENSIONS.k


def _none(year: HouseholdYear, asked: Asked) -> str:
    return ""


def _place(year: HouseholdYear, asked: Asked) -> str:
    """The part of the area one level down."""
    longer = [length for length in LENGTHS.values() if length > len(asked.area)]
    return str(year.household.area[: min(longer)] if longer else year.household.area)


_GROUPS: Mapping[str, Callable[[HouseholdYear, Asked], str]] = {
    "place": _place,
    "category": lambda year, asked: year.household.category or "—",
    "cause": lambda year, asked: year.household.cause_main or "—",
}
