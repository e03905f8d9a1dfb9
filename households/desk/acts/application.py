"""From the received application to the supervisor's decision."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.models import User
from households import services
from households.desk.acts.base import Act, register
from households.desk.acts.word import brought
from households.desk.forms.base import OwnWordForm, Reason
from households.desk.forms.cases import NoteForm, ReturnForm
from households.enums import ApplicationState as A
from households.enums import AssessmentState
from households.models import Application, Assessment
from households.rules import set_aside_of
from households.services.further import is_further

SUPERVISOR = frozenset({Role.SUPERVISOR})


def _write_at(assessment: Assessment) -> str:
    return reverse("admin:households_assessment_write", args=[assessment.public_id, "problem"])


def _refusable(application: Application, user: User) -> bool:
    """A question alone is no reason: only what two people found false ends it before the review."""
    return application.state != A.FLAGGED or application.flags.filter(state="confirmed_false").exists()


ON_THE_WAY = frozenset(A) - {A.APPROVED, A.REJECTED, A.WITHDRAWN}


def _begins(application: Application, user: User) -> bool:
    """Nobody writes it yet, and it was not this person's assessment that was set aside."""
    ended = [AssessmentState.APPROVED, AssessmentState.SET_ASIDE]
    return not (application.assessments.exclude(state__in=ended).exists() or set_aside_of(application, user))


register(
    Application,
    (
        Act(
            "accept",
            _("Accept the application"),
            lambda obj, form, by, at: services.accept_application(application=obj, by=by, at=at),
            _("Accepted. The family's visit is due within three working days."),
            states=frozenset({A.SUBMITTED}),
            lead=_("You take this family on. The clock for the visit starts now."),
            look="primary",
            rests=True,
        ),
        Act(
            "return",
            _("Ask the family for what is missing"),
            lambda obj, form, by, at: services.return_application(
                application=obj, missing=form.cleaned_data["missing"], by=by, at=at
            ),
            _("The family sees what is missing on its status page."),
            form=ReturnForm,
            states=frozenset({A.SUBMITTED}),
            lead=_("Ask once for everything. Nobody has to prove the same thing twice."),
            rests=True,
        ),
        Act(
            "complete",
            _("The family brought it"),
            lambda obj, form, by, at: services.resubmit_application(
                application=obj, note=form.cleaned_data["note"], by=by, at=at
            ),
            _("The application is with us again."),
            form=NoteForm,
            states=frozenset({A.RETURNED}),
            look="primary",
        ),
        Act(
            "verify",
            _("Start checking"),
            lambda obj, form, by, at: services.start_verifying(application=obj, by=by, at=at),
            _("The data was looked through and the visit stands on the list."),
            states=frozenset({A.ACCEPTED}),
            lead=_("The data is compared, open questions are listed, and a visit is planned."),
            look="primary",
            tab="check",
            rests=True,
        ),
        Act(
            "assess",
            _("Write the assessment"),
            lambda obj, form, by, at: services.start_assessment(application=obj, by=by, at=at),
            _("The assessment has four pages; each is kept when you save it."),
            states=frozenset({A.VERIFYING}),
            lead=_("The problem, the person, the situation, and what follows from them."),
            look="primary",
            fits=_begins,
            to=_write_at,
            rests=True,
        ),
        Act(
            "review",
            _("Take up for review"),
            lambda obj, form, by, at: services.start_review(application=obj, by=by, at=at),
            _("You are reviewing this file."),
            states=frozenset({A.ASSESSED}),
            roles=SUPERVISOR,
            look="primary",
            tab="check",
            rests=True,
        ),
        Act(
            "approve",
            _("Approve and file"),
            lambda obj, form, by, at: services.approve_application(application=obj, by=by, at=at),
            _("The family is filed and its needs are open."),
            states=frozenset({A.REVIEWING}),
            roles=SUPERVISOR,
            lead=_("The needs open with a severity from the rule, and matching can begin."),
            look="primary",
            rests=True,
        ),
        Act(
            "reject",
            _("Do not approve the application"),
            lambda obj, form, by, at: services.reject_application(
                application=obj, reason=form.cleaned_data["reason"], by=by, at=at
            ),
            _("The family reads your reason and how to object."),
            form=Reason,
            states=frozenset({A.REVIEWING, A.FLAGGED}),
            roles=SUPERVISOR,
            fits=_refusable,
            lead=_(
                "Write why, in words the family understands. It can object, and apply again when things change."
            ),
            look="danger",
        ),
        Act(
            "withdraw",
            _("The family takes it back"),
            brought(services.withdraw_application, "application"),
            _("Taken back. The family can apply again at any time."),
            form=OwnWordForm,
            states=ON_THE_WAY,
            fits=lambda obj, user: not is_further(obj),
            lead=_(
                "Only what the family said itself, on paper or recorded. Its needs go with the application."
            ),
            look="link",
        ),
        Act(
            "take-back",
            _("The family no longer needs it"),
            brought(services.withdraw_further, "application"),
            _("Taken back. The file and everything else stay as they are."),
            form=OwnWordForm,
            states=ON_THE_WAY,
            fits=lambda obj, user: is_further(obj),
            lead=_("Only what the family said itself, on paper or recorded."),
            look="link",
        ),
    ),
)
