"""Imports: the file, what was found in it, and where each row went."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.pages import for_roles
from common.templatetags.ui import moment, tag
from households.admin.cells import STATE
from households.desk import import_copies, import_waiting, imports
from households.desk.filters import BatchFilter, ImportRowFilter
from households.desk.forms.imports import mapping_words
from households.desk.lists import Column, DeskAdmin
from households.desk.words import file_url
from households.models import ImportBatch, ImportRow


def _found(row: ImportRow) -> str:
    return format_html_join("", "<p>{}</p>", ((said,) for said in imports.said_of(row))) or "—"


@admin.register(ImportBatch)
class ImportBatchAdmin(DeskAdmin):
    filterset = BatchFilter
    related = ("by_user",)
    heads = None
    columns = (
        Column(_("file"), lambda row: row.name),
        Column(_("mapping"), lambda row: mapping_words(row.mapping)),
        STATE,
        Column(_("rows"), lambda row: row.rows_read, "num"),
        Column(_("households"), lambda row: row.households_read, "num"),
        Column(_("in the register"), lambda row: row.households_merged, "num"),
        Column(_("sent by"), lambda row: row.by_user.name if row.by_user else _("the platform")),
        Column(_("sent"), lambda row: moment(row.created_at), "nowrap"),
    )

    def work_urls(self) -> list[URLPattern]:
        pages = {
            "": imports.import_page,
            "findings/": imports.findings,
            "copy/": import_copies.annotated_copy,
            "merge/": imports.merge_page,
            "refuse/": imports.refuse_page,
            "again/": imports.again_page,
        }
        own = [path("upload/", self._page(imports.upload_page), name="households_importbatch_upload")]
        own.append(
            path("template/", self._page(import_copies.template), name="households_importbatch_template")
        )
        waiting = path(
            "<slug:public_id>/report/waiting/<slug:row>/",
            self._page(import_waiting.waiting_page),
            name="households_importbatch_waiting",
        )
        own.append(waiting)
        for address, view in pages.items():
            name = f"households_importbatch_{address.rstrip('/') or 'report'}"
            own.append(path(f"<slug:public_id>/report/{address}", self._page(view), name=name))
        return own

    def _page(self, view: Callable[..., HttpResponseBase]) -> Callable[..., Any]:
        def framed(request: HttpRequest, **named: str) -> HttpResponseBase:
            return view(request, **named, frame={**self.admin_site.each_context(request), "opts": self.opts})

        return self.admin_site.admin_view(for_roles(*self.roles)(framed))

    def list_acts(self) -> list[tuple[Any, str]]:
        return [
            (_("Send a file"), reverse("admin:households_importbatch_upload")),
            (_("Download the template"), reverse("admin:households_importbatch_template")),
        ]

    def row_url(self, row: ImportBatch) -> str:
        return imports.page_of(row)


@admin.register(ImportRow)
class ImportRowAdmin(DeskAdmin):
    filterset = ImportRowFilter
    related = ("household", "batch")
    heads = None
    order = ("batch_id", "line", "id")
    columns = (
        Column(pgettext_lazy("file", "row"), lambda row: row.line),
        Column(_("file"), lambda row: row.batch.name),
        Column(_("household in the file"), lambda row: row.household_key),
        Column(_("state"), lambda row: tag(row.get_state_display(), row.state)),
        Column(_("what was found"), _found),
    )

    def row_url(self, row: ImportRow) -> str:
        return file_url(row.household) if row.household else ""

    def name_rows(self, rows: list[ImportRow]) -> None:
        return None
