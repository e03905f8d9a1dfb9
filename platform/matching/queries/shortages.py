"""The shortage map: what the next unit would unlock, from the latest certified runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Max, QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.charts import Chart, Row, bar_chart
from common.templatetags.ui import amount
from matching.enums import RunState
from matching.models import Run, Shortage
from reference.queries import path_labels

FRESH = timedelta(days=7)  # an older run says nothing about today
BARS = 12


def latest_runs(on: date, *, prefix: str = "") -> QuerySet[Run]:
    """The newest certified run of every area, as far as it is fresh."""
    fresh = Run.objects.filter(state=RunState.CERTIFIED, on__gte=on - FRESH, prefix__startswith=prefix)
    return Run.objects.filter(
        pk__in=fresh.order_by().values("prefix").annotate(last=Max("pk")).values("last")
    )


def most_needed(on: date) -> dict[str, Any] | None:
    """The shortage that hurts most families most badly, for donors who ask where their help does most."""
    row = (
        Shortage.objects.filter(run__in=latest_runs(on))
        .select_related("item", "run")
        .order_by("-severity", "-needs", "-missing", "pk")
        .first()
    )
    if row is None:
        return None
    place = path_labels([row.area])[row.area].rpartition(" / ")[2] if row.area else ""
    return {"row": row, "place": place, "missing": amount(row.missing, row.item)}


def shortage_chart(run: Run) -> Chart:
    """How many families of a run still miss what, the most urgent first; bars that are all alike are not drawn."""
    rows = list(
        Shortage.objects.filter(run=run)
        .select_related("item")
        .order_by("-severity", "-needs", "-missing", "pk")[:BARS]
    )
    places = path_labels({row.area for row in rows if row.area})
    chart = bar_chart(
        [
            Row(
                label=f"{row.item.label} · {places.get(row.area, '').rpartition(' / ')[2]}",
                value=row.needs,
                shown=ngettext(
                    "%(needs)s family · %(missing)s", "%(needs)s families · %(missing)s", row.needs
                )
                % {"needs": row.needs, "missing": amount(row.missing, row.item)},
            )
            for row in rows
        ],
        title=_("What is missing most"),
        headings=(_("Thing and place"), _("Families and amount")),
        description=_("Most urgent first. Each family is counted once for a thing."),
    )
    return chart if len({row.needs for row in rows}) > 1 else replace(chart, svg=SafeString())
