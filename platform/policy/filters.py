"""Search in the published policies."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from common.filters import StrictFilterSet
from policy.enums import Category, PolicyState
from policy.forms import AreaField
from policy.models import SHOWN, Policy


class PlaceFilter(django_filters.CharFilter):
    field_class = AreaField


class PolicyFilter(StrictFilterSet):
    """By words, matter, place and whether it is still in force."""

    q = django_filters.CharFilter(method="by_words", label=_("Words in the title or number"), max_length=60)
    category = django_filters.ChoiceFilter(label=_("Matter"), choices=Category.choices, empty_label=_("all"))
    area = PlaceFilter(method="by_place", label=_("What holds in"), help_text="")
    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[(state.value, state.label) for state in SHOWN],
        empty_label=_("in force and earlier"),
    )

    class Meta:
        model = Policy
        fields: list[str] = []

    def by_words(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        words = Q()
        for word in value.split():
            words &= Q(title__icontains=word) | Q(doc_no__icontains=word) | Q(plain_summary__icontains=word)
        return rows.filter(words)

    def by_place(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """What holds in a place is issued for it or for a place around it."""
        return rows.filter(area__in=[value[:length] for length in range(len(value) + 1)])


class OfficerFilter(StrictFilterSet):
    """The officer's own list, drafts included."""

    state = django_filters.ChoiceFilter(label=_("State"), choices=PolicyState.choices, empty_label=_("all"))

    class Meta:
        model = Policy
        fields: list[str] = []
