"""Notices to people: in-app always, e-mail and SMS as the kind says."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.crypto import EncryptedTextField
from common.gate import GatedQuerySet, Seat
from common.models import Record


class NoticeQuerySet(GatedQuerySet):
    """One's own; a household reads its own through its status page."""

    def seen_by(self, user: Any, seat: Seat | None) -> NoticeQuerySet:
        return self.filter(to_kind="user", to_ref=user.public_id) if user.is_authenticated else self.none()


class Notice(Record):
    """One piece of news for one reader: a kind with its parameters, never a sentence."""

    to_kind = models.CharField(max_length=16)
    to_ref = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    params = models.JSONField(default=dict)
    url = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    objects: ClassVar = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes = [
            models.Index(fields=["to_kind", "to_ref", "-id"], name="notice_reader"),
            models.Index(
                fields=["to_kind", "to_ref"], condition=Q(read_at__isnull=True), name="notice_unread"
            ),
        ]


class SendingQuerySet(GatedQuerySet):
    """Addresses are nobody's to read."""


class Sending(Record):
    """One notice on one outside channel, sent once; the address is kept encrypted until it is sent."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="sendings")
    channel = models.CharField(max_length=8, choices=[("email", "e-mail"), ("sms", "SMS")])
    address = EncryptedTextField(label="sending.address", blank=True)
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)

    objects: ClassVar = SendingQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "channel"], name="sending_once")]
