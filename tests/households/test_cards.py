"""Points cards: whole points, the unknown that is never 0, and a fit that sees nothing of what it is judged by."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from households.cards.card import COUNTED, WORDS, YES_NO, Bin, Card, CardFault, Indicator, card_from
from households.cards.deprivation import asked_for, shipped
from households.cards.fitting import Course, Fitted, fit
from households.cards.tables import Households, TableFault, answer_of, gathered
from households.imports.reading import read_table
from households.measures.alkire_foster import score
from tests.households.survey import written

SMALL = Card(
    (
        Indicator("children", "children", (Bin(0, None, 1), Bin(5, 1, 3), Bin(10, 3)), kind=COUNTED),
        Indicator("fridge", "fridge", (Bin(6, None, 1), Bin(0, 1)), kind=YES_NO),
        Indicator("roof", "roof", (Bin(4, words=("straw",)), Bin(0, words=("tile", "slate"))), kind=WORDS),
    )
)


def table_of(path: Path, **more: object) -> Households:
    read, _content = read_table(path)
    given: dict[str, object] = {
        "label": "Target", "positive": {"1", "2"}, "household": "idhogar", "speaker": "parentesco1",
    }  # fmt: skip
    return gathered(list(read.rows), **(given | more))  # type: ignore[arg-type]


def fitted(table: Households, **course: object) -> Fitted:
    return fit(table, course=Course(**course), codebook={}, facts={})  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def survey(tmp_path_factory: pytest.TempPathFactory) -> Households:
    return table_of(written(tmp_path_factory.mktemp("survey") / "members.csv"))


@pytest.fixture(scope="module")
def made(survey: Households) -> Fitted:
    return fitted(survey)


def test_points_are_those_of_the_answers() -> None:
    found = SMALL.score({"children": 2, "fridge": 0, "roof": "tile"})

    assert (found.points, found.found, found.missing) == (11, 11, Fraction(0))
    assert [line.points for line in found.lines] == [5, 6, 0]
    assert SMALL.most == 20


def test_unknown_is_never_zero() -> None:
    partial = SMALL.score({"children": 3, "fridge": 0, "roof": None})

    assert partial.missing == Fraction(1, 5)
    assert (partial.found, partial.points) == (16, 20)  # 16 of the 16 that are known, scaled up to 20
    assert SMALL.score({"children": 3, "fridge": 0, "roof": "tile"}).points == 16
    assert [one.name for one in partial.unknown] == ["roof"]


def test_too_much_unknown_gives_no_points() -> None:
    found = SMALL.score({"children": 3, "roof": "straw"})

    assert found.points is None
    assert found.missing == Fraction(3, 10)
    assert SMALL.score({}).points is None


def test_a_word_the_card_does_not_know_is_unknown() -> None:
    assert SMALL.score({"children": 0, "fridge": 1, "roof": "tin"}).lines[2].bin is None


def test_points_round_half_up() -> None:
    card = Card(
        (
            Indicator("a", "a", (Bin(0, None, 1), Bin(8, 1))),
            Indicator("b", "b", (Bin(0, None, 1), Bin(1, 1))),
            Indicator("c", "c", (Bin(0, None, 1), Bin(1, 1))),
        )
    )

    assert card.score({"a": 1, "b": 0, "c": None}).points == 9  # 8 of 9 known, of 10: 8.89
    assert card.score({"a": 0, "b": 1, "c": None}).points == 1


def test_card_comes_back_from_json_as_it_was() -> None:
    assert card_from(SMALL.as_json()) == SMALL


@pytest.mark.parametrize(
    "indicators",
    [
        (),
        tuple(Indicator(f"q{n}", "q", (Bin(0, None, 1), Bin(1, 1))) for n in range(21)),
        SMALL.indicators[:1] * 2,
        (Indicator("flat", "flat", (Bin(0, None, 1), Bin(0, 1))),),
        (Indicator("less", "less", (Bin(-1, None, 1), Bin(1, 1))),),
        (Indicator("odd", "odd", (Bin(0, None, 1), Bin(1, 1)), kind="colour"),),
    ],
)
def test_what_is_no_card_is_refused(indicators: tuple[Indicator, ...]) -> None:
    with pytest.raises(CardFault):
        Card(indicators)


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"indicators": [{"name": "a"}]},
        {
            "indicators": [
                {"name": "a", "words": "a", "kind": "counted", "bins": [{"points": 0.5}, {"points": 1}]}
            ]
        },
    ],
)
def test_what_was_not_stored_as_a_card_is_refused(content: dict[str, object]) -> None:
    with pytest.raises(CardFault):
        card_from(content)


def test_rows_come_together_by_household(survey: Households) -> None:
    assert len(survey.keys) == len(set(survey.keys)) == 400
    assert all(len({row["idhogar"] for row in rows}) == 1 for rows in survey.rows)
    assert survey.differing > 0
    heads = [next(row for row in rows if row["parentesco1"] == "1") for rows in survey.rows]
    assert survey.labels == [head["Target"] in {"1", "2"} for head in heads]


def test_columns_are_asked_as_a_household_can_answer(survey: Households) -> None:
    asked = set(survey.answers)

    assert {"rooms", "where", "hhsize"} <= asked
    assert {"most.age", "least.age", "average.age", "most.escolari"} <= asked
    assert not {name for name in asked if "SQBage" in name}  # the square of an age says nothing new
    assert not {"Id", "idhogar", "Target", "v2a1"} & asked  # names, the key, the label, what most cannot say
    oldest = survey.answers["most.age"]
    assert oldest == [max(float(row["age"]) for row in rows) for rows in survey.rows]


def test_an_empty_cell_is_not_known() -> None:
    assert [answer_of(cell) for cell in ("", "0", "no", "是", "2.5", "tile", "inf")] == [
        None, 0.0, 0.0, 1.0, 2.5, "tile", None,
    ]  # fmt: skip


def test_fit_keeps_up_with_the_free_regression(survey: Households, made: Fitted) -> None:
    rates = made.rates
    assert rates["card"] is not None
    assert rates["regression"] is not None

    assert 1 <= len(made.card.indicators) <= 20
    assert all(isinstance(one.points, int) for indicator in made.card.indicators for one in indicator.bins)
    assert 90 <= made.card.most <= 110
    assert rates["card"].auc > 0.8
    assert rates["card"].auc > rates["regression"].auc - 0.02
    assert len(rates["card"].folds) == 5


def test_same_table_makes_the_same_card(survey: Households, made: Fitted) -> None:
    again = fitted(survey)

    assert again.card.as_json() == made.card.as_json()
    assert again.rates == made.rates


def test_fewer_questions_when_asked(survey: Households) -> None:
    assert len(fitted(survey, most=4, folds=2).card.indicators) <= 4


def test_a_column_left_out_is_not_asked(survey: Households, made: Fitted) -> None:
    first = made.card.indicators[0].name
    column = next(feature.column for feature in survey.features if feature.name == first)
    kept = fitted(survey, folds=2, left_out=frozenset({column}))

    assert column not in {feature.column for feature in kept.candidates}


def test_the_label_in_other_clothes_is_named_and_left_out(survey: Households) -> None:
    clothes = written_label(survey)
    found = fitted(clothes, folds=2)

    assert found.leaking == ["clothes"]
    assert "clothes" not in {one.name for one in found.card.indicators}


def written_label(survey: Households) -> Households:
    """The survey with a column that tells the label."""
    told = zip(survey.rows, survey.labels, strict=True)
    rows = [{**row, "clothes": "7" if label else "4"} for members, label in told for row in members]
    return gathered(
        list(enumerate(rows, start=2)),
        label="Target", positive={"1", "2"}, household="idhogar", speaker="parentesco1",
    )  # fmt: skip


def test_a_label_that_follows_nothing_is_not_found(tmp_path: Path) -> None:
    """Were bins or questions chosen outside the folds, noise would look like knowledge."""
    rates = fitted(table_of(written(tmp_path / "noise.csv", noise=True))).rates

    assert rates["card"] is not None
    assert 0.38 < rates["card"].auc < 0.62


def test_too_few_of_one_kind_are_refused(tmp_path: Path) -> None:
    table = table_of(written(tmp_path / "few.csv", households=12), positive={"1"})

    with pytest.raises(TableFault, match="folds need"):
        fitted(table, folds=10)


def test_deprivation_score_comes_from_the_shipped_mapping(survey: Households) -> None:
    found = shipped(survey.rows, label="Target")
    assert found is not None
    rows, scheme = found

    assert "below_line" not in scheme.weights  # income is what the label speaks of
    assert scheme.weights.keys() == rows[0].keys()
    assert any(score(row, scheme).value for row in rows)
    assert shipped([[{"rooms": "2"}]], label="Target") is None


def test_deprivation_score_as_asked_for(survey: Households) -> None:
    rows, scheme = asked_for("abastaguano, most.escolari<6, rooms<=1", survey.rows)

    assert list(scheme.weights.values()) == [1, 1, 1]
    assert rows[0]["most.escolari<6"] == (survey.answers["most.escolari"][0] < 6)  # type: ignore[operator]
    with pytest.raises(TableFault, match="no column wine"):
        asked_for("wine", survey.rows)
    with pytest.raises(TableFault, match="twice"):
        asked_for("rooms<2,rooms<2", survey.rows)
    with pytest.raises(TableFault, match="no number"):
        asked_for("where", survey.rows)
