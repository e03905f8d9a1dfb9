"""Points cards on the desk: the list, and one printable page each."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from common.templatetags.ui import day
from households.admin.cells import PLACE, STATE
from households.desk.cards import card_page, url_of
from households.desk.filters import CardFilter
from households.desk.lists import Column, DeskAdmin
from households.models import PointsCard


@admin.register(PointsCard)
class PointsCardAdmin(DeskAdmin):
    filterset = CardFilter
    related = ("made_by",)
    heads = None
    lead = _("A card turns answers into points that everybody can count again. It advises; people decide.")
    columns = (
        Column(_("name of the card"), lambda row: row.title),
        Column(_("version"), lambda row: row.version, "num"),
        STATE,
        PLACE,
        Column(_("put up by"), lambda row: row.made_by.name),
        Column(_("put up"), lambda row: day(row.created_at), "nowrap"),
    )

    def work_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self._for_roles(self.page_view))
        return [path("<slug:public_id>/card/", view, name="households_pointscard_page")]

    def page_view(self, request: HttpRequest, public_id: str) -> HttpResponse:
        return card_page(request, public_id, {**self.admin_site.each_context(request), "opts": self.opts})

    def row_url(self, row: PointsCard) -> str:
        return url_of(row)
