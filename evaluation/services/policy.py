"""Versions of the rating policy: written once, never changed."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common.actors import Actor
from common.exceptions import Refused
from common.recording import record
from evaluation.models import RatingPolicy
from evaluation.parameters import Parameters, stored

FIRST = "v1"


@transaction.atomic
def load_rating_policy(
    *,
    by: Actor,
    at: datetime,
    version: str = FIRST,
    valid_from: date = date(2020, 1, 1),
    parameters: Parameters | None = None,
) -> RatingPolicy:
    """The version, created once; the same version with other parameters is refused."""
    content = stored(parameters or Parameters())
    policy, is_new = RatingPolicy.objects.get_or_create(
        version=version, defaults={"parameters": content, "valid_from": valid_from, "created_at": at}
    )
    if is_new:
        record("evaluation.policy_loaded", policy, by=by, at=at, version=version)
    elif policy.parameters != content:
        raise Refused("version_taken", _("This version exists with other parameters. Choose a new version."))
    return policy
