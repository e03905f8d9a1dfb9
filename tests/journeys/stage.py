"""A smaller stage than the thread's: built by services, its people already signed in, the pages as in production."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from accounts.models import User
from tests.cast import AT, signed_in
from tests.journeys.pages import Window
from tests.journeys.site import Site, web

LANGUAGE = "zh-hans"


@contextmanager
def open_pages(logs: Path, clock_file: Path) -> Iterator[Site]:
    """A web process whose clock stands a few hours after the day of the cast."""
    shift = AT + timedelta(hours=5) - timezone.now()
    clock_file.write_text(str(shift.total_seconds()), encoding="ascii")
    try:
        with web(logs) as address:
            yield Site(address, logs)
    finally:
        clock_file.unlink()


def somebody(browser: Any, site: Site, name: str, *, javascript: bool = True) -> Window:
    """A window in which nobody is signed in."""
    return Window(browser, site, name, LANGUAGE, javascript=javascript)


def seated(browser: Any, site: Site, user: User) -> Window:
    """A window of somebody who has signed in with both steps."""
    window = somebody(browser, site, user.username)
    key = signed_in(user).cookies["sessionid"].value
    window.context.add_cookies([{"name": "sessionid", "value": key, "url": site.address}])
    return window
