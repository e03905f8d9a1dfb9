"""The sign-in form in the product's words."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from django.utils.translation import gettext_lazy as _


class SignInForm(LoginForm):
    """One field for the account name or the e-mail; nothing hides inside a field that a reader has to clear first."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name, password = self.fields["login"], self.fields["password"]
        name.label = _("Account name or e-mail")
        name.widget.attrs.update(autocomplete="username", autocapitalize="none")
        password.label = _("Password")
        for field in (name, password):
            field.widget.attrs.pop("placeholder", None)
        if "remember" in self.fields:
            self.fields["remember"].label = _("Stay signed in for today")
            self.fields["remember"].help_text = _("Do not tick this on a computer that others use.")
