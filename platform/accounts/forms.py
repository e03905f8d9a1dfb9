"""Forms of accounts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.enums import NATIONAL, CodeReason, OrganisationKind, RevealReason, Role
from accounts.models import Membership, Organisation, User
from accounts.rules import AREA
from common.forms import Form


def _password(label: Any, autocomplete: str, help_text: Any = "") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, widget=widget, strip=False, help_text=help_text, max_length=200)


class SignupNameForm(Form):
    """What self-registration asks besides account name, e-mail and password."""

    name = forms.CharField(label=_("Your name"), max_length=60, help_text=_("As others should address you."))

    def signup(self, request: HttpRequest, user: Any) -> None:
        """The name was stored by the adapter, together with the account."""


class AccountForm(Form):
    """The own name and phone; the phone is shown masked and changes only when a new one is written."""

    name = forms.CharField(label=_("Name"), max_length=60)
    phone = forms.CharField(
        label=_("New mobile number"),
        max_length=20,
        required=False,
        help_text=_("Leave it empty to keep the present one."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    forget_phone = forms.BooleanField(label=_("Delete my mobile number"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, initial={"name": user.name}, **kwargs)
        if not user.phone:
            del self.fields["forget_phone"]

    @property
    def new_phone(self) -> str | None:
        """What the service is told: a number, nothing ("" deletes) or None (as it is)."""
        if self.cleaned_data.get("forget_phone"):
            return ""
        return self.cleaned_data["phone"] or None


class ColleagueForm(Form):
    """A manager invites a colleague into the own organisation and role."""

    name = forms.CharField(label=_("Name"), max_length=60)
    username = forms.CharField(
        label=_("Account name"),
        max_length=60,
        help_text=_("Letters, digits and @ . + - _ — with it the person signs in."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )
    email = forms.EmailField(label=_("E-mail"), required=False)
    manages = forms.BooleanField(label=_("May invite colleagues as well"), required=False)


class InvitationForm(ColleagueForm):
    """A system administrator invites anybody."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    prefix = forms.CharField(  # type: ignore[assignment]  # the base form has a prefix of its own, unused here
        label=_("Area code"),
        max_length=12,
        required=False,
        help_text=_(
            "The division the person works for: 6 digits for a county, 9 for a township, 12 for a village; "
            "00 for the whole country."
        ),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    organisation = forms.CharField(
        label=_("Organisation"),
        max_length=120,
        required=False,
        help_text=_("Its unified social credit code, or its exact name."),
    )
    field_order = ["role", "name", "username", "email", "prefix", "organisation", "manages"]

    def clean_organisation(self) -> Organisation | None:
        text = self.cleaned_data["organisation"].strip()
        if not text:
            return None
        named = Organisation.objects.filter(uscc=text.upper()) or Organisation.objects.filter(name=text)
        if len(named) != 1:
            raise forms.ValidationError(
                _("We found no single organisation like this. Write its credit code, or register it first."),
                code="organisation_unclear",
            )
        organisation: Organisation = named[0]
        return organisation

    def clean_prefix(self) -> str:
        prefix: str = self.cleaned_data["prefix"].strip()
        if prefix and prefix != NATIONAL and not AREA.fullmatch(prefix):
            raise forms.ValidationError(
                _("An area code has 2, 4, 6, 9 or 12 digits. Count them once more."), code="area_unreadable"
            )
        return prefix


class OrganisationForm(Form):
    """A system administrator registers a body that does not register itself."""

    name = forms.CharField(label=_("Name of the organisation"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=OrganisationKind.choices)
    uscc = forms.CharField(label=_("Unified social credit code"), max_length=30, required=False)
    area = forms.CharField(label=_("Area code"), max_length=12, required=False)
    phone = forms.CharField(label=_("Office phone"), max_length=30, required=False)


class OrganisationEditForm(OrganisationForm):
    """What stands on record; a new credit code says why it changes."""

    reason = forms.ChoiceField(
        label=_("Why does the credit code change?"),
        choices=[("", _("it does not change")), *CodeReason.choices],
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    field_order = ["name", "kind", "uscc", "reason", "area", "phone", "version"]


class OfficeForm(Form):
    """How the office is reached, kept by its own manager."""

    phone = forms.CharField(
        label=_("Office phone"),
        max_length=30,
        required=False,
        help_text=_("Families you bring help to see this number."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class EndForm(Form):
    """Why a seat ends: a code for the journal."""

    REASONS = [
        ("left", _("Has left the organisation")),
        ("moved", _("Has other duties now")),
        ("mistake", _("Was invited by mistake")),
        ("misuse", _("Misuse of the account")),
    ]
    reason = forms.ChoiceField(label=_("Reason"), choices=REASONS, widget=forms.RadioSelect)


class AccountActForm(Form):
    """What an administrator does to an account, and why: codes for the journal."""

    REASONS = [
        ("left", _("Has left")),
        ("lost_phone", _("Telephone lost or changed")),
        ("forgotten", _("Password forgotten, no mailbox")),
        ("suspicion", _("Somebody else may be using the account")),
        ("mistake", _("To correct a mistake")),
    ]
    reason = forms.ChoiceField(label=_("Reason"), choices=REASONS, widget=forms.RadioSelect)


class AcceptForm(Form):
    """A new account chooses its password; an existing one only agrees."""

    password = _password(
        _("Choose a password"),
        "new-password",
        _(
            "At least 10 characters, mixing three of these: small letters, capital letters, digits, other signs."
        ),
    )
    repeated = _password(_("The same password once more"), "new-password")

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if membership.user.has_usable_password():
            del self.fields["password"], self.fields["repeated"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "repeated" in data and "password" in data and data["password"] != data["repeated"]:
            self.add_error("repeated", _("The two passwords differ. Write the second one again."))
        return data


class PasswordForm(Form):
    """The one thing a locked page asks."""

    password = _password(_("Password"), "current-password")


class CodeForm(Form):
    """A fresh code of the second step; a recovery code works too. Spaces are accepted."""

    code = forms.CharField(
        label=_("Code on your phone"),
        max_length=20,
        help_text=_("Six digits, or one of your recovery codes."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def clean_code(self) -> str:
        return "".join(str(self.cleaned_data["code"]).split())


class RevealForm(Form):
    """Why somebody needs to see one value in full."""

    reason = forms.ChoiceField(
        label=_("Why do you need to see it?"),
        choices=RevealReason.choices,
        widget=forms.RadioSelect,
        help_text=_("The reason is written into the journal with your name."),
    )

    seconds = settings.REVEAL_SECONDS
