"""The donors' boards beside the least any board could cost: one SQL sum of the same ledger rows by donor.

The ledger is made by the donors' own services (`demo.population`) in a database of its own, dropped at the end.
The peer knows no half-life, no kinds and no returns: the ratio says what rule, inputs and drafts cost above a sum.
"""

import resource
import time
from collections.abc import Callable
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Sum

from common import clock
from common.actors import SYSTEM
from demo import population
from donors.models import LedgerEntry
from evaluation.models import RankingRow
from evaluation.services import start_ranking
from jobs.worker import perform

DEFAULT = 10_000
AGENCIES = 8


def run(size: int = DEFAULT) -> list[dict[str, object]]:
    """The ranking job over a ledger of `size` rows, beside the sum."""
    former = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        return [_compare(size)]
    finally:
        connection.creation.destroy_test_db(former, verbosity=0)


def _compare(size: int) -> dict[str, object]:
    call_command("load_reference", verbosity=0)
    with transaction.atomic():
        built = population.build(agencies=AGENCIES, ledger_rows=size)
    job = start_ranking(as_of=built.as_of, by=SYSTEM, at=clock.now())
    before = _peak()
    done, seconds = _timed(lambda: perform(job.pk))
    after = _peak()
    rows = LedgerEntry.objects.filter(kind="disbursed").values("lot__donor").order_by()
    sums, peer_seconds = _timed(lambda: list(rows.annotate(units=Sum("quantity"))))
    placed = RankingRow.objects.count()
    worked = RankingRow.objects.get(donor=built.donor).score
    if done is None or done.state != "done" or placed != len(sums) or str(worked) != "6750.80":
        raise SystemExit("the board is not the one the ledger gives")
    return {
        "name": "ranking.job",
        "n": LedgerEntry.objects.count(),
        "seconds": round(seconds, 3),
        "peer": "SQL sum by donor",
        "peer_seconds": round(peer_seconds, 3),
        "ratio": round(peer_seconds / seconds, 3),
        "peak_mb": round(after - before),
        "donors": placed,
    }


def _timed(act: Callable[[], Any]) -> tuple[Any, float]:
    begun = time.perf_counter()
    result = act()
    return result, time.perf_counter() - begun


def _peak() -> float:
    """The most resident megabytes of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
