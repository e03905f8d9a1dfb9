"""Lists of the desk: by keyset, through the gate, with the columns a worker scans for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from common.admin import RecordAdmin
from common.filters import StrictFilterSet
from common.pages import for_roles, keyset, page
from households.desk.acts import slugs_of
from households.desk.views import act_page
from households.desk.words import file_url
from households.desk.worklist import with_heads
from households.rules import CASE_ROLES
from reference.queries import path_labels

PLACE_PARTS = 2  # township and village; the county is the worker's own


@dataclass(frozen=True)
class Column:
    """One column: its heading, what stands in the cell, and `num` for figures."""

    label: Any
    cell: Callable[[Any], Any]
    css: str = ""


class DeskAdmin(RecordAdmin):
    """A kind of row on the desk: a list, one page per row, one page per act; rows are named by their public_id."""

    roles = CASE_ROLES
    filterset: type[StrictFilterSet]
    columns: tuple[Column, ...] = ()
    order: tuple[str, ...] = ("-id",)
    related: tuple[str, ...] = ("household",)
    heads: str | None = "household__"
    lead: Any = ""
    empty: Any = _("Nothing stands on this list at present.")
    fields: ClassVar[Any] = ()

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        own = [*self.work_urls()]
        if slugs_of(self.model):
            view = self.admin_site.admin_view(self._for_roles(self.act_view))
            own.append(path("<slug:public_id>/do/<slug:slug>/", view, name=f"{name}_act"))
        for pattern in (standard := super().get_urls()):
            pattern.callback.roles = self.roles  # type: ignore[attr-defined]
        return [*own, *standard]

    def work_urls(self) -> list[URLPattern]:
        """Further pages of this kind of row."""
        return []

    def list_acts(self) -> list[tuple[Any, str]]:
        """What is begun from the list itself: label and address."""
        return []

    def acts_for(self, request: HttpRequest) -> list[tuple[Any, str]]:
        """Those of them that are this person's."""
        return self.list_acts()

    def _for_roles(self, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        return for_roles(*self.roles)(view)

    def act_view(self, request: HttpRequest, public_id: str, slug: str) -> HttpResponse:
        return act_page(
            request, self.model, public_id, slug, {**self.admin_site.each_context(request), "opts": self.opts}
        )

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        """What the list shows, fetched at a constant number of queries."""
        rows = self.get_queryset(request).select_related(*self.related)
        return rows if self.heads is None else with_heads(rows, self.heads)

    def name_rows(self, rows: list[Any]) -> None:
        """Words a row cannot find itself without a query of its own."""
        name_places(rows)

    def row_url(self, row: Any) -> str:
        """Rows of a household lead to its file."""
        return file_url(row.household)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise Http404
        chosen = self.filterset(request.GET, queryset=self.rows(request), request=request)
        listed = keyset(request, chosen, order=self.order, size=30)
        self.name_rows(listed.rows)
        context = {
            **self.admin_site.each_context(request),
            **(extra_context or {}),
            "title": capfirst(str(self.opts.verbose_name_plural)),
            "subtitle": self.lead,
            "opts": self.opts,
            "filter": chosen,
            "page": listed,
            "columns": self.columns,
            "list_acts": self.acts_for(request),
            "filtered": any(request.GET.get(name) for name in chosen.form.fields),
            "empty": self.empty,
            "rows": [(self.row_url(row), self._cells(row)) for row in listed],
        }
        return page(request, "households/desk/list.html", context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """A row without an own page is read in its household's file; nothing is ever saved from here."""
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404(_("We did not find this file, or it is outside your area."))
        if request.method == "POST":
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return redirect(self.row_url(row))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        return self.rows(request).filter(public_id=object_id).first()

    def _cells(self, row: Any) -> list[tuple[Any, Any, str]]:
        return [(column.label, column.cell(row), column.css) for column in self.columns]


def name_places(rows: list[Any]) -> None:
    """Put the name of the township and village on each row, in one query for the page."""
    codes = {
        row: getattr(row, "area", None) or getattr(row, "household", row).area for row in rows if _placed(row)
    }
    names = path_labels(set(codes.values())) if codes else {}
    for row, code in codes.items():
        row.place_label = " ".join(names[code].split(" / ")[-PLACE_PARTS:])


def _placed(row: Any) -> bool:
    return hasattr(row, "area") or hasattr(row, "household_id")
