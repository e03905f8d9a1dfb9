"""Checked households into the register, in bulk, each journaled, with the rows they came from."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from common.actors import Actor
from common.clock import day_of
from common.numbering import next_number
from common.recording import record
from households.enums import BirthPrecision, HouseholdState, IdentityLevel, NeedState
from households.imports.checking import ReadHousehold, check_register, source_ref
from households.imports.mapping import HouseholdMapping, NeedRule
from households.measures.severity import need_severity
from households.models import Consent, Household, HouseholdYear, ImportBatch, ImportRow, Member, Need
from households.models.imports import RowState
from households.rules import group_slugs, unsaid

CHUNK = 500
CONSENT_PURPOSE = "survey"
WENT = ("state", "household", "held_above")


def merge(
    households: list[ReadHousehold], *, mapping: HouseholdMapping, batch: ImportBatch, by: Actor, at: datetime
) -> dict[str, int]:
    """Write every household without a fault, whose rows are kept already; the register has the last word.

    Returns how many households, members and needs went in. A number or household that came on file since the check
    keeps its household out, and its rows say so; where that file lies beyond the area they wait and say nothing.
    """
    asked = [household for household in households if not household.faulty]
    check_register(asked, mapping, within=batch.scope)
    kept_out = [household for household in asked if household.faulty or household.waits]
    sound = [household for household in asked if not (household.faulty or household.waits)]
    rows = [_household(read, mapping, at) for read in sound]
    Household.objects.bulk_create(rows, batch_size=CHUNK)
    stored = dict(zip((read.key for read in sound), rows, strict=True))
    members = [_member(stored[read.key], member.person) for read in sound for member in read.members]
    Member.objects.bulk_create(members, batch_size=CHUNK)
    HouseholdYear.objects.bulk_create(_years(sound, stored, mapping), batch_size=CHUNK)
    needs = _needs(sound, stored, mapping, batch, at)
    for read in sound:
        record(
            "household.imported",
            stored[read.key],
            by=by,
            at=at,
            batch=batch.public_id,
            members=len(read.members),
            incomplete=stored[read.key].incomplete,
        )
    _say_where_it_went([*sound, *kept_out], stored, batch)
    return {"households": len(rows), "members": len(members), "needs": len(needs)}


def _household(read: ReadHousehold, mapping: HouseholdMapping, at: datetime) -> Household:
    """Filed when the mapping says an authority did; without a head, category or standard it waits as incomplete."""
    filed = mapping.filed and read.has_head and not read.unclassified
    missing = [] if read.has_head else ["head"]
    missing += [] if all(member.person.id_number for member in read.members) else ["id_number"]
    missing += unsaid(member.person for member in read.members)
    missing += [] if read.columns.get("phone") else ["phone"]
    missing += ["disagrees"] if read.has("disagrees") else []
    return Household(
        number=next_number("H", read.area, at),
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
    return Member(
        household=household,
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
        HouseholdYear(
            household=stored[read.key],
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
        Consent.objects.bulk_create(consents.values(), batch_size=CHUNK)
    groups = {
        read.key: group_slugs([member.person for member in read.members], day_of(at))
        for read in sound
        if read.key in wanted
    }
    needs = [
        _need(rule, stored[key], consents.get(key), groups[key], at)
        for key, rules in wanted.items()
        for rule in rules
    ]
    Need.objects.bulk_create(needs, batch_size=CHUNK)
    return needs


def _need(
    rule: NeedRule, household: Household, consent: Consent | None, groups: list[str], at: datetime
) -> Need:
    severity = need_severity(grade=rule.grade, immediate_risk=False, days_to_deadline=None)
    is_open = consent is not None and household.state == HouseholdState.ACTIVE
    return Need(
        number=next_number("F", household.area, at),
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


def keep_rows(households: list[ReadHousehold], batch: ImportBatch) -> None:
    """Every row of the file, encrypted, with what was found in it."""
    rows = []
    for read in households:
        found = _by_line(read)
        rows += [
            ImportRow(
                batch=batch,
                line=line,
                household_key=read.key[:80],
                state=_row_state(read),
                content=json.dumps(row, ensure_ascii=False),
                findings=found.get(line, []),
                held_above=read.above or "",
            )
            for line, row in read.rows
        ]
    ImportRow.objects.bulk_create(rows, batch_size=CHUNK)


def _row_state(read: ReadHousehold) -> RowState:
    if read.faulty:
        return RowState.FAULTY
    if read.waits:
        return RowState.PENDING
    return RowState.INCOMPLETE if read.findings else RowState.READY


def _say_where_it_went(
    households: list[ReadHousehold], stored: dict[str, Household], batch: ImportBatch
) -> None:
    by_line = {line: read for read in households for line in read.lines}
    lines = list(by_line)
    for start in range(0, len(lines), CHUNK):
        rows = list(batch.rows.filter(line__in=lines[start : start + CHUNK]).defer("content"))
        for row in rows:
            read = by_line[row.line]
            row.household = stored.get(read.key)
            row.state = _row_state(read) if row.household is None else RowState.MERGED
            row.held_above = read.above or ""
            row.findings = _by_line(read).get(row.line, [])
        ImportRow.objects.bulk_update(rows, [*WENT, "findings"], batch_size=CHUNK // 5)


def _by_line(read: ReadHousehold) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for finding in read.findings:
        found.setdefault(finding.line, []).append(finding.as_json())
    return found
