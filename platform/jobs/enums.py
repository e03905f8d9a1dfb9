"""States of a job."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.states import Moves


class JobState(models.TextChoices):
    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("At work")
    DONE = "done", _("Done")
    FAILED = "failed", _("Not finished")
    CANCELLED = "cancelled", _("Stopped")


LIVE = (JobState.QUEUED, JobState.RUNNING)
JOB_MOVES: Moves = {
    JobState.QUEUED: {JobState.RUNNING, JobState.FAILED, JobState.CANCELLED},
    JobState.RUNNING: {JobState.QUEUED, JobState.DONE, JobState.FAILED, JobState.CANCELLED},
}
