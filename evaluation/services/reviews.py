"""A running measure looked at anew: by the agency's word or when its time is over; two people lift it or go on."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import refuse_unless_by_rule
from common.actors import Actor
from common.clock import day_of
from common.exceptions import Refused
from common.locking import lock
from evaluation.enums import Measure, Trigger
from evaluation.models import EliminationCase
from evaluation.queries import parameters_of, policy_on
from evaluation.queries.running import IN_WORK, case_in_work
from evaluation.rules import refuse_not_own_agency
from evaluation.services.cases import make_statement, open_elimination
from implementers.enums import AgencyState, Standing
from implementers.models import Agency

RUNNING = [Standing.WARNED, Standing.RECTIFYING, Standing.SUSPENDED, Standing.ELIMINATED]


@transaction.atomic
def report_put_right(*, agency: Agency, text: str, by: User, at: datetime) -> EliminationCase:
    """A warned or rectifying agency says what it put right; a suspension or removal runs to its last day first."""
    agency = lock(agency)
    refuse_not_own_agency(agency, by)
    if agency.standing not in {Standing.WARNED, Standing.RECTIFYING}:
        raise Refused(
            "nothing_to_put_right",
            _("Your agency is “%(standing)s”. Its measure is looked at again after its last day.")
            % {"standing": agency.get_standing_display()},
        )
    if case_in_work(agency) is not None:
        raise Refused("case_open", _("A case about your agency is open. Make your statement there."))
    case = _review(agency, Trigger.PUT_RIGHT, by=by, at=at)
    return make_statement(case=case, text=text, by=by, at=at)


@transaction.atomic
def open_due_reviews(*, by: Actor, at: datetime) -> list[EliminationCase]:
    """Every measure whose time is over gets a case: the agency speaks, two people lift it or go on."""
    refuse_unless_by_rule(by)
    busy = EliminationCase.objects.filter(state__in=IN_WORK).values("agency_id")
    present = Agency.objects.filter(standing__in=RUNNING).exclude(state=AgencyState.LEFT)
    rows = present.exclude(pk__in=busy).order_by("pk")
    return [_review(agency, _over(agency), by=by, at=at) for agency in rows if at >= measure_ends(agency, at)]


def _over(agency: Agency) -> Trigger:
    """Time to put things right that passed without the agency's report has failed; any other is merely over."""
    return Trigger.RECTIFICATION_FAILED if agency.standing == Standing.RECTIFYING else Trigger.PERIOD_OVER


def measure_ends(agency: Agency, at: datetime) -> datetime:
    """Its last day; a measure without one runs as long as a warning does."""
    days = parameters_of(policy_on(day_of(at))).course.rectify_days
    ends: datetime = agency.standing_until or (agency.standing_since or at) + timedelta(days=days)
    return ends


def _review(agency: Agency, trigger: Trigger, *, by: Actor, at: datetime) -> EliminationCase:
    since = agency.standing_since
    facts = {"standing": agency.standing, "since": day_of(since).isoformat() if since else ""}
    return open_elimination(agency=agency, trigger=trigger, measure=Measure.NONE, facts=facts, by=by, at=at)
