"""Lists of case work: notes, supervision, referrals, closing."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from common.templatetags.ui import day, moment, tag
from households.admin.cells import FILE, HEAD, STATE, due
from households.desk.filters import RowFilter
from households.desk.lists import Column, DeskAdmin
from households.desk.words import file_url
from households.enums import ReferralState
from households.models import ClosingSummary, ProcessNote, Referral, Supervision


class CareAdmin(DeskAdmin):
    """A paper of case work is read on its family's file."""

    filterset = RowFilter

    def row_url(self, row: Any) -> str:
        return file_url(row.household, "care")


@admin.register(ProcessNote)
class ProcessNoteAdmin(CareAdmin):
    related = ("household", "written_by")
    columns = (
        FILE,
        HEAD,
        Column(_("when the family was served"), lambda row: moment(row.served_at), "nowrap"),
        Column(_("in which way"), lambda row: row.get_kind_display()),
        Column(_("written by"), lambda row: row.written_by.name),
        Column(
            _("written"), lambda row: tag(_("written late"), "expired") if row.late else day(row.written_at)
        ),
    )


@admin.register(Supervision)
class SupervisionAdmin(CareAdmin):
    related = ("household", "supervisor", "worker")
    columns = (
        FILE,
        HEAD,
        Column(_("held on"), lambda row: day(row.held_on), "nowrap"),
        Column(_("worker"), lambda row: row.worker.name),
        Column(_("written by"), lambda row: row.supervisor.name),
        Column(_("read"), lambda row: day(row.read_at), "nowrap"),
    )


@admin.register(Referral)
class ReferralAdmin(CareAdmin):
    columns = (
        FILE,
        HEAD,
        Column(_("who receives the family"), lambda row: row.receiver),
        STATE,
        Column(
            _("answer by"), lambda row: due(row.answer_due, waits=row.state == ReferralState.SENT), "nowrap"
        ),
    )


@admin.register(ClosingSummary)
class ClosingSummaryAdmin(CareAdmin):
    related = ("household", "written_by")
    columns = (
        FILE,
        HEAD,
        STATE,
        Column(_("why it is closed"), lambda row: row.get_reason_display()),
        Column(_("written by"), lambda row: row.written_by.name),
        Column(_("written"), lambda row: day(row.written_at), "nowrap"),
    )
