"""What every page shows around its content: the party's navigation, the seats, the demonstration strip."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from accounts.models import User
from common import panels

PUBLIC = "public"


def site(request: HttpRequest) -> dict[str, Any]:
    """Navigation comes from `nav.<role>` and the count of unread notices from `notices.unread`, so that no page here
    knows the apps above it.
    """
    user = getattr(request, "user", None)
    user = user if isinstance(user, User) else None
    seat = user.seat if user else None
    return {
        "site_name": settings.SITE_NAME,
        "language": get_language(),
        "demo_strip": "demo" in settings.INSTALLED_APPS,
        "county_phone": settings.COUNTY_PHONE,
        "view_mode": "elder" if request.COOKIES.get("view") == "elder" else "standard",
        "seat": seat,
        "seats": user.seats if user else [],
        "nav": _navigation(request, user, seat),
        "unread_notices": sum(panels.collect("notices.unread", user)) if user else 0,
    }


def _navigation(request: HttpRequest, user: Any, seat: Any) -> list[tuple[Any, str, bool, int]]:
    """(label, url, active, count), in the order the apps asked for; the longest address that fits is active.

    An entry may name one more address: everything below it belongs to that page.
    """
    entries = sorted(panels.collect(f"nav.{seat.role if seat else PUBLIC}", user), key=lambda entry: entry[0])
    pages = [(label, (reverse(name), *below)) for _order, label, name, *below in entries]
    fitting = [url for _label, urls in pages for url in urls if request.path.startswith(url)]
    here = max(fitting, key=len, default="")
    return [(label, urls[0], here in urls, 0) for label, urls in pages]
