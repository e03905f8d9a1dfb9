"""Search and filters of the public list of divisions."""

from __future__ import annotations

import django_filters
from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from common.filters import StrictFilterSet
from reference.enums import Level
from reference.models import Division
from reference.models.divisions import DivisionQuerySet


class CodePrefixField(forms.CharField):
    default_validators = [RegexValidator(r"^\d{2,12}\Z")]


class CodePrefixFilter(django_filters.CharFilter):
    field_class = CodePrefixField


class DivisionFilter(StrictFilterSet):
    """By name or the beginning of a code, by level, below a division."""

    q = django_filters.CharFilter(method="by_text", label=_("Name or code"), max_length=60)
    level = django_filters.ChoiceFilter(choices=Level.choices, empty_label=_("All levels"), label=_("Level"))
    under = CodePrefixFilter(method="below", label=_("Below the place with code"))

    class Meta:
        model = Division
        fields: list[str] = []

    def by_text(self, rows: DivisionQuerySet, name: str, value: str) -> DivisionQuerySet:
        return rows.matching(value)

    def below(self, rows: DivisionQuerySet, name: str, value: str) -> DivisionQuerySet:
        return rows.within(value)

    @property
    def asks(self) -> bool:
        """Whether anything was asked for; otherwise the page shows the provinces."""
        return any(self.data.get(name) for name in self.base_filters) if self.data else False
