"""Asking for reports, watching them being made, taking them."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import SignedRequest, acting_seat
from accounts.second_factor import ask_again, recent, require_recent
from common import clock
from common.gate import get_visible
from common.pages import for_roles, keyset, page, submit
from common.recording import record
from files.services import content_of
from jobs.models import Job
from reference.queries import path_label, path_labels
from reports.forms import ReportForm
from reports.models import Report
from reports.services import READERS, XLSX, request_report

REFRESH_SECONDS = 2
TAKE = "take"  # in the address of a report's page: hand the file out at once, after a fresh code


@for_roles(*READERS)
@require_safe
def report_list(request: SignedRequest) -> HttpResponse:
    """One's own reports, newest first."""
    reports = keyset(request, Report.objects.visible_to(request.user))
    places = path_labels({report.area for report in reports})
    rows = [(report, places[report.area]) for report in reports]
    return page(request, "reports/list.html", {"reports": reports, "rows": rows})


@for_roles(*READERS)
@require_recent
def ask(request: SignedRequest) -> HttpResponse:
    """Which report, over what, for what; a fresh second factor first."""
    seat = acting_seat(request)
    form = ReportForm(request.POST or None, prefix_code=seat.prefix, initial={"area": seat.prefix})
    answer = submit(
        request,
        form,
        lambda data: request_report(
            **data, language=get_language() or settings.LANGUAGE_CODE, by=request.user, at=clock.now()
        ),
        to=lambda report: reverse("reports:show", args=[report.public_id]),
    )
    return answer or page(request, "reports/ask.html", {"form": form}, form=form)


@for_roles(*READERS)
@require_safe
def show(request: SignedRequest, public_id: str) -> HttpResponse:
    """How far it is; the page asks again while the job lives and survives a reload, or hands out the file by itself."""
    report = get_visible(Report, request.user, public_id)
    job = Job.objects.visible_to(request.user).filter(public_id=report.job_ref).first()
    context = {"report": report, "job": job, "place": path_label(report.area)}
    response = page(request, "reports/show.html", context)
    if job is not None and job.is_live:
        response.headers["Refresh"] = str(REFRESH_SECONDS)
    elif TAKE in request.GET and report.is_at_hand:
        response.headers["Refresh"] = f"0; url={reverse('reports:download', args=[report.public_id])}"
    return response


@for_roles(*READERS)
@require_safe
def download(request: SignedRequest, public_id: str) -> HttpResponseBase:
    """The file, for whoever asked for it and proves it freshly; each download is journaled."""
    report = get_visible(Report, request.user, public_id)
    if not recent(request):
        return ask_again(then=f"{reverse('reports:show', args=[report.public_id])}?{TAKE}=1")
    if report.file is None or not report.is_at_hand:
        raise Http404(_("This report is not ready, or its week is over. Ask for it again."))
    record("report.downloaded", report, by=request.user, at=clock.now(), sha256=report.sha256)
    return HttpResponse(
        content_of(report.file),
        content_type=XLSX if report.format == "xlsx" else "text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{report.file_name}"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store, private",
        },
    )
