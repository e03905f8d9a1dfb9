"""Fields the forms of delivery share: money in yuan, days, papers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

FEN = 100
PAPERS = "image/*,application/pdf"


class YuanField(forms.DecimalField):
    """Written in yuan, kept in fen."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("min_value", Decimal("0.01"))
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(max_digits=15, decimal_places=2, **kwargs)
        self.unit = _("yuan")

    def clean(self, value: Any) -> Any:
        found = super().clean(value)
        return None if found is None else int(found * FEN)

    def prepare_value(self, value: Any) -> Any:
        return f"{Decimal(value) / FEN:f}" if isinstance(value, int) else value


class DayField(forms.DateField):
    """A day by the browser's own calendar, or typed as 2026-11-23."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PaperField(forms.FileField):
    """One photo or PDF; what it may be is decided by its content when it is kept."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("A photo or a PDF, up to 10 MB."))
        super().__init__(widget=forms.FileInput(attrs={"accept": PAPERS}), **kwargs)


class LongText(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        rows = kwargs.pop("rows", 3)
        kwargs.setdefault("max_length", 2000)
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)
