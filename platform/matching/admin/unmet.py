"""Needs that nothing could serve, each with its reason in words."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from common import clock
from common.pages import keyset
from matching.admin.frame import StaffAdmin, staff
from matching.filters import UnmetFilter
from matching.models import UnmetReason
from matching.queries import unmet_lines, unmet_rows


@admin.register(UnmetReason)
class UnmetReasonAdmin(StaffAdmin):
    @method_decorator(staff)
    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What the latest runs could not serve, the most urgent first."""
        filtered = UnmetFilter(request.GET, queryset=unmet_rows(request.user, clock.today()))
        rows = keyset(request, filtered, order=("-need__severity", "id"))
        context = {
            "title": _("Needs without help yet"),
            "page": rows,
            "unmet": unmet_lines(rows, user=request.user),
            "filter": filtered,
        }
        return self.framed(request, "matching/unmet.html", context)
