"""Drafting, reviewing, publishing, amending and repealing policies; lines and rules."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.exceptions import Refused
from common.locking import lock, save_edited
from common.recording import record
from common.states import move
from policy.enums import PolicyState
from policy.models import EligibilityRule, Line, Policy
from policy.rules import check_conditions, check_scope

EDITABLE = (
    "title",
    "doc_no",
    "issuer",
    "category",
    "effective_from",
    "effective_to",
    "full_text",
    "plain_summary",
)


@transaction.atomic
def draft_policy(*, area: str, by: User, at: datetime, amends: Policy | None = None, **fields: Any) -> Policy:
    """An officer drafts a policy for an area inside the own one."""
    _inside_own_area(by, area)
    policy = Policy(
        area=area, drafter=by, created_at=at, amends=amends, state=PolicyState.DRAFT, state_since=at, **fields
    )
    policy.save(force_insert=True)
    record("policy.drafted", policy, by=by, at=at, area=area)
    return policy


@transaction.atomic
def edit_policy(*, policy: Policy, version: int, by: User, at: datetime, **changes: Any) -> Policy:
    """A draft is edited by hand; a stale save shows both versions."""
    _inside_own_area(by, policy.area)
    if policy.state != PolicyState.DRAFT:
        raise Refused("not_a_draft", _("Only a draft can be edited. Amend the published policy instead."))
    saved = save_edited(policy, version=version, changes=changes)
    record("policy.edited", saved, by=by, at=at, fields=sorted(changes))
    return saved


@transaction.atomic
def review_policy(*, policy: Policy, by: User, at: datetime) -> Policy:
    """A second officer reviews; the drafter may not."""
    policy = lock(policy)
    _inside_own_area(by, policy.area)
    if policy.drafter_id == by.pk:
        raise Refused("four_eyes", _("You drafted this. Ask a colleague to review it."))
    return move(policy, PolicyState.REVIEWED, by=by, at=at, also={"reviewer": by})


@transaction.atomic
def publish_policy(*, policy: Policy, by: User, at: datetime) -> Policy:
    """A reviewed policy goes into force; a policy it amends is marked so, and its lines give way."""
    policy = lock(policy)
    _inside_own_area(by, policy.area)
    if policy.amends is not None:
        earlier = lock(policy.amends)
        move(earlier, PolicyState.AMENDED, by=by, at=at, successor=policy.public_id)
        earlier.lines.update(in_place=False)
        policy.lines.update(in_place=True)
    return move(policy, PolicyState.PUBLISHED, by=by, at=at, also={"published_at": at})


@transaction.atomic
def repeal_policy(*, policy: Policy, reason: str, by: User, at: datetime) -> Policy:
    """A published policy ends; its lines no longer count."""
    policy = lock(policy)
    _inside_own_area(by, policy.area)
    policy.lines.update(in_place=False)
    return move(policy, PolicyState.REPEALED, by=by, at=at, reason=reason)


@transaction.atomic
def add_line(
    *,
    policy: Policy,
    scope: str,
    area: str,
    year: int,
    kind: str,
    amount: Decimal,
    basis: str,
    by: User,
    at: datetime,
) -> Line:
    """A line belongs to a draft, and there is one per scope, area, year and kind."""
    policy = _draft(policy, by)
    check_scope(scope, area)
    if not area.startswith(by.seat.prefix if by.seat else "-"):
        raise Refused("outside_area", _("This line lies outside your area."), field="area")
    same = Line.objects.filter(scope=scope, area=area, year=year, kind=kind, in_place=True)
    replaces = policy.amends is not None and same.filter(policy=policy.amends).exists()
    if same.exists() and not replaces:
        raise Refused(
            "line_exists", _("There is already such a line. Amend the policy that set it."), field="year"
        )
    line = Line.objects.create(
        policy=policy,
        scope=scope,
        area=area,
        year=year,
        kind=kind,
        amount=amount,
        basis=basis,
        in_place=not replaces,
    )
    record(
        "policy.line_added",
        policy,
        by=by,
        at=at,
        scope=scope,
        area=area,
        year=year,
        kind=kind,
        amount=str(amount),
    )
    return line


@transaction.atomic
def add_rule(
    *,
    policy: Policy,
    subject: str,
    conditions: list[dict[str, Any]],
    benefit: str,
    standard: str,
    where_to_apply: str,
    by: User,
    at: datetime,
) -> EligibilityRule:
    """An eligibility rule is structured data over known fields; it advises and never decides."""
    policy = _draft(policy, by)
    check_conditions(subject, conditions)
    rule = EligibilityRule.objects.create(
        policy=policy,
        subject=subject,
        conditions=conditions,
        benefit=benefit,
        standard=standard,
        where_to_apply=where_to_apply,
    )
    record("policy.rule_added", policy, by=by, at=at, subject=subject, conditions=len(conditions))
    return rule


def _draft(policy: Policy, by: User) -> Policy:
    policy = lock(policy)
    _inside_own_area(by, policy.area)
    if policy.state != PolicyState.DRAFT:
        raise Refused("not_a_draft", _("Only a draft can be edited. Amend the published policy instead."))
    return policy


def _inside_own_area(by: User, area: str) -> None:
    if by.seat is None or not by.seat.covers(area):
        raise Refused(
            "outside_area", _("This area is not yours. Choose one inside your own area."), field="area"
        )
