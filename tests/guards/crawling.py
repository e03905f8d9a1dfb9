"""Walk the site as a reader does: from a first page, by the links that are shown."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlsplit

from django.test import Client
from django.urls import Resolver404, resolve

HREF = re.compile(r'href="([^"#]+)')
FETCHED = ("/static/", "/files/")


def pages_reached(browser: Client, start: str) -> set[str]:
    """The names of the pages one comes to, one page of each kind; every link followed must answer."""
    reached: set[str] = set()
    waiting = [start]
    while waiting:
        url = waiting.pop(0)
        name = name_of(url)
        if not name or name in reached:
            continue
        page = browser.get(url, follow=True)
        assert page.status_code == 200, (url, page.status_code)
        reached |= {name, *(name_of(passed) for passed, _status in page.redirect_chain)}
        if page.headers.get("Content-Type", "").startswith("text/html"):
            links = (unescape(link) for link in HREF.findall(page.content.decode()))
            waiting += [target for link in links if (target := address(url, link))]
    return reached - {""}


def address(here: str, link: str) -> str:
    """The link as an address of this site; nothing for what lies outside or is fetched."""
    parts = urlsplit(link)
    path = parts.path or urlsplit(here).path
    if parts.scheme or parts.netloc or not path.startswith("/") or path.startswith(FETCHED):
        return ""
    return f"{path}?{parts.query}" if parts.query else path


def name_of(url: str) -> str:
    try:
        return resolve(urlsplit(url).path).view_name
    except Resolver404:
        return ""
