"""The running site of a journey: a web and a worker process on one database, and the clock they all read."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path

from django.utils import timezone

from common import clock
from jobs.enums import JobState
from jobs.models import Job
from jobs.services import enqueue_due, ring_waiting
from tests.servers import ROOT, database_url, free_port, listens, running, wait_until

STARTS_WITHIN = 60  # seconds, on a busy machine


@dataclass(frozen=True)
class Site:
    """Where the pages are, and how time passes there."""

    address: str
    logs: Path

    def advance(self, **period: float) -> None:
        """Later: every process reads the moved clock, and the worker does what has become due."""
        clock.advance(timedelta(**period))
        self.work()

    def work(self, seconds: float = 90) -> None:
        """Wait for the worker; the bells are the sweeper's own, rung without waiting for its fifteen seconds."""
        enqueue_due(at=clock.now())
        ring_waiting(again=True)
        wait_until(self._is_quiet, "the worker", seconds)
        stuck = Job.objects.live() | Job.objects.filter(state=JobState.FAILED)
        assert not stuck, [(job.kind, job.error_code, job.error_message) for job in stuck]

    def _is_quiet(self) -> bool:
        ring_waiting()  # bells that were not heard
        waiting = Job.objects.claimable(timezone.now()) | Job.objects.filter(state=JobState.RUNNING)
        return not waiting.exists()


@contextmanager
def web(logs: Path) -> Iterator[str]:
    """A web process as `script/server` starts it, on the test database; yields its address once it answers."""
    port = free_port()
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "PORT": str(port),
        "WEB_CONCURRENCY": "1",
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'platform'}",
    }
    command = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "config.wsgi"]
    with running(command, logs / "web.log", cwd=ROOT, env=environment):
        wait_until(lambda: listens(port), "the web process")
        first = HTTPConnection("127.0.0.1", port, timeout=STARTS_WITHIN)
        first.request("GET", "/accessibility/")
        assert first.getresponse().status == HTTPStatus.OK
        first.close()
        yield f"http://127.0.0.1:{port}"
