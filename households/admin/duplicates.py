"""Suspected double files: the list of groups, and one page for a group."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import Count, Prefetch, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from common.pages import for_roles
from common.templatetags.ui import day
from households.admin.cells import STATE
from households.desk import duplicates
from households.desk.filters import DuplicateFilter
from households.desk.lists import Column, DeskAdmin
from households.models import DuplicateCluster


def _files(row: DuplicateCluster) -> str:
    words = duplicates.file_words(row.shown, row.total)  # type: ignore[attr-defined]
    return format_html_join("", "<p>{}</p>", ((said,) for said in words))


@admin.register(DuplicateCluster)
class DuplicateClusterAdmin(DeskAdmin):
    filterset = DuplicateFilter
    related = ()
    heads = None
    order = ("-found_at", "-id")
    lead = _(
        "Files that may be of one family. The platform only asks; people decide, and nothing is thrown away."
    )
    empty = _("No two files look as if they were of one family.")
    columns = (
        Column(_("found on"), lambda row: day(row.found_at), "nowrap"),
        Column(_("files"), _files),
        Column(_("surest pair"), lambda row: duplicates.surest(row)),
        STATE,
    )

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().rows(request).annotate(total=Count("files", distinct=True))
        return rows.prefetch_related(Prefetch("files", duplicates.open_to(request.user), to_attr="shown"))

    def name_rows(self, rows: list[Any]) -> None:
        return None

    def work_urls(self) -> list[URLPattern]:
        group = self._page(duplicates.cluster_page, *self.roles)
        search = self._page(duplicates.search_page, Role.SUPERVISOR)
        return [
            path("search/", search, name="households_duplicatecluster_search"),
            path("<slug:public_id>/group/", group, name="households_duplicatecluster_group"),
        ]

    def _page(self, view: Callable[..., HttpResponseBase], *roles: str) -> Callable[..., Any]:
        def framed(request: HttpRequest, **named: str) -> HttpResponseBase:
            return view(request, **named, frame={**self.admin_site.each_context(request), "opts": self.opts})

        return self.admin_site.admin_view(for_roles(*roles)(framed))

    def acts_for(self, request: HttpRequest) -> list[tuple[Any, str]]:
        if request.user.seat.role != Role.SUPERVISOR:  # type: ignore[union-attr]
            return []
        return [(_("Look through my area"), reverse("admin:households_duplicatecluster_search"))]

    def row_url(self, row: DuplicateCluster) -> str:
        return duplicates.page_of(row)
