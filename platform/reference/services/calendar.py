"""Loading the work calendar: a table of exceptions, stored as every day of the years it speaks of."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext as _

from reference.models import WorkCalendar
from reference.services.tables import Table
from reference.services.upsert import Tally, upsert

HEADERS = frozenset({"date", "working", "label_zh", "label_en", "provisional", "document"})
SATURDAY = 5


def load_calendar(table: Table) -> Tally:
    """Monday to Friday work unless the table says otherwise; a year is provisional while one of its rows is."""
    stated: dict[date, WorkCalendar] = {}
    for line in table.lines():
        day = line.day("date")
        if day is None or day in stated:
            raise line.refuse(_("the date is missing or stands in the file twice."))
        stated[day] = WorkCalendar(
            date=day,
            working=line.yes("working"),
            label_zh=line["label_zh"],
            label_en=line["label_en"],
            provisional=line.yes("provisional"),
            document=line["document"],
        )
    provisional = {day.year for day, row in stated.items() if row.provisional}
    rows = [
        stated.get(day)
        or WorkCalendar(date=day, working=day.weekday() < SATURDAY, provisional=year in provisional)
        for year in sorted({day.year for day in stated})
        for day in _days_of(year)
    ]
    fields = ("working", "label_zh", "label_en", "provisional", "document")
    years = WorkCalendar.objects.filter(date__year__in={day.year for day in stated})
    return upsert(years, rows, key=("date",), fields=fields)


def _days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=number) for number in range((date(year + 1, 1, 1) - first).days)]
