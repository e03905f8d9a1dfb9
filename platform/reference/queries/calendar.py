"""Deadlines in working days."""

from __future__ import annotations

from datetime import date, timedelta

from reference.models import WorkCalendar

SATURDAY = 5


def is_working_day(day: date) -> bool:
    """By the work calendar; Monday to Friday in a year whose calendar is not loaded."""
    return _working(day, day)(day)


def add_working_days(start: date, count: int) -> date:
    """The day on which `count` working days after `start` have passed; the first counted is the next working day."""
    if count < 0:
        raise ValueError("count working days forward")
    day, left = start, count
    works = _working(start, start + timedelta(days=count * 2 + 30))
    while left:
        day += timedelta(days=1)
        left -= works(day)
    return day


def working_days_between(start: date, end: date) -> int:
    """Working days after `start` up to and including `end`, so that it undoes `add_working_days`."""
    works = _working(start, end)
    return sum(works(start + timedelta(days=number)) for number in range(1, (end - start).days + 1))


def _working(first: date, last: date) -> _Days:
    rows = WorkCalendar.objects.filter(date__gte=first, date__lte=last)
    return _Days(dict(rows.values_list("date", "working")))


class _Days:
    """Known days, and the week where the calendar is silent."""

    def __init__(self, known: dict[date, bool]) -> None:
        self.known = known

    def __call__(self, day: date) -> bool:
        return self.known.get(day, day.weekday() < SATURDAY)
