"""The inputs of all ratings of a day: one query a table, whatever the number of agencies."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q
from django.db.models.functions import TruncDate

from common.clock import SHANGHAI, day_of
from donors.models import FeedbackDue
from evaluation.enums import Heading, RatingState
from evaluation.formulas.policy import Policy
from evaluation.formulas.rating import project_weight
from evaluation.models import Rating
from evaluation.queries.results import end_of, finished_results
from implementers.enums import AdmissionState, AgencyState
from implementers.models import Admission, Agency
from projects.models import Milestone

DAYS_A_MONTH = 30
SHARED = (Heading.FINANCE, Heading.SATISFACTION)
Counts = dict[int, tuple[int, int]]


def snapshot(as_of: date, policy: Policy) -> dict[int, dict[str, Any]]:
    """Agency number -> inputs, as of the end of a day; plain JSON, so that it is stored and hashed as it is."""
    found = _results(as_of, policy)
    agencies = dict(
        Agency.objects.filter(state=AgencyState.ADMITTED, admitted_at__lt=end_of(as_of))
        .order_by("pk")
        .values_list("pk", "organisation_id")
    )
    capacity, milestones, feedback, previous = (
        _capacity(as_of),
        _milestones(as_of),
        _feedback(as_of),
        _levels_before(as_of),
    )
    common = {
        "as_of": as_of.isoformat(),
        "policy": policy.version,
        "mean": _mean(found.scores),
        "results_in_all": len(found.scores),
        "finance_mean": _mean(found.shares[Heading.FINANCE]),
        "satisfaction_mean": _mean(found.shares[Heading.SATISFACTION]),
    }
    inputs = {}
    for pk, organisation in agencies.items():
        kept, due = milestones.get(pk, (0, 0))
        told, owed = feedback.get(organisation, (0, 0))
        inputs[pk] = {
            **common,
            "results": found.by_agency.get(pk, []),
            "capacity": capacity.get(pk),
            "milestones_kept": kept,
            "milestones_due": due,
            "feedback_kept": told,
            "feedback_due": owed,
            "previous_level": previous.get(pk, ""),
            "months": _months(found.first.get(pk), as_of),
        }
    return inputs


@dataclass
class Found:
    """Results by agency, and what is needed for the means over all of them."""

    by_agency: dict[int, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    first: dict[int, date] = field(default_factory=dict)
    scores: list[Decimal] = field(default_factory=list)
    shares: dict[str, list[Decimal]] = field(default_factory=lambda: defaultdict(list))


def _results(as_of: date, policy: Policy) -> Found:
    """Final evaluations after the end: their scores and weights by budget and age; nothing else is ever counted."""
    found = Found()
    for row in finished_results(as_of):
        agency, budget = row["project__agency_id"], row["project__funds"]
        ended = day_of(row["final_at"])
        age = (as_of - ended).days
        shares = {name: _heading(row["inputs"], name, policy) for name in SHARED}
        found.by_agency[agency].append(
            {
                "evaluation": row["public_id"],
                "project": row["project__public_id"],
                "score": str(row["score"]),
                "grade": row["grade"],
                "veto": row["veto"],
                "budget": budget,
                "age_days": age,
                "weight": str(project_weight(budget=budget, age_days=age, policy=policy)),
                **{str(name): _text(share) for name, share in shares.items()},
            }
        )
        found.first.setdefault(agency, ended)
        found.scores.append(row["score"])
        for name, share in shares.items():
            if share is not None:
                found.shares[name].append(share)
    return found


def _months(first: date | None, as_of: date) -> int:
    return 0 if first is None else (as_of - first).days // DAYS_A_MONTH


def _heading(inputs: dict[str, Any], heading: str, policy: Policy) -> Decimal | None:
    """The mean points of one heading of the score sheets, as a share of a hundred."""
    points = inputs.get("headings", {}).get(heading)
    return None if points is None else Decimal(points) * 100 / policy.scorecard[heading]


def _capacity(as_of: date) -> dict[int, int]:
    """Points of the last admission decided by then."""
    rows = Admission.objects.filter(state=AdmissionState.ADMITTED, decided_at__lt=end_of(as_of))
    return dict(rows.order_by("decided_at", "pk").values_list("agency_id", "total"))


def _milestones(as_of: date) -> Counts:
    """Milestones due by then, and how many were reached by their day."""
    reached = TruncDate("reached_at", tzinfo=SHANGHAI)
    rows = (
        Milestone.objects.filter(due__lte=as_of, project__started_at__lt=end_of(as_of))
        .annotate(reached_on=reached)
        .values("project__agency_id")
        .annotate(due_count=Count("pk"), kept=Count("pk", filter=Q(reached_on__lte=F("due"))))
        .order_by("project__agency_id")
    )
    return {row["project__agency_id"]: (row["kept"], row["due_count"]) for row in rows}


def _feedback(as_of: date) -> Counts:
    """Feedback owed to donors and due by then, and how much of it was given in time."""
    rows = (
        FeedbackDue.objects.filter(due__lt=end_of(as_of), responsible__isnull=False)
        .values("responsible_id")
        .annotate(owed=Count("pk"), told=Count("pk", filter=Q(done_at__lte=F("due"))))
        .order_by("responsible_id")
    )
    return {row["responsible_id"]: (row["told"], row["owed"]) for row in rows}


def _levels_before(as_of: date) -> dict[int, str]:
    """The level of the rating of an earlier day that was last put into force."""
    rows = Rating.objects.filter(
        state__in=[RatingState.EFFECTIVE, RatingState.SUPERSEDED], as_of__lt=as_of
    ).order_by("as_of", "pk")
    return dict(rows.values_list("agency_id", "level"))


def _mean(values: list[Decimal]) -> str | None:
    return str(sum(values, Decimal(0)) / len(values)) if values else None


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)
