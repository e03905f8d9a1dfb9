"""Files that jobs made."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from files.models import Attachment
from jobs.models import Job


def started_job(user: Any, ref: str) -> bool:
    """A job's files are for whoever may see the job."""
    return Job.objects.visible_to(user).filter(public_id=ref).exists()


def output_of_job(job: Job, user: Any) -> list[tuple[str, str]]:
    """The link on the job's page to what it made."""
    made = Attachment.objects.filter(public_id=job.output_ref, erased_at=None)
    return (
        [(_("Download"), reverse("files:show", args=[job.output_ref]))]
        if job.output_ref and made.exists()
        else []
    )
