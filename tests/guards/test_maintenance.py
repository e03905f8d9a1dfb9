"""While the site is closed the proxy says so itself: in both languages, with nothing from the application."""

import re

from tests.guards import tree

FOLDER = tree.ROOT / "deploy" / "maintenance"
PAGE = (FOLDER / "index.html").read_text(encoding="utf-8")
PROXY = (tree.ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")


def test_page_speaks_both_languages_and_says_what_was_kept():
    assert '<html lang="zh-Hans">' in PAGE
    assert '<section lang="en">' in PAGE
    assert "以前存下的内容都在" in PAGE
    assert "Everything you saved before is kept" in PAGE


def test_page_needs_nothing_but_what_lies_beside_it():
    wanted = set(re.findall(r'(?:href|src)="([^"]+)"', PAGE))

    assert wanted == {"/", "/maintenance/maintenance.css"}
    assert (FOLDER / "maintenance.css").exists()
    assert not re.search(r"<script|style=|<style|url\(|https?:", PAGE)


def test_proxy_shows_it_while_the_switch_is_there_or_the_application_is_away():
    compose = (tree.ROOT / "docker-compose.yml").read_text(encoding="utf-8")

    assert "./deploy/maintenance:/srv/maintenance:ro" in compose
    assert "try_files /on" in PROXY
    assert "in [502, 503, 504]" in PROXY
    assert PROXY.index("handle @closed") < PROXY.index("reverse_proxy")
    assert not (FOLDER / "on").exists(), "the switch is not part of a release"
