"""Which policy version is in force on a day."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from common.exceptions import Refused
from evaluation.models import RatingPolicy
from evaluation.parameters import Parameters, read


def policy_on(day: date) -> RatingPolicy:
    """The newest version valid that day."""
    policy = RatingPolicy.objects.filter(valid_from__lte=day).order_by("-valid_from", "-pk").first()
    if policy is None:
        raise Refused(
            "no_policy",
            _("No rating policy is loaded. Ask the system administrator to run load_rating_policy."),
        )
    return policy  # type: ignore[no-any-return]


def parameters_of(policy: RatingPolicy) -> Parameters:
    """Its parameters, complete."""
    return read(policy.parameters)
