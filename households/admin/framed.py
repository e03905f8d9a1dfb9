"""Lists whose rows have pages of their own in the frame of the desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from households.desk.lists import DeskAdmin


class FramedAdmin(DeskAdmin):
    """Pages of its own in the frame of the desk."""

    def framed(self, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        def within(request: HttpRequest, **named: str) -> HttpResponse:
            return view(request, **named, frame={**self.admin_site.each_context(request), "opts": self.opts})

        found: Any = self.admin_site.admin_view(self._for_roles(within))
        return found  # type: ignore[no-any-return]
