"""The system administrator's view of the work: what waits, what failed, what to try again."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from common import clock
from common.admin import RecordAdmin, StateFilter, WordsFilter, act_on_each
from common.templatetags.ui import tag
from jobs.models import Job
from jobs.registry import title_of, titles
from jobs.services import cancel_job, repeat_job


class KindFilter(WordsFilter):
    """Kinds of work by their titles."""

    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return titles()


@admin.register(Job)
class JobAdmin(RecordAdmin):
    roles = frozenset({"system_admin"})  # a role by its word: accounts lies above this app
    list_display = [
        "work",
        "stage",
        "done",
        "total",
        "attempts",
        "error_code",
        "created_at",
        "finished_at",
    ]
    list_filter = [StateFilter, KindFilter]
    search_fields = ["^key", "^public_id"]
    fields = [
        "work", "kind", "key", "stage", "done", "total", "attempts", "error_code", "error_message", "by_kind",
        "by_ref", "created_at", "started_at", "finished_at", "result",
    ]  # fmt: skip
    readonly_fields = ["work", "stage"]
    ordering = ["-id"]
    actions = ["stop", "repeat"]

    @admin.display(description=_("what is done"))
    def work(self, job: Job) -> str:
        return title_of(job)

    @admin.display(description=_("state"), ordering="state")
    def stage(self, job: Job) -> SafeString:
        return tag(job.state_label, job.state)

    @admin.action(description=_("Stop"))
    def stop(self, request: HttpRequest, rows: Any) -> HttpResponse | None:
        return act_on_each(
            request,
            rows,
            lambda job: cancel_job(job=job, by=request.user, at=clock.now()),  # type: ignore[arg-type]
            _("%(count)d stopped."),
        )

    @admin.action(description=_("Try again"))
    def repeat(self, request: HttpRequest, rows: Any) -> HttpResponse | None:
        return act_on_each(
            request,
            rows,
            lambda job: repeat_job(job=job, by=request.user, at=clock.now()),  # type: ignore[arg-type]
            _("%(count)d asked for again."),
        )
