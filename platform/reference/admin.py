"""Reference data at the desk: to look up, never to edit; it is loaded by command."""

from __future__ import annotations

from django.contrib import admin

from common.admin import RecordAdmin
from reference.models import Code, CodeList, Designation, Division, Item, WorkCalendar

# Everybody at the desk may look facts up; roles are named by their words because accounts lies above this app.
DESK = frozenset({"social_worker", "supervisor", "auditor", "system_admin", "security_admin"})


class ReferenceAdmin(RecordAdmin):
    roles = DESK


@admin.register(Division)
class DivisionAdmin(ReferenceAdmin):
    list_display = ["code", "name", "level", "edition", "valid_from", "valid_to", "fictional"]
    list_filter = ["level", "fictional"]
    search_fields = ["^code", "name"]
    ordering = ["code", "edition"]


@admin.register(Designation)
class DesignationAdmin(ReferenceAdmin):
    list_display = ["division_code", "list_slug", "valid_from", "valid_to", "document"]
    list_filter = ["list_slug"]
    search_fields = ["^division_code"]


@admin.register(CodeList)
class CodeListAdmin(ReferenceAdmin):
    list_display = ["slug", "version", "label_zh", "label_en", "valid_from", "valid_to", "source"]
    search_fields = ["slug", "label_zh", "label_en"]
    ordering = ["slug", "version"]


@admin.register(Code)
class CodeAdmin(ReferenceAdmin):
    list_display = ["code_list", "slug", "label_zh", "label_en", "valid_from", "valid_to", "staff_only"]
    list_filter = ["code_list__slug", "staff_only"]
    list_select_related = ["code_list"]
    search_fields = ["slug", "label_zh", "label_en"]


@admin.register(Item)
class ItemAdmin(ReferenceAdmin):
    list_display = ["slug", "category", "label_zh", "label_en", "kind", "unit_zh", "unit_factor", "divisible"]
    list_filter = ["category", "kind"]
    search_fields = ["slug", "label_zh", "label_en"]


@admin.register(WorkCalendar)
class WorkCalendarAdmin(ReferenceAdmin):
    list_display = ["date", "working", "label_zh", "label_en", "provisional", "document"]
    list_filter = ["working", "provisional"]
    date_hierarchy = "date"
