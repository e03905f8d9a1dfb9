"""Auditors see what was handed out to whom."""

from django.contrib import admin

from common.admin import RecordAdmin
from reports.models import Report


@admin.register(Report)
class ReportAdmin(RecordAdmin):
    roles = frozenset({"auditor"})
    list_display = ("code", "area", "period", "format", "rows", "by", "asked_at", "made_at")
    list_filter = ("code", "format")
    fields = (
        "code",
        "area",
        "period",
        "state",
        "format",
        "language",
        "reason",
        "by",
        "asked_at",
        "made_at",
        "rows",
    )
    list_select_related = ("by",)
