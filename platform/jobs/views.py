"""How far a job is, for whoever asked for it; it survives a reload."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from common import clock
from common.forms import ConfirmForm
from common.gate import get_visible
from common.pages import page, signed_in_page, submit
from jobs.models import Job
from jobs.services import cancel_job

REFRESH_SECONDS = 2


@signed_in_page
@require_safe
def progress(request: HttpRequest, public_id: str) -> HttpResponse:
    """The page asks again every two seconds while the job lives."""
    job = get_visible(Job, request.user, public_id)
    response = page(request, "jobs/progress.html", {"job": job})
    if job.live:
        response.headers["Refresh"] = str(REFRESH_SECONDS)
    return response


@signed_in_page
@require_POST
def cancel(request: HttpRequest, public_id: str) -> HttpResponse:
    """Stop what is not finished."""
    job = get_visible(Job, request.user, public_id)
    form = ConfirmForm(request.POST)
    answer = submit(
        request,
        form,
        lambda _data: cancel_job(job=job, by=request.user, at=clock.now()),
        to=lambda _done: job_url(job),
    )
    return answer or page(request, "jobs/progress.html", {"job": job}, form=form)


def job_url(job: Job) -> str:
    """The address of a job's page."""
    return reverse("jobs:progress", args=[job.public_id])
