"""Find the benchmarks of bench/, run them, print a table or one JSON line each.

A benchmark is a module with `run(size) -> list[dict]`; every dict holds name, n, seconds, peer, peer_seconds, ratio
(peer_seconds / seconds) and peak_mb.
"""

import argparse
import importlib
import inspect
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django

from tests import servers

FOLDER = Path(__file__).resolve().parents[2] / "bench"


def names() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.py") if not path.stem.startswith("_"))


@contextmanager
def database() -> Iterator[None]:
    """The one named by DATABASE_URL, else a throw-away PostgreSQL, else SQLite where this machine has none."""
    if "DATABASE_URL" in os.environ or servers.postgres_folder() is None:
        yield
        return
    with servers.postgres() as url:
        os.environ["DATABASE_URL"] = url
        yield


def show(row: dict[str, Any]) -> str:
    peer = f"{row['peer']} {row['peer_seconds']:.3f} s" if row.get("peer") else "no peer"
    ratio = f"{row['ratio']:.2f}" if row.get("ratio") is not None else "–"
    peak = f"{row['peak_mb']:.0f} MB" if row.get("peak_mb") is not None else "–"
    return f"{row['name']:<40} n={row['n']:<10,} {row['seconds']:>9.3f} s   {peer:<36} ratio {ratio:>6}   {peak:>8}"


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="script/bench", description="Run the benchmarks beside their peers."
    )
    parser.add_argument("name", nargs="?", choices=names(), help="one benchmark; all of them without it")
    parser.add_argument(
        "--size", type=int, help="how many rows, households or edges; each has its own default"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    with database(), tempfile.TemporaryDirectory(prefix="bangfu-bench-") as folder:
        os.environ.setdefault("BANGFU_VAR", folder)
        django.setup()
        for name in [options.name] if options.name else names():
            run = importlib.import_module(f"bench.{name}").run
            size = options.size or inspect.signature(run).parameters["size"].default
            if size is inspect.Parameter.empty:
                parser.error(f"{name} has no default size; say --size N")
            for row in run(size=size):
                print(json.dumps(row, ensure_ascii=False) if options.json else show(row), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
