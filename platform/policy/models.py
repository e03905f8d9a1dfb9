"""Policies, the lines and the eligibility rules they set."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from common.gate import GatedQuerySet, Seat
from common.models import Record, Versioned
from common.states import StatefulModel, state_check
from policy.enums import POLICY_MOVES, Category, LineKind, PolicyState, Scope, Subject

SHOWN = [PolicyState.PUBLISHED, PolicyState.AMENDED, PolicyState.REPEALED]


def _rule(user: Any, seat: Seat | None, path: str) -> Q:
    """What was published is public; officers also see the drafts of their own area."""
    public = Q(**{f"{path}state__in": SHOWN})
    if seat is not None and seat.role == Role.OFFICER:
        return public | Q(**{f"{path}area__startswith": seat.prefix})
    return public


class PolicyQuerySet(GatedQuerySet):
    def seen_by(self, user: Any, seat: Seat | None) -> PolicyQuerySet:
        return self.filter(_rule(user, seat, ""))


class PolicyPartQuerySet(GatedQuerySet):
    def seen_by(self, user: Any, seat: Seat | None) -> PolicyPartQuerySet:
        return self.filter(_rule(user, seat, "policy__"))

    def in_force(self) -> PolicyPartQuerySet:
        return self.filter(policy__state=PolicyState.PUBLISHED)


class Policy(Record, Versioned, StatefulModel):
    """A policy document: drafted by one officer, reviewed by another, published, then amended or repealed."""

    STATES = PolicyState
    MOVES = POLICY_MOVES

    title = models.CharField(_("title"), max_length=160)
    doc_no = models.CharField(_("document number"), max_length=80)
    issuer = models.CharField(_("issuer"), max_length=120)
    area = models.CharField(_("area code"), max_length=12, blank=True)
    category = models.CharField(_("category"), max_length=40)
    effective_from = models.DateField(_("in force from"))
    effective_to = models.DateField(_("in force until"), null=True, blank=True)
    full_text = models.TextField(_("full text"))
    plain_summary = models.TextField(_("in plain words"))
    attachment = models.ForeignKey("files.Attachment", on_delete=models.PROTECT, null=True, related_name="+")
    amends = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="amended_by")
    drafter = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(_("sent to a colleague"), null=True)
    sent_back_reason = models.CharField(_("what should be changed"), max_length=200, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True)

    objects: ClassVar = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        constraints = [
            state_check(PolicyState, "policy_state"),
            models.CheckConstraint(
                condition=Q(reviewer__isnull=True) | ~Q(reviewer=models.F("drafter")), name="policy_four_eyes"
            ),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gt=models.F("effective_from")),
                name="policy_period",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False, reviewer__isnull=False),
                name="policy_published_pair",
            ),
        ]
        indexes = [models.Index(fields=["state", "-published_at"], name="policy_published")]

    def __str__(self) -> str:
        return self.title

    @property
    def category_label(self) -> str:
        return str(dict(Category.choices).get(self.category, self.category))


class Line(Record):
    """An income line in yuan per person and year, for one scope, area, year and kind (domain §2.6)."""

    policy = models.ForeignKey(
        Policy, verbose_name=_("policy"), on_delete=models.PROTECT, related_name="lines"
    )
    scope = models.CharField(_("scope"), max_length=12, choices=Scope)
    area = models.CharField(_("area code"), max_length=12, blank=True)
    year = models.PositiveSmallIntegerField(_("year"))
    kind = models.CharField(_("kind"), max_length=12, choices=LineKind)
    amount = models.DecimalField(_("amount (yuan per person and year)"), max_digits=10, decimal_places=2)
    basis = models.CharField(_("basis"), max_length=60, blank=True)
    in_place = models.BooleanField(default=True, editable=False)

    objects: ClassVar = PolicyPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("line")
        verbose_name_plural = _("lines")
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "area", "year", "kind"], condition=Q(in_place=True), name="line_once"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="line_amount"),
            models.CheckConstraint(
                condition=(Q(scope="national") & Q(area="")) | (~Q(scope="national") & ~Q(area="")),
                name="line_scope_area",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.year}"


class EligibilityRule(Record):
    """Who may be eligible for a benefit: structured conditions, never code."""

    policy = models.ForeignKey(
        Policy, verbose_name=_("policy"), on_delete=models.PROTECT, related_name="rules"
    )
    subject = models.CharField(_("for"), max_length=12, choices=Subject)
    conditions = models.JSONField(_("conditions"), default=list)
    benefit = models.CharField(_("benefit"), max_length=160)
    standard = models.CharField(_("amount or standard"), max_length=160, blank=True)
    where_to_apply = models.CharField(_("where to apply"), max_length=160)

    objects: ClassVar = PolicyPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("eligibility rule")
        verbose_name_plural = _("eligibility rules")

    def __str__(self) -> str:
        return self.benefit
