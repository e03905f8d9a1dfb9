"""Many rows at once: what COPY writes and what the ORM writes are the same rows, with every constraint standing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from common.actors import SYSTEM
from common.copying import add_all, new_row, set_all
from common.numbering import next_number, next_numbers
from common.recording import facts, record_all
from households.models import Household, ImportBatch, ImportRow, Member
from journal.models import Entry
from journal.rules import digest_of
from tests.cast import AT

pytestmark = pytest.mark.django_db
AWKWARD = "tab\t back\\slash \nline \\N “引号” \r end"


def household(order: int, **more: object) -> Household:
    return Household(
        number=f"H-990101-2026-{order:05d}", area="990101100201", channel="batch", state="pending",
        created_at=AT, state_since=AT, address=AWKWARD, phone="13800001234", incomplete=["head", AWKWARD], **more,
    )  # fmt: skip


def test_rows_written_at_once_are_those_of_single_saves() -> None:
    single = household(1)
    single.save()
    many = [household(2), household(3)]

    add_all(Household, many)

    kept = Household.objects.get(pk=many[0].pk)
    for name in (field.attname for field in Household._meta.concrete_fields):
        if name not in {"id", "public_id", "number"}:
            assert getattr(kept, name) == getattr(single, name), name
    assert (kept.address, kept.phone_index) == (AWKWARD, single.phone_index)
    raw = (
        Household.objects.filter(pk=kept.pk)
        .extra(select={"sealed": "address"})
        .values_list("sealed", flat=True)
    )
    assert AWKWARD not in str(raw[0])
    assert len({row.pk for row in many}) == 2
    person = Member(household=many[1], name="王", relation="head", birth_date=None, health=[])
    add_all(Member, [person])
    stored = Member.objects.get(household=many[1])
    assert (stored.birth_date, stored.id_index, stored.health, stored.live) == (None, None, [], True)
    add_all(Household, [])


@pytest.mark.parametrize("model", [Household, Member, ImportRow, Entry])
def test_new_row_is_what_the_constructor_makes(model: Any) -> None:
    made, built = new_row(model), model()

    names = {field.attname for field in model._meta.concrete_fields}
    assert {name for name in names if made.__dict__[name] != built.__dict__[name]} <= {"public_id"}
    assert set(made.__dict__) == set(built.__dict__)
    assert (made.pk, made._state.adding, made._state.db) == (None, True, None)
    if "public_id" in names:
        assert made.public_id != new_row(model).public_id
    lists = [name for name in names if isinstance(made.__dict__[name], list | dict)]
    assert all(made.__dict__[name] is not new_row(model).__dict__[name] for name in lists)


def test_what_the_database_forbids_is_refused_at_once_too() -> None:
    add_all(Household, [household(1)])

    with pytest.raises(IntegrityError), transaction.atomic():
        add_all(Household, [household(2), household(1)])
    with pytest.raises(IntegrityError), transaction.atomic():
        add_all(Household, [household(3, cause_second="illness")])

    assert Household.objects.count() == 1


def test_one_number_for_each_of_many_rows() -> None:
    batch = ImportBatch.objects.create(
        name="a", sha256="a", mapping="official-3", created_at=AT, state="pending", state_since=AT
    )
    homes = [household(1), household(2)]
    add_all(Household, homes)
    add_all(
        ImportRow, [ImportRow(batch=batch, line=line, household_key="1", content="x") for line in (2, 3, 4)]
    )

    set_all(batch.rows.all(), "line", "household", {2: homes[0].pk, 3: homes[1].pk})

    assert list(batch.rows.order_by("line").values_list("household", flat=True)) == [
        homes[0].pk,
        homes[1].pk,
        None,
    ]


def test_numbers_taken_together_follow_those_taken_singly() -> None:
    at = datetime(2026, 11, 23, tzinfo=UTC)
    assert next_number("H", "990101100201", at) == "H-990101-2026-00001"

    numbers = next_numbers("H", ["990101100201", "990102100201", "990101100202"], at)

    assert numbers == ["H-990101-2026-00002", "H-990102-2026-00001", "H-990101-2026-00003"]
    assert next_number("H", "990101", at) == "H-990101-2026-00004"
    assert next_numbers("H", [], at) == []


def test_acts_recorded_together_have_each_their_entry() -> None:
    record_all(
        "household.imported",
        [
            (("households.household", "a"), facts(members=2)),
            (("households.household", "b"), facts(members=3)),
        ],
        by=SYSTEM,
        at=AT,
    )

    entries = Entry.objects.order_by("id")
    assert [(entry.object_ref, entry.parameters) for entry in entries] == [
        ("a", {"members": 2}),
        ("b", {"members": 3}),
    ]
    assert [entry.digest for entry in entries] == [digest_of(entry) for entry in entries]
