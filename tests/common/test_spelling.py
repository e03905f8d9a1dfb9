"""Stored structures are read as lists and tables, never in the notation they are kept in."""

from django.utils import translation

from common.spelling import name, spelled


def test_structures_become_lists_and_tables():
    name({"warn_below": "warning below"})

    shown = spelled({"warn_below": "70", "parts": ["A", {"open": True}], "none": []})

    assert shown == (
        '<dl class="facts"><dt>warning below</dt><dd>70</dd><dt>parts</dt><dd><ul><li>A</li><li>'
        '<dl class="facts"><dt>open</dt><dd>是</dd></dl></li></ul></dd><dt>none</dt><dd>—</dd></dl>'
    )


def test_text_stays_text():
    assert spelled("<b>") == "&lt;b&gt;"
    assert spelled({"<b>": "<i>"}) == '<dl class="facts"><dt>&lt;b&gt;</dt><dd>&lt;i&gt;</dd></dl>'
    with translation.override("en"):
        assert spelled(False) == "no"
