"""Private attachments: encrypted on disk, opened through one gated view."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.gate import GatedQuerySet, Seat
from common.models import Record
from files.enums import DataClass


class AttachmentQuerySet(GatedQuerySet):
    """One's own uploads; everything else is opened through its owner's gate (files.gates)."""

    def seen_by(self, user: Any, seat: Seat | None) -> AttachmentQuerySet:
        return self.none() if user.pk is None else self.filter(by_kind="user", by_ref=user.public_id)


class Attachment(Record):
    """One file: what it is, whose it is, and where its ciphertext lies; the name it came with is not kept."""

    sha256 = models.CharField(max_length=64)
    content_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    purpose = models.CharField(max_length=40)
    data_class = models.CharField(max_length=12, choices=DataClass)
    owner_label = models.CharField(max_length=60)
    owner_ref = models.CharField(max_length=40)
    by_kind = models.CharField(max_length=16)
    by_ref = models.CharField(max_length=40)
    at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    objects: ClassVar = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        constraints = [
            models.CheckConstraint(
                condition=Q(data_class__in=list(DataClass.values)), name="attachment_class"
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="attachment_size"),
        ]
        indexes = [models.Index(fields=["owner_label", "owner_ref"], name="attachment_owner")]
