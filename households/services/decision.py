"""The supervisor's decision: filed, or refused with reasons the household can read and object to."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Duty
from accounts.models import User
from accounts.services import register_involvement
from common.clock import day_of
from common.exceptions import Refused
from common.locking import lock
from common.states import move
from households.enums import ApplicationState, AssessmentState, HouseholdState, NeedState
from households.models import Application, Assessment, Household, Need
from households.queries.missing import unfinished_words
from households.rules import groups_of, refuse_paused, refuse_unless_supervisor, unclassified
from households.services.ending import REJECTED, cancel_said_needs, end_file, never_filed
from households.services.file import note_missing
from households.services.needs import RATED, rate
from households.services.news import tell_household
from households.services.revising import revise
from households.services.verification import OPEN

CAUSES = ("cause_main", "cause_second", "cause_third")


@transaction.atomic
def start_review(*, application: Application, by: User, at: datetime) -> Application:
    """A supervisor who neither verified nor assessed takes the file up."""
    application = lock(application)
    refuse_unless_supervisor(by, application.household)
    refuse_paused(application.household)
    refuse_assessor(application, by)
    register_involvement(file=application.household, duty=Duty.REVIEWER, by=by, at=at)
    return move(application, ApplicationState.REVIEWING, by=by, at=at)


@transaction.atomic
def approve_application(*, application: Application, by: User, at: datetime) -> Application:
    """Four eyes: the household is filed and its needs open with a severity from the rule.

    A file has a head, a category, the standard it was found by and the answers asked of everybody (domain §2.1), and
    no open question.
    """
    application = lock(application)
    household = lock(application.household)
    refuse_unless_supervisor(by, household)
    refuse_paused(household)
    refuse_assessor(application, by)
    refuse_unready(household)
    assessment = application.assessments.filter(state=AssessmentState.SUBMITTED).first()
    if assessment is None:
        raise Refused("no_assessment", _("The three-level assessment is missing."))
    register_involvement(file=household, duty=Duty.REVIEWER, by=by, at=at)
    move(lock(assessment), AssessmentState.APPROVED, by=by, at=at, also={"reviewer": by, "approved_at": at})
    if household.filed_at is None:
        _file_household(household, assessment, by, at)
    _revise_opened(application, household, assessment, by, at)
    open_said_needs(application, assessment, by=by, at=at)
    note_missing(household)
    also = {"decided_at": at, "decided_by": by}
    move(application, ApplicationState.APPROVED, by=by, at=at, also=also)
    tell_household(household, "application_approved", by=by, at=at)
    return application


@transaction.atomic
def reject_application(*, application: Application, reason: str, by: User, at: datetime) -> Application:
    """A refusal is written, says why and how to object (social assistance measures §11).

    Its members are released: the family can object, or apply again when its situation changes.
    """
    application = lock(application)
    household = lock(application.household)
    refuse_unless_supervisor(by, household)
    refuse_assessor(application, by)
    if not reason.strip():
        raise Refused("reason_missing", _("Write why, in words the family understands."), field="reason")
    if (
        application.state == ApplicationState.FLAGGED
        and not application.flags.filter(state="confirmed_false").exists()
    ):
        raise Refused(
            "not_confirmed", _("A question alone is no reason. Two colleagues must confirm it first.")
        )
    register_involvement(file=household, duty=Duty.REVIEWER, by=by, at=at)
    cancel_said_needs(application, reason=REJECTED, by=by, at=at)
    also = {"decided_at": at, "decided_by": by, "decision_reason": reason}
    move(application, ApplicationState.REJECTED, by=by, at=at, also=also)
    if never_filed(household):
        end_file(household, HouseholdState.REJECTED, reason=REJECTED, by=by, at=at)
    tell_household(household, "application_rejected", by=by, at=at)
    return application


def refuse_unready(household: Household) -> None:
    """A file that is approved has a head, a category, a standard, the answers of everybody, and no open question."""
    if household.head is None:
        raise Refused("no_head", _("The file has no head of household yet. Complete it before approving."))
    if missing := unclassified(household):
        raise Refused(
            "unclassified",
            _("Still missing: %(things)s. Enter it on the file under “Correct address, phone or category”.")
            % {"things": ", ".join(str(Household._meta.get_field(name).verbose_name) for name in missing)},  # type: ignore[union-attr]
        )
    if persons := unfinished_words(household):
        raise Refused(
            "person_unfinished",
            _(
                "Still missing: %(things)s. Enter it on the file beside the person, under “Correct or complete”."
            )
            % {"things": _("; ").join(persons)},
        )
    if household.flags.filter(state__in=OPEN, severity__in=["block", "flag"]).exists():
        raise Refused("open_questions", _("There are questions still open on this file. Settle them first."))


def open_said_needs(application: Application, assessment: Assessment, *, by: User, at: datetime) -> None:
    """What was asked for and looked at is open for matching now."""
    said = application.needs.filter(state=NeedState.DRAFT).select_related("item", "household")
    for need in said:
        _open_need(lock(need), application.household, assessment, by, at)


def _revise_opened(
    application: Application, household: Household, assessment: Assessment, by: User, at: datetime
) -> None:
    """What could not wait is open already: from now on it follows the assessment like the others."""
    found = {entry["need"]: entry for entry in assessment.revised}
    for ref in application.needs.filter(state=NeedState.OPEN).values_list("public_id", flat=True):
        revise(household, assessment, found.get(ref, {"need": ref}), by=by, at=at)


def note_causes(household: Household, assessment: Assessment) -> None:
    """The causes of the file are those of the assessment in force."""
    causes = [cause["code"] for cause in assessment.causes][:3]
    for name, code in zip(CAUSES, [*causes, "", "", ""], strict=False):
        setattr(household, name, code)
    household.save(update_fields=CAUSES)


def refuse_assessor(application: Application, by: User) -> None:
    if application.assessments.filter(assessor=by).exists():
        raise Refused("four_eyes", _("You wrote the assessment. Another supervisor decides."))
    if application.refused_by_id == by.pk:
        raise Refused(
            "refused_before", _("You refused it before the objection. Another supervisor decides it anew.")
        )


def _file_household(household: Household, assessment: Assessment, by: User, at: datetime) -> None:
    note_causes(household, assessment)
    household.filed_at = at
    household.save(update_fields=["filed_at"])
    if household.state != HouseholdState.ACTIVE:
        move(household, HouseholdState.ACTIVE, by=by, at=at)


def _open_need(need: Need, household: Household, assessment: Assessment, by: User, at: datetime) -> None:
    today = day_of(at)
    rate(need, assessment, need.deadline, on=today)
    need.groups = groups_of(household, today)
    need.opened_at = at
    need.public_title = need.public_title or need.item.label_zh
    need.save(update_fields=[*RATED, "groups", "opened_at", "public_title"])
    move(need, NeedState.ASSESSED, by=by, at=at, assessment=assessment.public_id)
    move(need, NeedState.OPEN, by=by, at=at, severity=need.severity, rule=need.severity_rule)
