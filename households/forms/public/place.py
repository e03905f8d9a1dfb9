"""How to reach the family and where it lives: township by name or code, then the village from a plain list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from households.forms.public.step import StepForm, for_other, refusing
from households.rules import readable_phone
from reference import queries as reference
from reference.enums import Level
from reference.models import Division

CHOOSE_BELOW = _("Choose your place below.")
MOST_FOUND = 10


class PhoneForm(StepForm):
    phone = forms.CharField(
        label=_("Telephone"),
        help_text=_("A neighbour's will do, if you agree with them. We never write on it what it is about."),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )

    def clean_phone(self) -> str:
        return refusing(lambda: readable_phone(self.cleaned_data["phone"]))


class TownshipForm(StepForm):
    """The name is typed; when several places carry it, they are offered to choose from."""

    place = forms.CharField(
        label=_("Township or town"),
        help_text=_("Its name, if need be with the county before it. The 9-digit code also works."),
        max_length=60,
        error_messages={"required": _("Write the name of the township.")},
    )
    township = forms.ChoiceField(
        label=_("Several places have this name. Which is yours?"),
        widget=forms.RadioSelect,
        error_messages={"required": CHOOSE_BELOW, "invalid_choice": CHOOSE_BELOW},
    )

    def prepare(self) -> None:
        found = self._found()
        if len(found) < 2:
            del self.fields["township"]
            return
        self.offer("township", _labelled(found))
        if len(found) == MOST_FOUND:
            self.fields["township"].help_text = _("Not here? Write the county before the name.")

    def _found(self) -> list[Division]:
        text = self.data.get("place", "") if self.is_bound else (self.initial or {}).get("place", "")
        return reference.match_text(text, level=Level.TOWNSHIP, prefix=self.answers.get("scope", ""))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not data.get("place"):
            return data
        found = self._found()
        if not found:
            self.add_error(
                "place",
                ValidationError(
                    _(
                        "We do not know this place. Try the name on the household register, or its first characters."
                    ),
                    code="unknown_place",
                ),
            )
        elif len(found) == 1:
            data["township"] = found[0].code
        return data


class VillageForm(StepForm):
    village = forms.ChoiceField(
        label=_("Village or neighbourhood"),
        error_messages={"required": _("Choose the village or neighbourhood.")},
    )
    group = forms.CharField(
        label=_("Group or hamlet"), max_length=40, required=False, help_text=_("For instance: group 3")
    )
    address = forms.CharField(
        label=_("How do we find the house?"),
        max_length=120,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("House number, or what stands next to it."),
    )

    def prepare(self) -> None:
        township = self.answers.get("place", {}).get("township") or self.answers.get("scope", "")[:9]
        scope = self.answers.get("scope", "")
        rows = reference.children(township)
        if len(scope) == len("990101100201"):
            rows = rows.filter(code=scope)
            self.fields["village"].initial = scope
        listed = [(row.code, row.name) for row in rows]
        blank = [] if len(listed) == 1 else [("", _("Choose"))]
        outside = [] if len(scope) > len(township) else [(township, _("It is not in this list"))]
        self.offer("village", [*blank, *listed, *outside])
        if for_other(self.answers):
            self.fields["village"].label = _("Village of the family")


def _labelled(rows: list[Division]) -> list[tuple[str, str]]:
    labels = reference.path_labels(row.code for row in rows)
    return [(row.code, labels[row.code]) for row in rows]
