"""Filters of the journal: by object, by actor, by act, by day."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import django_filters
from django.utils.translation import gettext_lazy as _

from common.clock import SHANGHAI
from common.filters import StrictFilterSet
from journal.models import Entry, JournalQuerySet


class EntryFilter(StrictFilterSet):
    """Every filter stands on an index together with the number of the entry."""

    object_label = django_filters.CharFilter(label=_("Kind of object"))
    object_ref = django_filters.CharFilter(label=_("Number of the object"))
    actor_ref = django_filters.CharFilter(label=_("Number of the actor"))
    action = django_filters.CharFilter(label=_("Act"), lookup_expr="startswith")
    since = django_filters.DateFilter(label=_("From this day on"), method="from_day")
    until = django_filters.DateFilter(label=_("Up to this day"), method="to_day")

    class Meta:
        model = Entry
        fields: list[str] = []

    def from_day(self, entries: JournalQuerySet, _name: str, day: date) -> JournalQuerySet:
        return entries.filter(at__gte=_midnight(day))

    def to_day(self, entries: JournalQuerySet, _name: str, day: date) -> JournalQuerySet:
        return entries.filter(at__lt=_midnight(day + timedelta(days=1)))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)
