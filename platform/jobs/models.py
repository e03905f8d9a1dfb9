"""Durable jobs: Celery rings the bell, these rows remember (design §7)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.gate import GatedQuerySet, Seat
from common.models import Record


class JobState(models.TextChoices):
    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Did not work")
    CANCELLED = "cancelled", _("Cancelled")


LIVE = [JobState.QUEUED, JobState.RUNNING]


class JobQuerySet(GatedQuerySet):
    """Whoever started it, and the system administrator."""

    def seen_by(self, user: Any, seat: Seat | None) -> JobQuerySet:
        if seat is not None and seat.role == "system_admin":
            return self
        return self.filter(by_kind="user", by_ref=user.public_id) if user.is_authenticated else self.none()


class Job(Record):
    """One piece of work, written in the transaction that caused it, done exactly once."""

    key = models.CharField(max_length=160)
    kind = models.CharField(_("kind"), max_length=60)
    params = models.JSONField(default=dict)
    cursor = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=12, choices=JobState, default=JobState.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    lease_token = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    result = models.JSONField(default=dict)
    error_code = models.CharField(max_length=60, blank=True)
    error = models.TextField(blank=True)
    output_ref = models.CharField(max_length=12, blank=True)
    by_kind = models.CharField(max_length=16)
    by_ref = models.CharField(max_length=40)
    created_at = models.DateTimeField(_("asked for"))
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects: ClassVar = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=Q(state__in=LIVE), name="job_one_live"),
            models.CheckConstraint(condition=Q(state__in=list(JobState.values)), name="job_state"),
            models.CheckConstraint(
                condition=~Q(state="running") | (Q(lease_until__isnull=False) & ~Q(lease_token="")),
                name="job_running_leased",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "lease_until"], name="job_sweep"),
            models.Index(fields=["by_ref", "-id"], name="job_by"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"

    @property
    def live(self) -> bool:
        return self.state in LIVE
