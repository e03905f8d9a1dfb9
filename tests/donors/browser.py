"""A browser in which somebody has signed in, and the small steps a person takes in it."""

import re
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client, RequestFactory

from accounts import second_factor
from accounts.models import User

KEY = re.compile(r'name="_key" value="([0-9a-f]+)"')


def signed_in(user: User) -> Client:
    """Signed in, the second factor shown: the sign-in itself is tested where it lives."""
    client = Client()
    if not Authenticator.objects.filter(user=user).exists():
        data = {"secret": get_adapter().encrypt("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")}
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data=data)
    session = client.session
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    request = RequestFactory().get("/")
    request.user, request.session = user, session
    second_factor.note(request, "mfa", type="totp")
    session.save()
    return client


def key_of(response: Any) -> str:
    found = KEY.search(response.content.decode())
    assert found, response.status_code
    return found[1]


def post(client: Client, url: str, data: dict[str, Any] | None = None, *, key: str = "") -> Any:
    """Open the page, then send its form with its number."""
    return client.post(url, {"_key": key or key_of(client.get(url)), **(data or {})})
