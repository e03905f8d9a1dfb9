"""What every row of ours has in common."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.db import models

from common.gate import GatedQuerySet

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def new_public_id() -> str:
    """Twelve random characters (60 bits) for URLs: they tell nothing and cannot be counted through."""
    return "".join(secrets.choice(ALPHABET) for _ in range(12))


class Record(models.Model):
    """A row of ours: hidden number inside, random public_id outside, closed gate."""

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)

    objects: ClassVar = GatedQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(getattr(self, "number", "") or f"{self._meta.verbose_name} {self.public_id}")


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


class NumberSeries(models.Model):
    """The last readable number given per kind, county and year."""

    kind = models.CharField(max_length=4)
    area = models.CharField(max_length=6)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    objects: ClassVar = GatedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "area", "year"], name="number_series_once")]
