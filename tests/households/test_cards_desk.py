"""A card on the desk: put up by one, taken into use by another, read in a file, explained to the family."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from accounts.enums import Role
from common import clock
from households.cards import acts
from households.cards.acts import approve_card, keep_card, retire_card
from households.cards.card import COUNTED, MEASURED, YES_NO, Bin, Card, Indicator
from households.cards.facts import FACTS, File, file_of
from households.cards.reading import advice_for, card_for
from households.cards.words import answer_words
from households.models import Household, HouseholdYear, Member, PointsCard
from journal.models import Entry
from tests import cast as people
from tests.cast import AT, COUNTY, VILLAGE, Cast
from tests.gates import assert_all_refused, assert_complete
from tests.households import walking
from tests.households.test_status import entered
from tests.refusing import refuses

pytestmark = pytest.mark.django_db

CARD = Card(
    (
        Indicator("elders", "people of 60", (Bin(0, None, 1), Bin(6, 1)), fact="elders", kind=COUNTED),
        Indicator("water", "far water", (Bin(0, None, 1), Bin(10, 1)), fact="water_unsafe", kind=YES_NO),
        Indicator("goats", "goats", (Bin(4, None, 1), Bin(2, 1, 3), Bin(0, 3)), kind=COUNTED),
    )
)
FIGURES = {
    "households": 2988, "positive": 664, "folds": 5,
    "auc": {"card": {"auc": 0.8123, "folds": [0.8], "unscored": 0}, "deprivation": None, "regression": None},
}  # fmt: skip


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with clock.fixed(AT):
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    return people.county()


def put_up(cast: Cast, card: Card = CARD, title: str = "Winter") -> PointsCard:
    return keep_card(title=title, card=card, figures=FIGURES, by=cast.worker, at=AT)


def in_use(cast: Cast, card: Card = CARD) -> PointsCard:
    return approve_card(card=put_up(cast, card), by=cast.supervisor, at=AT)


def year_of(household: Household, **facts: Any) -> HouseholdYear:
    return HouseholdYear.objects.create(
        household=household, year=2026, period_start=date(2026, 1, 1), period_end=date(2027, 1, 1), size=2, **facts
    )  # fmt: skip


def test_a_second_person_takes_a_card_into_use(cast: Cast) -> None:
    card = put_up(cast)
    assert (card.state, card.area, card.version) == ("draft", COUNTY, 1)

    used = approve_card(card=card, by=cast.supervisor, at=AT)

    assert (used.state, used.approved_by) == ("in_use", cast.supervisor)
    moves = Entry.objects.filter(object_ref=card.public_id).order_by("pk").values_list("action", flat=True)
    assert list(moves) == ["card.kept", "households.pointscard.in_use"]


def test_the_next_card_takes_the_place_of_the_one_in_use(cast: Cast) -> None:
    first = in_use(cast)
    second = in_use(cast)

    first.refresh_from_db()
    assert (first.state, second.state, second.version) == ("retired", "in_use", 2)
    assert card_for(VILLAGE) == second


def test_who_put_it_up_does_not_approve_it(cast: Cast) -> None:
    card = keep_card(title="Own", card=CARD, figures={}, by=cast.supervisor, at=AT)

    with refuses("four_eyes"):
        approve_card(card=card, by=cast.supervisor, at=AT)


def test_a_card_has_a_name(cast: Cast) -> None:
    for title in (" ", "X" * 81):
        with refuses("card_title"):
            put_up(cast, title=title)


def test_a_card_in_use_is_retired_with_a_reason_and_advises_no_more(cast: Cast) -> None:
    card = in_use(cast)
    with refuses("reason_missing"):
        retire_card(card=card, reason=" ", by=cast.supervisor, at=AT)

    retire_card(card=card, reason="新的普查已完成", by=cast.second_supervisor, at=AT)

    assert card_for(VILLAGE) is None
    with refuses("wrong_state"):
        approve_card(card=PointsCard.objects.get(), by=cast.second_supervisor, at=AT)


def test_nobody_else_writes_a_card(cast: Cast) -> None:
    card = put_up(cast)
    far = people.hire(
        "far", "远督导", Role.SUPERVISOR, organisation=cast.station, prefix="990102", by=cast.administrator
    )
    officer = people.hire(
        "officer", "高科长", Role.OFFICER, organisation=people.body("民政局", "government", 44), prefix=COUNTY,
        by=cast.administrator,
    )  # fmt: skip
    table: dict[str, dict[str, Any]] = {
        "keep_card": {"title": "X", "card": CARD, "figures": {}},
        "approve_card": {"card": card},
        "retire_card": {"card": card, "reason": "because"},
    }
    assert_complete(acts, table, (), reads={"digest"})
    everybody = {"village worker": cast.village_worker, "officer": officer, "root": cast.administrator}
    assert_all_refused(acts, table, everybody, "households")
    decide = {name: table[name] for name in ("approve_card", "retire_card")}
    assert_all_refused(acts, decide, {"far": far, "worker": cast.colleague}, "households")


def test_a_card_is_seen_in_its_area(cast: Cast) -> None:
    card = put_up(cast)
    seen = PointsCard.objects.visible_to

    assert card in seen(cast.worker)
    assert card in seen(cast.supervisor)
    assert not seen(cast.stranger)
    assert not seen(cast.village_worker)
    assert not seen(cast.administrator)


def test_points_of_a_family_follow_from_what_is_recorded(cast: Cast) -> None:
    household = people.widow_applies().household
    year_of(household, water_unsafe=True)
    known = Card(CARD.indicators[:2])
    in_use(cast, known)

    advice = advice_for(household, clock.today())

    assert advice is not None
    assert [line.points for line in advice.result.lines] == [6, 10]
    assert (advice.result.points, float(advice.result.missing)) == (16, 0.0)
    assert not Entry.objects.filter(action__startswith="household", object_ref=household.public_id).filter(
        action__contains="point"
    )


def test_what_the_register_does_not_know_is_no_zero(cast: Cast) -> None:
    household = people.widow_applies().household
    in_use(cast, Card(CARD.indicators[:2]))

    advice = advice_for(household, clock.today())

    assert advice is not None
    assert advice.result.points is None  # water is 10 of 16: more than a fifth is not known
    assert [one.name for one in advice.result.unknown] == ["water"]


def test_facts_of_the_register(cast: Cast) -> None:
    household = people.widow_applies().household
    year_of(household, per_capita="7907.50", below_line=False, few_assets=True)
    file = file_of(household, date(2026, 11, 23))

    read = {name: fact.read(file) for name, fact in FACTS.items()}

    assert read["household_size"] == 2
    assert (read["children"], read["elders"]) == (1, 1)
    assert (read["ill_or_disabled"], read["disabled"], read["able_to_work"]) == (1, 0, 0)
    assert read["best_schooling"] == 6
    assert (read["per_capita"], read["below_line"], read["few_assets"]) == (7907.5, 0, 1)
    assert read["housing_unsafe"] is None
    member = replace_birth(household)
    unknown = File([member], None, file.on)
    assert FACTS["children"].read(unknown) is None
    assert FACTS["able_to_work"].read(unknown) is None
    assert FACTS["household_size"].read(File([], None, file.on)) is None


def replace_birth(household: Household) -> Member:
    return Member(household=household, name="某某", relation="son", birth_date=None, labour="", health=[])


@pytest.mark.parametrize(
    ("kind", "one", "words"),
    [
        (YES_NO, Bin(0, None, 1), "no"),
        (YES_NO, Bin(0, 1), "yes"),
        (COUNTED, Bin(0, None, 1), "none"),
        (COUNTED, Bin(0, 2, 3), "2"),
        (COUNTED, Bin(0, 2, 5), "2 to 4"),
        (COUNTED, Bin(0, 5), "5 or more"),
        (COUNTED, Bin(0, None, 5), "less than 5"),
        (MEASURED, Bin(0, 1.37, 1.77), "1.37 and more, less than 1.77"),
    ],
)
def test_answers_are_said_plainly(kind: str, one: Bin, words: str) -> None:
    with override("en"):
        assert answer_words(Indicator("q", "q", (one, replace(one, points=3)), kind=kind), one) == words


def test_card_page_is_read_and_decided(cast: Cast) -> None:
    card = put_up(cast)
    url = f"/admin/households/pointscard/{card.public_id}/card/"
    worker, supervisor = people.signed_in(cast.worker), people.signed_in(cast.supervisor)

    own = worker.get(url)
    assert own.status_code == 200
    assert "0.812" in own.content.decode()
    assert 'value="approve"' not in own.content.decode()
    assert card.title in supervisor.get("/admin/").content.decode()  # what waits for a second person
    assert 'value="approve"' in supervisor.get(url).content.decode()

    assert supervisor.post(url, {"act": "approve", "_key": walking.key()}).status_code == 302
    card.refresh_from_db()
    assert card.state == "in_use"
    assert supervisor.post(url, {"act": "retire", "reason": "", "_key": walking.key()}).status_code == 422
    assert supervisor.post(url, {"act": "retire", "reason": "旧了", "_key": walking.key()}).status_code == 302
    card.refresh_from_db()
    assert card.state == "retired"
    assert supervisor.post(url, {"act": "wine", "_key": walking.key()}).status_code == 400
    assert people.signed_in(cast.stranger).get(url).status_code == 404


def test_worker_may_not_approve_by_hand(cast: Cast) -> None:
    card = put_up(cast)
    desk = people.signed_in(cast.colleague)

    answer = desk.post(
        f"/admin/households/pointscard/{card.public_id}/card/", {"act": "approve", "_key": walking.key()}
    )

    assert answer.status_code == 409
    card.refresh_from_db()
    assert card.state == "draft"


def test_file_and_family_read_the_same_points(cast: Cast) -> None:
    application = people.widow_applies()
    year_of(application.household, water_unsafe=True)
    family = entered(application)
    assert "/help/status/points/" not in walking.text(family.get("/help/status/"))
    assert family.get("/help/status/points/").status_code == 404

    in_use(cast)

    file = f"/admin/households/household/{application.household.public_id}/file/"
    desk = people.signed_in(cast.worker).get(file).content.decode()
    own = family.get("/help/status/points/").content.decode()
    assert "/help/status/points/" in family.get("/help/status/").content.decode()
    for said in (desk, own):
        assert "20 分" in said  # 16 of the 16 points that are known stand for all 20: a fifth is not known
        assert "goats" in said.lower()
    before = (application.household.state, application.state)
    application.refresh_from_db()
    application.household.refresh_from_db()
    assert (application.household.state, application.state) == before


def test_stranger_has_no_page_of_points(cast: Cast) -> None:
    in_use(cast)

    assert Client().get("/help/status/points/").status_code == 302
