"""Data questions, visits, and the assessment on its way up and down."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.enums import Duty, Role
from accounts.models import User
from accounts.rules import conflict_of
from files.services import keep
from households import services
from households.desk.acts.base import Act, register
from households.desk.forms.assessment import SendForm
from households.desk.forms.base import Reason
from households.desk.forms.cases import CancelVisitForm, ExplainForm, NoShowForm, VisitForm
from households.enums import ApplicationState, AssessmentState, FlagState, VisitState
from households.models import Application, Assessment, QualityFlag, Visit
from households.rules import set_aside_of

OPEN = frozenset({FlagState.RAISED, FlagState.ASKED, FlagState.EXPLAINED})
WRITING = frozenset({AssessmentState.DRAFT, AssessmentState.SENT_BACK})
PLANNED = frozenset({VisitState.PLANNED})


@transaction.atomic
def record_visit(obj: Visit, form: VisitForm, by: User, at: datetime) -> Visit:
    """The photo is kept with the visit, or neither is."""
    data: dict[str, Any] = dict(form.cleaned_data)
    upload = data.pop("evidence")
    kept = keep(upload=upload, purpose="visit_evidence", owner=obj, by=by, at=at) if upload else None
    return services.record_visit(visit=obj, evidence=kept, by=by, at=at, **data)


def _waits_for_another(assessment: Assessment, user: User) -> bool:
    """A file on record that nobody has begun to assess anew; never by whoever wrote what was set aside."""
    application = assessment.application
    return (
        application is not None
        and application.state == ApplicationState.APPROVED
        and Application.objects.wanting_assessor().filter(pk=application.pk).exists()
        and not set_aside_of(application, user)
        and conflict_of(user=user, file=assessment.household, duty=Duty.ASSESSOR) is None
    )


def _approved_before(assessment: Assessment, user: User) -> bool:
    application = assessment.application
    return (
        application is not None
        and application.state == ApplicationState.APPROVED
        and not application.assessments.filter(assessor=user).exists()
    )


def _pages_of(assessment: Assessment) -> str:
    return reverse("admin:households_assessment_write", args=[assessment.public_id, "problem"])


register(
    QualityFlag,
    (
        Act(
            "ask",
            _("Ask the family"),
            lambda obj, form, by, at: services.ask_explanation(flag=obj, by=by, at=at),
            _("The question stands on the family's status page."),
            states=frozenset({FlagState.RAISED, FlagState.EXPLAINED}),
            tab="check",
        ),
        Act(
            "explain",
            _("Write down the explanation"),
            lambda obj, form, by, at: services.explain_flag(
                flag=obj, explanation=form.cleaned_data["explanation"], by=by, at=at
            ),
            _("The explanation is noted."),
            form=ExplainForm,
            states=frozenset({FlagState.RAISED, FlagState.ASKED}),
            tab="check",
        ),
        Act(
            "clear",
            _("It is all right"),
            lambda obj, form, by, at: services.clear_flag(
                flag=obj, reason=form.cleaned_data["reason"], by=by, at=at
            ),
            _("Settled."),
            form=Reason,
            states=OPEN,
            look="primary",
            tab="check",
        ),
        Act(
            "correct",
            _("It was a mistake and is corrected"),
            lambda obj, form, by, at: services.correct_flag(
                flag=obj, reason=form.cleaned_data["reason"], by=by, at=at
            ),
            _("Settled."),
            form=Reason,
            states=OPEN,
            lead=_("Correct the file first, then say here what was wrong."),
            tab="check",
        ),
        Act(
            "false",
            _("The statement is false"),
            lambda obj, form, by, at: services.confirm_false(
                flag=obj, reason=form.cleaned_data["reason"], by=by, at=at
            ),
            _("Your opinion is noted. It counts once a second colleague agrees."),
            form=Reason,
            states=OPEN,
            lead=_("Two people must find so. The needs of this application end with the second opinion."),
            look="danger",
            fits=lambda obj, user: obj.first_decider_id != user.pk,
            tab="check",
        ),
    ),
)
register(
    Visit,
    (
        Act(
            "record",
            _("Write down the visit"),
            record_visit,
            _("The visit is on file."),
            form=VisitForm,
            states=PLANNED,
            look="primary",
            tab="check",
            rests=True,
        ),
        Act(
            "no-show",
            _("Nobody was home"),
            lambda obj, form, by, at: services.record_no_show(
                visit=obj, new_due=form.cleaned_data["new_due"], by=by, at=at
            ),
            _("The visit is back on the list."),
            form=NoShowForm,
            states=PLANNED,
            tab="check",
            rests=True,
        ),
        Act(
            "cancel",
            _("This visit is not needed any more"),
            lambda obj, form, by, at: services.cancel_visit(
                visit=obj, reason=form.cleaned_data["reason"], by=by, at=at
            ),
            _("The visit is off the list."),
            form=CancelVisitForm,
            states=PLANNED,
            look="link",
            tab="check",
            rests=True,
        ),
    ),
)
register(
    Assessment,
    (
        Act(
            "send",
            _("Send to the supervisor"),
            lambda obj, form, by, at: services.submit_assessment(
                assessment=obj,
                household_confirms=form.cleaned_data["agreed"],
                needs=form.entries,
                by=by,
                at=at,
            ),
            _("The supervisor has it now."),
            form=SendForm,
            states=WRITING,
            lead=_("Say for each need how much and by when, and write the words strangers may read."),
            look="primary",
            fits=lambda obj, user: obj.assessor_id == user.pk,
            tab="check",
            rests=True,
        ),
        Act(
            "send-back",
            _("Send back"),
            lambda obj, form, by, at: services.send_back_assessment(
                assessment=obj, reason=form.cleaned_data["reason"], by=by, at=at
            ),
            _("The colleague reads what is still missing."),
            form=Reason,
            states=frozenset({AssessmentState.SUBMITTED}),
            roles=frozenset({Role.SUPERVISOR}),
            fits=lambda obj, user: obj.assessor_id != user.pk and not obj.refused,
            tab="check",
            rests=True,
        ),
        Act(
            "anew",
            _("Assess anew"),
            lambda obj, form, by, at: services.start_assessment(application=obj.application, by=by, at=at),
            _("The assessment has four pages; each is kept when you save it."),
            states=frozenset({AssessmentState.SET_ASIDE}),
            lead=_(
                "The family objected and was right. You look with your own eyes, after a visit of your own."
            ),
            look="primary",
            fits=_waits_for_another,
            to=_pages_of,
            rests=True,
        ),
        Act(
            "approve",
            _("Approve the new assessment"),
            lambda obj, form, by, at: services.approve_reassessment(assessment=obj, by=by, at=at),
            _("Approved. The needs of the family follow it from now on."),
            states=frozenset({AssessmentState.SUBMITTED}),
            roles=frozenset({Role.SUPERVISOR}),
            lead=_("Open needs take on what was found. What was promised or has arrived stays."),
            look="primary",
            fits=_approved_before,
            tab="check",
            rests=True,
        ),
    ),
)
