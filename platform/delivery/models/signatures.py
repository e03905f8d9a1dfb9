"""Who signed an agreement, when and how."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.models import Record
from delivery.enums import (
    Signer,
    Way,
)
from delivery.models.agreements import Agreement, AgreementPartQuerySet


class Signature(Record):
    """One party put its name to exactly this text."""

    TITLE = ("agreement.number", "signer", "signed_at")

    agreement = models.ForeignKey(
        Agreement, verbose_name=_("agreement"), on_delete=models.PROTECT, related_name="signatures"
    )
    signer = models.CharField(_("party"), max_length=12, choices=Signer)
    donor = models.ForeignKey("donors.Donor", on_delete=models.PROTECT, null=True, related_name="+")
    by_ref = models.CharField(max_length=40)
    text_hash = models.CharField(_("hash of the text"), max_length=64)
    method = models.CharField(_("way"), max_length=12, choices=Way)
    evidence = models.ForeignKey("files.Attachment", on_delete=models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(_("signed on"))
    undo_until = models.DateTimeField(_("can be taken back until"))
    undone_at = models.DateTimeField(_("taken back"), null=True)

    objects: ClassVar = AgreementPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "signer"],
                condition=Q(undone_at__isnull=True, donor__isnull=True),
                name="signature_once",
            ),
            models.UniqueConstraint(
                fields=["agreement", "donor"],
                condition=Q(undone_at__isnull=True, donor__isnull=False),
                name="signature_once_a_donor",
            ),
            models.CheckConstraint(
                condition=Q(signer="donor", donor__isnull=False) | ~Q(signer="donor") & Q(donor__isnull=True),
                name="signature_names_its_donor",
            ),
            models.UniqueConstraint(
                fields=["agreement", "by_ref"],
                condition=Q(undone_at__isnull=True),
                name="signature_one_party_each",
            ),
        ]
