"""The project score: sealed sheets, a third opinion when two differ, one mean, one grade (domain §4.7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from evaluation.formulas.policy import DEFAULT, DIMENSIONS, VETOES, Policy, level_of
from evaluation.formulas.rounding import two_places

Sheet = Mapping[str, Decimal]


@dataclass(frozen=True)
class ProjectScore:
    """`score` and `grade` are None while a third evaluator is awaited."""

    totals: tuple[Decimal, ...]
    spread: Decimal
    needs_arbitration: bool
    score: Decimal | None
    grade: str | None
    dimensions: Mapping[str, Decimal]
    vetoes: tuple[str, ...]
    policy_version: str


def sheet_total(sheet: Sheet, *, policy: Policy = DEFAULT) -> Decimal:
    """The sum of one evaluator's sheet; every heading is scored, none above its weight."""
    if set(sheet) != set(policy.scorecard):
        raise ValueError(f"headings differ: {sorted(set(sheet) ^ set(policy.scorecard))}")
    for heading, points in sheet.items():
        if not 0 <= points <= policy.scorecard[heading]:
            raise ValueError(f"{heading} lies between 0 and {policy.scorecard[heading]}")
    return sum(sheet.values(), Decimal(0))


def project_score(
    sheets: Sequence[Sheet],
    *,
    arbiter: Sheet | None = None,
    vetoes: Sequence[str] = (),
    policy: Policy = DEFAULT,
) -> ProjectScore:
    """The mean of at least two sheets; a spread above ten waits for an arbiter, whose sheet joins the mean.

    A veto is the lowest grade whatever the points say, and needs no arbiter.
    """
    if len(sheets) < policy.evaluators:
        raise ValueError(f"a project is scored by at least {policy.evaluators} evaluators")
    if unknown := set(vetoes) - set(VETOES):
        raise ValueError(f"unknown vetoes: {sorted(unknown)}")
    totals = [sheet_total(sheet, policy=policy) for sheet in sheets]
    spread = max(totals) - min(totals)
    wide = spread > policy.largest_spread
    if arbiter is not None and not wide:
        raise ValueError("an arbiter is heard only when the spread is too wide")
    counted = [*sheets] if arbiter is None else [*sheets, arbiter]
    if arbiter is not None:
        totals.append(sheet_total(arbiter, policy=policy))
    waiting = wide and arbiter is None and not vetoes
    score = None if waiting else two_places(sum(totals) / Decimal(len(totals)))
    return ProjectScore(
        totals=tuple(totals),
        spread=spread,
        needs_arbitration=waiting,
        score=score,
        grade=_grade(score, vetoes, policy),
        dimensions={} if waiting else _dimensions(counted),
        vetoes=tuple(vetoes),
        policy_version=policy.version,
    )


def _grade(score: Decimal | None, vetoes: Sequence[str], policy: Policy) -> str | None:
    if vetoes:
        return min(policy.grades, key=lambda grade: policy.grades[grade])
    return None if score is None else level_of(score, policy.grades)


def _dimensions(sheets: Sequence[Sheet]) -> dict[str, Decimal]:
    return {
        dimension: two_places(
            sum((sheet.get(heading, Decimal(0)) for sheet in sheets for heading in headings), Decimal(0))
            / len(sheets)
        )
        for dimension, headings in DIMENSIONS.items()
    }
