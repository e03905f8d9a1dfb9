"""`manage.py demo_lots`: made-up offers for the open needs of a register that was read from a file."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from accounts.models import User
from demo.lots import offer_for_open_needs


class Command(BaseCommand):
    help = (
        "Made-up donors offer a share of what the open needs still miss, by area and item, through the services; "
        "then `manage.py match` has something to match. Needs a database without accounts: it brings its own staff."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--share", type=int, default=75, metavar="PERCENT", help="of what is missing")

    def handle(self, *args: Any, **options: Any) -> None:
        if User.objects.exists():
            self._refuse(
                "this database has people in it, and demo_lots brings its own donors and staff; make one without: "
                "BANGFU_VAR=var/trial script/server --empty, then import_households and demo_lots with it"
            )
        if not 1 <= options["share"] <= 100:
            self._refuse("--share is a percentage from 1 to 100")
        with transaction.atomic():
            lots = offer_for_open_needs(share=options["share"])
        self.stdout.write(f"{len(lots):,} lots, {sum(lot.quantity for lot in lots):,} units listed")

    def _refuse(self, line: str) -> None:
        self.stderr.write(line)
        sys.exit(2)
