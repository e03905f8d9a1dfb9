"""Forms of accounts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from common.forms import Form


class SignupNameForm(Form):
    """What self-registration asks besides account name, e-mail and password."""

    name = forms.CharField(label=_("Your name"), max_length=60, help_text=_("As others should address you."))

    def signup(self, request: HttpRequest, user: Any) -> None:
        """The name was stored by the adapter, together with the account."""
