"""A household waits because a number of it is on file elsewhere: somebody who sees both places settles it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Duty, Role
from accounts.models import User
from accounts.services import register_involvement
from common.actors import Actor
from common.crypto import blind_indexes
from common.exceptions import Refused
from common.locking import lock
from common.recording import record
from households.imports.batches import mapping_of, merge_part
from households.imports.checking import ReadHousehold, check_register, read_households, source_ref
from households.imports.mapping import HouseholdMapping
from households.imports.reading import Table
from households.models import Household, ImportBatch, ImportRow, Member
from households.models.imports import BatchState, RowState

LEFT_OUT = "left_out"


class Outcome(models.TextChoices):
    LET_IN = "let_in", gettext_lazy("Let it in; a number that is on file elsewhere stays empty")
    LEAVE_OUT = "leave_out", gettext_lazy("Leave it out; the other file is the right one")


@transaction.atomic
def settle_waiting(
    *, batch: ImportBatch, key: str, outcome: str, reason: str, by: User, at: datetime
) -> ImportBatch:
    """A supervisor over both places who did not send the file lets the household in, or leaves it out with a reason.

    Let in, it keeps every number that is free by now; the others stay empty and are asked for at the visit. What was
    found about it elsewhere is told to nobody in the area (decision 0013).
    """
    batch = lock(batch)
    rows = list(batch.rows.filter(state=RowState.PENDING, household_key=key).order_by("line"))
    _refuse_unless_over_both(batch, rows, by)
    if outcome == Outcome.LET_IN:
        _let_in(batch, rows, by, at)
    elif reason.strip():
        _leave_out(batch, rows, reason.strip())
    else:
        raise Refused("reason_missing", _("Say why, so that the sender knows what to do."), field="reason")
    record("import.household_settled", batch, by=by, at=at, outcome=outcome, rows=len(rows))
    return batch


def waiting_household(batch: ImportBatch, key: str) -> tuple[ReadHousehold, HouseholdMapping]:
    """A waiting household as its kept rows say it, not asked about in the register."""
    mapping = mapping_of(batch)
    rows = batch.rows.filter(state=RowState.PENDING, household_key=key).order_by("line")
    table = Table([], [(row.line, json.loads(row.content)) for row in rows])
    return read_households(table, mapping, with_register=False, within=batch.scope)[0], mapping


def on_file_elsewhere(read: ReadHousehold) -> dict[int, Member]:
    """Line of the file -> the living member of another file who has this number."""
    lines = {
        index: member.line
        for member in read.members
        if member.person.id_number
        for index in blind_indexes("resident_id", member.person.id_number)
    }
    known = Member.objects.filter(live=True, id_index__in=list(lines)).select_related("household")
    return {lines[member.id_index]: member for member in known if member.id_index}


def _refuse_unless_over_both(batch: ImportBatch, rows: list[ImportRow], by: User) -> None:
    if batch.state != BatchState.MERGED or not rows:
        raise Refused(
            "settled_already", _("This household does not wait any more. Look at the report again.")
        )
    seat = by.seat
    if (
        seat is None
        or seat.role != Role.SUPERVISOR
        or not all(row.held_above.startswith(seat.prefix) for row in rows)
    ):
        raise Refused("supervisor_needed", _("A supervisor who is in charge of both places settles this."))
    if batch.by_user_id == by.pk:
        raise Refused(
            "second_person",
            _("You sent this file yourself. Another supervisor over both places settles this."),
        )


def _let_in(batch: ImportBatch, rows: list[ImportRow], by: Actor, at: datetime) -> None:
    read, mapping = waiting_household(batch, rows[0].household_key)
    elsewhere = on_file_elsewhere(read)
    for member in read.members:
        if member.line in elsewhere:
            member.person = replace(member.person, id_number="")
            del read.numbers[member.line]
    check_register([read], mapping, within="")
    if read.faulty:
        fault = next(finding for finding in read.findings if finding.grade == "fault")
        raise Refused(fault.code, fault.words)
    merge_part(batch, [read], mapping, by=by, at=at)
    household = Household.objects.get(source_ref=source_ref(mapping, read))
    register_involvement(file=household, duty=Duty.HANDLER, by=by, at=at)
    _count(batch, waiting=-1)


def _leave_out(batch: ImportBatch, rows: list[ImportRow], reason: str) -> None:
    for row in rows:
        row.state, row.held_above, row.content = RowState.LEFT_OUT, "", ""
        row.findings = [{"line": row.line, "column": "", "code": LEFT_OUT, "value": reason}]
        row.save(update_fields=["state", "held_above", "content", "findings"])
    _count(batch, waiting=-1, left_out=1)


def _count(batch: ImportBatch, **change: int) -> None:
    summary = {name: batch.summary[name] + more for name, more in change.items()}
    batch.summary = {**batch.summary, **summary}
    batch.save(update_fields=["summary"])
