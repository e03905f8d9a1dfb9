"""What the parties ask to be changed while an entrustment is discussed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.models import Record
from delivery.enums import Party, RemarkKind, RemarkOutcome
from delivery.models.agreements import Agreement, AgreementPartQuerySet


class Remark(Record):
    """A party asks for a change of exactly this version; the agency answers every one before signing begins."""

    agreement = models.ForeignKey(
        Agreement, verbose_name=_("agreement"), on_delete=models.PROTECT, related_name="remarks"
    )
    party = models.CharField(_("party"), max_length=12, choices=Party)
    kind = models.CharField(_("about"), max_length=12, choices=RemarkKind)
    text = models.CharField(_("what should be changed"), max_length=500)
    by_ref = models.CharField(max_length=40)
    at = models.DateTimeField(_("said"))
    outcome = models.CharField(_("outcome"), max_length=12, choices=RemarkOutcome, default=RemarkOutcome.OPEN)
    answer = models.CharField(_("answer"), max_length=500, blank=True)
    closed_at = models.DateTimeField(_("answered"), null=True)

    objects: ClassVar = AgreementPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("remark on an agreement")
        verbose_name_plural = _("remarks on agreements")
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "by_ref", "kind"], condition=Q(outcome="open"), name="remark_open_once"
            ),
            models.CheckConstraint(
                condition=Q(outcome="open", closed_at__isnull=True, answer="")
                | Q(outcome="withdrawn", closed_at__isnull=False)
                | Q(outcome__in=["rewritten", "kept"], closed_at__isnull=False) & ~Q(answer=""),
                name="remark_closed_with_an_answer",
            ),
        ]
