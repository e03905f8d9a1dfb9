"""One file: read, checked, merged or refused; the same file under the same mapping goes in once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from common.actors import Actor
from common.clock import day_of
from common.states import move
from households.imports.annotated import write_annotated
from households.imports.batches import (
    begin,
    finish_check,
    finish_merge,
    known_file,
    merge_part,
    standing_batch,
)
from households.imports.checking import ReadHousehold, read_households, tally, watched_gaps
from households.imports.forgetting import forget_content
from households.imports.mapping import HouseholdMapping, fitting_mapping, load_mapping
from households.imports.merging import keep_rows
from households.imports.period import period_for
from households.imports.reading import read_table
from households.models.imports import BatchState


@dataclass
class Report:
    """What a person or a script is told about an import."""

    file: str
    mapping: str
    sha256: str
    state: str
    rows: int
    households: int
    merged: dict[str, int] = field(default_factory=lambda: {"households": 0, "members": 0, "needs": 0})
    would: dict[str, int] = field(default_factory=dict)  # what a dry run would let in
    left_out: int = 0
    period: list[str] = field(default_factory=list)
    no_head: list[str] = field(default_factory=list)
    unclassified: int = 0
    disagree: list[str] = field(default_factory=list)
    watched: dict[str, dict[str, int]] = field(default_factory=dict)
    findings: dict[str, int] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    batch: str = ""
    annotated: str = ""

    def as_json(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "lines"}


def import_households(
    *,
    path: Path,
    mapping_path: Path | None,
    days: tuple[date | None, date | None],
    output: Path | None,
    dry_run: bool,
    by: Actor,
    at: datetime,
) -> Report:
    """Read and check the whole file before anything is stored; merge what is sound in one transaction.

    Without a mapping it is the shipped one whose columns the file has; `days` are the first and the last its facts
    speak of. A file that went in before is told again as it was then, and stays as it is.
    """
    mapping = load_mapping(mapping_path) if mapping_path else None
    table, content = read_table(path)
    mapping = mapping or fitting_mapping(table.headers, path.name)
    mapping.refuse_headers(table.headers, path.name)
    sha256 = hashlib.sha256(content).hexdigest()
    earlier = standing_batch(sha256, mapping)
    if earlier is not None and earlier.state != BatchState.MERGED and not dry_run:
        raise known_file(path.name)
    earlier = earlier if earlier is not None and earlier.state == BatchState.MERGED else None
    period = earlier.period if earlier else period_for(mapping, *days, today=day_of(at))
    mapping = mapping.speaking_of(period)
    households = read_households(table, mapping, with_register=earlier is None)
    report = _report(path, mapping, sha256, households, watched_gaps(table, mapping))
    if output is not None:
        write_annotated(output, table, households)
        report.annotated = str(output)
    if earlier is not None:
        report.state, report.batch, report.findings = "already_merged", earlier.public_id, earlier.findings
    elif dry_run:
        sound = [household for household in households if not (household.faulty or household.waits)]
        members = sum(len(household.members) for household in sound)
        report.would = {"households": len(sound), "members": members}
    else:
        _store(report, households, mapping, by, at)
    return report


@transaction.atomic
def _store(
    report: Report, households: list[ReadHousehold], mapping: HouseholdMapping, by: Actor, at: datetime
) -> None:
    """Pending, checked, merged or refused: whoever runs the command has read the report of a trial run before."""
    batch = begin(name=report.file, sha256=report.sha256, mapping=mapping, scope="", by=by, at=at)
    report.batch = batch.public_id
    keep_rows(households, batch)
    batch = finish_check(batch, households, report.watched, by=by, at=at)
    if batch.state == BatchState.CHECKED:
        move(batch, BatchState.MERGING, by=by, at=at)
        report.merged = merge_part(batch, households, mapping, by=by, at=at)
        batch = finish_merge(batch, by=by, at=at)
    if batch.state == BatchState.REFUSED:
        forget_content(batch, by=by, at=at)
    report.state = batch.state


def _report(
    path: Path,
    mapping: HouseholdMapping,
    sha256: str,
    households: list[ReadHousehold],
    watched: dict[str, dict[str, int]],
) -> Report:
    return Report(
        file=path.name,
        mapping=mapping.name,
        sha256=sha256,
        state=BatchState.CHECKED.value,
        rows=sum(len(household.rows) for household in households),
        households=len(households),
        left_out=sum(household.faulty for household in households),
        period=[day.isoformat() for day in mapping.period or ()],
        no_head=[household.key for household in households if household.has("no_head")],
        unclassified=sum(household.unclassified for household in households),
        disagree=[household.key for household in households if household.has("disagrees")],
        watched=watched,
        findings=tally(households),
        lines=[
            finding.told(kept_out=household.faulty)
            for household in households
            for finding in household.findings
        ],
    )
