"""A household walks through the pages with a browser that runs no script: every form is filled as it is shown."""

from __future__ import annotations

import re
import uuid
from html import unescape
from typing import Any

from django.http import HttpResponse
from django.test import Client

from households.models import Application, Draft
from tests.cast import WIDOW, WIDOW_ID, WIDOW_PHONE

TITLE = re.compile(r"<h1>(.*?)</h1>", re.S)
STEP = re.compile(r"/help/apply/(?P<draft>\w+)/(?P<slug>\w+)/(?:(?P<slot>\w+)/)?")
SELF: dict[str, dict[str, Any]] = {
    "notice": {"apply": "on", "sensitive": "on"},
    "who:m1": {"name": WIDOW, "sex": "female", "relation": "head"},
    "papers:m1": {"id_kind": "resident_id", "id_number": WIDOW_ID},
    "life:m1": {"schooling": "e:primary", "health": ["chronic"], "labour": "lost"},
    "family": {"more": "no"},
    "phone": {"phone": WIDOW_PHONE},
    "place": {"place": "清河县 清河镇"},
    "village": {"village": "990101100201", "group": "三组", "address": "村口第二家"},
    "cause": {"causes": ["illness"], "story": "老伴走后，买药的钱不够。"},
    "topic:n1": {"topic": "medical"},
    "item:n1": {"item": "chronic_medicine"},
    "amount:n1": {"quantity": "6"},
    "when:n1": {"urgency": "soon"},
    "needs": {"more": "no"},
    "measures": {"measures": ["dibao"]},
}
DELEGATE: dict[str, dict[str, Any]] = {
    "helper": {"name": "陈志强", "relation": "kin", "phone": "13900005678"},
    "powers": {"scope": ["apply", "update", "receive_notice", "receive_goods"], "valid_to": "2027-06-01"},
    "evidence": {"evidence_kind": "witness", "witness": "孙桂英"},
}


def key() -> str:
    return uuid.uuid4().hex


def begin(client: Client, whose: str = "self") -> str:
    """Choose for whom; returns the address of the first question."""
    response = client.post("/help/", {"whose": whose, "_key": key()})
    assert response.status_code == 302, text(response)
    return str(response.url)  # type: ignore[attr-defined]


def here(url: str) -> str:
    """The key of the page an address shows."""
    found = STEP.match(url)
    assert found, url
    return f"{found['slug']}:{found['slot']}" if found["slot"] else found["slug"]


def answer(client: Client, url: str, values: dict[str, Any]) -> HttpResponse:
    return client.post(url, {**values, "_key": key()})  # type: ignore[return-value]


def walk(client: Client, url: str, answers: dict[str, dict[str, Any]], *, until: str = "check") -> str:
    """Open and answer page after page until the one named; returns its address."""
    for _page in range(60):
        name = here(url)
        if name == until:
            return url
        assert client.get(url).status_code == 200, name
        response = answer(client, url, answers[name])
        assert response.status_code == 302, (name, errors(response))
        url = response.url  # type: ignore[attr-defined]
    raise AssertionError("the way has no end")


def send(client: Client, check_url: str, *, submit_key: str | None = None) -> HttpResponse:
    """Press “send” on the page to check, as it is shown now."""
    shown = text(client.get(check_url))
    seen = re.search(r'name="seen" value="([^"]*)"', shown)
    assert seen, shown
    values = {"seen": seen[1], "_key": submit_key or key()}
    return client.post(check_url, values)  # type: ignore[return-value]


def applies(client: Client, answers: dict[str, dict[str, Any]] | None = None) -> Application:
    """The whole way by oneself."""
    response = send(client, walk(client, begin(client), answers or SELF))
    assert response.status_code == 302, errors(response)
    return Application.objects.latest("pk")


def draft_of(url: str) -> Draft:
    found = STEP.match(url)
    assert found
    return Draft.objects.get(public_id=found["draft"])


def text(response: Any) -> str:
    return unescape(response.content.decode())


def errors(response: Any) -> list[str]:
    """What the error summary says."""
    summary = re.search(r'class="error-summary".*?</div>', text(response), re.S)
    return re.findall(r"<li>(?:<a[^>]*>)?(.*?)(?:</a>)?</li>", summary[0], re.S) if summary else []
