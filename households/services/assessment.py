"""The three-level assessment, written by one worker and approved by a supervisor (domain §4.1)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.enums import Duty
from accounts.models import User
from accounts.services import register_involvement
from common.exceptions import Refused
from common.locking import lock, save_edited
from common.recording import record
from common.states import move
from households.enums import ApplicationState, AssessmentState, IdentityLevel, VisitKind, VisitState
from households.models import Application, Assessment
from households.rules import refuse_unless_case_role

# Mandatory at each level (domain §4.1); `risks` counts as answered by a risk or by "no immediate risk".
MANDATORY = {
    "problem": [
        "problem_words",
        "problem_view",
        "category",
        "onset",
        "frequency",
        "duration",
        "grade",
        "efforts",
    ],
    "person": ["functioning", "health", "mood", "skills", "motivation", "strengths", "wish"],
    "situation": ["family", "network", "living", "economy", "services_near", "conflict", "language"],
    "synthesis": ["causes", "protective", "risk_factors", "objectives"],
}


@transaction.atomic
def start_assessment(*, application: Application, by: User, at: datetime) -> Assessment:
    """A worker begins the assessment while the application is being checked; one is open at a time."""
    application = lock(application)
    refuse_unless_case_role(by, application.household)
    if application.state != ApplicationState.VERIFYING:
        raise Refused(
            "not_verifying", _("Finish the open questions first; then the assessment can be written.")
        )
    known = application.assessments.exclude(state=AssessmentState.APPROVED).first()
    if known is not None:
        return known
    register_involvement(file=application.household, duty=Duty.ASSESSOR, by=by, at=at)
    assessment = Assessment(
        household=application.household,
        application=application,
        assessor=by,
        created_at=at,
        state=AssessmentState.DRAFT,
        state_since=at,
    )
    try:
        with transaction.atomic():
            assessment.save(force_insert=True)
    except IntegrityError:
        return application.assessments.exclude(state=AssessmentState.APPROVED).get()
    record("assessment.started", assessment, by=by, at=at, household=application.household.public_id)
    return assessment


@transaction.atomic
def save_assessment(
    *, assessment: Assessment, version: int, changes: dict[str, Any], by: User, at: datetime
) -> Assessment:
    """Keep what was written so far; a stale save shows both versions."""
    refuse_unless_case_role(by, assessment.household)
    if assessment.state not in {AssessmentState.DRAFT, AssessmentState.SENT_BACK}:
        raise Refused("not_open", _("This assessment is with the supervisor; it cannot be edited now."))
    if assessment.assessor_id != by.pk:
        raise Refused("not_yours", _("The colleague who wrote this assessment edits it."))
    saved = save_edited(assessment, version=version, changes=changes)
    record("assessment.saved", saved, by=by, at=at, fields=sorted(changes))
    return saved


def missing_fields(assessment: Assessment) -> list[str]:
    """The mandatory fields still empty, in the order of the form."""
    missing = [
        name
        for names in MANDATORY.values()
        for name in names
        if getattr(assessment, name) in (None, "", [], {})
    ]
    if not assessment.risks and not assessment.no_risk_seen:
        missing.append("risks")
    return missing


@transaction.atomic
def submit_assessment(
    *, assessment: Assessment, household_confirms: bool, needs: list[dict[str, Any]], by: User, at: datetime
) -> Assessment:
    """All three levels written, a visit made and the document seen: worker and household confirm; it goes up.

    `needs` carries what the assessment made of each need: `need`, `requested`, `urgency`, `deadline`, `public_title`,
    `public_summary`, `contribution`.
    """
    assessment = lock(assessment)
    application = lock(assessment.application) if assessment.application else None
    refuse_unless_case_role(by, assessment.household)
    if assessment.assessor_id != by.pk:
        raise Refused("not_yours", _("The colleague who wrote this assessment sends it."))
    if missing := missing_fields(assessment):
        labels = ", ".join(str(Assessment._meta.get_field(name).verbose_name) for name in missing)  # type: ignore[union-attr]
        raise Refused(
            "levels_incomplete", _("Still to be written: %(fields)s") % {"fields": labels}, field=missing[0]
        )
    if not household_confirms:
        raise Refused(
            "household_confirms", _("Go through it with the family; send it once they agree."), field="agreed"
        )
    visits = assessment.household.visits.filter(kind=VisitKind.VERIFICATION, state=VisitState.DONE)
    if not visits.exists():
        raise Refused("visit_missing", _("Record the visit first."))
    if not visits.filter(identity_seen__gte=IdentityLevel.SEEN).exists():
        raise Refused(
            "identity_not_seen", _("The identity document has not been seen yet. Note it in the visit.")
        )
    for entry in needs:
        need = lock(entry["need"])
        if need.household_id != assessment.household_id:
            raise Refused("other_household", _("This need belongs to another family."))
        for name in ("requested", "urgency", "deadline", "public_title", "public_summary", "contribution"):
            if name in entry:
                setattr(need, name, entry[name])
        need.smallest = need.item.smallest_part if need.item.divisible else need.requested
        need.assessment = assessment
        need.save(
            update_fields=[
                "requested",
                "smallest",
                "urgency",
                "deadline",
                "public_title",
                "public_summary",
                "contribution",
                "assessment",
            ]
        )
        record("need.assessed", need, by=by, at=at, requested=need.requested, urgency=need.urgency)
    also = {"submitted_at": at, "worker_confirmed_at": at, "household_confirmed_at": at}
    move(assessment, AssessmentState.SUBMITTED, by=by, at=at, also=also)
    if application is not None:
        move(application, ApplicationState.ASSESSED, by=by, at=at)
    return assessment


@transaction.atomic
def send_back_assessment(*, assessment: Assessment, reason: str, by: User, at: datetime) -> Assessment:
    """The supervisor asks for more; the application goes back to checking."""
    assessment = lock(assessment)
    refuse_unless_case_role(by, assessment.household)
    if assessment.assessor_id == by.pk:
        raise Refused("four_eyes", _("You wrote this assessment. A colleague reviews it."))
    move(assessment, AssessmentState.SENT_BACK, by=by, at=at, also={"sent_back_reason": reason})
    if assessment.application is not None:
        move(lock(assessment.application), ApplicationState.VERIFYING, by=by, at=at)
    return assessment
