"""What a worker reads beside the question of an act of case work."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from common.templatetags.ui import day, moment
from households.desk.words import head_of
from households.models import (
    ClosingSummary,
    PlanStep,
    ProcessNote,
    Referral,
    ServicePlan,
    Supervision,
    SupportTie,
)

Facts = list[tuple[Any, Any]]


def plan(row: ServicePlan) -> Facts:
    goals: Any = row.goals
    return [
        (_("head of household"), head_of(row.household)),
        *((_("goal"), "\n".join([goal["text"], *goal["levels"]])) for goal in goals),
        (_("look at it again by"), day(row.review_due)),
    ]


def step(row: PlanStep) -> Facts:
    return [
        (_("head of household"), head_of(row.household)),
        (_("what is done"), row.what),
        (_("who does it"), row.get_who_display()),
        (_("by when"), day(row.due)),
    ]


def note(row: ProcessNote) -> Facts:
    return [(_("written"), moment(row.written_at)), (_("what was said and done"), row.facts)]


def supervision(row: Supervision) -> Facts:
    facts: Facts = [
        (_("head of household"), head_of(row.household)),
        (_("held on"), f"{day(row.held_on)} · {row.supervisor.name}"),
        (_("what it was about"), row.about),
        (_("what was advised"), row.advice),
    ]
    return [*facts, (_("done by"), day(row.due))] if row.due else facts


def referral(row: Referral) -> Facts:
    return [
        (_("who receives the family"), row.receiver),
        (_("how the receiver is reached"), row.contact or "—"),
        (_("for which matter"), row.matter),
        (_("what the receiver is told"), row.told),
        (_("answer by"), day(row.answer_due)),
    ]


def summary(row: ClosingSummary) -> Facts:
    return [
        (_("head of household"), head_of(row.household)),
        (_("why it is closed"), row.get_reason_display()),
        (_("what was reached and what not"), row.result),
        (_("what the family says"), row.family),
        (_("how it is looked in on"), row.follow_up),
        (_("first follow-up visit by"), day(row.first_visit)),
        (_("written by"), row.written_by.name),
    ]


def tie(row: SupportTie) -> Facts:
    return [
        (_("head of household"), head_of(row.household)),
        (_("who it is"), row.name),
        (_("kind of tie"), row.get_kind_display()),
        (_("who helps whom"), row.get_direction_display()),
    ]


CARE_FACTS: dict[type[Any], Any] = {
    ClosingSummary: summary,
    PlanStep: step,
    ProcessNote: note,
    Referral: referral,
    ServicePlan: plan,
    Supervision: supervision,
    SupportTie: tie,
}
