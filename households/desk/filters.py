"""Filters of the desk's lists; each stands on an indexed column."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from common.filters import StrictFilterSet
from households.enums import (
    ApplicationState,
    CardState,
    FlagState,
    HouseholdState,
    NeedState,
    ObjectionState,
    RemedyState,
    VisitKind,
    VisitState,
)
from households.models.duplicate import DuplicateState
from households.models.imports import BatchState, RowState
from households.quality import RULES
from reference.queries import children

MINE = [("me", _("mine")), ("none", _("nobody's yet")), ("others", _("a colleague's"))]


class FileFilter(StrictFilterSet):
    """Search by number or the head's name, by place, by worker; `path` leads from the row to its household."""

    path = "household__"
    numbers: tuple[str, ...] = ("number", "household__number")
    q = django_filters.CharFilter(method="search", label=_("Number or name of the head"), max_length=60)
    area = django_filters.ChoiceFilter(method="in_area", label=_("Place"), empty_label=_("everywhere"))
    worker = django_filters.ChoiceFilter(
        method="by_worker", label=_("Whose case"), choices=MINE, empty_label=_("everybody's")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.form.fields["area"]
        prefix = self.request.user.seat.prefix if self.request.user.seat else ""
        field.choices = [(row.code, row.name) for row in children(prefix)] if prefix else []

    def search(self, rows: QuerySet[Any], name: str, text: str) -> QuerySet[Any]:
        text = text.strip()
        found = Q(**{f"{self.path}members__name__startswith": text, f"{self.path}members__is_head": True})
        for number in self.numbers:
            found |= Q(**{f"{number}__istartswith": text})
        return rows.filter(found).distinct()

    def in_area(self, rows: QuerySet[Any], name: str, code: str) -> QuerySet[Any]:
        return rows.filter(**{f"{self.path}area__startswith": code})

    def by_worker(self, rows: QuerySet[Any], name: str, whose: str) -> QuerySet[Any]:
        worker = f"{self.path}worker"
        if whose == "me":
            return rows.filter(**{worker: self.request.user})
        if whose == "none":
            return rows.filter(**{f"{worker}__isnull": True})
        return rows.filter(**{f"{worker}__isnull": False}).exclude(**{worker: self.request.user})


def state_filter(states: Any) -> django_filters.MultipleChoiceFilter:
    return django_filters.MultipleChoiceFilter(
        label=_("State"), choices=states.choices, widget=forms.CheckboxSelectMultiple
    )


class ApplicationFilter(FileFilter):
    state = state_filter(ApplicationState)


class HouseholdFilter(FileFilter):
    path = ""
    numbers = ("number",)
    state = state_filter(HouseholdState)
    incomplete = django_filters.BooleanFilter(
        method="lacking", label=_("Something is missing"), widget=forms.CheckboxInput
    )

    def lacking(self, rows: QuerySet[Any], name: str, wanted: bool) -> QuerySet[Any]:
        return rows.exclude(incomplete=[]) if wanted else rows


class NeedFilter(FileFilter):
    state = state_filter(NeedState)
    severity = django_filters.ChoiceFilter(
        label=_("Severity"),
        choices=[(number, str(number)) for number in (5, 4, 3, 2, 1)],
        empty_label=_("any"),
    )


class VisitFilter(FileFilter):
    numbers = ("household__number",)
    state = state_filter(VisitState)
    kind = django_filters.ChoiceFilter(
        choices=VisitKind.choices, label=_("Kind of visit"), empty_label=_("any")
    )


class FlagFilter(FileFilter):
    numbers = ("household__number",)
    state = state_filter(FlagState)
    rule = django_filters.ChoiceFilter(
        label=_("Question"),
        choices=[(rule.code, rule.explanation) for rule in RULES.values()],
        empty_label=_("any"),
    )


class ObjectionFilter(FileFilter):
    state = state_filter(ObjectionState)


class RemedyFilter(FileFilter):
    numbers = ("objection__number", "household__number")
    state = state_filter(RemedyState)


class RowFilter(FileFilter):
    """Anything else that hangs on a household."""

    numbers = ("household__number",)


class BatchFilter(StrictFilterSet):
    state = state_filter(BatchState)


class CardFilter(StrictFilterSet):
    state = state_filter(CardState)


class ImportRowFilter(StrictFilterSet):
    batch = django_filters.CharFilter(field_name="batch__public_id", label=_("Import"), max_length=12)
    state = state_filter(RowState)


class CurrentFilter(StrictFilterSet):
    """Versions and trainings: those that count today, or all of them."""

    current = django_filters.BooleanFilter(
        method="counting", label=_("Only what counts today"), widget=forms.CheckboxInput
    )

    def counting(self, rows: QuerySet[Any], name: str, wanted: bool) -> QuerySet[Any]:
        column = "retired_at" if hasattr(rows.model, "retired_at") else "revoked_at"
        return rows.filter(**{f"{column}__isnull": True}) if wanted else rows


class DuplicateFilter(StrictFilterSet):
    state = state_filter(DuplicateState)
