"""`manage.py demo_population`: many agencies and a long ledger, so that `rate` and `rank` have something to do."""

import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from accounts.models import User
from demo import population
from donors.models import LedgerEntry
from evaluation.models import Evaluation


class Command(BaseCommand):
    help = (
        "Build a made-up county of many agencies with finished evaluations and a long donors' ledger, by calling the "
        "services in order; the worked numbers 83.14, 86.00 and 6,750.80 are among them as of yesterday. Needs a "
        "database without people; takes minutes at full size."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--agencies", type=int, default=300, metavar="N")
        parser.add_argument("--rows", type=int, default=10_000, metavar="N", help="least rows of the ledger")

    def handle(self, *args: Any, **options: Any) -> None:
        if User.objects.exists():
            self.stderr.write(
                "this database has people in it; give BANGFU_VAR or DATABASE_URL of an empty one"
            )
            sys.exit(2)
        begun = time.monotonic()
        try:
            with transaction.atomic():
                built = population.build(agencies=options["agencies"], ledger_rows=options["rows"])
        except ValueError as error:
            self.stderr.write(str(error))
            sys.exit(2)
        self.stdout.write(
            f"{options['agencies']:,} agencies, {Evaluation.objects.count():,} evaluations, "
            f"{LedgerEntry.objects.count():,} ledger rows as of {built.as_of}: {time.monotonic() - begun:.0f} s"
        )
        self.stdout.write(f"83.14: {built.few}   86.00: {built.many}   6,750.80: {built.donor.public_id}")
