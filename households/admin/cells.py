"""Cells that several lists show."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import clock
from common.templatetags.ui import day, tag
from households.desk.lists import Column
from households.desk.words import head_of


def shown_state(row: Any) -> SafeString:
    return tag(row.state_label, "refused" if getattr(row, "refused", False) else row.state)


def head(row: Any) -> str:
    return head_of(getattr(row, "household", row))


def worker(row: Any) -> str:
    found = getattr(row, "household", row).worker
    return found.name if found else _("nobody yet")


def place(row: Any) -> str:
    return str(row.place_label)


def due(value: date | None, *, waits: bool) -> SafeString | str:
    """A day to keep, marked in words and colour once it is over and still waiting."""
    if waits and value is not None and value < clock.today():
        return format_html('{} <span class="tag tag-alert">{}</span>', day(value), _("overdue"))
    return day(value)


HEAD = Column(gettext_lazy("head of household"), head)
STATE = Column(gettext_lazy("state"), shown_state)
PLACE = Column(gettext_lazy("place"), place)
WORKER = Column(gettext_lazy("worker"), worker)
FILE = Column(gettext_lazy("file number"), lambda row: row.household.number, "nowrap")
