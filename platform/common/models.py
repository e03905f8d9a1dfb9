"""What every row of ours has in common."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from common.clock import day_of
from common.crypto import EncryptedTextField
from common.gate import GatedQuerySet

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def new_public_id() -> str:
    """Twelve random characters (60 bits) for URLs: they tell nothing and cannot be counted through."""
    return "".join([ALPHABET[byte & 31] for byte in secrets.token_bytes(12)])


class Record(models.Model):
    """A row of ours: hidden number inside, random public_id outside, closed gate."""

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)

    objects: ClassVar = GatedQuerySet.as_manager()
    TITLE: ClassVar[
        tuple[str, ...]
    ] = ()  # whose number and which day stand in the title; never a person's name

    class Meta:
        abstract = True

    def __str__(self) -> str:
        if self.TITLE:
            words = [capfirst(str(self._meta.verbose_name)), *(_word(self, path) for path in self.TITLE)]
            return " · ".join(word for word in words if word)
        return str(getattr(self, "number", "") or f"{self._meta.verbose_name} {self.public_id}")


def _word(row: Any, path: str) -> str:
    """The value at the end of a path: a choice by its label, a moment by its day."""
    *through, name = path.split(".")
    for step in through:
        row = getattr(row, step)
    shown = getattr(row, f"get_{name}_display", None)
    value = shown() if shown is not None else getattr(row, name)
    return str(day_of(value) if isinstance(value, datetime) else value or "")


class Versioned(models.Model):
    """Counts edits by hand, so that a stale save is seen."""

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True


class Submission(models.Model):
    """A submit key that was used: a repeat gets the first answer and does nothing."""

    key = models.CharField(max_length=64)
    actor = models.CharField(max_length=80)
    path = models.CharField(max_length=200)
    answer = models.CharField(max_length=500)
    at = models.DateTimeField()

    objects: ClassVar = GatedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "actor"], name="submission_once")]
        indexes = [models.Index(fields=["at"], name="submission_at")]


class UnsentQuerySet(GatedQuerySet):
    def seen_by(self, user: Any, seat: Any) -> UnsentQuerySet:
        """Nobody but who writes them, in whatever seat or none."""
        return self.filter(owner_ref=user.actor_ref) if user.is_authenticated else self.none()


class UnsentAnswers(Record):
    """What a signed-in person has answered of a series of questions and not sent yet."""

    series = models.CharField(max_length=40)
    owner_ref = models.CharField(max_length=40)
    answers = EncryptedTextField(label="unsent.answers")
    saved_at = models.DateTimeField()

    objects: ClassVar = UnsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("unsent answers")
        verbose_name_plural = _("unsent answers")
        constraints = [models.UniqueConstraint(fields=["series", "owner_ref"], name="unsent_once_a_person")]
        indexes = [models.Index(fields=["saved_at"], name="unsent_saved_at")]


class NumberSeries(models.Model):
    """The last readable number given per kind, county and year."""

    kind = models.CharField(max_length=4)
    area = models.CharField(max_length=6)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    objects: ClassVar = GatedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "area", "year"], name="number_series_once")]
