"""One file: read, checked, merged or refused; the same file under the same mapping goes in once."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator
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
from households.imports.checking import ReadHousehold, index_of, read_parts
from households.imports.forgetting import forget_content
from households.imports.mapping import HouseholdMapping, fitting_mapping, load_mapping
from households.imports.period import period_for
from households.imports.reading import Table, read_table
from households.imports.sums import Sums
from households.models.imports import BatchState


@dataclass
class Report:
    """What a person or a script is told about an import."""

    file: str
    mapping: str
    sha256: str
    state: str
    rows: int = 0
    households: int = 0
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
    report = Report(
        file=path.name,
        mapping=mapping.name,
        sha256=sha256,
        state=BatchState.CHECKED.value,
        period=[day.isoformat() for day in mapping.period or ()],
    )
    reading = Reading(report, table, mapping, with_register=earlier is None)
    if earlier is not None or dry_run:
        for _part in reading.parts():
            pass
        if earlier is not None:
            report.state, report.batch = "already_merged", earlier.public_id
            report.findings = earlier.findings
        else:
            report.would = {
                "households": reading.sums.households_ready,
                "members": reading.sums.members_ready,
            }
    else:
        _store(reading, by, at)
    if output is not None:
        write_annotated(output, table, reading.found)
        report.annotated = str(output)
    return report


class Reading:
    """A file being read, a part at a time, with the report that grows out of it."""

    def __init__(
        self, report: Report, table: Table, mapping: HouseholdMapping, *, with_register: bool
    ) -> None:
        self.report, self.table, self.mapping = report, table, mapping
        self.with_register = with_register
        self.sums = Sums(mapping)
        self.found: dict[int, list[str]] = defaultdict(list)

    def parts(self) -> Iterator[list[ReadHousehold]]:
        index = index_of(self.table, self.mapping)
        for part in read_parts(self.table, self.mapping, index, with_register=self.with_register):
            self.sums.add(part)
            for household in part:
                for finding in household.findings:
                    said = finding.told(kept_out=household.faulty)
                    self.report.lines.append(said)
                    self.found[finding.line].append(said)
            yield part
        sums, report = self.sums, self.report
        report.rows, report.households, report.left_out = sums.rows, sums.households, sums.left_out
        report.no_head, report.disagree = sums.no_head, sums.disagree
        report.unclassified, report.watched = sums.unclassified, sums.watched
        report.findings = dict(sums.findings)


@transaction.atomic
def _store(reading: Reading, by: Actor, at: datetime) -> None:
    """Pending, checked, merged or refused: whoever runs the command has read the report of a trial run before."""
    report, mapping = reading.report, reading.mapping
    batch = begin(name=report.file, sha256=report.sha256, mapping=mapping, scope="", by=by, at=at)
    report.batch = batch.public_id
    merged: Counter[str] = Counter(report.merged)
    for part in reading.parts():
        merged.update(merge_part(batch, part, mapping, by=by, at=at, at_once=True))
    batch = finish_check(batch, reading.sums, by=by, at=at)
    if batch.state == BatchState.CHECKED:
        move(batch, BatchState.MERGING, by=by, at=at)
        report.merged = dict(merged)
        batch = finish_merge(batch, by=by, at=at)
    if batch.state == BatchState.REFUSED:
        forget_content(batch, by=by, at=at)
    report.state = batch.state
