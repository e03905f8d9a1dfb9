"""Imports: the file, what was found in it, and where each row went."""

from __future__ import annotations

from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from common.templatetags.ui import moment, tag
from households.admin.cells import STATE
from households.desk.filters import BatchFilter, ImportRowFilter
from households.desk.lists import Column, DeskAdmin
from households.desk.words import file_url
from households.imports.checking import what_to_do
from households.models import ImportBatch, ImportRow


def _found(row: ImportRow) -> str:
    said = (f"{found['column']}: {what_to_do(found['code'], found['value'])}" for found in row.findings)
    return "; ".join(said) or "—"


SUPERVISOR = frozenset({Role.SUPERVISOR})


@admin.register(ImportBatch)
class ImportBatchAdmin(DeskAdmin):
    roles = SUPERVISOR
    filterset = BatchFilter
    related = ("by_user",)
    heads = None
    columns = (
        Column(_("file"), lambda row: row.name),
        Column(_("mapping"), lambda row: row.mapping),
        STATE,
        Column(_("rows"), lambda row: row.rows_read, "num"),
        Column(_("households"), lambda row: row.households_merged, "num"),
        Column(_("members"), lambda row: row.members_merged, "num"),
        Column(_("at"), lambda row: moment(row.created_at)),
    )

    def row_url(self, row: ImportBatch) -> str:
        return f"{reverse('admin:households_importrow_changelist')}?batch={row.public_id}"


@admin.register(ImportRow)
class ImportRowAdmin(DeskAdmin):
    roles = SUPERVISOR
    filterset = ImportRowFilter
    related = ("household", "batch")
    heads = None
    order = ("batch_id", "line", "id")
    columns = (
        Column(_("line"), lambda row: row.line),
        Column(_("household in the file"), lambda row: row.household_key),
        Column(_("state"), lambda row: tag(row.get_state_display(), row.state)),
        Column(_("what was found"), _found),
    )

    def row_url(self, row: ImportRow) -> str:
        return file_url(row.household) if row.household else ""

    def name_rows(self, rows: list[ImportRow]) -> None:
        return None
