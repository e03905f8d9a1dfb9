"""Case work: the plan with its steps and ratings, notes, supervision, referral and closing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.models import User
from files.services import keep
from households import services
from households.desk.acts.base import Act, register
from households.desk.acts.word import brought
from households.desk.forms.base import OwnWordForm, Reason
from households.desk.forms.papers import (
    AnswerForm,
    CorrectionForm,
    NoteForm,
    OutcomeForm,
    ReferralForm,
    SummaryForm,
    SupervisionForm,
)
from households.desk.forms.plans import RatingForm, StepForm
from households.enums import PlanState, ReferralState, StepState, SummaryState
from households.models import (
    ClosingSummary,
    Household,
    PlanStep,
    ProcessNote,
    Referral,
    ServicePlan,
    Supervision,
)
from households.rules import ON_FILE

SUPERVISOR = frozenset({Role.SUPERVISOR})


def plan_url(plan: ServicePlan) -> str:
    return reverse("admin:households_serviceplan_write", args=[plan.public_id])


@transaction.atomic
def refer(obj: Household, form: Any, by: User, at: datetime) -> Referral:
    """The family's yes is kept with the referral, or neither is."""
    data = dict(form.cleaned_data)
    kept = keep(upload=data.pop("upload"), purpose="confirmation_evidence", owner=obj, by=by, at=at)
    return services.refer_household(household=obj, **data, evidence=kept, by=by, at=at)


register(
    Household,
    (
        Act(
            "plan",
            _("Write the service plan"),
            lambda obj, form, by, at: services.start_plan(household=obj, by=by, at=at),
            _("Begun. Write it together with the family."),
            states=ON_FILE,
            lead=_(
                "Goals with their levels come first, then who does what by when. It counts once the family agrees."
            ),
            tab="care",
            rests=True,
            to=plan_url,
        ),
        Act(
            "note",
            _("Write a process note"),
            lambda obj, form, by, at: services.write_note(household=obj, **form.cleaned_data, by=by, at=at),
            _("Kept. It is not altered any more; a further note puts it right."),
            form=NoteForm,
            lead=_(
                "What was said and done, within a day. Only you, whose case it is and the supervisors read it."
            ),
            tab="care",
        ),
        Act(
            "supervise",
            _("Write down a supervision"),
            lambda obj, form, by, at: services.record_supervision(
                household=obj, **form.cleaned_data, by=by, at=at
            ),
            _("Kept. The colleague reads it and says so."),
            form=SupervisionForm,
            roles=SUPERVISOR,
            tab="care",
        ),
        Act(
            "refer",
            _("Refer the family"),
            refer,
            _("Noted with the family's word. The answer is due in ten working days."),
            form=ReferralForm,
            lead=_("Only with the family's own yes to this receiver and to what it is told."),
            states=ON_FILE,
            tab="care",
            rests=True,
        ),
        Act(
            "closing",
            _("Write the closing summary"),
            lambda obj, form, by, at: services.write_summary(
                household=obj, **form.cleaned_data, by=by, at=at
            ),
            _("A supervisor reads it; then the plan is closed and the first follow-up stands on the list."),
            form=SummaryForm,
            fits=lambda obj, user: obj.plans.filter(state=PlanState.AGREED).exists(),
            tab="care",
            rests=True,
        ),
    ),
)
register(
    ServicePlan,
    (
        Act(
            "agree",
            _("The family agrees to the plan"),
            brought(services.agree_plan, "plan"),
            _("The plan counts. Its steps stand on the list with their days."),
            form=OwnWordForm,
            lead=_("Read every goal and its five levels aloud first. Afterwards the plan is not altered."),
            states=frozenset({PlanState.DRAFT}),
            look="primary",
            tab="care",
            rests=True,
        ),
        Act(
            "rate",
            _("Rate the goals"),
            lambda obj, form, by, at: services.rate_plan(
                plan=obj,
                levels=form.levels,
                note=form.cleaned_data["note"],
                rated_on=form.cleaned_data["rated_on"],
                by=by,
                at=at,
            ),
            _("Kept as the next stage."),
            form=RatingForm,
            lead=_("Together with the family: which of the levels written before fits today?"),
            states=frozenset({PlanState.AGREED}),
            tab="care",
            rests=True,
        ),
    ),
)
register(
    PlanStep,
    tuple(
        Act(
            slug,
            title,
            lambda obj, form, by, at, to=to: services.end_step(  # type: ignore[misc]
                step=obj, to=to, word=form.cleaned_data["word"], by=by, at=at
            ),
            _("Noted."),
            form=StepForm,
            states=frozenset({StepState.OPEN}),
            look=look,
            tab="care",
            rests=True,
        )
        for slug, title, to, look in (
            ("done", _("It is done"), StepState.DONE, "secondary"),
            ("drop", _("It is no longer to be done"), StepState.DROPPED, "link"),
        )
    ),
)
register(
    ProcessNote,
    (
        Act(
            "correct",
            _("Put it right with a further note"),
            lambda obj, form, by, at: services.write_note(
                household=obj.household, corrects=obj, **form.cleaned_data, by=by, at=at
            ),
            _("Kept beside the first note, which stays."),
            form=CorrectionForm,
            fits=lambda obj, user: obj.written_by_id == user.pk,
            look="link",
            tab="care",
        ),
    ),
)
register(
    Supervision,
    (
        Act(
            "read",
            _("I have read it"),
            lambda obj, form, by, at: services.read_supervision(supervision=obj, by=by, at=at),
            _("Noted."),
            fits=lambda obj, user: obj.worker_id == user.pk and obj.read_at is None,
            look="primary",
            tab="care",
        ),
    ),
)
register(
    Referral,
    (
        Act(
            "answer",
            _("Write down the receiver's answer"),
            lambda obj, form, by, at: services.answer_referral(
                referral=obj, **form.cleaned_data, by=by, at=at
            ),
            _("Noted."),
            form=AnswerForm,
            states=frozenset({ReferralState.SENT}),
            tab="care",
        ),
        Act(
            "end",
            _("The family has got there"),
            lambda obj, form, by, at: services.end_referral(referral=obj, **form.cleaned_data, by=by, at=at),
            _("Noted."),
            form=OutcomeForm,
            states=frozenset({ReferralState.ACCEPTED}),
            tab="care",
        ),
        Act(
            "take-back",
            _("The family no longer wants it"),
            brought(services.take_referral_back, "referral"),
            _("Noted. Tell the receiver as well."),
            form=OwnWordForm,
            states=frozenset({ReferralState.SENT, ReferralState.ACCEPTED}),
            look="link",
            tab="care",
        ),
    ),
)
register(
    ClosingSummary,
    (
        Act(
            "confirm",
            _("Confirm and close the plan"),
            lambda obj, form, by, at: services.decide_summary(
                summary=obj, confirm=True, reason="", by=by, at=at
            ),
            _("The plan is closed; the first follow-up visit stands on the list."),
            states=frozenset({SummaryState.WRITTEN}),
            roles=SUPERVISOR,
            fits=lambda obj, user: obj.written_by_id != user.pk,
            look="primary",
            tab="care",
        ),
        Act(
            "send-back",
            _("Send it back"),
            lambda obj, form, by, at: services.decide_summary(
                summary=obj, confirm=False, reason=form.cleaned_data["reason"], by=by, at=at
            ),
            _("The colleague sees your reason."),
            form=Reason,
            states=frozenset({SummaryState.WRITTEN}),
            roles=SUPERVISOR,
            fits=lambda obj, user: obj.written_by_id != user.pk,
            tab="care",
        ),
    ),
)
