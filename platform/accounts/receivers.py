"""Signing in and out, failures and second factors are written into the journal (MLPS level 3: audit)."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.signals import user_signed_up
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from accounts import second_factor
from accounts.adapter import name_tried
from accounts.models import User
from common import clock
from common.actors import SYSTEM
from journal.services import record


@receiver(user_logged_in, dispatch_uid="accounts.signed_in")
def signed_in(user: User, **_: Any) -> None:
    record("session.opened", user, by=user, at=clock.now())


@receiver(user_signed_up, dispatch_uid="accounts.signed_up")
def signed_up(request: HttpRequest, user: User, **_: Any) -> None:
    """The password was chosen a moment ago: for this session that is as good as having typed it at sign-in."""
    record_authentication(request, user, "password", reauthenticated=True)


@receiver(user_logged_out, dispatch_uid="accounts.signed_out")
def signed_out(user: User | None, **_: Any) -> None:
    if user is not None:
        record("session.closed", user, by=user, at=clock.now())


@receiver(user_login_failed, dispatch_uid="accounts.sign_in_failed")
def sign_in_failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    """Only for an account that exists: what strangers type is nobody's record."""
    _note_against("session.failed", name_tried(request, credentials))


@receiver(user_locked_out, dispatch_uid="accounts.locked_out")
def locked_out(username: str | None = None, **_: Any) -> None:
    _note_against("session.locked_out", username or "")


@receiver(authenticator_added, dispatch_uid="accounts.second_factor_added")
def second_factor_added(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    """Setting it up proved a code, so this session has its second factor; recovery codes come along with it."""
    if authenticator.type != Authenticator.Type.TOTP:
        return
    second_factor.note(request, "mfa")
    record("account.second_factor_set", user, by=user, at=clock.now())


@receiver(authenticator_removed, dispatch_uid="accounts.second_factor_removed")
def second_factor_removed(user: User, authenticator: Authenticator, **_: Any) -> None:
    if authenticator.type == Authenticator.Type.TOTP:
        record("account.second_factor_removed", user, by=user, at=clock.now())


def _note_against(action: str, username: str) -> None:
    user = User.objects.filter(username__iexact=username).first() if username else None
    if user is not None:
        record(action, user, by=SYSTEM, at=clock.now())
