"""Filters of the journal: by object, by actor, by act, by day."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from common.filters import StrictFilterSet
from journal.models import Entry


class EntryFilter(StrictFilterSet):
    """Every filter stands on an index together with the number of the entry."""

    object_label = django_filters.CharFilter(label=_("Kind of object"))
    object_ref = django_filters.CharFilter(label=_("Number of the object"))
    actor_ref = django_filters.CharFilter(label=_("Number of the actor"))
    action = django_filters.CharFilter(label=_("Act"), lookup_expr="startswith")
    day = django_filters.DateFromToRangeFilter(field_name="at", label=_("Day"))

    class Meta:
        model = Entry
        fields: list[str] = []
