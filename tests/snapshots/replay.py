"""Read one kept database into the empty one that DATABASE_URL names, then bring it to the newest migrations."""

import sys
from pathlib import Path

import django


def main(path: Path) -> None:
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from tests.snapshots import rows

    put = rows.read(path)
    connection.close()
    call_command("migrate", verbosity=0)
    print(f"{put} rows")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
