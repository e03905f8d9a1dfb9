"""Scoring the register, by clock every night or by command; what a step wrote is written down as one act."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from accounts.rules import refuse_unless_by_rule
from common.actors import Actor
from common.recording import record
from households.measures.alkire_foster import CHINA_FOUR_DIMENSIONS
from households.models import HouseholdScore, HouseholdYear
from households.scores.writing import Range, write_range

STEP = 1_000_000  # numbers of years scored in one transaction
SCHEME = CHINA_FOUR_DIMENSIONS


@transaction.atomic
def score_range(*, rows: Range, by: Actor, at: datetime) -> int:
    """Score the years of one range; a run that found nothing new leaves no trace."""
    refuse_unless_by_rule(by)
    written = write_range(SCHEME, rows, at)
    if written:
        of = (HouseholdScore._meta.label_lower, f"{rows.after + 1}-{rows.upto}")
        record("household.scores_computed", of, by=by, at=at, count=written, formula=SCHEME.version)
    return written


def ranges(after: int = 0) -> Iterator[Range]:
    """All recorded years after a number, in steps."""
    last = HouseholdYear.objects.aggregate(last=Max("pk"))["last"] or 0
    while after < last:
        upto = min(after + STEP, last)
        yield Range(after, upto)
        after = upto
