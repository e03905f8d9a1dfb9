"""What a household may do on its own page: answer, add, object, entrust."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common import clock
from common.forms import Form
from common.masking import mask_address, mask_phone
from households.forms.decisions import DecisionField
from households.forms.public.helper import USUAL_SCOPE, EvidenceForm, HelperForm, PowersForm
from households.forms.public.step import refusing
from households.models import Household
from households.rules import readable_phone


class ExplainForm(Form):
    explanation = forms.CharField(
        label=_("What do you say to it?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write a sentence; or call us and tell us.")},
    )


class RenewForm(Form):
    """A need whose day has passed is still there: by when now?"""

    deadline = forms.DateField(
        label=_("Needed by"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Say by when it is needed now."),
            "invalid": _("Write the day like this: 2026-12-20."),
        },
    )

    def clean_deadline(self) -> date:
        deadline: date = self.cleaned_data["deadline"]
        if deadline < clock.today():
            raise forms.ValidationError(_("This day is already over. By when is it needed?"), code="past")
        return deadline


class MissingForm(Form):
    note = forms.CharField(
        label=_("What do you add?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write what you add, in a sentence.")},
    )
    photo = forms.FileField(
        label=_("Photo"),
        required=False,
        help_text=_("JPG or PNG, up to 10 MB."),
        error_messages={"empty": _("This file is empty. Choose another one.")},
    )


class OwnWordForm(Form):
    """A delegate shows what the family itself said."""

    upload = forms.FileField(
        label=_("Photo of the family's signature, or a recording"),
        help_text=_("Read it aloud first. A photo, a PDF or a recording, up to 10 MB."),
        error_messages={"required": _("Add the photo or recording that shows the family's own word.")},
        widget=forms.FileInput(attrs={"accept": "image/*,application/pdf,audio/*"}),
    )


class ObjectionForm(Form):
    decision = DecisionField(
        label=_("What do you not agree with?"), error_messages={"required": _("Choose one.")}
    )
    text = forms.CharField(
        label=_("In your own words"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Tell us in your own words what you do not agree with.")},
    )

    def __init__(self, *args: Any, household: Household, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["decision"].offer(household)  # type: ignore[attr-defined]


class DelegateForm(HelperForm, PowersForm, EvidenceForm):
    """The household names somebody to act for it."""

    read_back = forms.BooleanField(
        label=_("We went through all of this together"),
        error_messages={"required": _("Go through it together first, then tick this.")},
    )
    field_order = [
        "name",
        "relation",
        "phone",
        "id_number",
        "scope",
        "valid_to",
        "evidence_kind",
        "photo",
        "witness",
    ]

    def prepare(self) -> None:
        for part in (HelperForm, PowersForm, EvidenceForm):
            part.prepare(self)
        self.fields["name"].label = _("Name")
        self.fields["relation"].label = _("What is this person to you?")
        self.fields["phone"].label = _("Telephone")
        self.fields["id_number"].label = _("Identity number")
        self.fields["scope"].initial = [slug for slug in USUAL_SCOPE if slug != "apply"]


class ContactForm(Form):
    """Where the family can be reached: what is known is shown masked, and what is left empty stays as it is.

    The version shows whether somebody changed it meanwhile.
    """

    version = forms.IntegerField(widget=forms.HiddenInput)
    phone = forms.CharField(
        label=_("New telephone"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    no_phone = forms.BooleanField(
        label=_("The old number is no longer ours, and there is no new one"), required=False
    )
    group = forms.CharField(label=_("New group or hamlet"), max_length=40, required=False)
    address = forms.CharField(
        label=_("How do we find the house now?"),
        max_length=120,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, household: Household, by_filer: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if by_filer:
            self.fields["no_phone"].label = _(
                "The old number is no longer the family's, and there is no new one"
            )
            self.fields["address"].label = _("How is the family's house found now?")
        self.fields["version"].initial = household.version
        known = {
            "phone": mask_phone(household.phone),
            "group": household.group,
            "address": mask_address(household.address),
        }
        for name, shown in known.items():
            self.fields[name].help_text = (
                _("Now: %(shown)s. It stays so if you leave this empty.") % {"shown": shown}
                if shown
                else _("Nothing is noted yet.")
            )
        if not household.phone:
            del self.fields["no_phone"]

    def clean_phone(self) -> str:
        return refusing(lambda: readable_phone(self.cleaned_data["phone"]))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("phone") and cleaned.get("no_phone"):
            self.add_error("no_phone", _("You wrote a new number as well. Which of the two holds?"))
        return cleaned

    @property
    def changes(self) -> dict[str, str]:
        """What is new; a number that is no longer the family's becomes empty."""
        told = {name: self.cleaned_data[name] for name in ("phone", "group", "address")}
        gone = {"phone": ""} if self.cleaned_data.get("no_phone") else {}
        return {name: text for name, text in told.items() if text} | gone
