"""A number of somebody's home and the rows behind it, by role and side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common import clock
from common.panels import provide
from common.templatetags.ui import number
from common.todos import Figure

QUARTER, YEAR = 90, 365


@dataclass(frozen=True)
class Line:
    """One row of a list: what it is, what is to be said of it, and where it leads."""

    title: Any
    meta: Any
    url: str
    side: Any = ""


@dataclass(frozen=True)
class Counted:
    """A number over the rows of the last `days`; `value` says it when a bare count would say too little."""

    slug: str
    label: Any
    rows: Callable[[Any, datetime], QuerySet[Any]]
    line: Callable[[Any], Line]
    value: Callable[[QuerySet[Any]], tuple[Any, Any]] | None = None
    days: int = QUARTER

    def of(self, user: Any) -> QuerySet[Any]:
        """The rows of this user, through the gate."""
        return self.rows(user, clock.now() - timedelta(days=self.days))

    def figure(self, user: Any) -> Figure:
        rows = self.of(user)
        value, more = self.value(rows) if self.value is not None else (number(rows.count()), "")
        detail = " · ".join(str(part) for part in (more, self.period) if part)
        return Figure(self.label, value, detail, reverse("portal:work", args=[self.slug]))

    @property
    def period(self) -> str:
        if self.days == YEAR:
            return _("in the last year")
        return ngettext("in the last %(days)d day", "in the last %(days)d days", self.days) % {
            "days": self.days
        }


_by_role: dict[str, dict[str, Counted]] = {}


def reckon(role: str, *, given: tuple[Counted, ...], got: tuple[Counted, ...]) -> None:
    """Put the numbers of a role on its home."""
    _by_role[role] = {one.slug: one for one in (*given, *got)}
    provide(f"given.{role}", lambda user: [one.figure(user) for one in given])
    provide(f"got.{role}", lambda user: [one.figure(user) for one in got])


def find(role: str, slug: str) -> Counted | None:
    """The number of this name on the home of the role."""
    return _by_role.get(role, {}).get(slug)
