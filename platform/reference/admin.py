"""Reference data at the desk: to look up, never to edit; it is loaded by command."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest
from django.utils.translation import get_language, gettext_lazy

from common.admin import RecordAdmin, WordsFilter, yes_no
from reference.models import Code, CodeList, Designation, Division, Item, WorkCalendar
from reference.queries import labels, name_of

# Everybody at the desk may look facts up; roles are named by their words because accounts lies above this app.
DESK = frozenset({"social_worker", "supervisor", "auditor", "system_admin", "security_admin"})
LISTS = {
    "poor_county_832": gettext_lazy("the 832 counties once listed as poor"),
    "key_county_160": gettext_lazy("the 160 counties that get more help"),
}


class ReferenceAdmin(RecordAdmin):
    roles = DESK


class NamedAdmin(ReferenceAdmin):
    """Words are shown in the reader's language; keys stand behind them."""

    @admin.display(description=gettext_lazy("name"))
    def name(self, row: Any) -> str:
        return str(row.label)


class CategoryFilter(WordsFilter):
    title = gettext_lazy("category")
    parameter_name = "category"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(labels("need_category").items())


class ListFilter(WordsFilter):
    title = gettext_lazy("list")
    parameter_name = "list_slug"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(LISTS.items())


@admin.register(Division)
class DivisionAdmin(ReferenceAdmin):
    list_display = [
        "code", "name", "level", "edition", "valid_from", "valid_to", yes_no("fictional", gettext_lazy("fictional")),
    ]  # fmt: skip
    list_filter = ["level", "fictional"]
    search_fields = ["^code", "name"]
    ordering = ["code", "edition"]


@admin.register(Designation)
class DesignationAdmin(ReferenceAdmin):
    list_display = ["place", "division_code", "on_list", "valid_from", "valid_to", "document"]
    list_filter = [ListFilter]
    search_fields = ["^division_code"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(place_name=name_of("division_code"))

    @admin.display(description=gettext_lazy("place"))
    def place(self, row: Any) -> str:
        return str(row.place_name or row.division_code)

    @admin.display(description=gettext_lazy("list"))
    def on_list(self, row: Designation) -> str:
        return str(LISTS.get(row.list_slug, row.list_slug))


@admin.register(CodeList)
class CodeListAdmin(NamedAdmin):
    list_display = ["name", "slug", "version", "valid_from", "valid_to", "source"]
    search_fields = ["slug", "label_zh", "label_en"]
    ordering = ["slug", "version"]


@admin.register(Code)
class CodeAdmin(NamedAdmin):
    list_display = [
        "name", "code_list", "slug", "valid_from", "valid_to", yes_no("staff_only", gettext_lazy("for staff only")),
    ]  # fmt: skip
    list_filter = ["code_list", "staff_only"]
    list_select_related = ["code_list"]
    search_fields = ["slug", "label_zh", "label_en"]


@admin.register(Item)
class ItemAdmin(NamedAdmin):
    list_display = [
        "name", "in_category", "kind", "unit", "unit_factor", yes_no("divisible", gettext_lazy("divisible")), "slug",
    ]  # fmt: skip
    list_filter = [CategoryFilter, "kind"]
    search_fields = ["slug", "label_zh", "label_en"]

    def get_queryset(self, request: HttpRequest) -> Any:
        label = "label_en" if get_language() == "en" else "label_zh"
        known = Code.objects.filter(code_list__slug="need_category", slug=OuterRef("category"))
        newest = known.order_by("-code_list__version").values(label)[:1]
        return super().get_queryset(request).annotate(category_name=Subquery(newest))

    @admin.display(description=gettext_lazy("category"))
    def in_category(self, row: Any) -> str:
        return f"{row.category} {row.category_name or ''}".strip()

    @admin.display(description=gettext_lazy("unit"))
    def unit(self, row: Item) -> str:
        return str(row.unit_label)


@admin.register(WorkCalendar)
class WorkCalendarAdmin(ReferenceAdmin):
    list_display = [
        "date", yes_no("working", gettext_lazy("working day")), "name",
        yes_no("provisional", gettext_lazy("provisional")), "document",
    ]  # fmt: skip
    list_filter = ["working", "provisional"]
    date_hierarchy = "date"
    ordering = ["-date"]

    @admin.display(description=gettext_lazy("name"))
    def name(self, row: WorkCalendar) -> str:
        return row.label_en if get_language() == "en" else row.label_zh
