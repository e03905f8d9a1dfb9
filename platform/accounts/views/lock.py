"""The lock and the second step: asked in between, and what was typed comes back afterwards."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa.base.forms import ReauthenticateForm
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from accounts import kept, second_factor
from accounts.forms import CodeForm, PasswordForm
from accounts.middleware import LAST_SEEN, LOCKED
from accounts.requests import SignedRequest
from common.exceptions import Refused
from common.forms import Form
from common.pages import page, signed_in_page
from common.panels import collect


@signed_in_page
def unlock(request: SignedRequest) -> HttpResponse:
    """After a pause the password opens the page again; wrong ones count towards the lock-out."""
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _password_fits(request, form):
        request.session[LOCKED] = False
        request.session[LAST_SEEN] = time.time()
        return _go_on(request)
    context = {"form": form, "kept": kept.kept_form(request), "ways": collect("prove", request)}
    return page(request, "accounts/unlock.html", context, form=form)


@signed_in_page
def confirm(request: SignedRequest) -> HttpResponse:
    """A fresh code before exports and unmasking; whoever needs no second step gives the password.

    Whoever needs one and has none sets it up: the password could not open the page.
    """
    shown: dict[str, Any] = {"kept": kept.kept_form(request), "ways": collect("prove", request)}
    if second_factor.missing(request.user):
        return page(request, "accounts/prove.html", shown) if shown["ways"] else redirect("mfa_activate_totp")
    by_code = second_factor.has_totp(request.user)
    form = CodeForm(request.POST or None) if by_code else PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        fits = _code_fits(request, form) if by_code else _password_fits(request, form)
        if fits:
            return _go_on(request)
    return page(request, "accounts/confirm.html", {"form": form, "by_code": by_code, **shown}, form=form)


@signed_in_page
def again(request: SignedRequest) -> HttpResponse:
    """What was typed before the lock, to be sent again in one click, or dropped."""
    waiting = kept.kept_form(request)
    if waiting is None or request.method == "POST":
        kept.drop(request)
        return HttpResponseRedirect(waiting.path if waiting else resolve_url(settings.LOGIN_REDIRECT_URL))
    has_key = any(name == "_key" for name, _value in waiting.fields)  # the number of the form stays the same
    return page(request, "accounts/again.html", {"kept": waiting, "has_key": has_key})


def _password_fits(request: SignedRequest, form: Form) -> bool:
    """Through the same back ends as sign-in, so that axes counts failures by account and address."""
    try:
        fits = get_adapter(request).reauthenticate(request.user, form.cleaned_data["password"])
    except ValidationError as error:  # too many tries on this account, whatever the address
        form.refuse(Refused("too_many_tries", error.messages[0], field="password"))
        return False
    if fits:
        second_factor.note(request, "password")
    else:
        message = _("This is not the password of your account. Try again.")
        form.refuse(Refused("password_wrong", message, field="password"))
    return bool(fits)


def _code_fits(request: SignedRequest, form: Form) -> bool:
    """allauth checks the code: once only, ten tries in five minutes."""
    check = ReauthenticateForm(data={"code": form.cleaned_data["code"]}, user=request.user)
    if check.is_valid():
        check.save()
        return True
    form.refuse(Refused("code_wrong", " ".join(check.errors["code"]), field="code"))
    return False


def _go_on(request: SignedRequest) -> HttpResponse:
    if kept.kept_form(request) is not None:
        return HttpResponseRedirect(reverse("accounts:again"))
    wanted = request.GET.get("next", "")
    inside = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(wanted if inside else resolve_url(settings.LOGIN_REDIRECT_URL))
