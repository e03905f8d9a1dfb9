"""Policies, lines and rules to look up at the workers' desk; they are written on the officers' pages."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.enums import PLATFORM_STAFF
from common.admin import RecordAdmin, StateFilter, state_in_words
from common.spelling import spelled
from common.templatetags.ui import number
from policy.models import EligibilityRule, Line, Policy
from policy.queries import rows_of
from reference.queries import name_of


class PlaceAdmin(RecordAdmin):
    """Rows with an area: its name as it is called today."""

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(place_name=name_of("area"))

    @admin.display(description=_("area"), ordering="area")
    def place(self, row: Any) -> str:
        return str(row.place_name or row.area)


@admin.register(Policy)
class PolicyAdmin(PlaceAdmin):
    roles = PLATFORM_STAFF
    list_display = [
        "title",
        "doc_no",
        "issuer",
        "place",
        "category_in_words",
        "shown_state",
        "effective_from",
    ]
    list_filter = [StateFilter, "category"]
    search_fields = ["title", "doc_no", "plain_summary"]
    ordering = ["-pk"]
    fields = [
        "title", "doc_no", "issuer", "place", "category_in_words", "effective_from", "effective_to", "plain_summary",
        "full_text", "shown_state", "published_at",
    ]  # fmt: skip
    readonly_fields = ["place", "category_in_words", "shown_state"]

    @admin.display(description=_("category"), ordering="category")
    def category_in_words(self, row: Policy) -> str:
        return str(row.category_label)

    @admin.display(description=_("state"))
    def shown_state(self, row: Policy) -> str:
        return state_in_words(row)


@admin.register(Line)
class LineAdmin(PlaceAdmin):
    roles = PLATFORM_STAFF
    list_display = ["kind", "scope", "place", "year", "yuan", "basis", "policy"]
    fields = ["kind", "scope", "place", "year", "yuan", "basis", "policy"]
    readonly_fields = ["place", "yuan"]
    list_filter = ["kind", "scope", "year"]
    list_select_related = ["policy"]
    search_fields = ["^area", "policy__title"]
    ordering = ["-year", "area", "pk"]

    @admin.display(description=_("amount (yuan)"), ordering="amount")
    def yuan(self, row: Line) -> str:
        return number(row.amount)


@admin.register(EligibilityRule)
class EligibilityRuleAdmin(RecordAdmin):
    roles = PLATFORM_STAFF
    list_display = ["benefit", "subject", "standard", "where_to_apply", "policy"]
    list_filter = ["subject"]
    list_select_related = ["policy"]
    search_fields = ["benefit", "policy__title"]
    ordering = ["benefit", "pk"]
    fields = ["benefit", "subject", "conditions_in_words", "standard", "where_to_apply", "policy"]
    readonly_fields = ["conditions_in_words"]

    @admin.display(description=_("conditions"))
    def conditions_in_words(self, row: EligibilityRule) -> SafeString:
        return spelled(rows_of([row])[0].conditions)
