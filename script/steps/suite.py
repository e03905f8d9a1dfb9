"""Run pytest once on each database; a pass that fails ends the run, so that its summary is the last thing said."""

import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

from tests import servers

ROOT = Path(__file__).resolve().parents[2]
PASSES = ("sqlite", "postgres")
WORKERS = ["-n", "2", "--maxschedchunk", "10"]  # small shares: no worker waits for the other's long tests
LONG = [
    "-o",
    "faulthandler_timeout=3600",
]  # seconds a test may take; two hundred kills need more than ten minutes


def missing() -> list[str]:
    """What the second pass and the browser tests need and this machine does not have."""
    found = {
        "postgres": servers.postgres_folder(),
        "redis": servers.redis_program(),
        "browser": servers.chromium_program(),
    }
    return [name for name, program in found.items() if program is None]


def run_pass(name: str, arguments: list[str]) -> int:
    environment = dict(os.environ)
    with ExitStack() as stack:
        if name == "postgres":
            environment["DATABASE_URL"] = stack.enter_context(servers.postgres())
            environment["BANGFU_TEST_REDIS"] = stack.enter_context(servers.redis())
        else:
            environment.pop("DATABASE_URL", None)
        title = "PostgreSQL and Redis" if name == "postgres" else "SQLite"
        print(f"test: the suite on {title}", flush=True)
        return subprocess.run(
            [sys.executable, "-m", "pytest", *WORKERS, *arguments], cwd=ROOT, env=environment, check=False
        ).returncode


def main(arguments: list[str]) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the servers are stopped on the way out
    asked = [name for name in PASSES if f"--{name}" in arguments]
    arguments = [argument for argument in arguments if argument not in {"--sqlite", "--postgres"}]
    if "--long" in arguments:
        arguments += LONG
    absent = missing()
    if refused := sorted(servers.REQUIRED.intersection(absent)):
        print(
            f"test: BANGFU_REQUIRE names {', '.join(refused)}, which this machine does not have",
            file=sys.stderr,
        )
        return 1
    passes = asked or list(PASSES)
    if absent:
        print(f"test: !!! NOT TESTED HERE: {', '.join(absent)} (not on this machine) !!!", flush=True)
        if {"postgres", "redis"}.intersection(absent) and "postgres" in passes:
            passes.remove("postgres")
    for name in passes:
        if code := run_pass(name, arguments):
            return code
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
