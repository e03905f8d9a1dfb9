"""`manage.py verify_ledger`: recompute every lot from its ledger, every other counter from what it counts."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from common import panels
from common.commands import PlainCommand
from donors.models import Lot
from donors.queries import Break, ledger_breaks
from journal.queries import Fault


class Command(PlainCommand):
    help = (
        "Recomputes lots from their append-only ledger, and payments, vouchers, needs and capacities from the rows they"
        " count; exit 1 and the first broken one."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        broken = next(ledger_breaks(), None)
        fault = None if broken else next(iter(panels.collect("ledger.faults")), None)
        intact = broken is None and fault is None
        if options["json"]:
            report: dict[str, Any] = {"lots": Lot.objects.count(), "ok": intact}
            if not intact:
                report["first"] = _plain(broken, fault)
            self.print_json(report)
        elif broken is not None:
            self.stderr.write(
                f"lot {broken.public_id}: the counters say {broken.counters}, the ledger {broken.ledger}"
            )
        elif fault is not None:
            self.stderr.write(f"{fault.where}: {fault.what}")
        else:
            self.stdout.write(
                f"{Lot.objects.count()} lots agree with their ledger; payments, vouchers, needs and capacities with"
                " what they count."
            )
        if not intact:
            raise SystemExit(1)


def _plain(broken: Break | None, fault: Fault | None) -> dict[str, Any]:
    if broken is not None:
        return {"lot": broken.public_id, "counters": broken.counters, "ledger": broken.ledger}
    return {"where": fault.where, "what": fault.what} if fault else {}
