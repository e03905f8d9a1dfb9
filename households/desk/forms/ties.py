"""A tie of support, and the list of strengths."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from households.desk.forms.base import DeskForm, words
from households.enums import StrengthKind, TieDirection, TieKind, TieStrength

PLACES = 10


class TieForm(DeskForm):
    name = forms.CharField(
        label=_("Who or what is it?"),
        max_length=40,
        help_text=_("For example: her sister in the next village."),
    )
    kind = forms.ChoiceField(label=_("What kind of tie?"), choices=TieKind.choices)
    strength = forms.TypedChoiceField(
        label=_("How strong?"), coerce=int, choices=TieStrength.choices, widget=forms.RadioSelect
    )
    direction = forms.ChoiceField(
        label=_("Who helps whom?"), choices=TieDirection.choices, widget=forms.RadioSelect
    )
    strained = forms.BooleanField(label=_("There is strain or conflict"), required=False)
    note = words(_("What is it about?"), limit=300)


class StrengthsForm(DeskForm):
    """What the last edition says stands in it; an empty line is left out."""

    def prepare(self) -> None:
        last = self.obj.strength_lists.order_by("-edition").first()
        known: Any = list(last.entries) if last else []
        for number in range(1, PLACES + 1):
            one = known[number - 1] if number <= len(known) else {}
            self.fields[f"kind_{number}"] = forms.ChoiceField(
                label=_("Strength %(number)s: what kind?") % {"number": number},
                choices=StrengthKind.choices,
                initial=one.get("kind"),
                required=False,
            )
            self.fields[f"words_{number}"] = forms.CharField(
                label=_("In words"), max_length=200, required=False, initial=one.get("words", "")
            )

    @property
    def entries(self) -> list[dict[str, str]]:
        data = self.cleaned_data
        return [
            {"kind": data[f"kind_{number}"], "words": data[f"words_{number}"]}
            for number in range(1, PLACES + 1)
            if data[f"words_{number}"]
        ]
