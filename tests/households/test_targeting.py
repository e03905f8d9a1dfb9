"""Targeting tried out: exact errors, ties without a lot, and no count a family could be found by."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from accounts.enums import Role
from common import clock
from households.cards.card import COUNTED, Bin, Card, Indicator
from households.measures.targeting import CELLS, LEAST, REST, Case, simulate, suppressed, told
from households.models import Household, HouseholdYear, OfficialStatus
from tests import cast as people
from tests.cast import AT, COUNTY, Cast
from tests.households.test_cards_desk import in_use
from tests.households.test_commands_measures import fails, run


def crowd(*parts: tuple[int, int | None, bool | None, str]) -> list[Case]:
    """So many households of one urgency, outcome and group."""
    return [Case(urgency, poor, group) for count, urgency, poor, group in parts for _one in range(count)]


def test_errors_of_a_worked_example() -> None:
    """Ten places for sixteen urgent ones: eight of ten meant come first, then two of the six others."""
    cases = crowd((8, 9, True, ""), (6, 5, False, ""), (2, 1, True, ""), (4, 1, False, ""))

    found = simulate(cases, budget=10)

    cells = {"in_poor": 8, "in_other": 2, "out_poor": 2, "out_other": 8}
    assert dict(found.everybody.cells) == cells
    assert found.everybody.exclusion == Fraction(2, 10)
    assert found.everybody.inclusion == Fraction(2, 10)
    assert [found.spent, found.left] == [10, 0]
    assert [found.border, found.at_border, found.border_share] == [5, 6, Fraction(1, 3)]


def test_no_lot_is_drawn_among_the_equally_urgent() -> None:
    mixed = crowd((5, 7, True, ""), (5, 7, False, ""))

    assert simulate(mixed, budget=4) == simulate(list(reversed(mixed)), budget=4)
    assert simulate(mixed, budget=4).everybody.cells["in_poor"] == 2


def test_who_is_not_eligible_or_not_known_stays_out() -> None:
    cases = [Case(3, True, eligible=False), Case(None, True), Case(2, None), Case(1, False)]

    found = simulate(cases, budget=10)

    assert [found.everybody.served, found.everybody.unscored, found.everybody.unknown] == [2, 1, 1]
    assert found.everybody.exclusion == 1
    assert found.left == 8


def test_money_goes_by_what_each_costs_and_whom_a_row_stands_for() -> None:
    cases = [Case(2, True, cost=300), Case(1, True, weight=2, cost=100), Case(0, False, cost=50)]

    found = simulate(cases, budget=400)

    assert found.everybody.served == 2  # the first whole, and half of the two households of the second row
    assert [found.spent, found.border_share] == [400, Fraction(1, 2)]


def test_groups_and_their_gap() -> None:
    cases = crowd((10, 9, True, "a"), (10, 1, True, "b"), (10, 1, False, "b"), (10, 5, False, "a"))

    figures = told(simulate(cases, budget=10))

    assert figures["groups"]["a"]["exclusion_error"] == 0
    assert figures["groups"]["b"]["exclusion_error"] == 1
    assert figures["gap"]["exclusion_error"] == 1
    assert figures["gap"]["served_share"] == Fraction(1, 2)


def test_counts_under_five_are_not_told() -> None:
    figures = told(simulate(crowd((3, 9, True, ""), (40, 1, False, "")), budget=10))

    assert figures["in_poor"] is None
    assert figures["exclusion_error"] is None
    assert figures["served"] is None  # it and the others would give the hidden one away
    assert figures["households"] == 43


def test_a_small_group_hides_among_the_next() -> None:
    figures = told(simulate(crowd((30, 9, True, "a"), (12, 8, True, "b"), (2, 7, True, "c")), budget=44))

    assert set(figures["groups"]) == {"a", REST}
    assert figures["groups"][REST]["households"] == 14


tables = st.dictionaries(
    st.text("abcdef", min_size=1, max_size=1),
    st.lists(st.integers(0, 30), min_size=4, max_size=4),
    min_size=1,
    max_size=6,
)


@given(tables)
def test_no_hidden_count_can_be_reckoned_from_the_totals(rows: dict[str, list[int]]) -> None:
    hidden = suppressed(rows)

    assert {
        (name, at) for name, cells in rows.items() for at, x in enumerate(cells) if 0 < x < LEAST
    } <= hidden
    lines = [[(name, at) for at in range(4)] for name in rows] + [[(n, at) for n in rows] for at in range(4)]
    for line in lines:
        gone = [cell for cell in line if cell in hidden]
        seen = [rows[name][at] for name, at in line if (name, at) not in hidden]
        assert len(gone) != 1 or not any(seen)  # a lonely one only where everything else is nothing


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=1, max_size=60), st.integers(1, 40))
def test_places_are_never_exceeded(parts: list[tuple[int, bool]], places: int) -> None:
    found = simulate([Case(urgency, poor) for urgency, poor in parts], budget=places)

    assert found.everybody.served == min(places, len(parts))
    assert sum(found.everybody.cells[name] for name in CELLS) == len(parts)


@pytest.fixture
def table(tmp_path: Path) -> str:
    """Forty households: every fourth poor and of low income; ten have no income on record."""
    lines = []
    for number in range(40):
        poor = number % 4 == 0
        income = "" if number % 4 == 3 else str(1000 if poor else 5000 + number)
        fridge, place = "no" if poor else "yes", "east" if number < 20 else "west"
        lines += [f"h{number},{head},{income},{fridge},{poor:d},{place},2" for head in (1, 0)]
    path = tmp_path / "t.csv"
    path.write_text("key,head,income,fridge,poor,place,cost\n" + "\n".join(lines), encoding="utf-8")
    return str(path)


SHAPE = ("--household", "key", "--speaker", "head", "--outcome", "poor")


def test_an_income_line_on_a_file(capsys: Any, table: str) -> None:
    found = run(
        capsys, "targeting", table, "--line", "income=5010", "--places", "20", *SHAPE, "--by", "place"
    )

    assert (found["households"], found["unscored"], found["in_poor"], found["out_poor"]) == (40, 10, 10, 0)
    assert found["exclusion_error"] == 0
    assert set(found["groups"]) == {"east", "west"}


def test_a_deprivation_score_on_a_file_with_money(capsys: Any, table: str) -> None:
    found = run(
        capsys, "targeting", table, "--deprived", "fridge<1,income<2000", "--k", "1/2", "--budget", "10", "--cost",
        "cost", *SHAPE,
    )  # fmt: skip

    assert (found["served"], found["spent"], found["in_poor"]) == (5, 10, 5)
    assert (found["at_border"], found["border_share"]) == (10, 0.5)


def test_a_card_on_a_file(capsys: Any, table: str, tmp_path: Path) -> None:
    card = Card(
        (
            Indicator("fridge", "fridge", (Bin(10, None, 1), Bin(0, 1)), kind=COUNTED),
            Indicator("most.income", "income", (Bin(5, None, 2000), Bin(0, 2000)), kind=COUNTED),
        )
    )
    path = tmp_path / "card.json"
    path.write_text(json.dumps({"card": card.as_json()}), encoding="utf-8")

    found = run(capsys, "targeting", table, "--card", str(path), "--from", "12", "--places", "30", *SHAPE)

    assert (found["in_poor"], found["in_other"], found["unscored"]) == (
        10,
        0,
        10,
    )  # a third unknown: no points


@pytest.mark.parametrize(
    "arguments",
    [
        ["TABLE", "--places", "5", *SHAPE],
        ["TABLE", "--line", "income", "--places", "5", *SHAPE],
        ["TABLE", "--line", "wine=3", "--places", "5", *SHAPE],
        ["TABLE", "--line", "income=3", "--places", "0", *SHAPE],
        ["TABLE", "--line", "income=3", "--budget", "5", *SHAPE],
        ["TABLE", "--line", "income=3", "--budget", "5", "--cost", "0", *SHAPE],
        ["TABLE", "--line", "income=3", "--places", "5", "--outcome", "wine"],
        ["TABLE", "--line", "place=3", "--places", "5", *SHAPE],
        ["TABLE", "--deprived", "place", "--places", "5", *SHAPE],
        ["TABLE", "--card", "TABLE", "--places", "5", *SHAPE],
    ],
)
def test_a_fault_is_one_line(capsys: Any, table: str, arguments: list[str]) -> None:
    given_ = [table if one == "TABLE" else one for one in arguments]
    if "--line" not in arguments and "--deprived" not in arguments and "--card" not in arguments:
        with pytest.raises(CommandError):
            call_command("targeting", *given_)
        return
    fails(capsys, "targeting", *given_)


@pytest.mark.django_db
def test_a_card_nobody_kept_is_a_fault(capsys: Any, table: str) -> None:
    assert "neither" in fails(capsys, "targeting", table, "--card", "nothere", "--places", "5", *SHAPE)


def test_figures_are_told_to_a_person(capsys: Any, table: str) -> None:
    call_command("targeting", table, "--line", "income=5010", "--places", "20", *SHAPE, "--by", "place")

    said = capsys.readouterr().out
    assert "exclusion error" in said
    assert "under 5" in said


# --- the page over the register ---


@pytest.fixture
def cast(db: None) -> Cast:
    return people.county()


@pytest.fixture
def register(cast: Cast) -> Iterator[list[Household]]:
    """Sixty households of two villages; every third without safe water, every second with an official status."""
    made = []
    with clock.fixed(AT):
        for number in range(60):
            area = people.VILLAGE if number % 2 else people.OTHER_VILLAGE
            household = Household.objects.create(
                number=f"H-990101-2026-{90_000 + number}",
                area=area,
                channel="batch",
                created_at=AT,
                state="pending",
            )
            needy = number % 3 == 0
            HouseholdYear.objects.create(
                household=household, year=2026, period_start=date(2026, 1, 1), period_end=date(2027, 1, 1), size=3,
                below_line=needy, per_capita=1000 + number, water_unsafe=needy, adult_schooling=needy,
                out_of_school=False, illness_burden=False, uninsured=False, housing_unsafe=False,
                no_sanitary_toilet=False, solid_fuel=False, few_assets=False,
            )  # fmt: skip
            if number % 2:
                OfficialStatus.objects.create(
                    household=household, status="dibao", issuer="民政局", document="1", valid_from=date(2026, 1, 1),
                    recorded_at=AT,
                )  # fmt: skip
            made.append(household)
        yield made


URL = "/help/targeting/"
ASKED = {"rule": "deprivation", "budget": "places", "amount": "20", "outcome": "below_line", "by": "place"}


def test_supervisor_and_officer_try_a_rule_out(cast: Cast, register: list[Household]) -> None:
    officer = people.hire(
        "officer", "高科长", Role.OFFICER, organisation=people.body("民政局", "government", 44), prefix=COUNTY,
        by=cast.administrator,
    )  # fmt: skip
    for user in (cast.supervisor, officer):
        client = people.signed_in(user)
        answer = client.get(URL, ASKED)
        figures = answer.context["figures"]

        assert answer.status_code == 200
        assert (figures["households"], figures["served"], figures["exclusion_error"]) == (60, 20, 0)
        assert len(figures["groups"]) == 2
        assert not [one for one in register if one.number in answer.content.decode()]


def test_rules_of_income_and_card_on_the_register(cast: Cast, register: list[Household]) -> None:
    card = in_use(
        cast,
        Card((Indicator("w", "w", (Bin(0, None, 1), Bin(10, 1)), fact="water_unsafe", kind="yes_no"),)),
    )
    client = people.signed_in(cast.supervisor)
    with clock.fixed(AT):
        income = client.get(URL, ASKED | {"rule": "income", "outcome": "official"}).context["figures"]
        points = client.get(URL, ASKED | {"rule": card.public_id, "amount": "10"}).context["figures"]
        money = client.get(
            URL, ASKED | {"rule": card.public_id, "budget": "money", "amount": "1000", "each": "100"}
        ).context["figures"]

    assert (income["served"], income["in_poor"]) == (20, 10)
    assert (points["at_border"], points["border_share"], points["in_poor"]) == (20, 0.5, 10)
    assert money == points


def test_a_rule_is_not_held_against_itself(cast: Cast) -> None:
    client = people.signed_in(cast.supervisor)

    assert client.get(URL, ASKED | {"rule": "income"}).status_code == 422
    assert client.get(URL, ASKED | {"outcome": "deprived"}).status_code == 422
    assert client.get(URL, ASKED | {"budget": "money"}).status_code == 422
    assert client.get(URL, ASKED | {"rule": "wine"}).status_code == 422
    assert client.get(URL).status_code == 200


def test_figures_stop_at_the_border_of_the_area(cast: Cast, register: list[Household]) -> None:
    far = people.hire(
        "far", "远督导", Role.SUPERVISOR, organisation=cast.station, prefix=people.OTHER_COUNTY, by=cast.administrator
    )  # fmt: skip

    assert people.signed_in(far).get(URL, ASKED).context["figures"]["households"] == 0
    assert people.signed_in(cast.worker).get(URL).status_code == 404
    assert people.signed_in(cast.village_worker).get(URL).status_code == 404
