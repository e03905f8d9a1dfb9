"""`manage.py rank --as-of DATE`: boards of donors from the ledger, as drafts."""

from __future__ import annotations

from datetime import date
from typing import Any

from common import clock
from common.actors import SYSTEM
from evaluation.commands import DayCommand
from evaluation.enums import RankingState
from evaluation.models import RankingRow
from evaluation.services import compute_rankings


class Command(DayCommand):
    help = "Computes the boards of donors as of a day; a second run gives the same numbers."

    def compute(self, day: date) -> dict[str, Any]:
        done = compute_rankings(as_of=day, by=SYSTEM, at=clock.now())
        rows = (
            RankingRow.objects.filter(ranking__as_of=day, ranking__policy__version=done["policy"])
            .exclude(ranking__state=RankingState.SET_ASIDE)
            .select_related("ranking", "donor")
            .order_by("ranking__board", "place")
        )
        return {**done, "rows": [_plain(row) for row in rows]}

    def lines(self, report: dict[str, Any]) -> list[str]:
        head = f"{report['ledger_rows']} ledger rows as of {report['as_of']}, policy {report['policy']}"
        return [
            head,
            *(
                f"{row['board']} {row['place']}. {row['donor']}: {row['score']:.2f}, {row['stars']} stars"
                + (f", {row['not_valued']} not valued" if row["not_valued"] else "")
                for row in report["rows"]
            ),
        ]


def _plain(row: RankingRow) -> dict[str, Any]:
    return {
        "board": row.ranking.board,
        "place": row.place,
        "donor": row.donor.public_id,
        "score": float(row.score),
        "stars": row.stars,
        "contributions": row.contributions,
        "not_valued": row.unvalued,
        "state": row.ranking.state,
    }
