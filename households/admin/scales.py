"""Questionnaires, their answers, and dangers named."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.templatetags.ui import day, moment, tag
from households.admin.cells import FILE, HEAD, STATE
from households.admin.framed import FramedAdmin
from households.desk import asking, instruments
from households.desk.filters import CurrentFilter, RowFilter
from households.desk.lists import Column, DeskAdmin
from households.desk.scores import outcome_words
from households.desk.words import act_url, file_url
from households.enums import SafetyState
from households.models import Instrument, InstrumentResult, SafetyAlert


@admin.register(Instrument)
class InstrumentAdmin(FramedAdmin):
    filterset = CurrentFilter
    related = ()
    heads = None
    order = ("code", "-id")
    lead = _("What is asked today, and older versions to read. Each names its source and its licence.")
    columns = (
        Column(_("questionnaire"), lambda row: row.scale.title),
        Column(_("version"), lambda row: row.version, "nowrap"),
        Column(
            _("who asks"), lambda row: _("trained colleagues") if row.scale.trained else _("every worker")
        ),
        Column(_("questions"), lambda row: len(row.scale.questions), "num"),
        Column(
            _("state"),
            lambda row: tag(_("retired"), "expired") if row.retired_at else tag(_("asked today"), "in_force"),
        ),
    )

    def work_urls(self) -> list[URLPattern]:
        return [
            path(
                "<slug:public_id>/read/",
                self.framed(instruments.instrument_page),
                name="households_instrument_read",
            ),
            path(
                "<slug:public_id>/ask/<slug:household>/",
                self.framed(asking.ask_page),
                name="households_instrument_ask",
            ),
        ]

    def name_rows(self, rows: list[Any]) -> None:
        return None

    def row_url(self, row: Instrument) -> str:
        return reverse("admin:households_instrument_read", args=[row.public_id])


@admin.register(InstrumentResult)
class InstrumentResultAdmin(FramedAdmin):
    filterset = RowFilter
    related = ("household", "instrument", "taken_by")
    columns = (
        FILE,
        HEAD,
        Column(_("questionnaire"), lambda row: row.instrument.scale.title),
        Column(_("stage"), lambda row: row.stage_label),
        Column(_("result"), lambda row: outcome_words(row.instrument.scale, row.found)),
        Column(_("asked on"), lambda row: day(row.asked_on), "nowrap"),
        Column(_("asked and written down by"), lambda row: row.taken_by.name),
    )

    def work_urls(self) -> list[URLPattern]:
        view = self.framed(instruments.result_page)
        return [path("<slug:public_id>/read/", view, name="households_instrumentresult_read")]

    def row_url(self, row: InstrumentResult) -> str:
        return reverse("admin:households_instrumentresult_read", args=[row.public_id])


@admin.register(SafetyAlert)
class SafetyAlertAdmin(DeskAdmin):
    filterset = RowFilter
    columns = (
        FILE,
        HEAD,
        STATE,
        Column(pgettext_lazy("safety", "raised"), lambda row: moment(row.raised_at), "nowrap"),
        Column(_("next contact by"), lambda row: day(row.next_contact), "nowrap"),
    )

    def row_url(self, row: SafetyAlert) -> str:
        return act_url(row, "act") if row.state == SafetyState.OPEN else file_url(row.household, "care")
