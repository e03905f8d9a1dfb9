"""One file: read, checked, merged or refused; the same file under the same mapping goes in once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from accounts.models import User
from common.actors import Actor
from common.recording import record
from common.states import move
from households.imports.annotated import write_annotated
from households.imports.checking import ReadHousehold, read_households, tally, watched_gaps
from households.imports.mapping import HouseholdMapping, fitting_mapping, load_mapping
from households.imports.merging import merge
from households.imports.reading import read_table
from households.models import ImportBatch
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
    left_out: int = 0
    no_head: list[str] = field(default_factory=list)
    disagree: list[str] = field(default_factory=list)
    watched: dict[str, dict[str, int]] = field(default_factory=dict)
    findings: dict[str, int] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    batch: str = ""
    annotated: str = ""

    def as_json(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "lines"}


def import_households(
    *, path: Path, mapping_path: Path | None, output: Path | None, dry_run: bool, by: Actor, at: datetime
) -> Report:
    """Read and check the whole file before anything is stored; merge what is sound in one transaction.

    Without a mapping it is the shipped one whose columns the file has. A file that went in before is told again as
    it was then, and stays as it is.
    """
    mapping = load_mapping(mapping_path) if mapping_path else None
    table, content = read_table(path)
    mapping = mapping or fitting_mapping(table.headers, path.name)
    mapping.refuse_headers(table.headers, path.name)
    sha256 = hashlib.sha256(content).hexdigest()
    earlier = ImportBatch.objects.filter(sha256=sha256, mapping=mapping.name, state=BatchState.MERGED).first()
    households = read_households(table, mapping, with_register=earlier is None)
    report = _report(path, mapping, sha256, households, watched_gaps(table, mapping))
    if output is not None:
        write_annotated(output, table, households)
        report.annotated = str(output)
    if earlier is not None:
        report.state, report.batch, report.findings = "already_merged", earlier.public_id, earlier.findings
    elif not dry_run:
        _store(report, households, mapping, by, at)
    return report


@transaction.atomic
def _store(
    report: Report, households: list[ReadHousehold], mapping: HouseholdMapping, by: Actor, at: datetime
) -> None:
    """Pending, checked, merged or refused: the batch keeps what became of the file, the file itself is not kept."""
    batch = ImportBatch(
        name=report.file[:120],
        sha256=report.sha256,
        mapping=mapping.name[:60],
        area=_common_prefix([household.area for household in households]),
        rows_read=report.rows,
        households_read=report.households,
        by_user=by if isinstance(by, User) else None,
        created_at=at,
        state=BatchState.PENDING,
        state_since=at,
    )
    batch.save(force_insert=True)
    record("import.read", batch, by=by, at=at, rows=report.rows, mapping=mapping.name)
    move(batch, BatchState.CHECKED, by=by, at=at, also={"findings": report.findings})
    report.batch = batch.public_id
    report.merged = merge(households, mapping=mapping, batch=batch, by=by, at=at)
    merged = report.merged["households"]
    also = {"households_merged": merged, "members_merged": report.merged["members"]}
    state = BatchState.MERGED if merged else BatchState.REFUSED
    move(batch, state, by=by, at=at, also=also, left_out=report.left_out)
    report.state = state.value


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
        no_head=[household.key for household in households if household.has("no_head")],
        disagree=[household.key for household in households if household.has("disagrees")],
        watched=watched,
        findings=tally(households),
        lines=[finding.words for household in households for finding in household.findings],
    )


def _common_prefix(areas: list[str]) -> str:
    """The smallest division that holds every household of the file."""
    known = [area for area in areas if area]
    if not known:
        return ""
    first, last = min(known), max(known)
    return next((first[:length] for length in (12, 9, 6, 4, 2) if first[:length] == last[:length]), "")
