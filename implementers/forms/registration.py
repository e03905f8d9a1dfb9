"""Registering an agency or a fund holder, one question a page."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.enums import CODE_HEADS
from accounts.rules import readable_credit_code, readable_mobile
from common.exceptions import Refused
from common.forms import Form
from common.questions import Question, Questions
from implementers.enums import HOLDER_KINDS, AgencyKind, FundHolderKind
from reference import queries as reference
from reference.enums import Level
from reference.fields import DivisionField


def readable(check: Any, text: str) -> str:
    """What a rule of the services says about one field, as the field's own error."""
    try:
        return str(check(text))
    except Refused as refused:
        raise ValidationError(str(refused.message), code=refused.code) from None


class BodyForm(Form):
    name = forms.CharField(label=_("Name as it stands on the certificate"), max_length=120)
    uscc = forms.CharField(
        label=_("Unified social credit code"),
        max_length=30,
        help_text=_("18 characters, on the certificate."),
    )

    def clean_uscc(self) -> str:
        kind = self.initial.get("kind")
        kinds = HOLDER_KINDS.get(kind, (kind,)) if kind else tuple(CODE_HEADS)
        return readable(partial(readable_credit_code, kinds=kinds), self.cleaned_data["uscc"])


class AgencyKindForm(Form):
    kind = forms.ChoiceField(
        label=_("What kind of organisation are you?"), choices=AgencyKind.choices, widget=forms.RadioSelect
    )
    host_name = forms.CharField(
        label=_("Host organisation"), max_length=120, required=False, help_text=_("Only for volunteer teams.")
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") == AgencyKind.VOLUNTEER_TEAM and not data.get("host_name"):
            self.add_error("host_name", _("A volunteer team needs a host organisation. Write its name."))
        return data


class WorkForm(Form):
    area = DivisionField(label=_("In which county do you work most?"), level=Level.COUNTY)
    licensed_workers = forms.IntegerField(
        label=_("How many licensed social workers do you have?"), min_value=0, max_value=5000,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    delivery_ways = forms.MultipleChoiceField(
        label=_("In which ways can you bring help?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Some donors give only when it is brought in their way."),
    )
    about = forms.CharField(
        label=_("What do you do? In two sentences"), max_length=500, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways: Any = self.fields["delivery_ways"]
        ways.choices = reference.choices("delivery_mode")


class ContactForm(Form):
    contact_name = forms.CharField(label=_("Contact person"), max_length=60)
    contact_phone = forms.CharField(
        label=_("Mobile number"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )

    def clean_contact_phone(self) -> str:
        return readable(readable_mobile, self.cleaned_data["contact_phone"])


class HolderKindForm(Form):
    kind = forms.ChoiceField(
        label=_("What kind of organisation are you?"),
        choices=FundHolderKind.choices,
        widget=forms.RadioSelect,
    )


class AccountForm(Form):
    bank_name = forms.CharField(label=_("Bank"), max_length=80)
    account = forms.CharField(
        label=_("Account that receives gifts"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("Kept encrypted; shown in full only to donors who transfer to you."),
    )
    platform_link = forms.URLField(
        label=_("Your own page on a designated fundraising platform"),
        required=False,
        assume_scheme="https",
        help_text=_("Leave it empty when you have none."),
    )


AGENCY = Questions(
    key="agency_registration",
    url_name="implementers:register",
    check_url_name="implementers:register_check",
    questions=(
        Question("kind", _("What kind of organisation are you?"), AgencyKindForm),
        Question(
            "body", _("Which organisation is it?"), BodyForm, _("Copy it from the registration certificate.")
        ),
        Question("work", _("Where and with whom do you work?"), WorkForm),
        Question("contact", _("How do we reach you?"), ContactForm),
    ),
)
HOLDER = Questions(
    key="fund_holder_registration",
    url_name="implementers:register_holder",
    check_url_name="implementers:register_holder_check",
    questions=(
        Question(
            "kind",
            _("What kind of organisation are you?"),
            HolderKindForm,
            _("Gifts of money go to charities and budget units alone."),
        ),
        Question(
            "body", _("Which organisation is it?"), BodyForm, _("Copy it from the registration certificate.")
        ),
        Question("account", _("Where do gifts arrive?"), AccountForm),
        Question("contact", _("How do we reach you?"), ContactForm),
    ),
)
