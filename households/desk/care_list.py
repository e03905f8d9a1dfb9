"""Days of plans and referrals, advice to read and summaries to confirm, for the worklist."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from accounts.enums import Role
from common.todos import Todo
from households.desk.words import act_url, end_of, head_of
from households.enums import HouseholdState, PlanState, ReferralState, StepState, SummaryState
from households.models import ClosingSummary, Member, PlanStep, Referral, ServicePlan, Supervision

MOST = 30


def todos(user: Any) -> Iterator[Todo]:
    """Days of plans and referrals, advice to read, and for a supervisor summaries to confirm."""
    return chain(_steps(user), _reviews(user), _referrals(user), _advice(user), _summaries(user))


def _with_heads(rows: Any) -> Any:
    heads = Prefetch("household__members", Member.objects.filter(is_head=True))
    return rows.select_related("household").prefetch_related(heads)


def _own(model: Any, user: Any, **which: Any) -> Any:
    """Of the families this person takes care of, unless the file rests."""
    rows = model.objects.visible_to(user).filter(household__worker=user, **which)
    return _with_heads(rows.exclude(household__state=HouseholdState.SUSPENDED))


def _steps(user: Any) -> Iterator[Todo]:
    for row in _own(PlanStep, user, state=StepState.OPEN).order_by("due", "pk")[:MOST]:
        yield Todo(
            title=_("Step of the plan of %(head)s: %(what)s")
            % {"head": head_of(row.household), "what": row.what},
            url=act_url(row, "done"),
            due=end_of(row.due),
            detail=f"{row.get_who_display()} · {row.household.number}",
            kind="plan_step",
        )


def _reviews(user: Any) -> Iterator[Todo]:
    for row in _own(ServicePlan, user, state=PlanState.AGREED).order_by("review_due", "pk")[:MOST]:
        yield Todo(
            title=_("Look at the plan together with %(head)s") % {"head": head_of(row.household)},
            url=act_url(row, "rate"),
            due=end_of(row.review_due),
            detail=row.household.number,
            kind="plan_review",
        )


def _referrals(user: Any) -> Iterator[Todo]:
    for row in _own(Referral, user, state=ReferralState.SENT).order_by("answer_due", "pk")[:MOST]:
        yield Todo(
            title=_("Ask for the answer to the referral of %(head)s: %(receiver)s")
            % {"head": head_of(row.household), "receiver": row.receiver},
            url=act_url(row, "answer"),
            due=end_of(row.answer_due),
            detail=row.household.number,
            kind="referral",
        )


def _advice(user: Any) -> Iterator[Todo]:
    rows = Supervision.objects.visible_to(user).filter(worker=user, read_at__isnull=True)
    for row in _with_heads(rows).order_by("pk")[:MOST]:
        yield Todo(
            title=_("Read the advice on %(head)s") % {"head": head_of(row.household)},
            url=act_url(row, "read"),
            due=end_of(row.due) if row.due else None,
            detail=row.household.number,
            kind="supervision",
        )


def _summaries(user: Any) -> Iterator[Todo]:
    if user.seat.role != Role.SUPERVISOR:
        return
    rows = ClosingSummary.objects.visible_to(user).filter(state=SummaryState.WRITTEN)
    for row in _with_heads(rows.exclude(written_by=user)).order_by("pk")[:MOST]:
        yield Todo(
            title=_("Confirm the closing summary of %(head)s") % {"head": head_of(row.household)},
            url=act_url(row, "confirm"),
            detail=row.household.number,
            kind="summary",
        )
