"""Prepare the local site and keep its three processes running until Ctrl-C: web, worker, beat."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parents[2]
VAR = Path(os.environ.get("BANGFU_VAR", ROOT / "var"))
LOGS = VAR / "log"
PORT = int(os.environ.get("PORT", "8000"))
ADDRESS = f"http://127.0.0.1:{PORT}"
ENVIRONMENT = {
    **os.environ,
    "DJANGO_SETTINGS_MODULE": "config.settings.local",
    "BANGFU_VAR": str(VAR),
    "PORT": str(PORT),
    "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'platform'}",
}
RESTARTS = 5  # a process that dies more often than this within a minute has a fault to read, not to repeat


class Stop(Exception):
    """Somebody asked us to end."""


def say(words: str) -> None:
    print(f"server: {words}", flush=True)


def fail(words: str) -> None:
    print(f"server: {words}", file=sys.stderr, flush=True)
    sys.exit(1)


def manage(*arguments: str, keep_output: bool = False) -> str:
    """Run one command of manage.py to its end; its failure ends the script."""
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=ENVIRONMENT,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if keep_output else None,
        text=True,
    )
    if done.returncode:
        fail(f"manage.py {' '.join(arguments)} ended with {done.returncode}; nothing was started.")
    return done.stdout or ""


def prepare(*, empty: bool) -> str:
    """Bring database and data up to date; returns the sign-ins to show."""
    say(f"data lives in {VAR}")
    shutil.rmtree(VAR / "broker", ignore_errors=True)  # job rows are the truth; old bells mean nothing
    LOGS.mkdir(parents=True, exist_ok=True)
    say("bringing the database up to date")
    manage("migrate", "--verbosity", "0", "--no-input")
    manage("createcachetable")
    told = "No demonstration. Make the first administrator, who invites everybody else in pages:\n" + (
        "  .venv/bin/python manage.py create_first_administrator --username root --name NAME\n"
    )
    if not empty:  # it loads what it stands on by its own clock, so that its journal never goes back in time
        say("building the demonstration county (the first time takes two or three minutes)")
        told = manage("demo_build", keep_output=True)
    say("loading divisions, code lists and the calendar")
    manage("load_reference", "--verbosity", "0")
    manage("load_duties", "--verbosity", "0")
    manage("load_instruments", "--verbosity", "0")
    manage("load_rating_policy", "--verbosity", "0")
    return told


@dataclass
class Member:
    """One of the processes, started again when it dies."""

    name: str
    command: list[str]
    process: "subprocess.Popen[bytes] | None" = None
    starts: list[float] = field(default_factory=list)

    @property
    def log(self) -> Path:
        return LOGS / f"{self.name}.log"

    def start(self) -> None:
        self.starts = [at for at in self.starts if time.monotonic() - at < 60] + [time.monotonic()]
        if len(self.starts) > RESTARTS:
            tail = "\n".join(self.log.read_text(errors="replace").splitlines()[-20:])
            fail(f"{self.name} keeps ending. The last lines of {self.log}:\n{tail}")
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=ENVIRONMENT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def tend(self) -> None:
        """Start it again if it has ended."""
        if self.process is not None and self.process.poll() is not None:
            say(f"{self.name} ended with {self.process.returncode}; starting it again")
            self.start()

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def members() -> list[Member]:
    celery = [sys.executable, "-m", "celery", "-A", "config"]
    return [
        Member("web", [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "config.wsgi"]),
        Member("worker", [*celery, "worker", "--loglevel=INFO", "--concurrency=1"]),
        Member("beat", [*celery, "beat", "--loglevel=INFO", "--pidfile="]),
    ]


def port_is_taken() -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", PORT)) == 0


def answers() -> bool:
    try:
        with urllib.request.urlopen(ADDRESS, timeout=30) as response:
            return bool(response.status == 200)
    except urllib.error.HTTPError as error:
        fail(f"{ADDRESS} answers {error.code}; see {LOGS / 'web.log'}.")
    except OSError:
        time.sleep(0.2)
    return False


def stop_asked(number: int, frame: FrameType | None) -> None:
    raise Stop


def main(arguments: list[str]) -> int:
    if unknown := [argument for argument in arguments if argument != "--empty"]:
        print(f"script/server: unknown argument {unknown[0]!r}; only --empty is known.", file=sys.stderr)
        return 2
    if port_is_taken():
        print(f"script/server: port {PORT} is in use; say PORT=8001 script/server.", file=sys.stderr)
        return 2
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop_asked)
    team = members()
    try:
        sign_ins = prepare(empty="--empty" in arguments)
        say("starting web, worker and beat")
        for member in team:
            member.start()
        while not answers():
            for member in team:
                member.tend()
        print(f"\n{sign_ins.rstrip()}\n", flush=True)
        say(f"ready at {ADDRESS} — logs in {LOGS}, Ctrl-C stops everything")
        while True:
            time.sleep(1)
            for member in team:
                member.tend()
    except Stop:
        say("stopping")
        return 0
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # stopping is not interrupted
        for member in team:
            member.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
