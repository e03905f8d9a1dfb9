"""Notices to people: in-app always, e-mail and SMS as the kind says."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.crypto import EncryptedTextField
from common.gate import GatedQuerySet, Seat
from common.models import Record
from notices.kinds import KINDS, Kind


class NoticeQuerySet(GatedQuerySet):
    """One's own; a household reads its own through its status page."""

    def seen_by(self, user: Any, seat: Seat | None) -> NoticeQuerySet:
        return self.none() if user.pk is None else self.filter(to_kind="user", to_ref=user.public_id)

    def unread(self) -> NoticeQuerySet:
        return self.filter(read_at=None)


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

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"

    @property
    def news(self) -> Kind:
        return KINDS[self.kind]

    @property
    def body(self) -> str:
        return self.news.words(self.params)


class Channel(models.TextChoices):
    EMAIL = "email", _("e-mail")
    SMS = "sms", _("SMS")


class SendingQuerySet(GatedQuerySet):
    """Addresses are nobody's to read."""


class Sending(Record):
    """One notice on one outside channel, sent once; the address is kept encrypted until it is sent."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="sendings")
    channel = models.CharField(max_length=8, choices=Channel)
    address = EncryptedTextField(label="sending.address", blank=True)
    begun_at = models.DateTimeField(
        null=True
    )  # handed to the gateway; a worker may have died before its answer
    sent_at = models.DateTimeField(null=True)

    objects: ClassVar = SendingQuerySet.as_manager()

    class Meta:
        verbose_name = _("sending")
        verbose_name_plural = _("sendings")
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel"], name="sending_once"),
            models.CheckConstraint(condition=Q(channel__in=list(Channel.values)), name="sending_channel"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.public_id}"
