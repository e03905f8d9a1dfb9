"""Where sign-in (allauth) and lock-out (axes) meet our accounts."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest

from accounts import second_factor
from accounts.models import User
from common import clock, crypto
from journal.services import record

TOTP_CONTEXT = "user.second_factor"


class AccountAdapter(DefaultAccountAdapter):
    """Self-registration asks for the name as well."""

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        super().save_user(request, user, form, commit=False)
        user.name = form.cleaned_data["name"]
        if commit:
            with transaction.atomic():
                user.save()
                record("account.created", user, by=user, at=clock.now())
        return user

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """The first second factor is set up without typing twice the password of the last five minutes."""
        if app == "allauth.mfa" and self.request is not None and self.request.user.is_authenticated:
            user = self.request.user
            if not second_factor.has_totp(user) and second_factor.signed_in_lately(self.request):
                return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))


class MFAAdapter(DefaultMFAAdapter):
    """Secrets of the second factor are encrypted with the keys of the identity data (design §4.5)."""

    def encrypt(self, text: str) -> str:
        return str(crypto.seal_text(text, context=TOTP_CONTEXT))

    def decrypt(self, encrypted_text: str) -> str:
        return crypto.open_text(encrypted_text, context=TOTP_CONTEXT)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whoever handles other people's data keeps the second factor; a lost one is reset by an administrator."""
        return not second_factor.required(authenticator.user)


def client_address(request: HttpRequest) -> str | None:
    """The visitor's address as our own proxies saw it; what a visitor claims in front of them is not believed.

    A request made inside the process has none.
    """
    try:
        return str(get_adapter(request).get_client_ip(request))
    except PermissionDenied:
        return None


def name_tried(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str:
    """The account a failed sign-in counts against: one count, whether its name or its e-mail was typed."""
    tried = credentials or {}
    typed = tried.get("username") or tried.get("email") or (request.POST.get("login", "") if request else "")
    typed = str(typed).strip().lower()
    if "@" in typed:
        known = (
            User.objects.filter(email__iexact=typed).order_by("pk").values_list("username", flat=True).first()
        )
        return (known or typed).lower()
    return typed
