"""The service plan of a family, its steps and how far its goals are reached (domain §4.2, §4.4)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.attainment import Goal, goal_attainment
from common.crypto import EncryptedJSONField, EncryptedTextField
from common.models import Record, Versioned
from common.states import StatefulModel, state_check
from households.enums import PLAN_MOVES, STEP_MOVES, Doer, PlanState, StepState
from households.models.household import Household
from households.models.rights import CaseFileQuerySet

USER = settings.AUTH_USER_MODEL


class ServicePlan(Record, Versioned, StatefulModel):
    """Two to five goals with their five levels, who does what by when; frozen once the family has agreed.

    `goals` holds `text`, `weight`, `levels` from -2 to 2 and the level `now`; `steps` holds `what`, `who`, `due`.
    """

    TITLE = ("household.number", "edition")

    STATES = PlanState
    MOVES = PLAN_MOVES

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="plans")
    edition = models.PositiveSmallIntegerField(pgettext_lazy("plan", "edition"))
    goals = EncryptedJSONField(_("goals"), label="service_plan.goals", default=list, blank=True)
    steps = EncryptedJSONField(_("steps"), label="service_plan.steps", default=list, blank=True)
    review_due = models.DateField(_("look at it again by"), null=True)
    author = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(pgettext_lazy("plan", "begun"))
    agreed_at = models.DateTimeField(_("agreed"), null=True)
    evidence = models.ForeignKey("files.Attachment", on_delete=models.PROTECT, null=True, related_name="+")

    objects: ClassVar = CaseFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("service plan")
        verbose_name_plural = _("service plans")
        constraints = [
            state_check(PlanState, "plan_state"),
            models.UniqueConstraint(fields=["household", "edition"], name="plan_edition_once"),
            models.UniqueConstraint(fields=["household"], condition=Q(state="draft"), name="plan_one_draft"),
            models.UniqueConstraint(
                fields=["household"], condition=Q(state="agreed"), name="plan_one_agreed"
            ),
            models.CheckConstraint(
                condition=Q(state="draft")
                | Q(agreed_at__isnull=False, evidence__isnull=False, review_due__isnull=False),
                name="plan_agreed_with_evidence",
            ),
        ]


class PlanStep(Record, StatefulModel):
    """One step of an agreed plan, with who does it and by when."""

    TITLE = ("household.number", "due")

    STATES = StepState
    MOVES = STEP_MOVES

    plan = models.ForeignKey(ServicePlan, on_delete=models.PROTECT, related_name="tasks")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="plan_steps")
    what = EncryptedTextField(_("what is done"), label="plan_step.what")
    who = models.CharField(_("who does it"), max_length=12, choices=Doer)
    due = models.DateField(_("by when"))
    word = EncryptedTextField(_("what came of it"), label="plan_step.word", blank=True)

    objects: ClassVar = CaseFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of a plan")
        verbose_name_plural = _("steps of plans")
        constraints = [
            state_check(StepState, "plan_step_state"),
            models.CheckConstraint(condition=Q(who__in=Doer.values), name="plan_step_who"),
            models.CheckConstraint(condition=Q(state="open") | ~Q(word=""), name="plan_step_word"),
        ]
        indexes = [models.Index(fields=["state", "due"], name="plan_step_due")]


class PlanRating(Record):
    """How far each goal of an agreed plan is reached on a day; T0 is how things stood before."""

    TITLE = ("household.number", "stage", "rated_on")

    plan = models.ForeignKey(ServicePlan, on_delete=models.PROTECT, related_name="ratings")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="plan_ratings")
    stage = models.PositiveSmallIntegerField(_("stage"))
    levels = EncryptedJSONField(label="plan_rating.levels", default=list)
    note = EncryptedTextField(_("what the family says to it"), label="plan_rating.note", blank=True)
    rated_on = models.DateField(_("rated on"))
    rated_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar = CaseFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("rating of goals")
        verbose_name_plural = _("ratings of goals")
        constraints = [models.UniqueConstraint(fields=["plan", "stage"], name="plan_rating_stage_once")]

    @property
    def score(self) -> Decimal:
        """Kiresuk and Sherman's T over the goals of the plan."""
        weights: Any = self.plan.goals
        levels: Any = self.levels
        return goal_attainment(
            [Goal(goal["weight"], level) for goal, level in zip(weights, levels, strict=True)]
        )
