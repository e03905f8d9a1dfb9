"""Clock work of files."""

from __future__ import annotations

from datetime import timedelta

from celery.schedules import crontab
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from files import storage
from files.services import remove_strays
from jobs import schedule
from jobs.models import Job
from jobs.registry import Step, Work, handler

AT_WORK = timedelta(days=1)  # younger files may belong to an act that has not committed yet


@handler("files.tidy", title=_("Remove files nobody owns"))
def tidy(job: Job) -> Work:
    """What a refused act left on the disk does not stay there (domain §8: minimisation)."""
    before = timezone.now() - AT_WORK  # compared with the disk's own times
    folders = storage.folders()
    removed = 0
    for number, folder in enumerate(folders, start=1):
        removed += remove_strays(folder, before=before)
        yield Step(done=number, total=len(folders))
    return {"removed": removed}


schedule.every("files.tidy", crontab(hour=4, minute=40), "files.tidy")
