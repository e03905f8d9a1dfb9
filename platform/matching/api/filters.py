"""Filters of the API: the catalogue's for needs, the donor side's own columns for lots."""

from __future__ import annotations

import django_filters

from common.filters import StrictFilterSet
from donors.enums import LotKind, LotState
from donors.models import Lot
from matching.filters import CatalogueFilter

__all__ = ["LotFilter", "NeedFilter"]

NeedFilter = CatalogueFilter


class LotFilter(StrictFilterSet):
    kind = django_filters.ChoiceFilter(choices=LotKind.choices)
    state = django_filters.ChoiceFilter(choices=LotState.choices)
    item = django_filters.CharFilter(field_name="items__slug")

    class Meta:
        model = Lot
        fields: list[str] = []
