"""Which time the facts of a file speak of: said by its sender, or by its mapping, never guessed."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext as _

from common.exceptions import Refused
from households.imports.mapping import HouseholdMapping

DAY = timedelta(days=1)
LONGEST = 366  # days: facts are those of one year
EARLIEST = date(2000, 1, 1)


def period_for(
    mapping: HouseholdMapping, first: date | None, last: date | None, *, today: date
) -> tuple[date, date] | None:
    """The half-open period from the first and last day the sender named, where the mapping asks for them."""
    if not mapping.asks_period:
        if first or last:
            raise Refused(
                "period_fixed",
                _("A table of this kind says itself which year it speaks of. Leave the two days empty."),
                field="first_day",
            )
        return mapping.period
    if first is None or last is None:
        raise Refused(
            "period_missing",
            _("Say from which day to which day the facts in the table hold, for example a whole year."),
            field="last_day" if first else "first_day",
        )
    if last < first:
        raise Refused("period", _("The last day lies before the first one."), field="last_day")
    if last > today:
        raise Refused(
            "period_ahead", _("The last day is still to come. Which year is it about?"), field="last_day"
        )
    if first < EARLIEST or (last - first).days >= LONGEST:
        raise Refused(
            "period_long",
            _("The facts are those of one year at most. Look at both days again."),
            field="first_day",
        )
    return first, last + DAY
