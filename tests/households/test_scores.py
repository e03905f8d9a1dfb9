"""Kept deprivation scores: both ways write the same rows, whole numbers decide, changed facts show no old score."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command

from common.actors import SYSTEM
from households.measures.alkire_foster import CHINA_FOUR_DIMENSIONS, score
from households.models import Household, HouseholdScore, HouseholdYear
from households.scores import acts
from households.scores.acts import ranges, score_range
from households.scores.reading import kept_score
from households.scores.writing import Range, write_in_database, write_row_by_row
from households.tasks import score_register
from jobs import services as jobs
from jobs.models import Job
from jobs.worker import perform
from journal.models import Entry
from tests import cast as people
from tests.cast import AT, Cast
from tests.gates import assert_all_refused, assert_complete

pytestmark = pytest.mark.django_db
SCHEME = CHINA_FOUR_DIMENSIONS
NAMES = list(SCHEME.weights)
LATER = AT + timedelta(days=1)
# Domain §5.3: income, illness, housing, sanitation; schooling, fuel; …; nothing.
WORKED = {
    "A": ({"below_line", "illness_burden", "housing_unsafe", "no_sanitary_toilet"}, 4750, True),
    "B": ({"adult_schooling", "solid_fuel"}, 1750, False),
    "C": ({"adult_schooling", "illness_burden", "uninsured", "water_unsafe"}, 4250, True),
    "D": ({"below_line", "housing_unsafe", "no_sanitary_toilet", "solid_fuel"}, 4000, True),
    "E": (set(), 0, False),
}


def recorded(number: str, answers: dict[str, bool | None], *, area: str = people.VILLAGE) -> HouseholdYear:
    household = Household.objects.create(
        number=f"S{number}", area=area, channel="batch", created_at=AT, state="pending"
    )
    return HouseholdYear.objects.create(
        household=household, year=2026, period_start=date(2026, 1, 1), period_end=date(2027, 1, 1), size=3, **answers
    )  # fmt: skip


def all_answered(lacked: set[str]) -> dict[str, bool | None]:
    return {name: name in lacked for name in NAMES}


def everything() -> Range:
    return next(ranges())


def rows() -> list[tuple[Any, ...]]:
    return list(HouseholdScore.objects.order_by("pk").values_list())


def test_worked_example_is_kept_in_whole_weights() -> None:
    years = {name: recorded(name, all_answered(lacked)) for name, (lacked, _found, _poor) in WORKED.items()}

    assert score_range(rows=everything(), by=SYSTEM, at=AT) == 5

    for name, (_lacked, found, poor) in WORKED.items():
        kept = HouseholdScore.objects.get(pk=years[name].pk)
        assert (kept.found, kept.known, kept.poor, kept.unknown) == (found, 10_000, poor, 0)
        assert kept.get_formula_display() == SCHEME.version


def test_both_ways_write_the_same_rows() -> None:
    chance = random.Random(5)
    for number in range(300):
        recorded(str(number), {name: chance.choice([True, False, False, None, False]) for name in NAMES})
    unknown = dict.fromkeys(("housing_unsafe", "water_unsafe"))
    tie = recorded(
        "tie", all_answered({"below_line", "solid_fuel"}) | unknown
    )  # 3000 of 9000: exactly a third

    assert write_in_database(SCHEME, everything(), AT) == 301
    inside = rows()
    HouseholdScore.objects.all().delete()
    assert write_row_by_row(SCHEME, everything(), AT) == 301

    assert rows() == inside
    assert HouseholdScore.objects.get(pk=tie.pk).poor is True
    for kept in HouseholdScore.objects.select_related("household_year"):
        answers = {name: getattr(kept.household_year, name) for name in NAMES}
        result = score(answers, SCHEME)
        assert kept.poor == (None if result.value is None else result.is_poor(SCHEME.k))


@pytest.mark.parametrize("write", [write_in_database, write_row_by_row])
def test_only_what_changed_is_written_again(write: Any) -> None:
    first, second = recorded("1", all_answered({"solid_fuel"})), recorded("2", all_answered(set()))
    write(SCHEME, everything(), AT)
    HouseholdYear.objects.filter(pk=second.pk).update(water_unsafe=None)

    assert write(SCHEME, everything(), LATER) == 1

    assert HouseholdScore.objects.get(pk=first.pk).scored_at == AT
    changed = HouseholdScore.objects.get(pk=second.pk)
    assert (changed.scored_at, changed.known) == (LATER, 9500)
    assert write(SCHEME, everything(), LATER) == 0


@pytest.mark.parametrize("write", [write_in_database, write_row_by_row])
def test_a_range_ends_where_it_says(write: Any) -> None:
    years = [recorded(str(number), all_answered(set())) for number in range(4)]

    assert write(SCHEME, Range(years[0].pk, years[2].pk), AT) == 2

    assert [row[0] for row in rows()] == [years[1].pk, years[2].pk]


@pytest.mark.parametrize("write", [write_in_database, write_row_by_row])
def test_too_much_unknown_gives_no_class(write: Any) -> None:
    fifth = {"out_of_school", "housing_unsafe"}  # 1750 of 10000: still scored
    over = {"below_line"}  # a quarter
    some = recorded("1", all_answered(set()) | dict.fromkeys(fifth))
    much = recorded("2", all_answered(set(NAMES)) | dict.fromkeys(over))
    none = recorded("3", dict.fromkeys(NAMES))

    write(SCHEME, everything(), AT)

    classes = dict(HouseholdScore.objects.values_list("pk", "poor"))
    assert classes == {some.pk: False, much.pk: None, none.pk: None}


def test_every_step_is_written_down_and_an_empty_one_leaves_no_trace() -> None:
    year = recorded("1", all_answered({"solid_fuel"}))

    score_range(rows=everything(), by=SYSTEM, at=AT)
    score_range(rows=everything(), by=SYSTEM, at=LATER)

    (entry,) = Entry.objects.filter(action="household.scores_computed")
    assert entry.parameters == {"count": 1, "formula": SCHEME.version}
    assert entry.object_ref == f"1-{year.pk}"


def test_nightly_job_scores_the_register() -> None:
    recorded("1", all_answered({"solid_fuel"}))
    job = jobs.enqueue("households.score", key="t", by=SYSTEM, at=AT)

    done = perform(job.pk)

    assert done is not None
    assert done.state == "done"
    assert Job.objects.get(pk=job.pk).result == {"written": 1}
    assert HouseholdScore.objects.count() == 1
    assert score_register.__doc__


def test_command_says_what_it_kept(capsys: Any) -> None:
    recorded("1", all_answered({"below_line", "illness_burden"}))
    recorded("2", dict.fromkeys(NAMES))

    call_command("score_households", "--json")

    said = json.loads(capsys.readouterr().out)
    assert said == {"formula": SCHEME.version, "scores": 2, "written": 2, "poor": 1, "unscored": 1}
    call_command("score_households")
    assert "written 0" in capsys.readouterr().out


def test_nobody_scores_by_hand() -> None:
    cast = people.county()
    recorded("1", all_answered(set()))
    table = {"score_range": {"rows": everything()}}

    assert_complete(acts, table, (), reads={"ranges"})
    assert_all_refused(acts, table, {"supervisor": cast.supervisor, "root": cast.administrator}, "households")


def test_breakdown_is_read_until_the_facts_change() -> None:
    year = recorded("1", all_answered(WORKED["A"][0]))
    score_range(rows=everything(), by=SYSTEM, at=AT)

    kept = kept_score(HouseholdYear.objects.select_related("score").get(pk=year.pk))

    assert kept is not None
    assert (kept.depth, kept.poor, kept.unknown) == (0.475, True, [])
    assert [share for _label, share in kept.parts] == [0.25, 0.125, 0.05, 0.05]
    HouseholdYear.objects.filter(pk=year.pk).update(housing_unsafe=False)
    assert kept_score(HouseholdYear.objects.select_related("score").get(pk=year.pk)) is None
    assert kept_score(recorded("2", all_answered(set()))) is None


def test_scores_are_seen_with_the_yearly_facts() -> None:
    cast: Cast = people.county()
    recorded("1", all_answered(set()))
    score_range(rows=everything(), by=SYSTEM, at=AT)
    seen = HouseholdScore.objects.visible_to

    assert seen(cast.worker).count() == 1
    assert not seen(cast.stranger)
    assert not seen(cast.village_worker)
    assert not seen(cast.administrator)


def test_file_shows_the_kept_score_with_its_parts() -> None:
    cast: Cast = people.county()
    household = people.widow_applies().household
    HouseholdYear.objects.create(
        household=household, year=2026, period_start=date(2026, 1, 1), period_end=date(2027, 1, 1), size=2,
        **all_answered(WORKED["A"][0]),
    )  # fmt: skip
    score_range(rows=everything(), by=SYSTEM, at=AT)

    page = people.signed_in(cast.worker).get(
        f"/admin/households/household/{household.public_id}/file/?tab=facts"
    )

    assert SCHEME.version in page.content.decode()
    assert "47.5" in page.content.decode()
