"""Templates keep the strict content policy: no inline script or style, nothing from elsewhere, no lost forms."""

import re
from pathlib import Path

import pytest

from tests.guards import tree

FORBIDDEN = {
    "inline script": re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(?!\s*</script>)", re.I),
    "inline style element": re.compile(r"<style\b", re.I),
    "style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.I),
    "event attribute": re.compile(r"<[^>]*\s(?:on[a-z]+|hx-on[:a-z-]*)\s*=", re.I),
    "javascript address": re.compile(r"javascript:", re.I),
    "third-party host": re.compile(r"<(?:script|link|img|iframe|source|form)\b[^>]*(?:https?:)?//", re.I),
}
DATA_BLOCK = re.compile(r'<script[^>]*type="application/(?:ld\+)?json"', re.I)
POST_FORM = re.compile(r"<form\b[^>]*method\s*=\s*[\"']?post[^>]*>(.*?)</form>", re.I | re.S)
HAN = re.compile(r"[㐀-鿿]")
COMMENT = re.compile(r"{#.*?#}|{% comment.*?endcomment %}|<!--.*?-->", re.S)
OTHER_KEYS = ("account", "mfa", "admin", "usersessions")  # forms of third parties, which know no submit key
SWITCHES = {
    "components/header.html",
    "components/menu.html",
}  # language, view, seat, sign-out: repeating is harmless
GALLERY = {"pages/components.html"}  # every component with invented data; its forms send nothing
IN_CHINESE = re.compile(
    r'<(\w+)[^>]*lang="zh-Hans"[^>]*>.*?</\1>', re.S
)  # the name, and a language in its own words

TEMPLATES = tree.templates()


def name(path: Path) -> str:
    return path.relative_to(tree.ROOT / "templates").as_posix()


def test_there_are_templates():
    assert TEMPLATES


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_template_keeps_the_content_policy(path: Path):
    text = COMMENT.sub("", path.read_text(encoding="utf-8"))

    found = [what for what, pattern in FORBIDDEN.items() if pattern.search(DATA_BLOCK.sub("<data", text))]

    assert found == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_post_forms_carry_token_and_submit_key(path: Path):
    text = path.read_text(encoding="utf-8")
    keyless = name(path).startswith(OTHER_KEYS) or name(path) in SWITCHES
    needed = ["csrf_token"] if keyless else ["csrf_token", "submit_key"]

    lacking = [word for body in POST_FORM.findall(text) for word in needed if word not in body]

    assert name(path) in GALLERY or lacking == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_words_come_from_the_catalogue(path: Path):
    text = IN_CHINESE.sub("", COMMENT.sub("", path.read_text(encoding="utf-8")))

    assert name(path) in GALLERY or not HAN.search(text)
