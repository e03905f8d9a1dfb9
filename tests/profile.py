"""Loaded by pytest before the settings are: every run, and every worker of a run, gets its own folder under the
system's temporary one, so that two of them never meet. `DATABASE_URL` chooses the database (SQLite otherwise),
`BANGFU_TEST_REDIS` the broker (files otherwise).
"""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

OWNS_ROOT = "BANGFU_TEST_ROOT" not in os.environ
if OWNS_ROOT:
    os.environ["BANGFU_TEST_ROOT"] = tempfile.mkdtemp(prefix="bangfu-test-")
ROOT = Path(os.environ["BANGFU_TEST_ROOT"])
VAR = ROOT / os.environ.get("PYTEST_XDIST_WORKER", "main")
VAR.mkdir(parents=True, exist_ok=True)

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
os.environ["BANGFU_VAR"] = str(VAR)
if redis := os.environ.get("BANGFU_TEST_REDIS"):  # one server a run, its own two databases for every worker
    number = int("".join(filter(str.isdigit, os.environ.get("PYTEST_XDIST_WORKER", ""))) or 0)
    os.environ["BROKER_URL"] = f"{redis}/{2 * number}"
    os.environ["REDIS_URL"] = f"{redis}/{2 * number + 1}"


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """The process that made the folder removes it."""
    if OWNS_ROOT:
        shutil.rmtree(ROOT, ignore_errors=True)
