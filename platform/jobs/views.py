"""Progress of a job, for the person who started it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common import clock, panels
from common.forms import ConfirmForm
from common.gate import get_visible
from common.pages import keyset, page, signed_in_page, submit
from jobs.models import Job
from jobs.registry import following, title_of
from jobs.services import cancel_job


@require_safe
@signed_in_page
def listing(request: HttpRequest) -> HttpResponse:
    """The jobs one asked for, newest first; not what followed from one's acts by itself."""
    mine = Job.objects.visible_to(request.user).filter(by_kind="user", by_ref=request.user.actor_ref)  # type: ignore[union-attr]
    listed = keyset(request, mine.exclude(kind__in=following()), size=20)
    return page(request, "jobs/list.html", {"page": listed, "rows": [(job, title_of(job)) for job in listed]})


@require_safe
@signed_in_page
def progress(request: HttpRequest, public_id: str) -> HttpResponse:
    """The whole page, or its moving part alone for the script that reads it again."""
    job: Job = get_visible(Job, request.user, public_id)
    context = {
        "job": job,
        "title": title_of(job),
        "job_url": reverse("jobs:progress", args=[job.public_id]),
        "outputs": panels.collect("job.output", job, request.user) if job.state == "done" else [],
    }
    return page(
        request, "jobs/progress.html" if "X-Fragment" in request.headers else "jobs/job.html", context
    )


@signed_in_page
def cancel(request: HttpRequest, public_id: str) -> HttpResponse:
    job: Job = get_visible(Job, request.user, public_id)
    back = reverse("jobs:progress", args=[job.public_id])
    form = ConfirmForm(request.POST or None)
    answer = submit(request, form, lambda data: cancel_job(job=job, by=request.user, at=clock.now()), to=back)  # type: ignore[arg-type]
    context = {"form": form, "job": job, "title": _("Stop this work?"), "name": title_of(job), "back": back}
    return answer or page(request, "jobs/cancel.html", context, form=form)
