"""Drafting, reviewing, publishing, amending and repealing policies; lines and rules."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import User
from accounts.queries import holders_of
from common.exceptions import Refused
from common.locking import lock, save_edited
from common.recording import record
from common.states import move
from notices.services import notify
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
    saved = save_edited(_draft(policy, by), version=version, changes=changes)
    record("policy.edited", saved, by=by, at=at, fields=sorted(changes))
    return saved


@transaction.atomic
def send_policy(*, policy: Policy, by: User, at: datetime) -> Policy:
    """A draft is finished and put before the colleagues of the area; the drafter is not one of them."""
    policy = _draft(policy, by)
    policy.sent_at, policy.sent_back_reason = at, ""
    policy.save(update_fields=["sent_at", "sent_back_reason"])
    record("policy.sent", policy, by=by, at=at)
    return policy


@transaction.atomic
def review_policy(*, policy: Policy, by: User, at: datetime, version: int | None = None) -> Policy:
    """A second officer vouches for the version read; the drafter may not."""
    policy = lock(policy)
    _inside_own_area(by, policy.area)
    if policy.drafter_id == by.pk:
        raise Refused("four_eyes", _("You drafted this. Ask a colleague to review it."))
    if version is not None and version != policy.version:
        raise Refused("changed_since", _("The draft was changed after you opened it. Read it once more."))
    return move(policy, PolicyState.REVIEWED, by=by, at=at, also={"reviewer": by})


@transaction.atomic
def send_back_policy(*, policy: Policy, reason: str, by: User, at: datetime) -> Policy:
    """A colleague asks for changes: the draft is the drafter's again."""
    policy = lock(policy)
    _inside_own_area(by, policy.area)
    if policy.drafter_id == by.pk:
        raise Refused("four_eyes", _("You drafted this. Ask a colleague to review it."))
    if not reason.strip():
        raise Refused("reason_missing", _("Say what should be changed."), field="reason")
    if policy.state == PolicyState.REVIEWED:
        move(policy, PolicyState.DRAFT, by=by, at=at, reason="sent_back", also={"reviewer": None})
    elif policy.state != PolicyState.DRAFT or policy.sent_at is None:
        raise Refused("not_sent", _("This is not waiting for a review."))
    policy.sent_at, policy.sent_back_reason = None, reason[:200]
    policy.save(update_fields=["sent_at", "sent_back_reason"])
    record("policy.sent_back", policy, by=by, at=at)
    return policy


@transaction.atomic
def publish_policy(*, policy: Policy, by: User, at: datetime) -> Policy:
    """An officer other than the drafter puts a reviewed policy into force; the one it amends gives way."""
    policy = lock(policy)
    _inside_own_area(by, policy.area)
    if policy.drafter_id == by.pk:
        raise Refused("four_eyes", _("You drafted this. Ask a colleague to publish it."))
    if policy.amends is not None:
        earlier = lock(policy.amends)
        move(earlier, PolicyState.AMENDED, by=by, at=at, successor=policy.public_id)
        earlier.lines.update(in_place=False)
        policy.lines.update(in_place=True)
    published = move(policy, PolicyState.PUBLISHED, by=by, at=at, also={"published_at": at})
    for person in holders_of(Role.SOCIAL_WORKER, area=policy.area):
        notify(
            to=person, kind="policy_published", params={"title": policy.title},
            url=reverse("policy:page", args=[policy.public_id]), by=by, at=at,
        )  # fmt: skip
    return published


@transaction.atomic
def amend_policy(*, policy: Policy, by: User, at: datetime) -> Policy:
    """A draft with the words, lines and rules of a published policy; it takes its place when it is published."""
    policy = lock(policy)
    _inside_own_area(by, policy.area)
    if policy.state != PolicyState.PUBLISHED:
        raise Refused("not_published", _("Only a policy in force can be amended."))
    if Policy.objects.filter(amends=policy).exists():
        raise Refused("amended_already", _("A colleague is already writing the amendment."))
    words = {name: getattr(policy, name) for name in EDITABLE}
    draft = draft_policy(area=policy.area, amends=policy, by=by, at=at, **words)
    for line in policy.lines.order_by("pk"):
        Line.objects.create(
            policy=draft, scope=line.scope, area=line.area, year=line.year, kind=line.kind, amount=line.amount,
            basis=line.basis, in_place=False,
        )  # fmt: skip
    for rule in policy.rules.order_by("pk"):
        EligibilityRule.objects.create(
            policy=draft, subject=rule.subject, conditions=rule.conditions, benefit=rule.benefit,
            standard=rule.standard, where_to_apply=rule.where_to_apply,
        )  # fmt: skip
    return draft


@transaction.atomic
def remove_part(*, part: Line | EligibilityRule, by: User, at: datetime) -> Policy:
    """A line or rule of a draft is taken out again; what was published stays."""
    policy = _draft(part.policy, by)
    record("policy.part_removed", policy, by=by, at=at, part=part._meta.model_name, ref=part.public_id)
    part.delete()
    return policy


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
    if policy.lines.filter(scope=scope, area=area, year=year, kind=kind).exists():
        raise Refused("line_twice", _("This policy has that line already. Take it out first."), field="year")
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
    seat = getattr(by, "seat", None)
    if seat is None or seat.role != Role.OFFICER:
        raise Refused("officers_only", _("Policies are written and put into force by government officers."))
    if not seat.covers(area):
        raise Refused(
            "outside_area", _("This area is not yours. Choose one inside your own area."), field="area"
        )
