"""`manage.py verify_ledger`: recompute every lot's counters from its ledger."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from common.commands import PlainCommand
from donors.models import Lot
from donors.queries import ledger_breaks


class Command(PlainCommand):
    help = "Recomputes every lot's counters from its append-only ledger; exit 1 and the first broken lot."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        broken = next(ledger_breaks(), None)
        if options["json"]:
            report: dict[str, Any] = {"lots": Lot.objects.count(), "ok": broken is None}
            if broken is not None:
                report["first"] = {
                    "lot": broken.public_id, "counters": broken.counters, "ledger": broken.ledger
                }  # fmt: skip
            self.print_json(report)
        elif broken is None:
            self.stdout.write(f"{Lot.objects.count()} lots agree with their ledger.")
        else:
            self.stderr.write(
                f"lot {broken.public_id}: the counters say {broken.counters}, the ledger {broken.ledger}"
            )
        if broken is not None:
            raise SystemExit(1)
