"""manage.py load_reference [FILE…]: divisions, code lists, items, designations and the work calendar."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from common import clock
from common.actors import SYSTEM
from common.commands import PlainCommand
from common.exceptions import Refused
from reference import queries
from reference.services import load_reference
from reference.services.load import EDITION


class Command(PlainCommand):
    help = (
        "Load reference data: without FILE what the product ships, with FILE tables in the shape of the national "
        "statistics office (provinces, cities, areas, streets, villages; .csv or .csv.gz). A repeat changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
        parser.add_argument("--edition", default=EDITION, help="the year of the edition the files state")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = load_reference(
                files=options["files"], edition=options["edition"], by=SYSTEM, at=clock.now()
            )
        except Refused as refused:
            raise CommandError(str(refused.message), returncode=2) from refused
        if options["verbosity"] == 0 and not options["json"]:
            return
        totals = queries.national_counts()
        if options["json"]:
            loaded = {kind: tally.as_dict() for kind, tally in done.items()}
            self.print_json({"loaded": loaded, "national": totals})
            return
        for kind, tally in done.items():
            self.stdout.write(
                f"{kind}: {tally.created:,} created, {tally.changed:,} changed, {tally.unchanged:,} unchanged"
            )
        self.stdout.write(
            "national divisions: " + ", ".join(f"{name} {count:,}" for name, count in totals.items())
        )
