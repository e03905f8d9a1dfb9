"""The ledger of a lot: every unit that moved, from where to where and why; rows are never changed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.models import Record
from donors.enums import Account, EntryKind
from donors.models.lot import Lot, LotChildQuerySet


class LedgerEntry(Record):
    """So many units went from one account of the lot to another."""

    append_only = True

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="entries", verbose_name=_("lot"))
    kind = models.CharField(_("what"), max_length=12, choices=EntryKind)
    source = models.CharField(_("from"), max_length=12, choices=Account)
    target = models.CharField(_("to"), max_length=12, choices=Account)
    quantity = models.BigIntegerField(_("quantity"))
    cause_label = models.CharField(_("kind of cause"), max_length=60, blank=True)
    cause_ref = models.CharField(_("cause"), max_length=40, blank=True)
    at = models.DateTimeField(_("when"))

    objects: ClassVar = LotChildQuerySet.as_manager()

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="ledger_quantity"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="ledger_moves"),
            models.CheckConstraint(condition=Q(source__in=list(Account.values)), name="ledger_source"),
            models.CheckConstraint(condition=Q(target__in=list(Account.values)), name="ledger_target"),
            models.CheckConstraint(condition=Q(kind__in=list(EntryKind.values)), name="ledger_kind"),
        ]
        indexes = [
            models.Index(fields=["lot", "at", "id"], name="ledger_of_lot"),
            models.Index(fields=["cause_label", "cause_ref"], name="ledger_cause"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.quantity}"
