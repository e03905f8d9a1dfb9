"""All parameters of one rating policy version: agency ratings, donor scores, and the course around them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from common.parameters import as_json, from_json
from donors.formulas import Policy as DonorPolicy
from evaluation.formulas.policy import Policy as AgencyPolicy


def _pass_marks() -> Mapping[str, Decimal]:
    return {"ex_ante": Decimal(75), "mid_term": Decimal(60), "ex_post": Decimal(60)}


@dataclass(frozen=True)
class Course:
    """When evaluations fall due, what passes, and what opens a case (domain §4.6, §4.7, §10.8, §11.4)."""

    version: str = "course-1"
    pass_marks: Mapping[str, Decimal] = field(default_factory=_pass_marks)
    revise_floor: Decimal = Decimal(60)  # an application below it is rejected, not sent back
    mid_term_share: Decimal = Decimal("0.40")
    desk_days: int = 10
    full_days: int = 15
    comment_days: int = 5
    rectify_days: int = 30
    # elimination
    warn_below: Decimal = Decimal(70)
    warn_drop: Decimal = Decimal(10)
    suspend_below: Decimal = Decimal(60)
    warnings_at_most: int = 3
    warnings_months: int = 24
    statement_days: int = 10
    appeal_days: int = 30
    suspension_days: int = 90
    removal_days: int = 365
    removal_days_after_veto: int = 1095


@dataclass(frozen=True)
class Parameters:
    """The three parts of a policy version."""

    agencies: AgencyPolicy = field(default_factory=AgencyPolicy)
    donors: DonorPolicy = field(default_factory=DonorPolicy)
    course: Course = field(default_factory=Course)


def stored(parameters: Parameters) -> dict[str, Any]:
    """As JSON keeps it."""
    return {
        "agencies": as_json(parameters.agencies),
        "donors": as_json(parameters.donors),
        "course": as_json(parameters.course),
    }


def read(content: Mapping[str, Any]) -> Parameters:
    """As it was stored; a missing or unknown parameter is an error, never a default of today."""
    return Parameters(
        agencies=from_json(AgencyPolicy, content["agencies"]),
        donors=from_json(DonorPolicy, content["donors"]),
        course=from_json(Course, content["course"]),
    )
