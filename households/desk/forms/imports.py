"""Sending a file of households."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.forms import Form
from common.wording import filled
from files.forms import UploadField
from files.refusals import LARGEST_MB
from households.desk.forms.base import day_input
from households.imports.mapping import shipped_names
from households.imports.settling import Outcome

MAPPINGS: dict[str, Any] = {
    "official": gettext_lazy("the official table, one row per member"),
    "costa_rica": gettext_lazy("the Costa Rica household survey (for trials)"),
}


def mapping_words(name: str) -> Any:
    """The kind of table a mapping reads, without its version."""
    return MAPPINGS.get(name.rpartition("-")[0], name)


class ImportForm(Form):
    """A table and the kind it is of."""

    upload = UploadField(
        purpose="household_import",
        label=gettext_lazy("Table"),
        help_text=filled(
            gettext_lazy("CSV in UTF-8, or XLSX; one row per member; at most %(mb)d MB."), mb=LARGEST_MB
        ),
    )
    mapping = forms.ChoiceField(label=gettext_lazy("What kind of table is it?"), required=False)
    first_day = forms.DateField(
        label=gettext_lazy("From which day do its facts hold?"), required=False, widget=day_input()
    )
    last_day = forms.DateField(
        label=gettext_lazy("Up to which day?"),
        required=False,
        widget=day_input(),
        help_text=gettext_lazy(
            "The year the living conditions in the table speak of; for the official table, for example 2025-10-01 to "
            "2026-09-30."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(name, MAPPINGS.get(name, name)) for name in shipped_names()]
        self.fields["mapping"].choices = [("", _("let its columns tell")), *kinds]  # type: ignore[attr-defined]


class SettleForm(Form):
    """What becomes of a household that waits."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("What becomes of it?"), choices=Outcome.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=gettext_lazy("Why does it stay out?"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "The sender reads this. Say what to do, and nothing about the other file, its place or its people."
        ),
    )
