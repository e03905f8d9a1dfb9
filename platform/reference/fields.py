"""The place field: a name, a path or a code typed into one box, with the area's villages offered as one types."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reference import queries
from reference.enums import Level
from reference.models import Division

OFFERED = 500  # a county's villages; beyond that a list helps nobody


def _hint() -> str:
    return format_html(
        '{} <a href="{}">{}</a>',
        gettext("Write the name, if need be with its county and township before it, or the code."),
        reverse_lazy("reference:regions"),
        gettext("Look it up in the list of places"),
    )


class DivisionInput(forms.TextInput):
    """A text box with a native list of suggestions: no script, small on a phone."""

    template_name = "reference/division_input.html"
    levels: tuple[Level, ...] = (Level.VILLAGE,)
    prefix: str = ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["offered"] = self._offered()
        context["widget"]["attrs"] |= {
            "list": f"{context['widget']['attrs'].get('id', name)}_places",
            "autocomplete": "off",
        }
        return context

    def _offered(self) -> list[dict[str, str]]:
        if not self.prefix:
            return []
        places = queries.current().within(self.prefix).filter(level__in=self.levels)
        rows: list[Division] = []
        for finest in sorted(self.levels, reverse=True):
            rows = list(places.filter(level__lte=finest).order_by("code")[: OFFERED + 1])
            if len(rows) <= OFFERED:
                break
        else:
            return []
        above = queries.path_labels({row.parent_code for row in rows})
        return [
            {"value": f"{row.code} {row.name}", "label": above[row.parent_code].split(" / ")[-1]}
            for row in rows
        ]


class DivisionField(forms.CharField):
    """Cleans to the code of one division of today, of the level asked for and inside `prefix` when one is given.

    A subclass that takes places of several levels names them in `LEVELS`, the one meant by a shared name first.
    `limit(form, "village", seat.prefix)` offers and accepts a worker's own area only.
    """

    widget = DivisionInput
    LEVELS: tuple[Level, ...] = ()

    def __init__(self, *, level: int = Level.VILLAGE, prefix: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("help_text", lazy(_hint, str)())
        kwargs.setdefault("max_length", 120)
        super().__init__(**kwargs)
        self.levels = self.LEVELS or (Level(level),)
        self.prefix = prefix

    @property
    def prefix(self) -> str:
        return self._prefix

    @prefix.setter
    def prefix(self, prefix: str) -> None:
        self._prefix = prefix
        self.widget.prefix = prefix
        self.widget.levels = self.levels

    def prepare_value(self, value: Any) -> Any:
        """A stored code is shown with its name."""
        found = queries.get_division(value) if isinstance(value, str) and value.isdigit() else None
        return f"{found.code} {found.name}" if found else value

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        found = queries.match_places(text, levels=self.levels, prefix=self.prefix)
        if len(found) == 1:
            return str(found[0].code)
        if not found and text.isascii() and text.isdigit():
            raise ValidationError(
                _(
                    "No place here has the code %(text)s. Write its name, or look it up in the list of places."
                ),
                code="unknown_place",
                params={"text": text},
            )
        if not found:
            raise ValidationError(
                _(
                    "We do not know “%(text)s” here. Write the county before it, or look it up in the list of places."
                ),
                code="unknown_place",
                params={"text": text},
            )
        names = queries.path_labels(row.code for row in found)
        raise ValidationError(
            _(
                "There are several places with this name: %(places)s. Write the county before it, or give the code."
            ),
            code="several_places",
            params={"places": "; ".join(f"{label} ({code})" for code, label in sorted(names.items()))},
        )


def limit(form: forms.BaseForm, name: str, prefix: str) -> None:
    """Keep a form's place field inside one area."""
    field = form.fields[name]
    if not isinstance(field, DivisionField):
        raise TypeError(f"{name} is no place field")
    field.prefix = prefix
