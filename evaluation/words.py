"""A rating in words and rows: what went in, how much it counted, what came out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from evaluation.formulas.rounding import two_places
from evaluation.models import Rating
from evaluation.queries import parameters_of
from projects.models import PUBLIC_STATES, Project

COMPONENTS: dict[str, Any] = {
    "projects": _("Results of finished projects"),
    "capacity": _("Capacity at admission"),
    "timeliness": _("Milestones kept"),
    "finance": _("Money matters"),
    "satisfaction": _("Satisfied households"),
    "openness": _("Feedback to donors in time"),
}


def explained(rating: Rating) -> dict[str, Any]:
    """The components with their weights, and each project result with its own."""
    policy = parameters_of(rating.policy).agencies
    figures, results = rating.figures, rating.inputs["results"]
    refs = [result["project"] for result in results]
    projects = {one.public_id: one for one in Project.objects.filter(public_id__in=refs)}
    titles = {ref: one.title for ref, one in projects.items()}
    public = {ref for ref, one in projects.items() if one.state in PUBLIC_STATES}
    return {
        "components": [
            (label, _rounded(figures["components"][name]), int(policy.components[name] * 100))
            for name, label in COMPONENTS.items()
        ],
        "results": [
            {
                **result,
                "title": titles.get(result["project"], result["project"]),
                "is_public": result["project"] in public,
                "score": _rounded(result["score"]),
                "weight": _rounded(result["weight"]),
            }
            for result in results
        ],
        "mean": _rounded(rating.inputs["mean"]),
        "results_in_all": rating.inputs["results_in_all"],
        "strength": policy.prior_strength,
        "low": _rounded(figures["low"]),
        "high": _rounded(figures["high"]),
        "evidence": _rounded(figures["evidence"]),
        "missing": "" if rating.level else _missing(rating, policy.least_evidence),
    }


def _missing(rating: Rating, least: Decimal) -> str:
    """What a level still lacks: weight of finished projects, or the other components (domain §11.2)."""
    if rating.project_score is not None:
        return gettext("The finished projects weigh enough, but too much of the rest is not known yet.")
    return gettext(
        "What the finished projects weigh together is %(evidence)s; a level needs %(least)s. A small or long-past "
        "project weighs less."
    ) % {"evidence": _rounded(rating.figures["evidence"]), "least": _rounded(least)}


def _rounded(value: Any) -> Decimal | None:
    """Every number of the explanation in one format."""
    return None if value in (None, "") else two_places(Decimal(value))
