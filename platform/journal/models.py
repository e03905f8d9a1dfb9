"""The journal: every act, append-only by trigger, sealed in batches."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.gate import GatedQuerySet, Seat


class JournalQuerySet(GatedQuerySet):
    """Read by auditors alone; "who saw me" and timelines go through queries that ask for one object."""

    def seen_by(self, user: Any, seat: Seat | None) -> JournalQuerySet:
        return self if seat is not None and seat.role == "auditor" else self.none()


class AppendOnly(models.Model):
    """A row that is written once: triggers on both databases refuse UPDATE, DELETE, REPLACE and TRUNCATE."""

    append_only = True

    id = models.BigAutoField(primary_key=True)
    objects: ClassVar = JournalQuerySet.as_manager()

    class Meta:
        abstract = True


class Entry(AppendOnly):
    """One act: who did what to which object, with slugs and numbers and never identity data."""

    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=16)
    actor_ref = models.CharField(max_length=40)
    role = models.CharField(max_length=24, blank=True)
    action = models.CharField(max_length=80)
    object_label = models.CharField(max_length=60)
    object_ref = models.CharField(max_length=40)
    parameters = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal")
        indexes = [
            models.Index(fields=["object_label", "object_ref", "id"], name="entry_object"),
            models.Index(fields=["actor_kind", "actor_ref", "id"], name="entry_actor"),
            models.Index(fields=["at"], name="entry_at"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.object_ref}"


class Seal(AppendOnly):
    """A batch of entries bound to all batches before it."""

    at = models.DateTimeField()
    previous_root = models.CharField(max_length=64, unique=True)  # the chain never forks
    root = models.CharField(max_length=64, unique=True)
    size = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals of the journal")

    def __str__(self) -> str:
        return self.root[:12]


class SealedEntry(AppendOnly):
    """The place of one entry in its seal."""

    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="sealed")
    position = models.PositiveIntegerField()
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="sealed")
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seal", "position"], name="sealed_position")]


class Anchor(AppendOnly):
    """A head that was written outside the database, so that a rewritten database contradicts it."""

    at = models.DateTimeField()
    seal = models.ForeignKey(Seal, on_delete=models.PROTECT)
    root = models.CharField(max_length=64)
    place = models.CharField(max_length=200)
