"""The site of the journeys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from tests.journeys.site import Site, web


@pytest.fixture
def site(start_worker: Callable[..., Any], tmp_path: Path, var_folder: Path) -> Iterator[Site]:
    """Web and worker on the test database; the moved clock is put back afterwards.

    Duties and rating policy are loaded before the worker starts, as `script/server --empty` does: what is due by
    the calendar may ask for them at once.
    """
    call_command("load_duties", verbosity=0)
    call_command("load_rating_policy", verbosity=0)
    with web(tmp_path) as address:
        start_worker()
        yield Site(address, tmp_path)
    (var_folder / "clock").unlink(missing_ok=True)
