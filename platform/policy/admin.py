"""Policies, lines and rules to look up at the workers' desk; they are written on the officers' pages."""

from __future__ import annotations

from django.contrib import admin
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.enums import PLATFORM_STAFF
from common.admin import RecordAdmin, StateFilter, state_in_words
from common.spelling import spelled
from policy.models import EligibilityRule, Line, Policy
from policy.queries import rows_of


@admin.register(Policy)
class PolicyAdmin(RecordAdmin):
    roles = PLATFORM_STAFF
    list_display = ["title", "doc_no", "issuer", "area", "category_in_words", "shown_state", "effective_from"]
    list_filter = [StateFilter, "category"]
    search_fields = ["title", "doc_no", "plain_summary"]
    ordering = ["-pk"]
    fields = [
        "title", "doc_no", "issuer", "area", "category_in_words", "effective_from", "effective_to", "plain_summary",
        "full_text", "shown_state", "published_at",
    ]  # fmt: skip
    readonly_fields = ["category_in_words", "shown_state"]

    @admin.display(description=_("category"), ordering="category")
    def category_in_words(self, row: Policy) -> str:
        return str(row.category_label)

    @admin.display(description=_("state"))
    def shown_state(self, row: Policy) -> str:
        return state_in_words(row)


@admin.register(Line)
class LineAdmin(RecordAdmin):
    roles = PLATFORM_STAFF
    list_display = ["kind", "scope", "area", "year", "amount", "basis", "policy"]
    fields = ["kind", "scope", "area", "year", "amount", "basis", "policy"]
    list_filter = ["kind", "scope", "year"]
    list_select_related = ["policy"]
    search_fields = ["^area", "policy__title"]
    ordering = ["-year", "area", "pk"]


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
