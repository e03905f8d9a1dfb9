"""The web admin as the workers' desk: rows to read, services to act; nothing is edited or deleted directly."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ERROR_FLAG, ChangeList
from django.core.exceptions import BadRequest, FieldDoesNotExist
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.utils.translation import gettext_lazy as _

from common.exceptions import Refused
from common.filters import CURSOR
from common.pagination import keyset_page

if TYPE_CHECKING:
    BaseAdmin = admin.ModelAdmin[Any]
else:
    BaseAdmin = admin.ModelAdmin


LOOKUPS = frozenset(
    {"exact", "isnull", "in", "gt", "gte", "lt", "lte", "id__exact", "pk__exact", "year", "month", "day"}
)  # what the admin's own filters put behind the name of a column


class KeysetList(ChangeList):
    """A list of the admin that pages by keyset: no row is counted and none is skipped over."""

    previous_url = ""
    next_url = ""

    def get_results(self, request: HttpRequest) -> None:
        order = tuple(column_of(self.model, str(name)) for name in self.queryset.query.order_by)
        page = keyset_page(
            self.queryset, order=order, cursor=request.GET.get(CURSOR, ""), size=self.list_per_page
        )
        self.result_list = page.rows
        self.result_count = len(page)
        self.full_result_count = None
        self.show_full_result_count = False
        self.show_admin_actions = True
        self.can_show_all = self.multi_page = False
        self.previous_url = self._url_of(page.previous)
        self.next_url = self._url_of(page.next)

    def get_filters_params(self, params: Any = None) -> Any:
        return {name: value for name, value in super().get_filters_params(params).items() if name != CURSOR}

    def get_query_string(self, new_params: Any = None, remove: Any = None) -> str:
        """Another order or filter begins on the first page again."""
        return super().get_query_string(new_params, [*(remove or []), CURSOR])

    def url_for_result(self, result: models.Model) -> str:
        desk: Any = self.model_admin
        return str(desk.row_url(result))

    def _url_of(self, cursor: str) -> str:
        return super().get_query_string({CURSOR: cursor}) if cursor else ""


@admin.display(description=_("state"), ordering="state")
def state_in_words(row: Any) -> str:
    """The column of a row's state."""
    return str(row.STATES(row.state).label)


def yes_or_no(said: bool | None) -> str:
    """A word instead of a red cross: most of these are no, and that is as it should be."""
    if said is None:
        return "—"
    return str(_("yes") if said else _("no"))


class WordsFilter(admin.SimpleListFilter):
    """A column of slugs, its values in words; `lookups` names them."""

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() is None:
            return queryset
        if self.value() not in dict(self.lookup_choices):
            raise IncorrectLookupParameters
        return queryset.filter(**{str(self.parameter_name): self.value()})


class StateFilter(WordsFilter):
    """The states of the list's model."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(model_admin.model.STATES.choices)


def column_of(model: type[models.Model], name: str) -> str:
    """The column behind a name of an order: "-pk" is "-id"."""
    down, bare = ("-", name[1:]) if name.startswith("-") else ("", name)
    return down + (str(model._meta.pk.name) if bare == "pk" else bare)


def has_no_gaps(model: type[models.Model], name: str) -> bool:
    """Whether every row has a value in this column, so that a list can be ordered by it."""
    try:
        field = model._meta.get_field(column_of(model, name).lstrip("-"))
    except FieldDoesNotExist:
        return False
    return field.concrete and not field.null and not field.is_relation


class RecordAdmin(BaseAdmin):
    """List, search and filter what the gate shows; adding, changing and deleting happen through services alone.

    A row leads to its page of facts, or, where `work_url` names one, to the page on which its work is done.
    """

    show_full_result_count = False
    list_per_page = 50
    actions_on_bottom = False
    view_on_site = False
    empty_value_display = "—"
    roles: frozenset[str] = frozenset()

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return super().get_queryset(request).visible_to(request.user)  # type: ignore[attr-defined,no-any-return]

    work_url = ""

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return KeysetList

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """A filter that does not exist, or has no such value, is an error: never the whole list."""
        try:
            if ERROR_FLAG in request.GET:
                raise IncorrectLookupParameters
            return super().get_changelist_instance(request)
        except (IncorrectLookupParameters, DisallowedModelAdminLookup):
            raise BadRequest(
                _("This list has no such filter. Choose a filter on the page, or open the list again.")
            ) from None

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Only what a filter of the list offers: any other column could be asked for what the list does not show."""
        offered = {_parameter(one) for one in self.get_list_filter(request)} | {self.date_hierarchy or ""}
        name, _double, how = lookup.partition("__")
        return lookup in offered or (name in offered and how in LOOKUPS)

    def get_urls(self) -> list[URLPattern]:
        """Without the admin's page of its own log, which is off: the journal tells what happened."""
        return [entry for entry in super().get_urls() if not str(entry.name).endswith("_history")]

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> Any:
        """What is not there, or not for this reader, is a page that is not there (design §4.4)."""
        raise Http404

    def row_url(self, row: Any) -> str:
        name = self.work_url or f"{self.opts.app_label}_{self.opts.model_name}_change"
        return reverse(f"admin:{name}", args=[self.key_of(row)])

    def key_of(self, row: models.Model) -> Any:
        """What stands for the row in an address: the random name of what people wrote, the number of a fact."""
        return getattr(row, "public_id", row.pk)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        if not self._names_rows():
            return super().get_object(request, object_id, from_field)
        return self.get_queryset(request).filter(public_id=object_id).first()

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, bool] | None = None,
    ) -> Any:
        if self.work_url and object_id and (row := self.get_object(request, object_id)) is not None:
            return redirect(self.row_url(row))
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _names_rows(self) -> bool:
        return any(field.name == "public_id" for field in self.opts.fields)

    def get_sortable_by(self, request: HttpRequest) -> Any:
        columns = super().get_sortable_by(request)
        return [name for name in columns if isinstance(name, str) and has_no_gaps(self.model, name)]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may_see(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may_see(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_actions(self, request: HttpRequest) -> Any:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        raise Refused("no_direct_edit", "")

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        raise Refused("no_direct_edit", "")

    def _may_see(self, request: HttpRequest) -> bool:
        seat = getattr(request.user, "seat", None)
        return seat is not None and seat.role in self.roles


def _parameter(offered: Any) -> str:
    """The name a filter of a list has in the address."""
    if isinstance(offered, tuple):
        return str(offered[0])
    return offered if isinstance(offered, str) else str(offered.parameter_name)


def yes_no(name: str, label: Any) -> Callable[[Any], str]:
    """A column of yes or no in words; the admin itself would draw an icon for it."""

    @admin.display(description=label)
    def shown(row: Any) -> str:
        return str(_("yes") if getattr(row, name) else _("no"))

    return shown


def act_on_each(
    request: HttpRequest, rows: Any, act: Callable[[Any], Any], done_message: Any
) -> HttpResponse | None:
    """Run a service for each selected row; a refusal is shown and leaves its row as it was."""
    done = 0
    for row in rows:
        try:
            act(row)
        except Refused as refused:
            messages.error(request, f"{row}: {refused.message}")
        else:
            done += 1
    if done:
        messages.success(request, done_message % {"count": done})
    return None
