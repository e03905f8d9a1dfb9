"""Filters of the catalogue and of the desk's lists."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.filters import StrictFilterSet
from donors.enums import ITEM_KINDS, LotKind
from households.enums import Urgency
from households.models import Need
from matching.enums import Origin, Party, UnmetKind
from matching.models import Confirmation, Proposal, UnmetReason
from policy.filters import PlaceFilter
from reference.queries import choices, items

SEVERITIES = [
    ("5", pgettext_lazy("severity", "most urgent")),
    ("4", pgettext_lazy("severity", "urgent")),
    ("3", pgettext_lazy("severity", "ordinary")),
    ("2", pgettext_lazy("severity", "can wait")),
]
LEAST = 2  # "can wait" stands for the two lowest grades


class Boxes(django_filters.MultipleChoiceFilter):
    """Several may be ticked; any of them fits."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.CheckboxSelectMultiple, **kwargs)


def by_severity(rows: QuerySet[Any], name: str, values: list[str]) -> QuerySet[Any]:
    chosen = Q()
    for value in map(int, values):
        chosen |= Q(**{f"{name}__lte": LEAST}) if value == LEAST else Q(**{name: value})
    return rows.filter(chosen)


class CatalogueFilter(StrictFilterSet):
    """What a donor can give, where, for whom."""

    area = PlaceFilter(field_name="area", lookup_expr="startswith", label=_("Area"), help_text="")
    category = django_filters.ChoiceFilter(
        field_name="item__category",
        label=_("Matter"),
        empty_label=_("all"),
        choices=lambda: choices("need_category"),
    )
    kind = Boxes(method="by_kind", label=_("I can give"), choices=LotKind.choices)
    item = django_filters.ChoiceFilter(
        field_name="item__slug",
        label=_("Thing"),
        empty_label=_("all"),
        choices=lambda: [(row.slug, row.label) for row in items()],
    )
    severity = Boxes(method="by_severity", field_name="severity", label=_("Severity"), choices=SEVERITIES)
    urgency = django_filters.ChoiceFilter(label=_("How soon"), choices=Urgency.choices, empty_label=_("all"))
    group = django_filters.ChoiceFilter(
        method="by_group",
        label=_("For whom"),
        empty_label=_("all"),
        choices=lambda: choices("population_group"),
    )

    class Meta:
        model = Need
        fields: list[str] = []

    def by_kind(self, rows: QuerySet[Any], name: str, values: list[str]) -> QuerySet[Any]:
        return rows.filter(item__kind__in={kind for value in values for kind in ITEM_KINDS[value]})

    def by_severity(self, rows: QuerySet[Any], name: str, values: list[str]) -> QuerySet[Any]:
        return by_severity(rows, name, values) if values else rows

    def by_group(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Groups are a JSON list of slugs; the quoted slug is looked for in its text on both databases."""
        worded: QuerySet[Any] = rows.annotate(group_words=Cast("groups", TextField()))
        return worded.filter(group_words__contains=f'"{value}"')


class QueueFilter(StrictFilterSet):
    """The desk's queue by matter, urgency and where the suggestion came from."""

    category = django_filters.ChoiceFilter(
        field_name="need__item__category",
        label=_("Matter"),
        empty_label=_("all"),
        choices=lambda: choices("need_category"),
    )
    severity = Boxes(
        method="by_severity", field_name="need__severity", label=_("Severity"), choices=SEVERITIES
    )
    origin = django_filters.ChoiceFilter(
        label=_("Suggested by"), choices=Origin.choices, empty_label=_("all")
    )

    class Meta:
        model = Proposal
        fields: list[str] = []

    def by_severity(self, rows: QuerySet[Any], name: str, values: list[str]) -> QuerySet[Any]:
        return by_severity(rows, name, values) if values else rows


class UnmetFilter(StrictFilterSet):
    category = django_filters.ChoiceFilter(
        field_name="need__item__category",
        label=_("Matter"),
        empty_label=_("all"),
        choices=lambda: choices("need_category"),
    )
    kind = django_filters.ChoiceFilter(label=_("Reason"), choices=UnmetKind.choices, empty_label=_("all"))

    class Meta:
        model = UnmetReason
        fields: list[str] = []


class AnswerFilter(StrictFilterSet):
    party = django_filters.ChoiceFilter(label=_("Who is asked"), choices=Party.choices, empty_label=_("all"))

    class Meta:
        model = Confirmation
        fields: list[str] = []
