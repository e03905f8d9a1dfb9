"""A family objects, and two people who had no part in it decide."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.enums import Role
from accounts.models import User
from common.actors import CodeHolder
from households import services
from households.models import Household, Objection
from households.queries.decisions import Decision, standing_decisions
from tests import cast as people
from tests.cast import AT, Cast


def outsiders(cast: Cast, *, second: str = Role.SOCIAL_WORKER) -> list[User]:
    """Two colleagues of the station who never saw the family."""
    return [
        people.hire(
            username, name, role, organisation=cast.station, prefix=people.COUNTY, by=cast.administrator
        )
        for username, name, role in (("sun2", "孙一", Role.SOCIAL_WORKER), ("wu", "吴二", second))
    ]


def standing(household: Household, subject: str) -> Decision:
    """The first decision of this subject that stands on the file now."""
    now = Household.objects.get(pk=household.pk)
    return next(decision for decision in standing_decisions(now) if decision.subject == subject)


def objects(household: Household, subject: str, *, at: datetime = AT, **changes: Any) -> Objection:
    """The family objects by its code to what stands; a family without an application by its worker."""
    about = changes.pop("about", None) or standing(household, subject).about
    application = household.applications.order_by("pk").first()
    given = {"text": "药费没有算进去。", "channel": "web"} | changes
    if application is not None:
        given.setdefault("by", CodeHolder(application.public_id))
    return services.file_objection(household=household, subject=subject, about=about, **given, at=at)


def decided(
    household: Household,
    subject: str,
    deciders: list[User],
    cast: Cast,
    *,
    opinion: str = "uphold",
    at: datetime = AT,
    **changes: Any,
) -> Objection:
    objection = objects(household, subject, at=at, **changes)
    judged(objection, deciders, cast, opinion=opinion, at=at)
    return objection


def judged(
    objection: Objection, deciders: list[User], cast: Cast, *, opinion: str = "uphold", at: datetime = AT
) -> None:
    """Both deciders say so."""
    first, second = deciders
    services.assign_objection(objection=objection, first=first, second=second, by=cast.supervisor, at=at)
    given: dict[str, Any] = {"opinion": opinion, "answer": "重新看过，您说得对。"}
    for person in deciders:
        services.decide_objection(objection=objection, **given, by=person, at=at)
    objection.refresh_from_db()
