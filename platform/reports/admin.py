"""Auditors see what was handed out to whom."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from common.admin import RecordAdmin, WordsFilter
from reference.queries import name_of
from reports.models import Report
from reports.registry import kinds


class KindFilter(WordsFilter):
    title = _("report")
    parameter_name = "code"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(kind.code, f"{kind.code} {kind.title}") for kind in kinds().values()]


@admin.register(Report)
class ReportAdmin(RecordAdmin):
    roles = frozenset({"auditor"})
    list_display = ["named", "place", "period", "chosen_state", "format", "rows", "by", "asked_at", "made_at"]
    list_filter = [KindFilter, "format"]
    fields = [
        "named", "place", "period", "chosen_state", "format", "language", "reason", "by", "asked_at", "made_at",
        "rows",
    ]  # fmt: skip
    readonly_fields = ["named", "place", "chosen_state"]
    list_select_related = ["by"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(place_name=name_of("area"))

    @admin.display(description=_("report"))
    def named(self, row: Report) -> str:
        return f"{row.code} {row.title}"

    @admin.display(description=_("area"))
    def place(self, row: Any) -> str:
        return str(row.place_name or row.area)

    @admin.display(description=_("state"))
    def chosen_state(self, row: Report) -> str:
        return row.state_in_words
