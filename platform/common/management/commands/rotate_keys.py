"""`manage.py rotate_keys`: everything sealed under the newest keys; run by the security administrator."""

from __future__ import annotations

import sys
from collections import Counter
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from common import clock
from common.actors import SYSTEM
from common.commands import PlainCommand
from common.recording import record
from common.rotation import newest, renew_all

KEYS = ("common.keys", "all")  # the object of the journal's entries about rotations
NAMED = 20


class Command(PlainCommand):
    help = (
        "Re-encrypt every encrypted field, file and second factor with the newest data key and recompute blind"
        " indexes with the newest index key; safe to interrupt and to repeat. Exit 1 when something is left."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="count what carries an older key; change nothing"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        if not settings.FIELD_KEYS or not settings.INDEX_KEYS:
            self.stderr.write(
                "There is no key to rotate to: name them in BANGFU_FIELD_KEYS and BANGFU_INDEX_KEYS."
            )
            sys.exit(2)
        keys = {"field_key": newest(settings.FIELD_KEYS), "index_key": newest(settings.INDEX_KEYS)}
        if not check:
            record("keys.rotation_begun", KEYS, by=SYSTEM, at=clock.now(), **keys)
        counts: Counter[str] = Counter()
        failed: list[str] = []
        for chunk in renew_all(write=not check):
            counts[chunk.what] += chunk.renewed
            failed += chunk.failed
        renewed = {what: count for what, count in sorted(counts.items()) if count}
        if not check:
            numbers = {"renewed": sum(renewed.values()), "failed": len(failed)}
            record("keys.rotated", KEYS, by=SYSTEM, at=clock.now(), **keys, **numbers)
        finished = not failed and not (check and renewed)
        if options["json"]:
            found = {"old" if check else "renewed": renewed, "failed": failed, "finished": finished}
            self.print_json({**keys, **found})
        else:
            self._say(renewed, failed, check, **keys)
        if not finished:
            sys.exit(1)

    def _say(
        self, renewed: dict[str, int], failed: list[str], check: bool, field_key: str, index_key: str
    ) -> None:
        for what, count in renewed.items():
            self.stdout.write(f"{what}: {count} {'under an older key' if check else 'renewed'}")
        for line in failed[:NAMED]:
            self.stderr.write(line)
        if failed:
            self.stderr.write(f"{len(failed)} left as they were; keep the older keys and mend these rows.")
        elif not (check and renewed):
            self.stdout.write(
                f"Everything is under field key {field_key} and index key {index_key}. Keep the older ones for a day"
                " more: what people are typing waits sealed in their sessions."
            )
