"""A birth date as people know it: the year alone, year and month, or the day (domain §9j)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common import clock
from households.enums import BirthPrecision

OLDEST = 120
PARTS = ("year", "month", "day")


class PartialDateInput(forms.MultiWidget):
    """Three small boxes with their words behind them."""

    template_name = "households/public/partial_date.html"
    labels = {
        "year": pgettext_lazy("birth date", "year"),
        "month": pgettext_lazy("birth date", "month"),
        "day": pgettext_lazy("birth date", "day"),
    }

    def __init__(self) -> None:
        boxes: dict[str, forms.Widget | type[forms.Widget]] = {
            part: forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 4}) for part in PARTS
        }
        super().__init__(widgets=boxes)

    def decompress(self, value: Any) -> list[Any]:
        return [part or "" for part in value] if value else ["", "", ""]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for part, box in zip(PARTS, context["widget"]["subwidgets"], strict=True):
            box["word"] = self.labels[part]
            box["attrs"].pop("aria-label", None)  # the word beside the box is its label
        return context


class PartialDateField(forms.MultiValueField):
    """Cleans to `[year, month, day]`, in which what is not known is None; None when nothing was written."""

    widget = PartialDateInput

    def __init__(self, **kwargs: Any) -> None:
        parts = [forms.CharField(required=False, max_length=4) for _part in PARTS]
        super().__init__(fields=parts, require_all_fields=False, required=False, **kwargs)

    def compress(self, values: list[str]) -> list[int | None] | None:
        texts = [text.strip().rstrip("年月日") for text in (values or [])]
        if not any(texts):
            return None
        if not all(text.isdigit() or not text for text in texts) or not texts[0]:
            raise forms.ValidationError(
                _("Write at least the year in figures, for instance 1958."), code="date_figures"
            )
        parts = [int(text) if text else None for text in texts]
        if parts[1] is None:
            parts[2] = None
        try:
            born = as_date(parts)
        except ValueError:
            raise forms.ValidationError(
                _("This day is not in the calendar. Look at month and day once more."), code="no_such_day"
            ) from None
        today = clock.today()
        if born > today or today.year - born.year > OLDEST:
            raise forms.ValidationError(
                _("This birth date is still to come or too long ago. Look at the year once more."),
                code="birth_date_beyond",
            )
        return parts


def as_date(parts: list[int | None]) -> date:
    """The first day the parts allow; an impossible one is a ValueError."""
    year, month, day = parts
    return date(year or 0, month or 1, day or 1)


def precision(parts: list[int | None]) -> BirthPrecision:
    """How much of the date is known."""
    if parts[2]:
        return BirthPrecision.DAY
    return BirthPrecision.MONTH if parts[1] else BirthPrecision.YEAR
