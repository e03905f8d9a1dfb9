"""Invoices and receipts for money spent."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.gate import GatedQuerySet, Seat
from common.models import Record
from delivery.models.disbursements import Disbursement


class DisbursementPartQuerySet(GatedQuerySet):
    def seen_by(self, user: Any, seat: Seat | None) -> DisbursementPartQuerySet:
        return self.filter(disbursement__in=Disbursement.objects.visible_to(user))


class Voucher(Record):
    """An invoice or receipt for money spent; a number is used once per issuer (rule PRJ-01)."""

    TITLE = ("number", "dated")

    disbursement = models.ForeignKey(
        Disbursement, verbose_name=_("payment"), on_delete=models.PROTECT, related_name="vouchers"
    )
    issuer = models.CharField(_("issuer of the voucher"), max_length=120)
    number = models.CharField(_("voucher number"), max_length=60)
    amount = models.BigIntegerField(_("amount (fen)"))
    dated = models.DateField(_("date"))
    purpose = models.CharField(_("for what"), max_length=200)
    attachment = models.ForeignKey("files.Attachment", on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("recorded on"))

    objects: ClassVar = DisbursementPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("voucher")
        verbose_name_plural = _("vouchers")
        constraints = [
            models.UniqueConstraint(fields=["issuer", "number"], name="voucher_number_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="voucher_amount"),
        ]
