"""Stored structures in words: nested lists and tables instead of the notation they are kept in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

_names: dict[str, Any] = {}


def name(words: Mapping[str, Any]) -> None:
    """Register what the keys of stored structures are called; a key nobody names is shown as it is."""
    _names.update(words)


def name_of(key: str) -> str:
    return str(_names.get(key, key.replace("_", " ")))


def spelled(value: Any) -> SafeString:
    """A structure as facts, a list as a list, everything else as text."""
    if isinstance(value, Mapping) and value:
        rows = format_html_join(
            "", "<dt>{}</dt><dd>{}</dd>", ((name_of(k), spelled(v)) for k, v in value.items())
        )
        return format_html('<dl class="facts">{}</dl>', rows)
    if isinstance(value, list | tuple) and value:
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((spelled(v),) for v in value)))
    if isinstance(value, bool):
        return conditional_escape(_("yes") if value else _("no"))
    return conditional_escape("—" if value in (None, "", [], {}, ()) else value)
