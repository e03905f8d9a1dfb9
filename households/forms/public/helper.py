"""Filing for somebody else: who helps, what they may do, until when, and what shows that the household agreed
(domain §2.10)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common import clock
from households.forms.public import vocabulary
from households.forms.public.step import StepForm, refusing
from households.rules import LONGEST_DELEGATION, check_document, readable_phone

USUAL_SCOPE = ["apply", "update", "receive_notice", "receive_goods"]  # money is off unless somebody ticks it
USUAL_DAYS = 365
EVIDENCE_KINDS = [
    ("signed_form", _("A form they signed")),
    ("fingerprint", _("A form with their fingerprint")),
    ("voice", _("Their recorded voice")),
    ("witness", _("A witness was there")),
]


def day_field(**given: Any) -> forms.DateField:
    """A day, typed or chosen, in the spellings people use."""
    return forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"],
        error_messages={
            "required": _("Choose until when this holds."),
            "invalid": _("Write the day like this: 2026-12-20."),
        },
        **given,
    )


class HelperForm(StepForm):
    name = forms.CharField(
        label=_("Your name"), max_length=60, error_messages={"required": _("Write your name.")}
    )
    relation = forms.ChoiceField(
        label=_("What are you to the family?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )
    phone = forms.CharField(
        label=_("Your telephone"),
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
        error_messages={"required": _("Write your number, so that we can ask you back.")},
    )
    id_number = forms.CharField(
        label=_("Your identity number"),
        max_length=30,
        required=False,
        help_text=_("Can be left empty now; the social worker asks for it before anything is handed to you."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def prepare(self) -> None:
        self.offer("relation", vocabulary.choices("delegate_relation"))

    def clean_phone(self) -> str:
        return refusing(lambda: readable_phone(self.cleaned_data["phone"]))

    def clean_id_number(self) -> str:
        number = self.cleaned_data["id_number"]
        return refusing(lambda: check_document("resident_id", number)) if number else ""


class PresentForm(StepForm):
    present = forms.ChoiceField(
        label=_("Is somebody of the family with you now?"),
        widget=forms.RadioSelect,
        choices=[("yes", _("Yes, they are here")), ("no", _("No, they asked me to do it for them"))],
        error_messages={"required": _("Say whether somebody of the family is with you.")},
    )


class PowersForm(StepForm):
    scope = forms.MultipleChoiceField(
        label=_("May do for the family"),
        widget=forms.CheckboxSelectMultiple,
        initial=USUAL_SCOPE,
        error_messages={"required": _("Tick at least one thing the family entrusts.")},
    )
    valid_to = day_field(label=_("Until"))

    def prepare(self) -> None:
        self.offer("scope", vocabulary.choices("delegation_scope"))
        self.fields["scope"].help_text = _("Taking money stays off unless the family wants it.")
        self.fields["valid_to"].initial = clock.today() + timedelta(days=USUAL_DAYS)

    def clean_valid_to(self) -> Any:
        day = self.cleaned_data["valid_to"]
        if day <= clock.today():
            raise forms.ValidationError(_("Choose a day still to come."), code="already_over")
        if day > clock.today() + LONGEST_DELEGATION:
            raise forms.ValidationError(
                _("Choose a day within the next three years; it can be renewed."), code="too_long"
            )
        return day


class EvidenceForm(StepForm):
    evidence_kind = forms.ChoiceField(
        label=_("What shows that the family agreed?"),
        widget=forms.RadioSelect,
        choices=EVIDENCE_KINDS,
        error_messages={"required": _("Choose one.")},
    )
    photo = forms.FileField(
        label=_("Photo of the form, or the recording"),
        required=False,
        help_text=_("JPG, PNG, PDF or sound, up to 10 MB."),
        error_messages={"empty": _("This file is empty. Choose another one.")},
    )
    witness = forms.CharField(
        label=_("Name of the witness"),
        max_length=60,
        required=False,
        help_text=_("Only when a witness was there."),
    )

    def prepare(self) -> None:
        self.kept = self.answers.get("evidence", {}).get("attachment", "")
        if self.kept:
            self.fields["photo"].help_text = _(
                "A file is already kept. Choose another one only to replace it."
            )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        kind = data.get("evidence_kind")
        if kind == "witness" and not data.get("witness"):
            self.add_error("witness", _("Write the name of the witness who was there."))
        if kind and kind != "witness" and "photo" not in self.errors and not (data.get("photo") or self.kept):
            self.add_error("photo", _("Add the photo of the signed form, or choose “a witness was there”."))
        return data

    def as_json(self) -> dict[str, Any]:
        return {**super().as_json(), "attachment": self.kept}
