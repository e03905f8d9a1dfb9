"""A rating in words and rows: what went in, how much it counted, what came out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

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
            (label, figures["components"][name], int(policy.components[name] * 100))
            for name, label in COMPONENTS.items()
        ],
        "results": [
            {
                **result,
                "title": titles.get(result["project"], result["project"]),
                "is_public": result["project"] in public,
                "weight": two_places(Decimal(result["weight"])),
            }
            for result in results
        ],
        "mean": two_places(Decimal(rating.inputs["mean"])) if rating.inputs["mean"] else None,
        "results_in_all": rating.inputs["results_in_all"],
        "strength": policy.prior_strength,
        "low": figures["low"],
        "high": figures["high"],
        "evidence": figures["evidence"],
        "least": policy.least_evidence,
    }
