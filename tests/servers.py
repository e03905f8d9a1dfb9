"""The real servers of the suite: throw-away PostgreSQL and Redis, a real Celery worker, a real browser.

Used twice: script/test starts the servers for a whole run, and the fixtures below start what a single test needs.
What a machine lacks is skipped with its reason, or fails when `BANGFU_REQUIRE` names it.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NoReturn

import pytest

ROOT = Path(__file__).resolve().parents[1]
REQUIRED = {name for name in os.environ.get("BANGFU_REQUIRE", "").split(",") if name}
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def lacking(name: str) -> NoReturn:
    """Skip the test for want of a server, or fail when this run must have it."""
    if name in REQUIRED:
        pytest.fail(f"{name} is required by BANGFU_REQUIRE and is not on this machine", pytrace=False)
    pytest.skip(f"{name} is not on this machine")


def postgres_folder() -> Path | None:
    """Where initdb and postgres live: Debian keeps them outside PATH, one folder a version; the newest is taken."""
    versions = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3])
    )
    found = str(versions[-1]) if versions else shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def redis_program() -> str | None:
    return shutil.which("redis-server") or shutil.which("valkey-server")


def chromium_program() -> str | None:
    found = [path for name in CHROMIUM_NAMES if (path := shutil.which(name))]
    return found[0] if found else None


def wait_until(ready: Callable[[], bool], what: str, seconds: float = 60) -> None:
    """Look ten times a second until it is so."""
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} was not ready after {seconds:.0f} s")
        time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(
    command: list[str], log: Path, stop: signal.Signals = signal.SIGTERM, **options: Any
) -> Iterator["subprocess.Popen[bytes]"]:
    """A process of this run, in a session of its own so that Ctrl-C reaches it through us; stopped at the end."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **options,
        )
    try:
        yield process
    finally:
        process.send_signal(stop)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def other_user() -> dict[str, Any]:
    """initdb refuses root: PostgreSQL then runs as `postgres`, or as `nobody` where there is none."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    user = names.get("postgres") or names["nobody"]
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


@contextmanager
def postgres() -> Iterator[str]:
    """A fresh PostgreSQL cluster on a unix socket of its own; yields its DATABASE_URL."""
    programs = postgres_folder()
    if programs is None:
        raise FileNotFoundError("initdb")
    who = other_user()
    folder = Path(
        tempfile.mkdtemp(prefix="bangfu-pg-", dir="/tmp")
    )  # short, and every user may walk through it
    folder.chmod(0o755)
    data = folder / "data"
    data.mkdir()
    if who:
        os.chown(data, who["user"], who["group"])
        os.chown(folder, who["user"], who["group"])
    try:
        subprocess.run(
            [programs / "initdb", "-D", data, "-U", "bangfu", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"],
            check=True, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, **who,
        )  # fmt: skip
        settings = {
            "listen_addresses": "", "unix_socket_directories": str(folder), "fsync": "off",
            "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "100",
        }  # fmt: skip
        command = [str(programs / "postgres"), "-D", str(data)]
        command += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with running(command, folder / "postgres.log", signal.SIGQUIT, cwd="/", **who):
            answers = [
                str(programs / "pg_isready"),
                "-q",
                "-h",
                str(folder),
                "-U",
                "bangfu",
                "-d",
                "postgres",
            ]
            wait_until(lambda: subprocess.run(answers, check=False).returncode == 0, "PostgreSQL")
            yield f"postgres://bangfu:@//{str(folder).lstrip('/')}/bangfu"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def redis() -> Iterator[str]:
    """A fresh Redis on a port of its own that keeps nothing; yields its address without a database number."""
    program = redis_program()
    if program is None:
        raise FileNotFoundError("redis-server")
    folder = Path(tempfile.mkdtemp(prefix="bangfu-redis-"))
    port = free_port()
    command = [program, "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no"]
    try:
        with running([*command, "--dir", str(folder)], folder / "redis.log"):
            wait_until(lambda: listens(port), "Redis")
            yield f"redis://127.0.0.1:{port}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


# --- fixtures ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A real Redis database of this test process: the run's own server, or one started now."""
    if given := os.environ.get("REDIS_URL"):
        yield given
    elif redis_program():
        with redis() as address:
            yield f"{address}/0"
    else:
        lacking("redis")


def database_url() -> str:
    """The address of the test database as another process would write it."""
    from django.db import connection

    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{settings['NAME']}"
    return f"postgres://{settings['USER']}:{settings['PASSWORD']}@/{settings['HOST']}/{settings['NAME']}"


@pytest.fixture
def start_worker(
    transactional_db: None, tmp_path: Path
) -> Iterator[Callable[..., "subprocess.Popen[bytes]"]]:
    """Start real Celery workers on the test database, `start_worker(broker=…)`; each is ready when it returns.

    One process a worker (pool `solo`), so that `process.kill()` is a kill -9 in the middle of its work.
    """
    from django.conf import settings

    with ExitStack() as stack:

        def start(broker: str | None = None, *, beat: bool = False) -> "subprocess.Popen[bytes]":
            log = tmp_path / f"worker-{free_port()}.log"
            command = [
                sys.executable,
                "-m",
                "celery",
                "-A",
                "config",
                "worker",
                "--pool=solo",
                "--loglevel=INFO",
            ]
            command += ["--without-gossip", "--without-mingle", *(["--beat"] if beat else [])]
            environment = {
                **os.environ,
                "DATABASE_URL": database_url(),
                "BROKER_URL": broker or settings.CELERY_BROKER_URL,
                "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'platform'}",
            }
            process = stack.enter_context(running(command, log, cwd=ROOT, env=environment))
            wait_until(
                lambda: " ready." in log.read_text(errors="replace") or process.poll() is not None, "worker"
            )
            assert process.poll() is None, log.read_text(errors="replace")
            return process

        yield start


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A real Chromium, driven by Playwright's synchronous interface; `browser.new_context(…)` per visitor."""
    from playwright.sync_api import sync_playwright

    program = chromium_program() or lacking("browser")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps an event loop in this thread
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=arguments)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
