"""Filters of the lists of projects."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from common.filters import StrictFilterSet
from projects.forms.parts import PlaceField
from projects.models import Project
from reference.queries import choices


class AreaFilter(django_filters.CharFilter):
    field_class = PlaceField


def groups() -> list[tuple[str, str]]:
    """Asked when the filter is shown: the vocabulary is data."""
    return choices("population_group")


class PublicProjectFilter(StrictFilterSet):
    """By place and by whom it is for."""

    place = AreaFilter(label=_("Place"), lookup_expr="startswith")
    group = django_filters.ChoiceFilter(
        label=_("For whom"), method="for_group", choices=groups, empty_label=_("everybody")
    )

    class Meta:
        model = Project
        fields: list[str] = []

    def for_group(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Projects for this group and those for everybody; JSON lists of slugs hold each slug in quotes."""
        text: QuerySet[Any] = rows.annotate(groups_text=Cast("groups", TextField()))
        return text.filter(Q(groups_text__contains=f'"{value}"') | Q(groups_text="[]"))
