"""Visits: on a list with a date, made by two people or on video, written down the same day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Duty
from accounts.models import User
from accounts.services import register_involvement
from common.actors import Actor
from common.clock import SHANGHAI, day_of
from common.exceptions import Refused
from common.locking import lock
from common.recording import record
from common.states import move
from files.models import Attachment
from households.enums import IdentityLevel, VisitKind, VisitState
from households.models import Household, Member, Visit
from households.rules import refuse_paused, refuse_unless_case_role


@transaction.atomic
def open_visit_task(
    *, household: Household, kind: str, due: date, cause_ref: str, by: Actor, at: datetime
) -> Visit:
    """Put a visit on the worklist; the same visit for the same cause stands there once."""
    known: Visit | None = Visit.objects.filter(
        household=household, kind=kind, cause_ref=cause_ref, state=VisitState.PLANNED
    ).first()
    if known is not None:
        return known
    visit = Visit(
        household=household,
        kind=kind,
        due=due,
        cause_ref=cause_ref,
        created_at=at,
        state=VisitState.PLANNED,
        state_since=at,
    )
    visit.save(force_insert=True)
    record("visit.planned", visit, by=by, at=at, kind=kind, due=due, household=household.public_id)
    return visit


@transaction.atomic
def plan_visit(*, household: Household, kind: str, due: date, by: User, at: datetime) -> Visit:
    """A worker of the area means to go there, on a day to come; what stands on the list already is said.

    The rule plans visits of its own: the follow-ups after an exit stand beside this one, a verification does not.
    """
    household = lock(household)
    refuse_unless_case_role(by, household)
    refuse_paused(household)
    if due < day_of(at):
        raise Refused("in_the_past", _("This day is over. By when will you go?"), field="due")
    planned = household.visits.filter(kind=kind, state=VisitState.PLANNED)
    if kind == VisitKind.FOLLOW_UP:
        planned = planned.filter(cause_ref="")
    if (known := planned.order_by("due").first()) is not None:
        raise Refused(
            "planned_already",
            _(
                "Such a visit stands on the list already, by %(day)s. If another day suits better, take that one off "
                "the list first."
            )
            % {"day": known.due.isoformat()},
            field="kind",
        )
    register_involvement(file=household, duty=Duty.HANDLER, by=by, at=at)
    return open_visit_task(household=household, kind=kind, due=due, cause_ref="", by=by, at=at)


@transaction.atomic
def record_visit(
    *,
    visit: Visit,
    done_at: datetime,
    companion: User | None,
    companion_name: str,
    by_video: bool,
    identity_seen: int,
    papers_of: Iterable[Member],
    findings: str,
    evidence: Attachment | None,
    by: User,
    at: datetime,
) -> Visit:
    """What was seen, by at least two people or on video; whose document was shown rises to the level seen.

    Nobody counts twice, and what is verified was received before. A member without a number on file has no document
    that could bear it out, and stays.
    """
    visit = lock(visit)
    household = visit.household
    refuse_unless_case_role(by, household)
    refuse_paused(household)
    if not (by_video or companion or companion_name):
        raise Refused(
            "two_people", _("Who came along? A visit is made by two people, or on video."), field="companion"
        )
    if companion is not None and companion.pk == by.pk:
        raise Refused("two_people", _("Name the other person who came along."), field="companion")
    if companion_name and _plain(companion_name) in {_plain(by.name), _plain(by.username)}:
        raise Refused(
            "two_people",
            _("This is your own name. Name the other person who came along."),
            field="companion_name",
        )
    if done_at > at:
        raise Refused(
            "in_the_future", _("This moment is still to come. When was the visit?"), field="done_at"
        )
    if done_at < datetime.combine(day_of(household.created_at), time.min, tzinfo=SHANGHAI):
        raise Refused(
            "before_file",
            _("The family was not on file yet on that day. When was the visit?"),
            field="done_at",
        )
    if done_at < (_received(visit) or done_at):
        raise Refused(
            "before_application",
            _("The application had not come in yet then. Correct the moment, or go there once more."),
            field="done_at",
        )
    numbered = household.members.filter(live=True, id_index__isnull=False)
    shown = numbered.filter(pk__in=[member.pk for member in papers_of])
    if identity_seen >= IdentityLevel.SEEN and numbered.exists() and not shown.exists():
        raise Refused("whose_document", _("Tick whose document you saw."), field="papers_of")
    for visitor in filter(None, (by, companion)):
        register_involvement(file=household, duty=Duty.VISITOR, by=visitor, at=at)
    also = {
        "done_at": done_at,
        "visitor": by,
        "companion": companion,
        "companion_name": companion_name,
        "by_video": by_video,
        "identity_seen": identity_seen,
        "findings": findings,
        "evidence": evidence,
    }
    seen_of = sorted(shown.values_list("public_id", flat=True))
    move(visit, VisitState.DONE, by=by, at=at, also=also, identity_seen=identity_seen, members=seen_of)
    shown.filter(identity_level__lt=identity_seen).update(identity_level=identity_seen)
    return visit


def _plain(name: str) -> str:
    """A name without its spaces, however it is typed."""
    return "".join(name.split()).casefold()


def _received(visit: Visit) -> datetime | None:
    """The minute the application came in that this visit verifies; other visits verify none."""
    if visit.kind != VisitKind.VERIFICATION:
        return None
    applications = visit.household.applications.order_by("submitted_at")
    verified = applications.filter(public_id=visit.cause_ref).first() or applications.first()
    return verified.submitted_at.replace(second=0, microsecond=0) if verified else None


@transaction.atomic
def record_no_show(*, visit: Visit, new_due: date, by: User, at: datetime) -> Visit:
    """Nobody was home: the visit goes back on the list with a new date."""
    visit = lock(visit)
    refuse_unless_case_role(by, visit.household)
    refuse_paused(visit.household)
    register_involvement(file=visit.household, duty=Duty.VISITOR, by=by, at=at)
    if new_due < day_of(at):
        raise Refused("in_the_past", _("This day is over. When will you go again?"), field="new_due")
    move(visit, VisitState.NO_SHOW, by=by, at=at)
    return move(visit, VisitState.PLANNED, by=by, at=at, also={"due": new_due})


@transaction.atomic
def cancel_visit(*, visit: Visit, reason: str, by: User, at: datetime) -> Visit:
    """A worker of the family's area finds that a visit on the list is not needed any more."""
    visit = lock(visit)
    refuse_unless_case_role(by, visit.household)
    refuse_paused(visit.household)
    register_involvement(file=visit.household, duty=Duty.HANDLER, by=by, at=at)
    return call_off(visit, reason=reason, by=by, at=at)


def call_off(visit: Visit, *, reason: str, by: Actor, at: datetime) -> Visit:
    """Off the list, with what it was for."""
    return move(lock(visit), VisitState.CANCELLED, by=by, at=at, reason=reason)
