"""Checked households into the register, in bulk, each journaled, with the rows they came from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from common.actors import Actor
from common.clock import day_of
from common.copying import add_all, new_row, set_all
from common.numbering import next_numbers
from common.recording import facts, record_all
from households.enums import BirthPrecision, HouseholdState, IdentityLevel, NeedState
from households.imports.checking import ReadHousehold, check_register, source_ref
from households.imports.mapping import HouseholdMapping, NeedRule
from households.measures.severity import need_severity
from households.models import Consent, Household, HouseholdYear, ImportBatch, ImportRow, Member, Need
from households.models.imports import RowState
from households.rules import group_slugs, unsaid

CHUNK = 500
CONSENT_PURPOSE = "survey"


def merge(
    households: list[ReadHousehold],
    *,
    mapping: HouseholdMapping,
    batch: ImportBatch,
    by: Actor,
    at: datetime,
    at_once: bool = False,
) -> dict[str, int]:
    """Write every household without a fault; the register has the last word.

    Returns how many households, members and needs went in. A number or household that came on file since the check
    keeps its household out, and its rows say so; where that file lies beyond the area they wait and say nothing.
    `at_once`: they were checked in this very transaction and their rows are kept here, not before.
    """
    asked = [household for household in households if not household.faulty]
    if not at_once:
        check_register(asked, mapping, within=batch.scope)
    kept_out = [household for household in asked if household.faulty or household.waits]
    sound = [household for household in asked if not (household.faulty or household.waits)]
    numbers = next_numbers("H", [read.area for read in sound], at)
    rows = [_household(read, number, mapping, at) for read, number in zip(sound, numbers, strict=True)]
    add_all(Household, rows)
    stored = dict(zip((read.key for read in sound), rows, strict=True))
    members = [_member(stored[read.key], member.person) for read in sound for member in read.members]
    add_all(Member, members)
    add_all(HouseholdYear, _years(sound, stored, mapping))
    needs = _needs(sound, stored, mapping, batch, at)
    acts = [
        (
            stored[read.key],
            facts(
                batch=batch.public_id,
                members=len(read.members),
                incomplete=stored[read.key].incomplete,
            ),
        )
        for read in sound
    ]
    record_all("household.imported", acts, by=by, at=at)
    if at_once:
        keep_rows(households, batch, stored)
    else:
        _say_where_they_went(sound, stored, batch)
        _say_why_not(kept_out, batch)
    return {"households": len(rows), "members": len(members), "needs": len(needs)}


def _household(read: ReadHousehold, number: str, mapping: HouseholdMapping, at: datetime) -> Household:
    """Filed when the mapping says an authority did; without a head, category or standard it waits as incomplete."""
    filed = mapping.filed and read.has_head and not read.unclassified
    missing = [] if read.has_head else ["head"]
    missing += [] if all(member.person.id_number for member in read.members) else ["id_number"]
    missing += unsaid(member.person for member in read.members)
    missing += [] if read.columns.get("phone") else ["phone"]
    missing += ["disagrees"] if read.has("disagrees") else []
    return new_row(
        Household,
        number=number,
        area=read.area,
        channel="batch",
        code_version="cause:1",
        incomplete=missing,
        source_ref=source_ref(mapping, read),
        created_at=at,
        filed_at=at if filed else None,
        state=HouseholdState.ACTIVE if filed else HouseholdState.PENDING,
        state_since=at,
        **read.columns,
    )


def _member(household: Household, person: Any) -> Member:
    values = dict(vars(person))
    values["health"] = list(person.health)
    values["birth_precision"] = person.birth_precision or BirthPrecision.UNKNOWN
    return new_row(
        Member,
        household_id=household.pk,
        is_head=person.relation == "head",
        identity_level=IdentityLevel.CHECKED if person.id_number else IdentityLevel.DECLARED,
        **values,
    )


def _years(
    sound: list[ReadHousehold], stored: dict[str, Household], mapping: HouseholdMapping
) -> list[HouseholdYear]:
    """The facts of the period the mapping names; a mapping without one reads none."""
    if mapping.period is None:
        return []
    start, end = mapping.period
    return [
        new_row(
            HouseholdYear,
            household_id=stored[read.key].pk,
            year=mapping.year,
            period_start=start,
            period_end=end,
            size=len(read.members),
            **read.facts,
        )
        for read in sound
    ]


def _needs(
    sound: list[ReadHousehold],
    stored: dict[str, Household],
    mapping: HouseholdMapping,
    batch: ImportBatch,
    at: datetime,
) -> list[Need]:
    """A need for every recorded deprivation the mapping names, out of the catalogue.

    Open only on the ground the mapping states: its consent row says purpose "survey" and can be withdrawn. Without
    one, or while a file has no head, needs stay drafts.
    """
    wanted = {
        read.key: rules
        for read in sound
        if (rules := [rule for rule in mapping.needs if read.facts.get(rule.when)])
    }
    consents: dict[str, Consent] = {}
    if mapping.consent_method:
        consents = {
            key: Consent(
                household=stored[key],
                purpose=CONSENT_PURPOSE,
                data_classes=["situation"],
                text_version=mapping.name[:20],
                method=mapping.consent_method,
                given_at=at,
            )
            for key in wanted
        }
        add_all(Consent, list(consents.values()))
    groups = {
        read.key: group_slugs([member.person for member in read.members], day_of(at))
        for read in sound
        if read.key in wanted
    }
    asked = [(key, rule) for key, rules in wanted.items() for rule in rules]
    numbers = next_numbers("F", [stored[key].area for key, _rule in asked], at)
    needs = [
        _need(rule, number, stored[key], consents.get(key), groups[key], at)
        for (key, rule), number in zip(asked, numbers, strict=True)
    ]
    add_all(Need, needs)
    return needs


def _need(
    rule: NeedRule,
    number: str,
    household: Household,
    consent: Consent | None,
    groups: list[str],
    at: datetime,
) -> Need:
    severity = need_severity(grade=rule.grade, immediate_risk=False, days_to_deadline=None)
    is_open = consent is not None and household.state == HouseholdState.ACTIVE
    return Need(
        number=number,
        household=household,
        consent=consent,
        item=rule.item,
        requested=rule.quantity * rule.item.unit_factor,
        smallest=rule.item.smallest_part if rule.item.divisible else rule.quantity * rule.item.unit_factor,
        area=household.area,
        groups=groups,
        severity=severity.severity,
        severity_rule=severity.rule_version,
        severity_reason=",".join(severity.reasons),
        listed=False,
        origin="import",
        created_at=at,
        opened_at=at if is_open else None,
        state=NeedState.OPEN if is_open else NeedState.DRAFT,
        state_since=at,
    )


def keep_rows(
    households: list[ReadHousehold], batch: ImportBatch, stored: Mapping[str, Household] | None = None
) -> None:
    """Every row of the file, encrypted, with what was found in it and, where that is decided, where it went."""
    rows = []
    for read in households:
        found = _by_line(read)
        household = (stored or {}).get(read.key)
        state = _row_state(read) if household is None else RowState.MERGED
        rows += [
            new_row(
                ImportRow,
                batch_id=batch.pk,
                line=line,
                household_key=read.key[:80],
                household_id=None if household is None else household.pk,
                state=state,
                content=json.dumps(row, ensure_ascii=False),
                findings=found.get(line, []),
                held_above=read.above or "",
            )
            for line, row in read.rows
        ]
    add_all(ImportRow, rows)


def _row_state(read: ReadHousehold) -> RowState:
    if read.faulty:
        return RowState.FAULTY
    if read.waits:
        return RowState.PENDING
    return RowState.INCOMPLETE if read.findings else RowState.READY


def _say_where_they_went(
    sound: list[ReadHousehold], stored: dict[str, Household], batch: ImportBatch
) -> None:
    by_line = {line: read for read in sound for line in read.lines}
    set_all(
        batch.rows.all(), "line", "household", {line: stored[read.key].pk for line, read in by_line.items()}
    )
    lines = list(by_line)
    for start in range(0, len(lines), CHUNK):
        of_part = batch.rows.filter(line__in=lines[start : start + CHUNK])
        of_part.update(state=RowState.MERGED, held_above="")
        named = list(of_part.exclude(findings=[]).defer("content"))
        for row in named:
            row.findings = _by_line(by_line[row.line]).get(row.line, [])
        ImportRow.objects.bulk_update(named, ["findings"], batch_size=CHUNK // 5)


def _say_why_not(kept_out: list[ReadHousehold], batch: ImportBatch) -> None:
    by_line = {line: read for read in kept_out for line in read.lines}
    rows = list(batch.rows.filter(line__in=list(by_line)).defer("content"))
    for row in rows:
        read = by_line[row.line]
        row.state, row.held_above = _row_state(read), read.above or ""
        row.findings = _by_line(read).get(row.line, [])
    ImportRow.objects.bulk_update(rows, ["state", "held_above", "findings"], batch_size=CHUNK // 5)


def _by_line(read: ReadHousehold) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for finding in read.findings:
        found.setdefault(finding.line, []).append(finding.as_json())
    return found
