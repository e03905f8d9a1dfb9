"""Logs: nothing in them names a person or opens a door."""

import logging
import re
import sys
import urllib.request
from pathlib import Path

import pytest
from django.urls import reverse

from common.logs import LINKS, formatter, mask, mask_identity
from tests.guards import tree
from tests.servers import free_port, listens, running, wait_until

TOKEN = "q3xZ-made-up-token_77"


@pytest.mark.parametrize(
    "text",
    ["110101199003070011", "11010119900307001X", "11010119900307001x", "13800001234", "6222020200011112222",
     "11010119900307001144", "1101011990030700114401"],
)  # fmt: skip
@pytest.mark.parametrize("around", ["{}", "phone={}", "tel:{},", "（{}）", "号码{}。", "/x/{}/"])
def test_identity_is_masked_wherever_it_stands(text: str, around: str):
    said = mask_identity(around.format(text))

    assert text not in said
    assert said == around.format("[masked]")


@pytest.mark.parametrize(
    "text",
    ["12800001234", "1380000123", "138000012345", "2026-11-20T02:30:15", "A-990101-2026-00001", "990101100201",
     "x13800001234", "seal 123456789012", "abc123abc123"],
)  # fmt: skip
def test_other_words_and_numbers_are_left(text: str):
    assert mask_identity(text) == text


def test_addresses_that_open_a_door_are_those_the_site_has():
    invitation = reverse("accounts:accept", args=[TOKEN])
    reset = reverse("account_reset_password_from_key", kwargs={"uidb36": "1z", "key": "abc-def"})
    confirm = reverse("account_confirm_email", args=[TOKEN])

    for address in (invitation, reset, confirm):
        assert mask(f"GET {address} 200").endswith("/[masked]/ 200")
        assert "[masked]" not in mask(address.rsplit("/", 2)[0] + "/")
    assert mask("/seats/invitation/") == "/seats/invitation/"


def test_proxy_masks_the_same_addresses_and_every_query():
    line = next(
        line for line in (tree.ROOT / "deploy/Caddyfile").read_text(encoding="utf-8").splitlines()
        if "request>uri regexp" in line
    )  # fmt: skip
    pattern, put = re.findall(r'"([^"]+)"', line)
    masked = lambda uri: re.sub(pattern, lambda found: put.replace("$1", found[1] or ""), uri)  # noqa: E731

    assert LINKS.pattern.split("[")[0] == pattern.split("[")[0]
    assert masked(f"/seats/invitation/{TOKEN}/?next=/x") == "/seats/invitation/…/…"
    assert masked("/account/password/reset/key/1z-abc/") == "/account/password/reset/key/…/"
    assert masked("/catalogue/?q=13800001234") == "/catalogue/…"
    assert masked("/catalogue/") == "/catalogue/"


def test_every_line_passes_through_the_mask():
    record = logging.LogRecord("django.request", logging.ERROR, "", 0, "at %s: %s", None, None)
    record.args = (f"/seats/invitation/{TOKEN}/", "13800001234")

    said = formatter().format(record)

    assert TOKEN not in said
    assert "13800001234" not in said
    assert said.count("[masked]") == 2


def test_access_log_of_the_web_process_holds_no_token(tmp_path: Path):
    app = tmp_path / "hello.py"
    app.write_text("def app(environ, start):\n    start('200 OK', [])\n    return [b'hello']\n")
    port, log = free_port(), tmp_path / "log"
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--config",
        str(tree.ROOT / "gunicorn.conf.py"),
        "--workers=1",
    ]
    command += ["--bind", f"127.0.0.1:{port}", "hello:app"]
    with running(command, log, cwd=tmp_path):
        wait_until(lambda: listens(port), "gunicorn")
        address = f"http://127.0.0.1:{port}/seats/invitation/{TOKEN}/?next=13800001234"
        with urllib.request.urlopen(address) as answer:
            assert answer.read() == b"hello"
        wait_until(lambda: "/seats/invitation/" in log.read_text(), "the line of the request")

    said = log.read_text()
    assert "/seats/invitation/[masked]/" in said
    assert TOKEN not in said
    assert "13800001234" not in said
