"""Working days by the State Council's notices; 2027 is provisional."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from reference import queries
from reference.models import WorkCalendar


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2026, 9, 30), 0, date(2026, 9, 30)),
        (date(2026, 9, 30), 1, date(2026, 10, 8)),  # over the National Day week
        (date(2026, 9, 30), 3, date(2026, 10, 10)),  # a working Saturday
        (date(2026, 9, 18), 1, date(2026, 9, 20)),  # a working Sunday
        (date(2026, 2, 13), 2, date(2026, 2, 24)),  # Spring Festival with a working Saturday before it
        (date(2025, 9, 30), 1, date(2025, 10, 9)),  # National Day with Mid-Autumn
        (date(2027, 9, 30), 1, date(2027, 10, 4)),  # provisional: statutory days alone
        (date(2030, 1, 4), 1, date(2030, 1, 7)),  # a year not loaded: Monday to Friday
    ],
)
def test_working_days_are_added_by_the_calendar(start: date, count: int, end: date):
    assert queries.add_working_days(start, count) == end


@pytest.mark.django_db
def test_every_day_of_three_years_is_known():
    assert WorkCalendar.objects.count() == 1095
    working = {
        year: WorkCalendar.objects.filter(date__year=year, working=True).count() for year in (2025, 2026)
    }
    assert working == {2025: 248, 2026: 248}
    assert (
        WorkCalendar.objects.filter(provisional=True).values_list("date__year", flat=True).distinct().get()
        == 2027
    )


@pytest.mark.django_db
def test_days_are_not_counted_backward():
    with pytest.raises(ValueError, match="forward"):
        queries.add_working_days(date(2026, 1, 5), -1)
    assert queries.working_days_between(date(2026, 1, 9), date(2026, 1, 5)) == 0
    assert not queries.is_working_day(date(2026, 10, 1))


class TestRoundTrip(TestCase):
    @given(st.integers(0, 1000), st.integers(1, 80))
    def test_between_undoes_add(self, offset: int, count: int):
        start = date(2025, 1, 1) + timedelta(days=offset)

        assert queries.working_days_between(start, queries.add_working_days(start, count)) == count
