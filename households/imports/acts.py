"""What people do with a file of households: send it, let it in, turn it away. Two people for what goes in."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import User
from common.clock import day_of
from common.exceptions import Refused
from common.locking import lock
from common.states import move
from files.enums import PURPOSES
from files.inspection import inspect
from files.refusals import LARGEST_MB
from files.services import keep
from households.imports.batches import begin, mapping_of
from households.imports.forgetting import forget_content
from households.imports.mapping import HouseholdMapping, fitting_mapping, load_mapping, shipped_names
from households.imports.period import period_for
from households.imports.reading import headers_of, unreadable
from households.models import ImportBatch
from households.models.imports import BatchState
from households.rules import CASE_ROLES
from jobs.models import Job
from jobs.services import enqueue, repeat_job

PURPOSE = "household_import"
LIMIT = LARGEST_MB * 1024 * 1024
FIELD = "upload"
OF_THE_FILE = frozenset({"unknown_kind", "kind_not_allowed", "damaged_file"})  # said in words about photos


@transaction.atomic
def receive_file(
    *,
    upload: UploadedFile[bytes] | None,
    mapping: str,
    first_day: date | None,
    last_day: date | None,
    by: User,
    at: datetime,
) -> ImportBatch:
    """A worker or supervisor sends a file of the own area; what its first line tells is refused before it is kept.

    `mapping` is the name of a shipped one; empty lets the columns choose. The days say which time its facts speak of.
    The rows are checked in the background.
    """
    if by.seat is None or by.seat.role not in CASE_ROLES:
        raise Refused("not_a_worker", _("Social workers and supervisors send files of households."))
    name, content = _content_of(upload)
    try:
        used = _mapping_for(headers_of(name, content), mapping, name)
    except Refused as refused:
        raise Refused(refused.code, refused.message, field=FIELD) from refused
    used = used.speaking_of(period_for(used, first_day, last_day, today=day_of(at)))
    try:
        batch = begin(
            name=name,
            sha256=hashlib.sha256(content).hexdigest(),
            mapping=used,
            scope=by.seat.prefix,
            by=by,
            at=at,
        )
        batch.file = keep(upload=upload, purpose=PURPOSE, owner=batch, by=by, at=at)
    except Refused as refused:
        raise Refused(refused.code, refused.message, field=FIELD) from refused
    return _put_to_work(batch, "households.check_import", by=by, at=at)


def _content_of(upload: UploadedFile[bytes] | None) -> tuple[str, bytes]:
    if upload is None:
        raise Refused("no_file", _("Choose a file first."), field=FIELD)
    name = Path(upload.name or "").name[:120] or _("The file")
    if not upload.size:
        raise Refused("file_empty", _("%(file)s is empty.") % {"file": name}, field=FIELD)
    if upload.size > LIMIT:
        raise Refused(
            "file_too_large",
            _("%(file)s is larger than %(mb)d MB. Send it in parts.") % {"file": name, "mb": LARGEST_MB},
            field=FIELD,
        )
    upload.seek(0)
    content = upload.read()
    try:
        inspect(content, PURPOSES[PURPOSE])
    except Refused as refused:
        said = unreadable(name) if refused.code in OF_THE_FILE else refused
        raise Refused(said.code, said.message, field=FIELD) from refused
    return name, content


def _mapping_for(headers: list[str], wanted: str, name: str) -> HouseholdMapping:
    if not wanted:
        return fitting_mapping(headers, name)
    if wanted not in shipped_names():
        raise Refused("mapping_missing", _("There is no such kind of file. Choose one from the list."))
    mapping = load_mapping(Path(wanted))
    mapping.refuse_headers(headers, name)
    return mapping


@transaction.atomic
def merge_import(*, batch: ImportBatch, by: User, at: datetime) -> ImportBatch:
    """A supervisor of the area who did not send the file lets its sound households into the register."""
    batch = lock(batch)
    _refuse_unless_supervisor(batch, by)
    if batch.by_user_id == by.pk:
        raise Refused(
            "second_person",
            _("You sent this file yourself. Another supervisor of the area decides whether it goes in."),
        )
    mapping_of(batch)
    batch = move(batch, BatchState.MERGING, by=by, at=at, also={"decided_by": by})
    return _put_to_work(batch, "households.merge_import", by=by, at=at)


@transaction.atomic
def refuse_import(*, batch: ImportBatch, reason: str, by: User, at: datetime) -> ImportBatch:
    """A supervisor turns a file away with a reason, or its sender takes it back; its rows are not kept."""
    batch = lock(batch)
    if batch.by_user_id != by.pk:
        _refuse_unless_supervisor(batch, by)
    if not reason.strip():
        raise Refused("reason_missing", _("Say why, so that the sender knows what to do."), field="reason")
    if batch.state == BatchState.MERGING:
        raise Refused("merging", _("This file is going into the register already."))
    also: dict[str, Any] = {"decided_by": by, "refusal_code": "decided", "refusal": reason.strip()}
    batch = move(batch, BatchState.REFUSED, by=by, at=at, reason="decided", also=also)
    forget_content(batch, by=by, at=at)
    return batch


@transaction.atomic
def repeat_import(*, batch: ImportBatch, by: User, at: datetime) -> ImportBatch:
    """Background work that was stopped goes on where it stood: by the sender, or a supervisor once it is decided."""
    batch = lock(batch)
    if batch.state == BatchState.MERGING or batch.by_user_id != by.pk:
        _refuse_unless_supervisor(batch, by)
    job: Job = Job.objects.get(public_id=batch.job_ref)
    return _at_work(batch, repeat_job(job=job, by=by, at=at))


def _refuse_unless_supervisor(batch: ImportBatch, by: User) -> None:
    seat = by.seat
    if seat is None or seat.role != Role.SUPERVISOR or not batch.area.startswith(seat.prefix):
        raise Refused("supervisor_needed", _("A supervisor of this area decides on the file."))


def _put_to_work(batch: ImportBatch, kind: str, *, by: User, at: datetime) -> ImportBatch:
    job = enqueue(kind, key=f"{kind}:{batch.public_id}", params={"batch": batch.pk}, by=by, at=at)
    return _at_work(batch, job)


def _at_work(batch: ImportBatch, job: Job) -> ImportBatch:
    batch.job_ref = job.public_id
    batch.save(update_fields=["file", "job_ref"])
    return batch
