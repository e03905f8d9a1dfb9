"""Rating and standing: written down here by evaluation, read by everybody below (design §3, domain §11)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from common.actors import Actor
from common.exceptions import Refused
from common.locking import lock
from common.states import move
from implementers.enums import STANDING_MOVES, AgencyState, RatingLevel, Standing
from implementers.models import Agency
from implementers.signals import standing_changed
from journal.services import record


@transaction.atomic
def set_standing(
    *,
    agency: Agency,
    level: str,
    score: Decimal | None,
    since: datetime,
    rating_ref: str,
    projects: int = 0,
    by: Actor,
    at: datetime,
) -> Agency:
    """The rating in force with the number of finished projects behind it; no level means too little to say."""
    if level not in {"", *RatingLevel.values}:
        raise Refused("level_unknown", _("A rating is one of A to E, or open."))
    agency = lock(agency)
    agency.rating_level = level
    agency.rating_score = score if level else None
    agency.rated_since, agency.rating_ref, agency.rated_projects = since, rating_ref, projects
    fields = ["rating_level", "rating_score", "rated_since", "rating_ref", "rated_projects"]
    agency.save(update_fields=fields)
    record(
        "implementers.agency.rated",
        agency,
        by=by,
        at=at,
        level=level,
        score=str(score),
        rating=rating_ref,
        n=projects,
    )
    return agency


@transaction.atomic
def change_standing_state(
    *, agency: Agency, to: str, reason: str, by: Actor, at: datetime, until: datetime | None = None
) -> Agency:
    """Warned, rectifying, suspended, frozen, eliminated and back: by one table, with a reason (domain §11.4)."""
    agency = lock(agency)
    before = agency.standing
    if to not in STANDING_MOVES.get(Standing(before), set()):
        raise Refused(
            "wrong_standing",
            _("The agency is “%(standing)s” now, so that step is not open.")
            % {"standing": agency.get_standing_display()},
        )
    if not reason.strip():
        raise Refused("reason_missing", _("Say why, in a sentence the agency will read."), field="reason")
    agency.standing, agency.standing_since, agency.standing_until = to, at, until
    agency.standing_reason = reason.strip()[:200]
    agency.save(update_fields=["standing", "standing_since", "standing_until", "standing_reason"])
    record(f"implementers.agency.standing_{to}", agency, by=by, at=at, before=before)
    standing_changed.send(sender=Agency, agency=agency, before=before, after=to, by=by, at=at)
    return agency


@transaction.atomic
def prolong_standing(
    *, agency: Agency, reason: str, by: Actor, at: datetime, until: datetime | None
) -> Agency:
    """A suspension or removal goes on for another period, with a reason (domain §11.4)."""
    agency = lock(agency)
    if agency.standing not in {Standing.SUSPENDED, Standing.ELIMINATED}:
        raise Refused(
            "wrong_standing",
            _("The agency is “%(standing)s” now, so that step is not open.")
            % {"standing": agency.get_standing_display()},
        )
    agency.standing_until, agency.standing_reason = until, reason.strip()[:200]
    agency.save(update_fields=["standing_until", "standing_reason"])
    record("implementers.agency.standing_prolonged", agency, by=by, at=at, standing=agency.standing)
    return agency


@transaction.atomic
def check_anew(*, agency: Agency, by: Actor, at: datetime) -> Agency:
    """After a removal papers and points are looked at once more: a new admission (domain §10.9)."""
    return move(lock(agency), AgencyState.CHECKING, by=by, at=at)
