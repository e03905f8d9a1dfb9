"""Dangers that wait: on top of the worklist of whoever can act."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from accounts.enums import Role
from common.todos import Todo
from households.desk.words import act_url, head_of
from households.enums import SafetyState
from households.models import Member, SafetyAlert

MOST = 30


def alerts(user: Any) -> Iterator[Todo]:
    """To act on at once, for everybody who sees the file; then for a supervisor to look at what was done."""
    rows = SafetyAlert.objects.visible_to(user).exclude(state=SafetyState.CLOSED)
    heads = Prefetch("household__members", Member.objects.filter(is_head=True))
    for row in (
        rows.select_related("household", "result").prefetch_related(heads).order_by("due", "pk")[:MOST]
    ):
        words = {"head": head_of(row.household)}
        if row.state == SafetyState.OPEN:
            yield Todo(
                title=_("Act now: somebody in the family of %(head)s may be in danger") % words,
                url=act_url(row, "act"),
                due=row.due,
                detail=row.household.number,
                kind="safety",
                at_once=True,
            )
        elif user.seat.role == Role.SUPERVISOR and user.pk not in {row.result.taken_by_id, row.done_by_id}:
            yield Todo(
                title=_("Look at what was done to keep somebody of %(head)s safe") % words,
                url=act_url(row, "close"),
                due=row.due,
                detail=row.household.number,
                kind="safety",
            )
