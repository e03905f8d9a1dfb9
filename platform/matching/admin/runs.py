"""Runs: start one, watch it, read what it proved and what it could not serve."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from accounts.requests import SignedRequest, acting_seat
from common import clock
from common.forms import ConfirmForm
from common.gate import get_visible
from common.pages import keyset, submit
from jobs.models import Job
from matching.admin.frame import StaffAdmin, staff
from matching.enums import RunState
from matching.forms import RunForm
from matching.models import Run, UnmetReason
from matching.queries import excluded_rows, figure_rows, proof_rows, shortage_chart, unmet_lines
from matching.services import cancel_run, start_run
from reference.queries import path_label, path_labels

LIVE = frozenset({RunState.QUEUED, RunState.RUNNING})


def page_of(run: Run) -> str:
    return reverse("admin:matching_run_page", args=[run.public_id])


@admin.register(Run)
class RunAdmin(StaffAdmin):
    def get_urls(self) -> list[URLPattern]:
        return [
            path("start/", self.guarded(self.start_view), name="matching_run_start"),
            path("<slug:public_id>/result/", self.guarded(self.run_view), name="matching_run_page"),
            path(
                "<slug:public_id>/progress/", self.guarded(self.progress_view), name="matching_run_progress"
            ),
            path("<slug:public_id>/cancel/", self.guarded(self.cancel_view), name="matching_run_cancel"),
            *super().get_urls(),
        ]

    @method_decorator(staff)
    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Every run of the own area, the newest first."""
        rows = keyset(request, self.visible(request), order=("-id",))
        places = path_labels({run.prefix for run in rows if run.prefix})
        context = {
            "title": _("Matching runs"),
            "page": rows,
            "rows": [(run, places.get(run.prefix, "").rpartition(" / ")[2]) for run in rows],
        }
        return self.framed(request, "matching/runs.html", context)

    def start_view(self, request: SignedRequest) -> HttpResponse:
        """Ask for a run over the own area or a part of it."""
        prefix = acting_seat(request).prefix
        form = RunForm(request.POST or None, prefix_inside=prefix)
        answer = submit(
            request,
            form,
            lambda data: start_run(prefix=data["area"], by=request.user, at=clock.now()),
            to=page_of,
        )
        context = {"title": _("Start a matching run"), "form": form, "place": path_label(prefix)}
        return answer or self.framed(request, "matching/run_start.html", context, form=form)

    def run_view(self, request: SignedRequest, public_id: str) -> HttpResponse:
        """How far it is; when it is done, what it proved and what is missing."""
        run = get_visible(Run, request.user, public_id)
        context: dict[str, Any] = {
            "title": _("Matching run"),
            "run": run,
            "place": path_label(run.prefix) if run.prefix else "",
            **self._progress(run),
        }
        if run.state == RunState.CERTIFIED:
            unmet = UnmetReason.objects.filter(run=run).visible_to(request.user)
            rows = keyset(request, unmet.select_related("need__item"), order=("-need__severity", "id"))
            context |= {
                "figures": figure_rows(run),
                "proofs": proof_rows(run),
                "chart": shortage_chart(run),
                "page": rows,
                "unmet": unmet_lines(rows, user=request.user),
                "excluded": excluded_rows(run, request.user),
            }
        return self.framed(request, "matching/run.html", context)

    def progress_view(self, request: SignedRequest, public_id: str) -> HttpResponse:
        """The fragment the page reads again while the run lives."""
        run = get_visible(Run, request.user, public_id)
        return self.framed(request, "matching/run_progress.html", {"run": run, **self._progress(run)})

    def cancel_view(self, request: SignedRequest, public_id: str) -> HttpResponse:
        """Stop a run that is not finished."""
        run = get_visible(Run, request.user, public_id)
        form = ConfirmForm(request.POST or None)
        answer = submit(
            request, form, lambda _data: cancel_run(run=run, by=request.user, at=clock.now()), to=page_of
        )
        context = {"title": _("Stop this run"), "form": form, "run": run, "desk": page_of(run)}
        return answer or self.framed(request, "matching/one_act.html", context, form=form)

    def _progress(self, run: Run) -> dict[str, Any]:
        """The run's own gate stands before this: the job shows nothing but how far it is."""
        job = Job.objects.filter(key=f"matching.run:{run.public_id}").order_by("-pk").first()
        return {
            "job": job,
            "job_title": _("Matching run"),
            "job_live": run.state in LIVE,
            "job_done": job.done if job else 0,
            "job_total": job.total if job else 0,
            "job_url": reverse("admin:matching_run_progress", args=[run.public_id]),
        }
