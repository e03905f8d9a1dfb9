"""Clock work of the journal and of sign-in. The journal lies below jobs, so its handlers stand here."""

from __future__ import annotations

from datetime import timedelta

from celery.schedules import crontab
from django.contrib.sessions.backends.db import SessionStore
from django.utils.translation import gettext_lazy as _

from common import clock
from common.actors import SYSTEM
from common.models import Submission
from common.unsent import erase_left_answers
from jobs import schedule
from jobs.models import Job
from jobs.registry import Outside, Step, Work, handler
from journal.models import Entry
from journal.queries import VERIFICATION, Fault, first_fault
from journal.services import anchor_head, record, seal_entries

SUBMISSIONS_KEPT = timedelta(days=30)

schedule.every("journal.seal", 600, "journal.seal")
schedule.every("journal.verify", crontab(hour="3", minute="10"), "journal.verify")
schedule.every("accounts.tidy", crontab(hour="4", minute="20"), "accounts.tidy")


@handler("journal.seal", title=_("Sealing the journal"))
def seal_journal(job: Job) -> Work:
    """Seal batch by batch; the head is written outside only after its seal is committed."""
    done = 0
    while (seal := seal_entries(at=clock.now())) is not None:
        done += seal.size
        yield Step(done=done, total=done)
    anchor_head(at=clock.now())
    yield Step(done=done, total=done)
    return {"sealed": done}


@handler("journal.verify", lease=3600, title=_("Verifying the journal"))
def verify_journal(job: Job) -> Work:
    """Recompute everything and write down what was found; auditors see it at the desk."""
    entries = Entry.objects.count()
    fault: Fault | None = yield Outside(first_fault)
    found = {"intact": fault is None, "where": fault.where if fault else "", "entries": entries}
    record("journal.verified", VERIFICATION, by=SYSTEM, at=clock.now(), **found)
    yield Step(done=entries, total=entries)
    return found


@handler("accounts.tidy", title=_("Forgetting ended sessions"))
def tidy(job: Job) -> Work:
    """Ended sessions, submit keys a month old and drafts left for ninety days are of no use to anybody."""
    SessionStore.clear_expired()
    yield Step(done=1, total=2)
    Submission.objects.filter(at__lt=clock.now() - SUBMISSIONS_KEPT).delete()
    erase_left_answers(by=SYSTEM, at=clock.now())
    yield Step(done=2, total=2)
    return None
