"""What a donor must be told, by whom and by when; late is a fact on the one responsible (charity law §42)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from common.gate import GatedQuerySet, Seat
from common.models import Record
from donors.enums import FeedbackKind
from donors.models.donor import Donor
from donors.models.lot import Lot, lot_rule


class FeedbackDueQuerySet(GatedQuerySet):
    """Whoever sees the lot, and the organisation that owes the feedback."""

    def seen_by(self, user: Any, seat: Seat | None) -> FeedbackDueQuerySet:
        if seat is None:
            return self.none()
        if seat.role in {Role.AGENCY, Role.FUND_HOLDER} and seat.organisation_id:
            return self.filter(responsible_id=seat.organisation_id)
        rule = lot_rule(user, seat, "lot__")
        return self.none() if rule is None else self.filter(rule)

    def open(self) -> FeedbackDueQuerySet:
        return self.filter(done_at__isnull=True)


class FeedbackDue(Record):
    """One piece of feedback owed to a donor for one cause."""

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="feedback", verbose_name=_("lot"))
    donor = models.ForeignKey(
        Donor, on_delete=models.PROTECT, related_name="feedback", verbose_name=_("donor")
    )
    responsible = models.ForeignKey(
        "accounts.Organisation",
        on_delete=models.PROTECT,
        null=True,
        related_name="feedback_owed",
        verbose_name=_("who owes it"),
    )
    kind = models.CharField(_("about"), max_length=12, choices=FeedbackKind)
    cause_label = models.CharField(max_length=60, blank=True)
    cause_ref = models.CharField(max_length=40, blank=True)
    opened_at = models.DateTimeField(_("opened at"))
    due = models.DateTimeField(_("due"))
    done_at = models.DateTimeField(_("given"), null=True)
    text = models.TextField(_("what the donor is told"), blank=True)
    evidence = models.ForeignKey(
        "files.Attachment", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects: ClassVar = FeedbackDueQuerySet.as_manager()

    class Meta:
        verbose_name = _("feedback owed")
        verbose_name_plural = _("feedback owed")
        constraints = [
            models.UniqueConstraint(fields=["lot", "kind", "cause_ref"], name="feedback_once"),
            models.CheckConstraint(condition=Q(kind__in=list(FeedbackKind.values)), name="feedback_kind"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | ~Q(text=""), name="feedback_says_something"
            ),
        ]
        indexes = [
            models.Index(fields=["done_at", "due"], name="feedback_due_order"),
            models.Index(fields=["donor", "-opened_at", "-id"], name="feedback_of_donor"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.lot}"
