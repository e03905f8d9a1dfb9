"""A decision in favour of the family is acted on: by a day, and by a supervisor who did not decide it."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Duty, Role
from accounts.models import User
from accounts.queries import holders_of
from accounts.services import register_involvement
from common.actors import Actor
from common.clock import day_of
from common.exceptions import Refused
from common.locking import lock
from common.recording import record
from common.states import move
from households.enums import Outcome, RemedyState
from households.models import Objection, Remedy
from households.rules import refuse_unless_supervisor
from households.services.links import remedy_page
from households.services.news import tell_household
from notices.services import notify_all
from reference.queries import add_working_days

ACT_DAYS = 10  # working days


@transaction.atomic
def open_remedy(*, objection: Objection, by: Actor, at: datetime) -> Remedy:
    """The family was right: a supervisor of the area has ten working days to act on it."""
    household = objection.household
    remedy: Remedy = Remedy.objects.create(
        objection=objection,
        household=household,
        due=add_working_days(day_of(at), ACT_DAYS),
        created_at=at,
        state=RemedyState.WAITING,
        state_since=at,
    )
    record(
        "remedy.opened",
        remedy,
        by=by,
        at=at,
        household=household.public_id,
        objection=objection.public_id,
        subject=objection.subject,
        about=objection.object_ref,
        due=remedy.due,
    )
    deciders = {objection.first_decider_id, objection.second_decider_id}
    supervisors = holders_of(Role.SUPERVISOR, area=household.area)
    notify_all(
        to=[person for person in supervisors if person.pk not in deciders],
        kind="remedy_waiting",
        params={"number": objection.number},
        url=remedy_page(remedy),
        by=by,
        at=at,
    )
    return remedy


@transaction.atomic
def record_remedy(
    *, remedy: Remedy, outcome: str, text: str, done_on: date, by: User, at: datetime
) -> Remedy:
    """What was done, of which kind and when; whoever decided the objection does not also carry it out."""
    remedy = lock(remedy)
    objection = remedy.objection
    refuse_unless_supervisor(by, remedy.household)
    if by.pk in {objection.first_decider_id, objection.second_decider_id}:
        raise Refused("decided_it", _("You decided this objection. Another supervisor acts on it."))
    if outcome not in Outcome.values:
        raise Refused("outcome_unknown", _("Choose what came of it."), field="outcome")
    if not text.strip():
        raise Refused(
            "text_missing", _("Write what was done, in words the family understands."), field="text"
        )
    if done_on > day_of(at):
        raise Refused("in_the_future", _("This day is still to come. When was it done?"), field="done_on")
    if done_on < day_of(remedy.created_at):
        raise Refused(
            "before_the_decision",
            _("This day lies before the decision on the objection. When was it done?"),
            field="done_on",
        )
    register_involvement(file=remedy.household, duty=Duty.REMEDIER, by=by, at=at)
    also = {"outcome": outcome, "text": text.strip(), "done_on": done_on, "done_by": by, "done_at": at}
    move(
        remedy,
        RemedyState.DONE,
        by=by,
        at=at,
        also=also,
        household=remedy.household.public_id,
        outcome=outcome,
        done_on=done_on,
    )
    tell_household(remedy.household, "objection_acted", by=by, at=at)
    return remedy
