"""What a family said about its health, and what was written about it, lies in the database as ciphertext."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from django.db import connection, transaction

from common.crypto import version_of
from common.rotation import renew_all
from households import services
from households.models import Application, Assessment, Objection, QualityFlag
from tests import cast as people
from tests.cast import AT, Cast
from tests.households.objecting import objects

LABELS = {
    "households_assessment": ("functioning", "mood", "sent_back_reason"),
    "households_application": ("missing", "decision_reason"),
    "households_objection": ("answer",),
    "households_qualityflag": ("reason",),
}
MISSING = ["户口簿照片", "诊断证明"]


@pytest.fixture
def cast(db: None) -> Cast:
    return people.county()


def raw(table: str, column: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} ORDER BY id")
        return [value for (value,) in cursor.fetchall()]


def written_down(cast: Cast) -> tuple[Application, Assessment, Objection, QualityFlag]:
    """A family returned once, asked about its data, assessed, sent back, refused, and heard."""
    application = people.widow_applies()
    services.return_application(application=application, missing=MISSING, by=cast.worker, at=AT)
    application.refresh_from_db()
    other = people.reviewing(people.applies(people.clean_answers(7)), cast)
    services.reject_application(application=other, reason="收入高于标准", by=cast.supervisor, at=AT)
    assessment = Assessment.objects.get(application=other)
    assessment.sent_back_reason = "再问一次邻居"
    assessment.save(update_fields=["sent_back_reason"])
    objection = objects(other.household, "conduct", text="态度不好")
    objection.answer = "我们道歉"
    objection.save(update_fields=["answer"])
    flag = QualityFlag(
        household=other.household,
        rule="MED-01",
        severity="flag",
        raised_at=AT,
        state="raised",
        reason="见过病历",
    )
    flag.save(force_insert=True)
    return application, assessment, objection, flag


def test_answers_and_notes_lie_as_ciphertext_and_read_as_written(cast: Cast) -> None:
    application, assessment, objection, flag = written_down(cast)

    found = "".join(str(raw(table, column)) for table, columns in LABELS.items() for column in columns)
    for plain in ("seeing", "interest", "户口簿", "收入", "邻居", "道歉", "病历"):
        assert plain not in found
    for table, columns in LABELS.items():
        for column in columns:
            assert [version_of(value) for value in raw(table, column) if value], (table, column)
    fresh = Assessment.objects.get(pk=assessment.pk)
    full = people.full_assessment()
    assert (fresh.functioning, fresh.mood) == (full["functioning"], full["mood"])
    assert fresh.sent_back_reason == "再问一次邻居"
    assert Application.objects.get(pk=application.pk).missing == MISSING
    assert Objection.objects.get(pk=objection.pk).answer == "我们道歉"
    assert QualityFlag.objects.get(pk=flag.pk).reason == "见过病历"


def test_empty_answers_stay_empty_and_read_as_nothing_said(cast: Cast) -> None:
    application = people.verified(people.applies(people.clean_answers(7)), cast)
    assessment = services.start_assessment(application=application, by=cast.worker, at=AT)

    assert raw("households_assessment", "mood") == [""]
    fresh = Assessment.objects.get(pk=assessment.pk)
    assert (fresh.mood, fresh.functioning, Application.objects.get(pk=application.pk).missing) == ({}, {}, [])


def test_answers_are_not_written_past_their_row(cast: Cast) -> None:
    _application, assessment, _objection, _flag = written_down(cast)
    before = raw("households_assessment", "mood")

    with pytest.raises(TypeError), transaction.atomic():
        Assessment.objects.filter(pk=assessment.pk).update(mood={"interest": "3"})

    assert raw("households_assessment", "mood") == before


def test_new_keys_reach_the_answers(cast: Cast, settings: Any) -> None:
    application, assessment, _objection, _flag = written_down(cast)
    settings.FIELD_KEYS = {"2": base64.b64encode(b"f" * 32).decode(), **settings.FIELD_KEYS}

    assert [failed for chunk in renew_all(write=True) for failed in chunk.failed] == []

    settings.FIELD_KEYS = {"2": settings.FIELD_KEYS["2"]}
    for table, columns in LABELS.items():
        for column in columns:
            assert {version_of(value) for value in raw(table, column) if value} == {"2"}
    assert Assessment.objects.get(pk=assessment.pk).mood == people.full_assessment()["mood"]
    assert Application.objects.get(pk=application.pk).missing == MISSING
