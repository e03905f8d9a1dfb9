"""`manage.py verify_journal`: exit 1 and the first broken entry when something was altered."""

from typing import Any

from django.core.management.base import CommandParser

from common.commands import PlainCommand
from journal.models import Entry
from journal.queries import first_fault


class Command(PlainCommand):
    help = "Recompute every digest, seal and anchor of the journal."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        fault = first_fault()
        entries = Entry.objects.count()
        if options["json"]:
            found = {"where": fault.where, "what": fault.what} if fault else None
            self.print_json({"entries": entries, "intact": fault is None, "fault": found})
        elif fault is None:
            self.stdout.write(f"journal intact: {entries} entries")
        else:
            self.stderr.write(f"journal altered at {fault.where}: {fault.what}")
        if fault:
            raise SystemExit(1)
