"""manage.py load_instruments [FILE…]: questionnaires with their versions."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from common import clock
from common.actors import SYSTEM
from common.commands import PlainCommand
from common.exceptions import Refused
from households.services import load_instruments


class Command(PlainCommand):
    help = (
        "Load questionnaires: without FILE those the product ships, with FILE your own (TOML; an official translation, "
        "or one whose licence forbids shipping it). A newer version retires the one before; a repeat changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = load_instruments(files=options["files"], by=SYSTEM, at=clock.now())
        except Refused as refused:
            self.refuse(str(refused.message))
        if options["json"]:
            self.print_json(done)
        elif options["verbosity"]:
            for kind, names in done.items():
                self.stdout.write(f"{kind}: {', '.join(names) or '—'}")
