"""Build the demonstration in an empty database and keep it as `tests/snapshots/NAME.jsonl.gz` (script/snapshot)."""

import sys
from pathlib import Path

import django

FOLDER = Path(__file__).parent


def main(name: str) -> None:
    django.setup()
    from django.core.management import call_command

    from common import clock
    from journal.services import seal_entries
    from tests.snapshots import rows

    call_command("migrate", verbosity=0)
    for command in ("load_reference", "load_duties", "load_instruments", "load_rating_policy"):
        call_command(command, verbosity=0)
    call_command("demo_build")
    while seal_entries(at=clock.now()) is not None:
        continue
    path = FOLDER / f"{name}.jsonl.gz"
    unfinished = path.with_suffix(".part")
    kept = rows.write(unfinished)
    unfinished.rename(path)
    print(f"{path.name}: {kept} rows, {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(sys.argv[1])
