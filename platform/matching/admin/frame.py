"""What the desk's pages have in common: staff alone, the admin's frame around them."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse

from accounts.enums import PLATFORM_STAFF, Role
from common.admin import RecordAdmin
from common.forms import Form
from common.pages import View, for_roles, page

staff = for_roles(Role.SOCIAL_WORKER, Role.SUPERVISOR)


class StaffAdmin(RecordAdmin):
    """Workers and supervisors; every page of ours stands in the admin's frame."""

    roles = PLATFORM_STAFF

    def guarded(self, view: View) -> Any:
        return self.admin_site.admin_view(staff(view))

    def framed(
        self, request: HttpRequest, template: str, context: dict[str, Any], *, form: Form | None = None
    ) -> HttpResponse:
        around = {**self.admin_site.each_context(request), "opts": self.opts}
        return page(request, template, {**around, **context}, form=form)

    def visible(self, request: HttpRequest) -> models.QuerySet[Any]:
        rows: models.QuerySet[Any] = self.model._default_manager.visible_to(request.user)
        return rows
