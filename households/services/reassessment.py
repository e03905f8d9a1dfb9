"""An assessment the family rightly objected to is set aside, and somebody else assesses anew (domain §10.1)."""

from __future__ import annotations

from datetime import datetime

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
from households.enums import (
    ApplicationState,
    AssessmentState,
    HouseholdState,
    VisitKind,
    VisitState,
)
from households.models import Application, Assessment, Household
from households.rules import assessed_anew, refuse_paused, refuse_unless_supervisor
from households.services.clocks import days_of
from households.services.decision import note_causes, open_said_needs, refuse_assessor, refuse_unready
from households.services.ending import applied_again, reopen_application
from households.services.links import file_page
from households.services.news import tell_household
from households.services.revising import revise
from households.services.visits import open_visit_task
from notices.services import notify_all

OVER = frozenset({HouseholdState.WITHDRAWN, HouseholdState.CLOSED})
UNDER_WAY = frozenset({ApplicationState.ASSESSED, ApplicationState.REVIEWING})


@transaction.atomic
def set_assessment_aside(*, assessment: Assessment, cause: str, by: Actor, at: datetime) -> Assessment | None:
    """This assessment no longer counts and stays readable; None when nothing is left to assess anew.

    A file not decided yet goes back to checking. One that was approved stays approved, and its needs stay open and
    matched as they are: support goes on, and the new assessment changes them once a supervisor has approved it.
    """
    if assessment.application is None:
        return None
    application = lock(assessment.application)
    household = lock(assessment.household)
    if household.state in OVER or application.state == ApplicationState.WITHDRAWN:
        return None
    if application.state == ApplicationState.REJECTED:
        if applied_again(household):
            return None
        application = lock(reopen_application(application=application, by=by, at=at))
        household = lock(household)
    assessment = move(lock(assessment), AssessmentState.SET_ASIDE, by=by, at=at, reason="objection_upheld")
    _begin_anew(application, household, cause, by, at)
    record("assessment.reopened", application, by=by, at=at, household=household.public_id)
    _tell(application, by, at)
    return assessment


def _begin_anew(application: Application, household: Household, cause: str, by: Actor, at: datetime) -> None:
    """New days to keep and a new visit; the file stays with its worker until a supervisor hands it on."""
    today, days = day_of(at), days_of(application)
    due = {"visit_due": days.visit_by(today), "decide_due": days.decide_by(today)}
    if application.state in UNDER_WAY:
        move(application, ApplicationState.VERIFYING, by=by, at=at, reason="objection_upheld", also=due)
    else:
        Application.objects.filter(pk=application.pk).update(**due)
    if not household.visits.filter(kind=VisitKind.VERIFICATION, state=VisitState.PLANNED).exists():
        open_visit_task(
            household=household,
            kind=VisitKind.VERIFICATION,
            due=due["visit_due"],
            cause_ref=cause,
            by=by,
            at=at,
        )


def _tell(application: Application, by: Actor, at: datetime) -> None:
    household = application.household
    tell_household(household, "assessed_again_for_household", by=by, at=at)
    notify_all(
        to=holders_of(Role.SUPERVISOR, area=household.area),
        kind="assessor_wanted",
        params={"number": household.number},
        url=file_page(household),
        by=by,
        at=at,
    )


@transaction.atomic
def approve_reassessment(*, assessment: Assessment, by: User, at: datetime) -> Assessment:
    """Four eyes on the new assessment of a family on file: from now on its needs follow it.

    What was promised or has arrived stays: a need never becomes smaller than that.
    """
    application = lock(assessment.application) if assessment.application else None
    household = lock(assessment.household)
    assessment = lock(assessment)
    refuse_unless_supervisor(by, household)
    refuse_paused(household)
    if application is None or not assessed_anew(application):
        raise Refused("not_anew", _("This assessment belongs to an application. Decide on the application."))
    refuse_assessor(application, by)
    refuse_unready(household)
    register_involvement(file=household, duty=Duty.REVIEWER, by=by, at=at)
    move(assessment, AssessmentState.APPROVED, by=by, at=at, also={"reviewer": by, "approved_at": at})
    if application == household.applications.order_by("pk").first():
        note_causes(household, assessment)
    open_said_needs(application, assessment, by=by, at=at)
    for entry in assessment.revised:
        revise(household, assessment, entry, by=by, at=at)
    record("assessment.renewed", application, by=by, at=at, household=household.public_id)
    tell_household(household, "assessed_anew_for_household", by=by, at=at)
    return assessment
