"""Papers, staff and particulars kept by the organisation itself."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import Form
from implementers.enums import CredentialKind, Licence, QualificationKind
from implementers.forms.registration import AccountForm, ContactForm, WorkForm


class LeaveForm(Form):
    """Leaving is said twice."""

    sure = forms.BooleanField(label=_("Yes, we no longer want to work through this platform"))


class PaperForm(Form):
    kind = forms.ChoiceField(label=_("Which paper is it?"))
    number = forms.CharField(label=_("Number"), max_length=60, required=False)
    issuer = forms.CharField(label=_("Issued by"), max_length=120)
    valid_from = forms.DateField(
        label=_("Valid from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    valid_to = forms.DateField(
        label=_("Valid until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Leave it empty when the paper names no last day."),
    )  # fmt: skip
    proof = forms.FileField(
        label=_("Photo or scan"),
        help_text=_("JPG, PNG or PDF, up to 10 MB. Only the workers who check it can open it."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("valid_from"), data.get("valid_to")
        if first and last and last < first:
            self.add_error(
                "valid_to", _("The last day lies before the first one. Look at the paper once more.")
            )
        return data


class CredentialForm(PaperForm):
    level = forms.CharField(
        label=_("Grade or result"), max_length=40, required=False, help_text=_("For example: 3A, passed.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["kind"]
        field.choices = CredentialKind.choices


class QualificationForm(PaperForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["kind"]
        field.choices = QualificationKind.choices


class StaffForm(Form):
    name = forms.CharField(label=_("Name"), max_length=60)
    licence = forms.ChoiceField(label=_("Licence"), choices=Licence.choices, widget=forms.RadioSelect)
    licence_number = forms.CharField(label=_("Licence number"), max_length=40, required=False)
    is_fund_manager = forms.BooleanField(label=_("Looks after the money"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("licence") not in {None, Licence.NONE} and not data.get("licence_number"):
            self.add_error("licence_number", _("Write the number that stands on the licence."))
        return data


class AgencyForm(ContactForm, WorkForm):
    """What the agency may change by itself."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class HolderForm(ContactForm, AccountForm):
    """What the fund holder may change by itself."""

    version = forms.IntegerField(widget=forms.HiddenInput)
