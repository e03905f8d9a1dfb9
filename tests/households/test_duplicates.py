"""The duplicate finder: one spelling, slips of the pen, families that share much, and the command around it."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from households.duplicates.fields import CLOSE, DIFFERENT, NEAR, SAME, SLIP, day, mail, number, words
from households.duplicates.finder import Pair, find
from households.duplicates.person import Person, person

FAMILIES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂花建国华志红玉梅春生小海云山金宝成文"
FIELDS = "given=g,family=f,birth=b,id=i,place=p,phone=t"


@pytest.mark.parametrize(
    ("grade", "left", "right", "expected"),
    [
        (words, "秀兰", "秀兰", SAME),
        (words, "小明", "小红", DIFFERENT),  # brothers
        (words, "johnston", "johnstn", SLIP),
        (words, "nancy", "anncy", SLIP),
        (words, "wlisliam", "williams", CLOSE),  # letters in another order
        (words, "martha", "marhtas", CLOSE),
        (words, "dixon", "dicksonx", DIFFERENT),
        (words, "dwayne", "duane", NEAR),
        (words, "990101100201", "990101100202", NEAR),  # villages of one county
        (words, "990101100201", "990202100201", DIFFERENT),
        (day, "19540308", "19540308", SAME),
        (day, "19540308", "19540803", SLIP),  # exchanged
        (day, "19540308", "19640308", SLIP),
        (day, "19540308", "19540311", SLIP),
        (day, "19540308", "19541211", CLOSE),
        (day, "19540308", "19550411", NEAR),
        (day, "19540308", "19901120", DIFFERENT),
        (day, "1954", "19540308", NEAR),
        (day, "1954", "19550308", DIFFERENT),
        (number, "13800001234", "13800001234", SAME),
        (number, "13800001234", "1380001234", SLIP),
        (number, "13800001234", "13800001243", SLIP),
        (number, "13800001234", "13800012340", DIFFERENT),
        (mail, "a.li63@x.org", "a.li63@x.org", SAME),
        (mail, "a.li63@x.org", "ali63@y.org", SLIP),
        (mail, "mia.j63@martinez.biz", "mia.63@mratinze.biz", CLOSE),
        (mail, "mia@x.org", "mia@water-office.gov", NEAR),
        (mail, "tom@water-office.gov", "eleanor@water-offce.gov", NEAR),
        (mail, "mia@x.org", "tom@yz.gov", DIFFERENT),
    ],
)
def test_grades(grade: Any, left: str, right: str, expected: int) -> None:
    assert grade(left, right) == expected
    assert grade(right, left) == expected


def test_spellings_become_one_and_chinese_stays_chinese() -> None:
    typed = person(
        "1",
        {
            "given": "\uff38\uff29\uff35\u3000lan ",  # full width
            "family": "王",
            "birth": "\uff11954年3月8日",
            "id": "11010519491231002x",
            "phone": "+86 138-0000-1234",
            "place": "上 沟 村",
        },
    )

    assert typed == Person(
        "1", "xiu lan", "王", "19540308", "11010519491231002X", "13800001234", "", "上沟村"
    )


def test_resident_number_tells_the_birth_date_where_none_is_written() -> None:
    assert person("1", {"id": "11010519491231002X"}).birth == "19491231"
    assert person("1", {"id": "11010519491231002X", "birth": "1950-01-01"}).birth == "19500101"
    assert person("1", {"id": "110105194913310021"}).birth == ""


@pytest.mark.parametrize(
    ("name", "given", "family"),
    [
        ("王秀兰", "秀兰", "王"),
        ("欧阳 修", "修", "欧阳"),
        ("Mary Ann Lee", "mary ann", "lee"),
        ("王", "", "王"),
    ],
)
def test_whole_name_is_taken_apart(name: str, given: str, family: str) -> None:
    found = person("1", {"name": name})

    assert (found.given, found.family) == (given, family)


def household(number: int, draw: random.Random) -> Iterator[dict[str, str]]:
    """People of one family name, one telephone, one village; children share a character of their names."""
    family, generation, *own = draw.choice(FAMILIES), *draw.sample(GIVEN, 5)
    shared = {"p": f"9901011002{draw.randint(1, 20):02}", "t": f"138{number:08}"}
    for place, year in enumerate((1960, 1962, 1985, 1988)[: draw.randint(1, 4)]):
        born = f"{year + draw.randint(-2, 2)}{draw.randint(1, 12):02}{draw.randint(1, 28):02}"
        yield {
            "g": (own[place - 1] if place < 2 else generation) + own[place],
            "f": draw.choice(FAMILIES) if place == 1 else family,
            "b": born,
            "i": f"990101{born}{draw.randint(0, 9999):04}" if draw.random() < 0.7 else "",
            **shared,
        }


def with_slips(row: dict[str, str], draw: random.Random) -> dict[str, str]:
    """The same person written down again: one answer left out, two neighbouring digits exchanged."""
    left_out, slipped = draw.sample(["b", "i", "p", "t"], 2)
    text, place = row[slipped], draw.randint(6, 9)
    if len(text) > 10:
        text = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    return row | {slipped: text, left_out: ""}


def register(size: int) -> tuple[list[dict[str, str]], set[tuple[str, str]]]:
    draw = random.Random(20261128)
    rows: list[dict[str, str]] = []
    twice = set()
    for home in range(size):
        for row in household(home, draw):
            key = f"r{len(rows)}"
            rows.append(row | {"k": key})
            if draw.random() < 0.15:
                twice.add((key, f"r{len(rows)}"))
                rows.append(with_slips(row, draw) | {"k": f"r{len(rows)}"})
    return rows, twice


ROLES = dict(part.split("=") for part in FIELDS.split(","))


def people_of(rows: list[dict[str, str]]) -> list[Person]:
    return [person(row["k"], {role: row[column] for role, column in ROLES.items()}) for row in rows]


def test_people_written_down_twice_are_found_and_families_are_left_alone() -> None:
    rows, twice = register(250)

    pairs = find(people_of(rows))

    found = {(pair.a, pair.b) for pair in pairs}
    assert len(twice) > 60
    assert len(found & twice) >= 0.97 * len(twice)
    assert len(found & twice) >= 0.99 * len(found)
    assert find(people_of(rows)) == pairs


def test_twins_of_one_household_stay_two() -> None:
    rows, _twice = register(150)
    twins = {"f": "王", "b": "1999-05-01", "p": "上沟村", "t": "13800001234", "i": ""}

    pairs = find(people_of([*rows, {"k": "t1", "g": "家明", **twins}, {"k": "t2", "g": "家红", **twins}]))

    assert not [pair for pair in pairs if pair.a.startswith("t")]


def test_one_doubtful_record_does_not_chain_two_strangers() -> None:
    rows, _twice = register(150)
    one = {"g": "秀兰", "f": "王", "b": "1954-03-08", "i": "", "p": "上沟村", "t": "13800001234"}
    other = {"g": "秀兰", "f": "王", "b": "1987-11-20", "i": "", "p": "柳溪镇", "t": "13911112222"}
    doubtful = {"g": "秀兰", "f": "王", "b": "", "i": "", "p": "", "t": "13800001234"}
    added = [
        one | {"k": "o1"},
        one | {"k": "o2"},
        other | {"k": "n1"},
        other | {"k": "n2"},
        doubtful | {"k": "d"},
    ]

    found = {
        (pair.a, pair.b) for pair in find(people_of([*rows, *added])) if pair.b in {"o2", "n1", "n2", "d"}
    }

    assert ("o1", "o2") in found
    assert ("n1", "n2") in found
    assert not {(a, b) for a, b in found if a.startswith("o") and b.startswith("n")}


def test_a_group_knows_what_one_of_its_records_has_lost() -> None:
    rows, _twice = register(150)
    number = "11010519491231002X"
    added = [
        {"k": "a", "g": "秀兰", "f": "王", "b": "1954-03-08", "i": number, "p": "", "t": ""},
        {"k": "b", "g": "秀兰", "f": "王", "b": "", "i": number, "p": "", "t": "13800001234"},
        {"k": "c", "g": "", "f": "", "b": "1954-03-08", "i": "", "p": "", "t": "13800001234"},
    ]

    pairs = [pair for pair in find(people_of([*rows, *added])) if pair.a in "ab"]

    assert {(pair.a, pair.b) for pair in pairs} == {("a", "b"), ("a", "c"), ("b", "c")}


def test_what_is_not_known_proves_nothing() -> None:
    rows = [{"k": str(number), **dict.fromkeys("gfbipt", "")} for number in range(4)]

    assert find(people_of(rows)) == []


WIDOW = {"g": "秀兰", "f": "王", "b": "1954-03-08", "i": "", "p": "上沟村", "t": "13800001234"}


@pytest.mark.parametrize(
    ("changes", "is_one"),
    [
        ({}, True),
        ({"b": "1954-08-03"}, True),
        ({"t": ""}, True),
        ({"g": "王", "f": "秀兰"}, True),
        ({"g": "桂花", "b": "1961-11-20"}, False),  # her sister, at the same telephone
        ({"g": "小宝", "b": "2014-06-01"}, False),
        ({"p": "柳溪镇", "t": "13911112222", "b": "1990-01-02"}, False),  # of the same name elsewhere
    ],
)
def test_widow_is_met_again(changes: dict[str, str], is_one: bool) -> None:
    rows, _twice = register(150)
    others = [row for row in rows if row["f"] != "王"]

    pairs = find(people_of([*others, WIDOW | {"k": "w"}, WIDOW | changes | {"k": "x"}]))

    assert (("w", "x") in {(pair.a, pair.b) for pair in pairs}) is is_one


def test_group_lists_all_its_pairs_each_with_its_own_score() -> None:
    rows, _twice = register(150)
    third = {"k": "c", **WIDOW, "b": "", "t": "", "g": "秀兰", "i": "11010519491231002X"}
    second = {"k": "b", **WIDOW, "i": "11010519491231002X"}

    pairs = [pair for pair in find(people_of([*rows, {"k": "a", **WIDOW}, second, third])) if pair.a in "abc"]

    assert [(pair.a, pair.b) for pair in pairs] == [*combinations("abc", 2)]
    assert len({pair.cluster for pair in pairs}) == 1
    assert pairs[0].score > pairs[1].score
    assert isinstance(pairs[0], Pair)


HEAD = ["k", "g", "f", "b", "i", "p", "t"]


def write(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, HEAD)
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture
def table(tmp_path: Path) -> Path:
    rows, _twice = register(40)
    return write(tmp_path / "t.csv", [*rows, WIDOW | {"k": "=w"}, WIDOW | {"k": "x"}])


def test_command_writes_pairs_and_prints_one_object(capsys: Any, table: Path, tmp_path: Path) -> None:
    out = tmp_path / "pairs.csv"

    call_command("find_duplicates", str(table), "--key", "k", "--fields", FIELDS, "-o", str(out), "--json")

    found = json.loads(capsys.readouterr().out)
    rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    assert list(rows[0]) == ["a", "b", "score", "cluster"]
    assert (found["pairs"], found["clusters"]) == (len(rows), len({row["cluster"] for row in rows}))
    assert (found["file"], found["output"]) == ("t.csv", str(out))
    widow = next(row for row in rows if row["b"] == "x")
    assert widow["a"] == "'=w"  # a spreadsheet must not run it
    assert float(widow["score"]) > 0.9


def test_command_says_in_one_line_what_it_found(capsys: Any, table: Path, tmp_path: Path) -> None:
    out = tmp_path / "pairs.csv"

    call_command("find_duplicates", str(table), "--key", "k", "--fields", FIELDS, "-o", str(out))

    assert len(capsys.readouterr().out.splitlines()) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"file": "none.csv"},
        {"--key": "wine"},
        {"--fields": "given=wine"},
        {"--fields": "colour=g"},
        {"--fields": "given=g,given=f"},
        {"--fields": "given"},
        {"--fields": ","},
        {"--threshold": "2"},
        {"--key": "f"},
        {"-o": "no/such/folder.csv"},
        {"-o": "."},
        {"-o": "t.csv"},
    ],
)
def test_command_fault_is_one_line_and_nothing_is_written(
    capsys: Any, table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changes: dict[str, str]
) -> None:
    monkeypatch.chdir(tmp_path)
    before = table.read_bytes()
    asked = {"file": "t.csv", "--key": "k", "--fields": FIELDS, "-o": "pairs.csv"} | changes
    file = asked.pop("file")

    with pytest.raises(SystemExit) as ended:
        call_command("find_duplicates", file, *(word for pair in asked.items() for word in pair))

    assert ended.value.code == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["t.csv"]
    assert table.read_bytes() == before


@pytest.mark.parametrize("content", ["", "k,g,f,b,i,p,t\n", "k,g,f,b,i,p,t\n,a,b,,,,\n"])
def test_table_without_records_or_keys_is_one_line(capsys: Any, tmp_path: Path, content: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(content, encoding="utf-8")

    with pytest.raises(SystemExit) as ended:
        call_command(
            "find_duplicates", str(path), "--key", "k", "--fields", FIELDS, "-o", str(tmp_path / "p.csv")
        )

    assert ended.value.code == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
    assert not (tmp_path / "p.csv").exists()


def test_call_without_its_arguments_is_refused(table: Path) -> None:
    with pytest.raises(CommandError, match="required"):
        call_command("find_duplicates", str(table), "--key", "k")
