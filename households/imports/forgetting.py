"""What people wrote about families in a file is kept as long as it serves (domain §8); what was found in it stays."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from common.actors import Actor
from common.locking import lock
from common.recording import record
from common.states import move
from files.services import erase
from households.models import ImportBatch
from households.models.imports import BatchState, RowState

UNDECIDED = "undecided"
QUOTED = "…"  # where a finding quoted the file
ROWS_AT_ONCE = 500


def forget_content(batch: ImportBatch, *, by: Actor, at: datetime) -> None:
    """Of a file that did not go in, what was found stays; what people wrote about families does not (domain §8)."""
    batch.rows.exclude(content="").update(content="")
    forget_file(batch, by=by, at=at)


def decided_before(at: datetime) -> dict[str, Any]:
    """Merged or refused so long ago that nobody corrects the file by its rows any more."""
    until = at - timedelta(days=settings.IMPORT_ROWS_KEPT_DAYS)
    ended = [BatchState.MERGED, BatchState.REFUSED]
    return {"state__in": ended, "state_since__lt": until, "forgotten_at__isnull": True}


def undecided_since(at: datetime) -> dict[str, Any]:
    """Checked so long ago that nobody will decide on it."""
    until = at - timedelta(days=settings.IMPORT_ROWS_KEPT_DAYS)
    return {"state": BatchState.CHECKED, "state_since__lt": until}


@transaction.atomic
def lapse_import(*, batch: ImportBatch, by: Actor, at: datetime) -> ImportBatch:
    """A file nobody decided on does not go in any more; its rows are not kept (domain §8)."""
    batch = lock(batch)
    also: dict[str, Any] = {"refusal_code": UNDECIDED}
    batch = move(batch, BatchState.REFUSED, by=by, at=at, reason=UNDECIDED, also=also)
    forget_content(batch, by=by, at=at)
    return batch


@transaction.atomic
def forget_rows(*, batch: ImportBatch, by: Actor, at: datetime) -> ImportBatch:
    """What people wrote goes, also where a finding quotes it; what was found, where and how often stays (domain §8)."""
    batch = lock(batch)
    settled = batch.rows.exclude(state=RowState.PENDING)  # what waits is not forgotten before it is settled
    forgotten = settled.exclude(content="").update(content="")
    quoting = settled.exclude(findings=[]).only("pk", "findings")
    for row in quoting.iterator(chunk_size=ROWS_AT_ONCE):
        findings = [{**found, "value": QUOTED if found["value"] else ""} for found in row.findings]
        batch.rows.filter(pk=row.pk).update(findings=findings)
    batch.forgotten_at = at
    batch.save(update_fields=["forgotten_at"])
    record("import.rows_forgotten", batch, by=by, at=at, rows=forgotten)
    return batch


def forget_file(batch: ImportBatch, *, by: Actor, at: datetime) -> None:
    """The file has served once its rows are decided upon."""
    if batch.file is not None:
        erase(attachment=batch.file, by=by, at=at)
