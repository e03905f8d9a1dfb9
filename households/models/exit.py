"""The end of support: a worker proposes, the household answers, a supervisor decides (domain §2.8, §10.1)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.models import Record
from households.models.household import Household
from households.models.rights import CaseFileQuerySet

EXIT_REASONS = [
    ("income_stable", _("income has stayed above the line for half a year")),
    ("risk_gone", _("what made life hard is over")),
]


class ExitQuerySet(CaseFileQuerySet):
    def open_with_part_of(self, user: Any) -> ExitQuerySet:
        """Proposals still open that this person made, or took the family's answer to: somebody else decides them."""
        return self.filter(Q(proposed_by=user) | Q(agreed_by_ref=user.actor_ref), ended_at__isnull=True)


class ExitProposal(Record):
    """Who proposed the exit and why, what the household said and how, who decided; one open at a time."""

    TITLE = ("household.number", "proposed_at")

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="exits")
    reason = models.CharField(_("reason"), max_length=40, choices=EXIT_REASONS)
    year = models.PositiveSmallIntegerField(_("year of the income"))
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(_("proposed on"))
    agreed_at = models.DateTimeField(_("agreed on"), null=True)
    undo_until = models.DateTimeField(null=True)
    method = models.CharField(_("way"), max_length=12, blank=True)
    agreed_by_ref = models.CharField(max_length=40, blank=True)
    evidence = models.ForeignKey("files.Attachment", on_delete=models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)
    approved = models.BooleanField(default=False)

    objects: ClassVar = ExitQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposed exit")
        verbose_name_plural = _("proposed exits")
        constraints = [
            models.UniqueConstraint(
                fields=["household"], condition=Q(ended_at__isnull=True), name="exit_one_open"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")), name="exit_four_eyes"
            ),
            models.CheckConstraint(
                condition=Q(agreed_at__isnull=True)
                | (Q(undo_until__isnull=False) & ~Q(agreed_by_ref="") & ~Q(method="")),
                name="exit_agreed_complete",
            ),
            models.CheckConstraint(
                condition=Q(method__in=["", "web"]) | Q(evidence__isnull=False), name="exit_agreed_evidence"
            ),
            models.CheckConstraint(
                condition=Q(approved=False)
                | Q(agreed_at__isnull=False, decided_by__isnull=False, ended_at__isnull=False),
                name="exit_approved_complete",
            ),
        ]
