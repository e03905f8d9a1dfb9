"""Family map, eco-map and strengths: drawn from what is on file, told in a table, readable on a telephone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection

from common import clock
from households import services
from households.answers import PersonAnswer
from households.desk.maps.drawing import WIDTH
from households.desk.maps.ecomap import Tie, ecomap
from households.desk.maps.genogram import Person, genogram
from households.models import Household, StrengthList, SupportTie
from households.services.file import add_member, end_member
from tests import cast as people
from tests.cast import AT, Cast
from tests.households.test_desk_acts import post
from tests.refusing import refuses

SISTER: dict[str, Any] = {
    "name": "邻村的妹妹", "kind": "kin", "strength": 3, "direction": "gives", "strained": False, "note": "常送米来",
}  # fmt: skip


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with clock.fixed(AT):
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    return people.county()


@pytest.fixture
def household(cast: Cast) -> Household:
    return people.approved(people.widow_applies(), cast).household


def person(ref: str, relation: str, sex: str = "male", *, gone: bool = False) -> Person:
    return Person(ref, relation, relation, f"王*{ref}", sex, "30–39", gone)


def drawn(svg: str) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for element in ElementTree.fromstring(svg).iter():
        found.setdefault(element.tag.rpartition("}")[2], []).append(dict(element.attrib))
    return found


def inside(shapes: dict[str, list[dict[str, str]]]) -> bool:
    across = [float(one[name]) for one in shapes.get("line", []) for name in ("x1", "x2")]
    return all(0 <= x <= WIDTH for x in across)


def test_every_member_has_the_symbol_of_its_sex_and_the_head_a_double_edge() -> None:
    family = [
        person("a", "head"), person("b", "spouse", "female"), person("c", "son", gone=True),
        person("d", "grandson", ""),
    ]  # fmt: skip

    shapes = drawn(genogram(family))

    assert len(shapes["rect"]) == 3  # the head twice, the son
    assert len(shapes["circle"]) == 1
    assert len(shapes["polygon"]) == 1
    assert len(shapes["text"]) == 3 * len(family)
    # a couple, three lines down to each of two children, a cross over who has died
    assert len(shapes["line"]) == 1 + 2 * 3 + 2


def test_child_of_nobody_knows_whom_hangs_on_a_dashed_line() -> None:
    family = [person("a", "head"), person("b", "son"), person("c", "son"), person("d", "grandson")]

    kinds = [one["class"] for one in drawn(genogram(family))["line"]]

    assert kinds.count("bond-open") == 3


def test_grandchild_whose_parents_live_elsewhere_hangs_dashed_on_the_head() -> None:
    kinds = [one["class"] for one in drawn(genogram([person("a", "head"), person("b", "grandson")]))["line"]]

    assert kinds == ["bond-open"] * 3


@pytest.mark.parametrize("count", [1, 3, 4, 9])
def test_large_family_stays_as_narrow_as_a_telephone(count: int) -> None:
    svg = genogram([person("a", "head"), *(person(str(number), "son") for number in range(count))])

    shapes = drawn(svg)
    assert shapes["svg"][0]["viewBox"].startswith("0 0 340 ")
    assert len({(one["x"], one["y"]) for one in shapes["rect"]}) == count + 2
    assert inside(shapes)


@pytest.mark.parametrize("count", [1, 2, 7, 16])
def test_ties_show_strength_direction_and_strain(count: int) -> None:
    ties = [Tie(f"人{number}", "亲戚", 1 + number % 3, "both", number % 2 == 1) for number in range(count)]

    shapes = drawn(ecomap(ties, "王*兰"))

    assert len(shapes["rect"]) == count
    assert len(shapes.get("polyline", [])) == count // 2
    assert next(one["stroke-width"] for one in shapes["line"]) == "1"
    assert {one["marker-end"] for one in shapes["line"]} == {"url(#tip)"}
    assert inside(shapes)


def test_arrow_points_to_whom_the_help_reaches() -> None:
    gives, receives = (
        drawn(ecomap([Tie("妹妹", "亲戚", 3, way, False)], "王*兰"))["line"][0]
        for way in ("gives", "receives")
    )

    assert "marker-start" not in gives
    assert "marker-end" not in receives
    assert gives["stroke-width"] == "6"


def test_names_on_the_map_are_escaped() -> None:
    svg = ecomap([Tie("<b>", "&", 1, "gives", False)], "<i>")

    assert "<b>" not in svg
    assert drawn(svg)["text"]


def test_tie_is_noted_encrypted_and_ended_once(cast: Cast, household: Household) -> None:
    tie = services.note_tie(household=household, **SISTER, by=cast.worker, at=AT)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, note FROM households_supporttie")
        assert not any("妹妹" in value or "米" in value for value in cursor.fetchone())

    with refuses("not_your_case"):
        services.end_tie(tie=tie, by=cast.stranger, at=AT)
    services.end_tie(tie=tie, by=cast.worker, at=AT)
    with refuses("ended_already"):
        services.end_tie(tie=tie, by=cast.worker, at=AT)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kind": "ghost"}, "answer_unknown"),
        ({"strength": 9}, "answer_unknown"),
        ({"direction": "up"}, "answer_unknown"),
        ({"name": " "}, "text_missing"),
    ],
)
def test_tie_is_of_its_kind(cast: Cast, household: Household, changes: dict[str, Any], code: str) -> None:
    with refuses(code):
        services.note_tie(household=household, **(SISTER | changes), by=cast.worker, at=AT)


def test_map_holds_what_can_be_read(cast: Cast, household: Household) -> None:
    for _number in range(16):
        services.note_tie(household=household, **SISTER, by=cast.worker, at=AT)
    with refuses("too_many"):
        services.note_tie(household=household, **SISTER, by=cast.worker, at=AT)


def test_strengths_are_written_in_editions(cast: Cast, household: Household) -> None:
    given: dict[str, Any] = {"household": household, "by": cast.worker, "at": AT}
    first = services.write_strengths(entries=[{"kind": "skill", "words": "会做布鞋"}], **given)
    again = services.write_strengths(entries=[{"kind": "skill", "words": "会做布鞋 "}], **given)
    second = services.write_strengths(entries=[{"kind": "hope", "words": "供孙子上学"}], **given)

    assert (again, second.edition) == (first, 2)
    assert StrengthList.objects.get(edition=1).entries == [{"kind": "skill", "words": "会做布鞋"}]
    with refuses("nothing_answered"):
        services.write_strengths(entries=[], **given)
    with refuses("answer_unknown"):
        services.write_strengths(entries=[{"kind": "luck", "words": "有"}], **given)
    with refuses("not_your_case"):
        services.write_strengths(entries=[{"kind": "skill", "words": "x"}], **(given | {"by": cast.stranger}))


def test_others_see_neither(cast: Cast, household: Household) -> None:
    services.note_tie(household=household, **SISTER, by=cast.worker, at=AT)
    services.write_strengths(
        household=household, entries=[{"kind": "skill", "words": "巧"}], by=cast.worker, at=AT
    )
    for model in (SupportTie, StrengthList):
        assert model.objects.visible_to(cast.supervisor).exists()
        for user in (cast.colleague, cast.stranger, cast.village_worker, cast.administrator):
            assert not model.objects.visible_to(user).exists()


def test_maps_stand_on_the_file_and_on_a_sheet(cast: Cast, household: Household) -> None:
    son = PersonAnswer(name="陈建国", relation="son", sex="male", birth_date=date(1980, 1, 1))
    add_member(household=household, person=son, by=cast.worker, at=AT)
    dead = household.members.get(name="陈建国")
    end_member(member=dead, reason="death", by=cast.worker, at=AT)
    desk = people.signed_in(cast.worker)
    tie = {**SISTER, "strained": "on"}
    assert post(desk, household, "tie", **tie).status_code == 302
    assert post(desk, household, "strengths", kind_1="skill", words_1="会做布鞋").status_code == 302
    for url in (
        f"/admin/households/household/{household.public_id}/file/?tab=care",
        f"/admin/households/supporttie/{household.public_id}/maps/",
    ):
        page = desk.get(url).content.decode()
        for said in ("邻村的妹妹", "会做布鞋", "王*兰", "陈*国", "已去世", "<polyline"):
            assert said in page, (url, said)
    assert post(desk, SupportTie.objects.get(), "end").status_code == 302
    assert people.signed_in(cast.stranger).get(url).status_code == 404
    for name in ("supporttie", "strengthlist"):
        assert desk.get(f"/admin/households/{name}/").status_code == 200
