"""One command, one transaction: the kind of a file is told by its header."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from common import recording
from common.actors import Actor
from reference.services import calendar, divisions, history, vocabulary
from reference.services.tables import Table, bad_file, open_table
from reference.services.upsert import Tally

DATA = Path(__file__).resolve().parents[1] / "data"
COMMITTED = (
    "divisions.csv.gz",
    "fictional.csv",
    "history.csv.gz",
    "lists.csv",
    "codes.csv",
    "items.csv",
    "designations.csv",
    "calendar.csv",
)
EDITION = "2023"
LOADERS: dict[frozenset[str], tuple[str, Callable[[Table], Tally]]] = {
    history.HEADERS: ("history", history.load_history),
    vocabulary.LIST_HEADERS: ("code_lists", vocabulary.load_lists),
    vocabulary.CODE_HEADERS: ("codes", vocabulary.load_codes),
    vocabulary.ITEM_HEADERS: ("items", vocabulary.load_items),
    vocabulary.DESIGNATION_HEADERS: ("designations", vocabulary.load_designations),
    calendar.HEADERS: ("calendar", calendar.load_calendar),
}


@transaction.atomic
def load_reference(
    *, files: Sequence[Path] = (), edition: str = EDITION, by: Actor, at: datetime
) -> dict[str, Tally]:
    """Load the files, or the data the product ships; one bad file and nothing at all has changed."""
    if not (edition.isascii() and edition.isdigit() and len(edition) == 4):
        raise bad_file(_("An edition is a year of four digits."))
    tables = [open_table(path) for path in files or [DATA / name for name in COMMITTED]]
    for table in tables:
        _refuse_unknown_headers(table)
    done: dict[str, Tally] = {}
    for table in tables:
        kind, tally = _load(table, edition)
        total = done.setdefault(kind, Tally())
        total += tally
    if any(tally.created or tally.changed for tally in done.values()):
        counts = {kind: tally.as_dict() for kind, tally in done.items()}
        recording.record("reference.loaded", ("reference", edition), by=by, at=at, **counts)
    return done


def _load(table: Table, edition: str) -> tuple[str, Tally]:
    headers = frozenset(table.headers)
    if headers in divisions.SHAPES:
        return "divisions", divisions.load_divisions(table, edition=edition)
    kind, load = LOADERS[headers]
    return kind, load(table)


def _refuse_unknown_headers(table: Table) -> None:
    """The message names what is missing and unknown against the shape that comes nearest."""
    headers = frozenset(table.headers)
    shapes = [*divisions.SHAPES, *LOADERS]
    if headers in shapes and len(headers) == len(table.headers):
        return
    nearest = min(shapes, key=lambda shape: (len(shape ^ headers), -len(shape)))
    raise bad_file(
        _("%(file)s: the header is not one we know. Missing: %(missing)s. Unknown or repeated: %(unknown)s.")
        % {
            "file": table.path.name,
            "missing": ", ".join(sorted(nearest - headers)) or "–",
            "unknown": ", ".join(sorted(headers - nearest)) or _repeated(table.headers) or "–",
        }
    )


def _repeated(headers: tuple[str, ...]) -> str:
    return ", ".join(sorted({name for name in headers if headers.count(name) > 1}))
