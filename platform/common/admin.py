"""The web admin as the workers' desk: rows to read, services to act; nothing is edited or deleted directly."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest, HttpResponse

from common.exceptions import Refused

if TYPE_CHECKING:
    BaseAdmin = admin.ModelAdmin[Any]
else:
    BaseAdmin = admin.ModelAdmin


class RecordAdmin(BaseAdmin):
    """List, search and filter what the gate shows; adding, changing and deleting happen through services alone."""

    show_full_result_count = False
    list_per_page = 50
    actions_on_bottom = False
    view_on_site = False
    roles: frozenset[str] = frozenset()

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).visible_to(request.user)  # type: ignore[attr-defined,no-any-return]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may_see(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may_see(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_actions(self, request: HttpRequest) -> Any:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        raise Refused("no_direct_edit", "")

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        raise Refused("no_direct_edit", "")

    def _may_see(self, request: HttpRequest) -> bool:
        seat = getattr(request.user, "seat", None)
        return seat is not None and seat.role in self.roles


def act_on_each(
    request: HttpRequest, rows: Any, act: Callable[[Any], Any], done_message: Any
) -> HttpResponse | None:
    """Run a service for each selected row; a refusal is shown and leaves its row as it was."""
    done = 0
    for row in rows:
        try:
            act(row)
        except Refused as refused:
            messages.error(request, f"{row}: {refused.message}")
        else:
            done += 1
    if done:
        messages.success(request, done_message % {"count": done})
    return None
