"""Families whom help reached, month by month, for the officers of an area."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from common import clock
from common.charts import Chart, Row, line_chart
from common.clock import SHANGHAI
from common.todos import Panel
from delivery.enums import DeliveryState
from delivery.models import Delivery
from reference.coding import TRIAL_PREFIX

MONTHS = 12


def months_panel(user: Any) -> list[Panel]:
    """On the officer's home, below what waits."""
    chart = helped_by_month(user.seat.prefix)
    return [Panel(_("Month by month"), "portal/panels/months.html", {"chart": chart})]


def helped_by_month(area: str) -> Chart:
    """Families of the area, each counted once a month, whose receipt was confirmed in the last twelve months."""
    first = _first_months()
    since = datetime.combine(first[0], time.min, tzinfo=SHANGHAI)
    rows = Delivery.objects.filter(
        state=DeliveryState.CONFIRMED,
        confirmed_at__gte=since,
        proposal__need__household__area__startswith=area,
    ).exclude(proposal__need__household__area__startswith=TRIAL_PREFIX)
    counted = dict(
        rows.annotate(month=TruncMonth("confirmed_at", tzinfo=SHANGHAI))
        .values_list("month")
        .annotate(families=Count("proposal__need__household", distinct=True))
    )
    by_month = {f"{month:%Y-%m}": families for month, families in counted.items()}
    labels = [f"{month:%Y-%m}" for month in first]
    return line_chart(
        [Row(label, by_month.get(label, 0)) for label in labels],
        title=_("Families whom help reached, by month"),
        headings=(_("Month"), pgettext("chart", "Families")),
        description=_(
            "Counted when the family confirmed that the help arrived; a family counts once a month."
        ),
    )


def _first_months() -> list[Any]:
    """The first days of the last twelve months, this one the last."""
    today = clock.today()
    last = today.year * 12 + today.month - 1
    return [today.replace(year=n // 12, month=n % 12 + 1, day=1) for n in range(last - MONTHS + 1, last + 1)]
