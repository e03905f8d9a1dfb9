"""What an assessment makes of a need that is open already: kept with it, and done when a supervisor approves it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from accounts.models import User
from common.clock import day_of
from common.locking import lock
from common.recording import record
from common.states import move
from households.enums import NeedState
from households.models import Assessment, Household, Need
from households.services.needs import OVERRIDDEN, RATED, rate

REVISED = ("requested", "urgency", "deadline", "public_title", "public_summary", "contribution")


def as_revised(entry: dict[str, Any]) -> dict[str, Any]:
    """What is to become of an open need, as it is kept until the approval."""
    kept = {name: entry[name] for name in REVISED if name in entry}
    if kept.get("deadline") is not None:
        kept["deadline"] = kept["deadline"].isoformat()
    return {"need": entry["need"].public_id, **kept}


def revise(
    household: Household, assessment: Assessment, entry: dict[str, Any], *, by: User, at: datetime
) -> None:
    """An open need takes on what was found; one that ended meanwhile is left alone."""
    need = lock(Need.objects.get(household=household, public_id=entry["need"]))
    if need.state != NeedState.OPEN:
        return
    before = need.requested, need.severity
    values = {name: entry[name] for name in REVISED if name in entry}
    if values.get("deadline"):
        values["deadline"] = date.fromisoformat(values["deadline"])
    for name, value in values.items():
        setattr(need, name, value)
    need.requested = max(need.requested, need.reserved + need.delivered)
    need.smallest = need.item.smallest_part if need.item.divisible else need.requested
    need.assessment = assessment
    if need.severity_rule != OVERRIDDEN:
        rate(need, assessment, need.deadline, on=day_of(at))
    need.save(update_fields=[*values, *RATED, "requested", "smallest", "assessment"])
    record(
        "need.reassessed",
        need,
        by=by,
        at=at,
        requested_before=before[0],
        requested=need.requested,
        severity_before=before[1],
        severity=need.severity,
    )
    if need.delivered == need.requested:
        move(need, NeedState.FULFILLED, by=by, at=at)
