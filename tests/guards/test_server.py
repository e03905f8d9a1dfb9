"""`script/server` brings up the whole site on an empty folder, mends a killed worker, and leaves nothing behind."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from django.conf import settings

from tests.guards import tree
from tests.servers import free_port, listens, wait_until

pytestmark = pytest.mark.skipif(
    "postgresql" in settings.DATABASES["default"]["ENGINE"], reason="the local site runs on SQLite"
)


def children(process: "subprocess.Popen[bytes]") -> dict[int, str]:
    """The direct children and what they were started as."""
    listing = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return {
        int(pid): Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode() for pid in listing
    }


def worker_of(process: "subprocess.Popen[bytes]") -> int | None:
    return next((pid for pid, command in children(process).items() if " worker " in command), None)


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def server(tmp_path: Path, port: int):
    log = tmp_path / "server.log"
    environment = {
        key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "BROKER_URL"}
    }
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "script.steps.serve", "--empty"],
            cwd=tree.ROOT,
            env={**environment, "BANGFU_VAR": str(tmp_path / "var"), "PORT": str(port)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_until(lambda: "ready at" in log.read_text() or process.poll() is not None, "script/server", 240)
        assert process.poll() is None, log.read_text()
        yield process, log
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(60)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="reads /proc")
def test_server_runs_mends_and_stops(server, port: int):
    process, log = server
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as answer:
        assert answer.status == 200
    assert "create_first_administrator" in log.read_text()

    worker = worker_of(process)
    assert worker is not None
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: "worker ended with -9; starting it again" in log.read_text(), "the new worker")
    wait_until(lambda: worker_of(process) not in {None, worker}, "the new worker")

    process.terminate()
    assert process.wait(60) == 0
    assert not listens(port)
    assert re.search(r"server: stopping\n?$", log.read_text())


def test_server_says_when_its_port_is_taken(tmp_path: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        result = subprocess.run(
            [sys.executable, "-m", "script.steps.serve"],
            cwd=tree.ROOT,
            env={**os.environ, "BANGFU_VAR": str(tmp_path), "PORT": port},
            capture_output=True,
            text=True,
            check=False,
        )

    assert result.returncode == 2
    assert result.stderr == f"script/server: port {port} is in use; say PORT=8001 script/server.\n"
    assert list(tmp_path.iterdir()) == []


def test_server_refuses_an_unknown_argument():
    result = subprocess.run(
        [tree.ROOT / "script/server", "--emtpy"],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )

    assert result.returncode == 2
    assert result.stderr == "script/server: unknown argument '--emtpy'; only --empty is known.\n"
