"""The background work of an import: check every row, later let the sound households in; both go on where they stood."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django.db import transaction

from common import clock
from common.actors import Actor
from common.exceptions import Refused
from common.locking import lock
from common.states import move
from files.models import Attachment
from files.services import content_of
from households.imports.batches import finish_check, finish_merge, mapping_of, merge_part
from households.imports.checking import Index, index_of, read_parts
from households.imports.forgetting import forget_content, forget_file
from households.imports.mapping import HouseholdMapping
from households.imports.merging import keep_rows
from households.imports.reading import Table, table_of
from households.imports.sums import Sums
from households.models import ImportBatch
from households.models.imports import BatchState, RowState
from households.services.known_files import note_file, numbers_closed, settle_file
from jobs.models import Job
from jobs.registry import Outside, Step, Work

MOST_ROWS = 100_000  # of an uploaded file; the command takes longer ones
Opened = tuple[Table, HouseholdMapping, Index]


def check_import(job: Job) -> Work:
    """Read, check, keep the rows; a file that turns out unreadable further down is refused with its reason."""
    batch: ImportBatch = ImportBatch.objects.get(pk=job.params["batch"])
    if batch.state != BatchState.PENDING:
        yield Step(done=0, total=0)
        return None
    may_look = note_file(sender=batch.by_user, file=batch.public_id, at=clock.now())
    opened = yield Outside(lambda: _try_reading(batch) if may_look else numbers_closed())
    if isinstance(opened, Refused):
        refuse_unreadable(batch, opened, by=job.by, at=clock.now())
        return {"refused": opened.code}
    table, mapping, index = opened
    kept = set(batch.rows.values_list("line", flat=True))
    sums, total = Sums(mapping), len(index.rows)
    yield Step(done=job.done, total=total)
    parts = read_parts(table, mapping, index, within=batch.scope)
    while part := (yield Outside(lambda: next(parts, None))):
        sums.add(part)
        new = [read for read in part if read.lines[0] not in kept]
        batch = lock(batch)
        if batch.state != BatchState.PENDING:  # taken back meanwhile
            return None
        keep_rows(new, batch)
        yield Step(done=sums.households, total=total)
    at = clock.now()
    batch = finish_check(lock(batch), sums, by=job.by, at=at)
    settle_file(batch=batch, sender=batch.by_user, waiting=bool(sums.waiting), by=job.by, at=at)
    if batch.state == BatchState.REFUSED:
        forget_content(batch, by=job.by, at=at)
    return {"households": batch.households_read, "findings": batch.findings}


def merge_checked(job: Job) -> Work:
    """What the report called sound goes in, a part at a time; the register is asked once more for every part."""
    batch: ImportBatch = ImportBatch.objects.get(pk=job.params["batch"])
    if batch.state != BatchState.MERGING:
        yield Step(done=0, total=0)
        return None
    table, mapping, index = yield Outside(lambda: _opened(batch))
    settled_rows = batch.rows.filter(state__in=[RowState.FAULTY, RowState.MERGED])
    settled = set(settled_rows.values_list("line", flat=True))
    done, total = 0, len(index.rows)
    yield Step(done=job.done, total=total)
    parts = read_parts(table, mapping, index, with_register=False, within=batch.scope)
    while part := (yield Outside(lambda: next(parts, None))):
        done += len(part)
        if left := [read for read in part if read.lines[0] not in settled]:
            merge_part(lock(batch), left, mapping, by=job.by, at=clock.now())
            yield Step(done=done, total=total)
    at = clock.now()
    batch = finish_merge(lock(batch), by=job.by, at=at)
    forget = forget_content if batch.state == BatchState.REFUSED else forget_file
    forget(batch, by=job.by, at=at)
    return {"households": batch.households_merged, "members": batch.members_merged}


@transaction.atomic
def refuse_unreadable(batch: ImportBatch, refused: Refused, *, by: Actor, at: datetime) -> ImportBatch:
    """What no first line tells: too many rows, a table that breaks off."""
    batch = lock(batch)
    also: dict[str, Any] = {"refusal_code": refused.code[:40], "refusal": str(refused.message)}
    batch = move(batch, BatchState.REFUSED, by=by, at=at, reason=refused.code, also=also)
    forget_content(batch, by=by, at=at)
    return batch


def _try_reading(batch: ImportBatch) -> Opened | Refused:
    try:
        return _opened(batch)
    except Refused as refused:
        return refused


def _opened(batch: ImportBatch) -> Opened:
    """The kept file under the mapping it was sent with, read once for what its households depend on."""
    mapping = mapping_of(batch)
    table = table_of(batch.name, content_of(cast(Attachment, batch.file)), most=MOST_ROWS)
    mapping.refuse_headers(table.headers, batch.name)
    return table, mapping, index_of(table, mapping)
