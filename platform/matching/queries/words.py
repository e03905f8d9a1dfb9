"""Reasons and conditions in words people use."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from matching.enums import UnmetKind

# The engine's conditions, as a worker calls them.
CONDITIONS = {
    "item": gettext_lazy("kind of help"),
    "region": gettext_lazy("area"),
    "group": gettext_lazy("group of people"),
    "severity": gettext_lazy("severity"),
    "date": gettext_lazy("dates"),
    "reserved": gettext_lazy("meant for one family"),
    "consent": gettext_lazy("the family's consent"),
    "duplicate_measure": gettext_lazy("public help of the same kind"),
    "related_party": gettext_lazy("tie between donor and family"),
    "ban": gettext_lazy("not taken by a worker"),
    "household_cap": gettext_lazy("at most per family"),
    "smallest_part": gettext_lazy("smallest part"),
}


def reason_words(*, kind: str, blocker: str, detail: dict[str, Any], item: Any, place: str) -> str:
    """Why a need waits, as a social worker would tell the family."""
    named = {"item": item.label, "place": place}
    if kind == UnmetKind.EXHAUSTED and detail.get("indivisible"):
        return _("What is left of “%(item)s” is smaller than the part that would be of use.") % named
    if kind == UnmetKind.EXHAUSTED:
        return _("All “%(item)s” within reach goes to families who need it more badly.") % named
    if kind == UnmetKind.CAPACITY:
        return _("There is “%(item)s”, but no project has room to bring it.") % named
    if blocker in {"", "item"}:
        return _("Right now nobody offers “%(item)s” for %(place)s. It is on our list.") % named
    if blocker == "region":
        return _("There is “%(item)s”, but none of it is meant for %(place)s.") % named
    survivors = {str(name): count for name, count in detail.get("survivors", [])}
    before = [count for name, count in survivors.items() if name != blocker]
    count = before[-1] if before else 0
    return ngettext(
        "%(count)s offer of “%(item)s” reaches this place; it does not fit the condition “%(condition)s”.",
        "%(count)s offers of “%(item)s” reach this place; none fits the condition “%(condition)s”.",
        count,
    ) % {**named, "count": count, "condition": CONDITIONS.get(blocker, blocker)}
