"""Registering as a donor, one question a page."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.rules import readable_credit_code, readable_mobile
from common.exceptions import Refused
from common.forms import Form
from common.questions import Answers, Question, Questions
from donors.enums import BODY_KINDS, WITH_QUALIFICATIONS, DonorKind, RegistrationLevel
from reference.enums import Level
from reference.fields import DivisionField

NAME, ALIAS, HIDDEN = "name", "alias", "hidden"


def readable(check: Any, text: str) -> str:
    """What a rule of the services says about one field, as the field's own error."""
    try:
        return str(check(text))
    except Refused as refused:
        raise ValidationError(str(refused.message), code=refused.code) from None


class KindForm(Form):
    kind = forms.ChoiceField(
        label=_("Who gives?"),
        choices=[choice for choice in DonorKind.choices if choice[0] != DonorKind.GOVERNMENT],
        widget=forms.RadioSelect,
    )


class BodyForm(Form):
    body_name = forms.CharField(label=_("Name as it stands on the certificate"), max_length=120)
    uscc = forms.CharField(
        label=_("Unified social credit code"),
        max_length=30,
        help_text=_("18 characters, on the certificate."),
    )
    area = DivisionField(label=_("County of the registered office"), level=Level.COUNTY, required=False)

    def clean_uscc(self) -> str:
        kinds = BODY_KINDS[self.initial["kind"]]
        return readable(partial(readable_credit_code, kinds=kinds), self.cleaned_data["uscc"])


class OwnershipForm(Form):
    legal_representative = forms.CharField(label=_("Legal representative"), max_length=60)
    state_owned = forms.BooleanField(label=_("This is a state-owned body"), required=False)
    approval_doc = forms.CharField(
        label=_("Number of the asset authority's approval"),
        max_length=120,
        required=False,
        help_text=_("State-owned bodies give with this approval. Others leave it empty."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("state_owned") and not data.get("approval_doc"):
            self.add_error(
                "approval_doc",
                _(
                    "A state-owned body gives with the approval of its asset authority. Write the document's number."
                ),
            )
        return data


class QualificationsForm(Form):
    """What stands on the certificate of a social organisation or foundation (domain §6.1)."""

    registration_level = forms.ChoiceField(
        label=_("Where is it registered?"), choices=RegistrationLevel.choices, widget=forms.RadioSelect
    )
    is_charity = forms.BooleanField(label=_("It is recognised as a charity"), required=False)
    may_fundraise = forms.BooleanField(
        label=_("It may raise funds in public"), required=False, help_text=_("Only charities can.")
    )
    tax_deductible = forms.BooleanField(
        label=_("Gifts to it reduce the giver's tax"),
        required=False,
        help_text=_("It stands on this year's list of the tax office."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("may_fundraise") and not data.get("is_charity"):
            self.add_error(
                "may_fundraise",
                _("Only a recognised charity may raise funds in public. Look at the certificate once more."),
            )
        return data


class NamingForm(Form):
    naming = forms.ChoiceField(
        label=_("How may we name you in public?"),
        choices=[
            (NAME, _("With my name")),
            (ALIAS, _("With another name I choose")),
            (HIDDEN, _("Not at all")),
        ],
        widget=forms.RadioSelect,
    )
    alias = forms.CharField(label=_("The name we show instead"), max_length=40, required=False)
    on_boards = forms.BooleanField(label=_("I may appear on the boards of thanks"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("naming") == ALIAS and not data.get("alias"):
            self.add_error("alias", _("Write the name you would like us to show."))
        return data


class ContactForm(Form):
    contact_name = forms.CharField(label=_("Contact person"), max_length=60)
    contact_phone = forms.CharField(
        label=_("Mobile number"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
        help_text=_("We call only about what you give."),
    )

    def clean_contact_phone(self) -> str:
        return readable(readable_mobile, self.cleaned_data["contact_phone"])


class ProfileForm(NamingForm):
    """What the donor may change by itself."""

    contact_name = forms.CharField(label=_("Contact person"), max_length=60)
    contact_phone = forms.CharField(label=_("Mobile number"), max_length=20)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean_contact_phone(self) -> str:
        return readable(readable_mobile, self.cleaned_data["contact_phone"])


class PaperForm(Form):
    paper = forms.ChoiceField(label=_("Which paper is it?"), widget=forms.RadioSelect)
    upload = forms.FileField(
        label=_("Photo or scan"),
        help_text=_("JPG, PNG or PDF, up to 10 MB. Only the workers who check it can open it."),
    )

    def __init__(self, *args: Any, state_owned: bool, certificate: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["paper"]
        field.choices = [("licence", certificate)]
        if state_owned:
            field.choices = [*field.choices, ("approval", _("Approval of the asset authority"))]


def _is_body(answers: Answers) -> bool:
    return answers.get("kind") not in {None, DonorKind.INDIVIDUAL}


def _has_qualifications(answers: Answers) -> bool:
    return answers.get("kind") in WITH_QUALIFICATIONS


REGISTRATION = Questions(
    key="donor_registration",
    url_name="donors:register",
    check_url_name="donors:register_check",
    questions=(
        Question(
            "kind",
            _("Who gives?"),
            KindForm,
            _("You can give as a person, or for an organisation you act for."),
        ),
        Question(
            "body",
            _("Which organisation is it?"),
            BodyForm,
            _("Copy it from the registration certificate."),
            _is_body,
        ),
        Question("ownership", _("Who stands behind it?"), OwnershipForm, "", _is_body),
        Question(
            "qualifications",
            _("What may it do?"),
            QualificationsForm,
            _("Copy it from the registration certificate."),
            _has_qualifications,
        ),
        Question(
            "naming",
            _("How may we name you in public?"),
            NamingForm,
            _("Nobody is named without having said so. You can change this at any time."),
        ),
        Question("contact", _("How do we reach you?"), ContactForm),
    ),
)


def naming_fields(data: dict[str, Any]) -> dict[str, Any]:
    """Name, alias or neither, as the donor's columns."""
    return {
        "show_name": data["naming"] == NAME,
        "alias": data["alias"] if data["naming"] == ALIAS else "",
        "on_boards": data["on_boards"],
    }
