"""Work that must not be lost is a row, written in the same transaction as its cause (design §7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.gate import GatedQuerySet, Seat
from common.models import Record
from common.states import StatefulModel, state_check
from jobs.enums import JOB_MOVES, LIVE, JobState


@dataclass(frozen=True)
class Starter:
    """Who asked for a job, as an actor: handlers act in this name."""

    actor_kind: str
    actor_ref: str


class JobQuerySet(GatedQuerySet):
    def live(self) -> JobQuerySet:
        return self.filter(state__in=LIVE)

    def claimable(self, moment: datetime) -> JobQuerySet:
        """Live rows nobody holds just now: never begun, put back, or with a lease that ran out."""
        return self.live().filter(Q(lease_until=None) | Q(lease_until__lte=moment))

    def seen_by(self, user: Any, seat: Seat | None) -> JobQuerySet:
        """Whoever started a job, and the system administrator."""
        if user.pk is None:
            return self.none()
        if seat is not None and seat.role == "system_admin":
            return self
        return self.filter(by_kind="user", by_ref=user.public_id)


class Job(Record, StatefulModel):
    """One piece of work: what, for whom, how far, and who holds it until when.

    Leases are kept in the machine's own time: moving the clock of the demonstration takes no work from a worker.
    """

    STATES = JobState
    MOVES = JOB_MOVES

    kind = models.CharField(_("kind"), max_length=60)
    key = models.CharField(_("key"), max_length=160)
    once = models.BooleanField(default=False)  # done once, this key is never worked off again
    params = models.JSONField(default=dict)
    cursor = models.JSONField(default=dict)
    done = models.PositiveIntegerField(_("steps done"), default=0)
    total = models.PositiveIntegerField(_("steps in all"), default=0)
    lease_until = models.DateTimeField(null=True)  # of a waiting job: not to be tried before
    lease_token = models.CharField(max_length=32, blank=True)
    rung_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    result = models.JSONField(_("result"), default=dict)
    output_ref = models.CharField(max_length=12, blank=True)  # public_id of the attachment it made
    error_code = models.CharField(_("error code"), max_length=60, blank=True)
    error_message = models.CharField(_("error"), max_length=300, blank=True)
    by_kind = models.CharField(_("kind of actor"), max_length=16)
    by_ref = models.CharField(_("actor"), max_length=40)
    created_at = models.DateTimeField(_("asked for"))
    started_at = models.DateTimeField(_("begun"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    objects: ClassVar = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("background job")
        verbose_name_plural = _("background jobs")
        constraints = [
            state_check(JobState, "job_state"),
            models.UniqueConstraint(fields=["key"], condition=Q(state__in=LIVE), name="job_live_once"),
            models.UniqueConstraint(
                fields=["key"], condition=Q(once=True, state__in=[*LIVE, JobState.DONE]), name="job_done_once"
            ),
            models.CheckConstraint(
                condition=~Q(state=JobState.RUNNING) | (Q(lease_until__isnull=False) & ~Q(lease_token="")),
                name="job_running_is_held",
            ),
        ]
        indexes = [
            models.Index(fields=["key"], name="job_key"),
            models.Index(fields=["by_kind", "by_ref", "-id"], name="job_starter"),
            models.Index(fields=["id"], condition=Q(state__in=LIVE), name="job_live"),
            models.Index(fields=["finished_at"], name="job_finished"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"

    def get_state_display(self) -> str:
        return self.state_label

    @property
    def by(self) -> Starter:
        return Starter(self.by_kind, self.by_ref)

    @property
    def is_live(self) -> bool:
        return self.state in LIVE
