"""Filters of the donor's lists."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from common.filters import StrictFilterSet
from donors.enums import LotKind, LotState, PledgeState
from donors.models import Lot, Pledge


class LotFilter(StrictFilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=LotState.choices, empty_label=_("all"))
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=LotKind.choices, empty_label=_("all"))

    class Meta:
        model = Lot
        fields = ["state", "kind"]


class PledgeFilter(StrictFilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=PledgeState.choices, empty_label=_("all"))

    class Meta:
        model = Pledge
        fields = ["state"]
