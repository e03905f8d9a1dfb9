"""Ties of support and lists of strengths; the maps of one family to print."""

from __future__ import annotations

from django.contrib import admin
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.templatetags.ui import day, tag
from households.admin.care import CareAdmin
from households.admin.cells import FILE, HEAD
from households.admin.framed import FramedAdmin
from households.desk.lists import Column
from households.desk.maps.panel import maps_page
from households.models import StrengthList, SupportTie


@admin.register(SupportTie)
class SupportTieAdmin(FramedAdmin, CareAdmin):
    columns = (
        FILE,
        HEAD,
        Column(_("who it is"), lambda row: row.name),
        Column(_("kind of tie"), lambda row: row.get_kind_display()),
        Column(_("how strong"), lambda row: row.get_strength_display()),
        Column(_("who helps whom"), lambda row: row.get_direction_display()),
        Column(_("strained"), lambda row: tag(_("strained"), "expired") if row.strained else "—"),
        Column(pgettext_lazy("tie", "ended"), lambda row: day(row.ended_at), "nowrap"),
    )

    def work_urls(self) -> list[URLPattern]:
        view = self.framed(maps_page)
        return [path("<slug:public_id>/maps/", view, name="households_supporttie_maps")]


@admin.register(StrengthList)
class StrengthListAdmin(CareAdmin):
    related = ("household", "written_by")
    columns = (
        FILE,
        HEAD,
        Column(pgettext_lazy("plan", "edition"), lambda row: row.edition, "num"),
        Column(_("strengths"), lambda row: len(row.entries), "num"),
        Column(_("written by"), lambda row: row.written_by.name),
        Column(_("written"), lambda row: day(row.written_at), "nowrap"),
    )
