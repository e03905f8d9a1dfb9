"""load_reference: idempotent, all or nothing, one clear line for what it cannot read."""

import gzip
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from common import clock
from common.actors import SYSTEM
from common.exceptions import Refused
from journal.models import Entry
from reference import queries
from reference.models import Code, CodeList, Designation, Division, Item, WorkCalendar
from reference.services import load_reference

pytestmark = pytest.mark.django_db
VILLAGES = "code,name,streetCode,provinceCode,cityCode,areaCode\n"
STREETS = "code,name,areaCode,provinceCode,cityCode\n"


def load(*files: Path, **options: Any) -> dict[str, Any]:
    out = StringIO()
    call_command("load_reference", *map(str, files), json=True, stdout=out, **options)
    counts: dict[str, Any] = json.loads(out.getvalue())
    return counts


def file(folder: Path, text: str, name: str = "villages.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def everything() -> list[object]:
    models = (Division, Designation, CodeList, Code, Item, WorkCalendar, Entry)
    return [list(model.objects.order_by("pk").values_list()) for model in models]


def test_second_import_changes_nothing():
    before = everything()

    counts = load()

    assert everything() == before
    assert all(tally["created"] == tally["changed"] == 0 for tally in counts["loaded"].values())
    assert counts["loaded"]["divisions"]["unchanged"] == 47652
    assert counts["national"]["township"] == 41352


def test_villages_of_another_province_load_by_the_same_command(tmp_path: Path):
    path = file(
        tmp_path,
        VILLAGES
        + "110101001001,多福巷社区居委会,110101001,11,1101,110101\n"
        + '110101001002,"银闸社区居委会",110101001,11,1101,110101\n',
    )

    first, second = load(path), load(path)

    assert first["loaded"]["divisions"] == {"created": 2, "changed": 0, "unchanged": 0}
    assert second["loaded"]["divisions"] == {"created": 0, "changed": 0, "unchanged": 2}
    assert queries.national_counts()["village"] == 2914
    assert queries.path_label("110101001001") == "北京市 / 东城区 / 东华门街道 / 多福巷社区居委会"


def test_gzip_and_byte_order_mark_are_read(tmp_path: Path):
    path = tmp_path / "streets.csv.gz"
    path.write_bytes(gzip.compress(("\ufeff" + STREETS + "640104999,试验街道,640104,64,6401\n").encode()))

    assert load(path)["loaded"]["divisions"]["created"] == 1


def test_import_is_journaled_once_and_a_repeat_is_not(tmp_path: Path):
    path = file(tmp_path, STREETS + "640104999,试验街道,640104,64,6401\n")
    before = Entry.objects.filter(action="reference.loaded").count()

    load(path)
    load(path)

    entries = Entry.objects.filter(action="reference.loaded").order_by("-id")
    assert entries.count() == before + 1
    assert entries[0].parameters == {"divisions": {"created": 1, "changed": 0, "unchanged": 0}}


def test_name_is_corrected_within_its_edition(tmp_path: Path):
    path = file(tmp_path, STREETS + "640104001,凤凰街街道,640104,64,6401\n")

    assert load(path)["loaded"]["divisions"]["changed"] == 1
    assert Division.objects.get(code="640104001").name == "凤凰街街道"


def test_newer_edition_ends_the_older_name_and_points_onward(tmp_path: Path):
    path = file(tmp_path, STREETS + "640104001,凤凰街街道,640104,64,6401\n")

    load(path, edition="2025")

    ended = Division.objects.ended().get(code="640104001")
    assert (ended.edition, ended.valid_to.year, ended.successors) == (
        "2023",
        2025,
        [{"code": "640104001", "year": 2025}],
    )
    assert [row.name for row in queries.resolve("640104001")] == ["凤凰街街道"]
    assert queries.national_counts()["township"] == 41352


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("code,name,streetCode,provinceCode,cityCode\n", "areaCode"),
        ("code,title\n64,宁夏\n", "title"),
        ("code,name,name\n64,宁夏,宁夏\n", "name"),
        ("", "villages.csv"),
        (VILLAGES, "villages.csv"),
        (VILLAGES + "6401040010,短码,640104001,64,6401,640104\n", "villages.csv:2"),
        (VILLAGES + "640104001900,错位,640104002,64,6401,640104\n", "streetCode"),
        (VILLAGES + "640104001900,甲村,640104001,64,6401,640104\n" * 2, "villages.csv:3"),
        (VILLAGES + "640104001900,,640104001,64,6401,640104\n", "640104001900"),
        (VILLAGES + "640104001900,甲村,640104001,64,6401\n", "villages.csv:2"),
        (VILLAGES + "640104888001,孤村,640104888,64,6401,640104\n", "640104888"),
        ("date,working,label_zh,label_en,provisional,document\n2028-02-30,0,,,0,\n", "2028-02-30"),
    ],
)
def test_bad_file_is_refused_in_one_line_and_nothing_changes(tmp_path: Path, text: str, says: str):
    good = file(tmp_path, STREETS + "640104999,试验街道,640104,64,6401\n", "streets.csv")
    bad = file(tmp_path, text)
    before = everything()

    with pytest.raises(CommandError) as refusal:
        load(good, bad)

    assert says in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert refusal.value.returncode == 2
    assert everything() == before


def test_refusal_of_a_file_has_one_code(tmp_path: Path):
    path = file(tmp_path, VILLAGES)
    before = everything()

    with pytest.raises(Refused) as refusal:
        load_reference(files=[path], by=SYSTEM, at=clock.now())

    assert refusal.value.code == "reference_file"
    assert everything() == before


@pytest.mark.parametrize("content", [b"\xff\xfe\x00bad", b"code,name\n64,\xb0\xa1\n"])
def test_file_that_is_not_utf8_is_refused(tmp_path: Path, content: bytes):
    path = tmp_path / "areas.csv"
    path.write_bytes(content)

    with pytest.raises(CommandError, match=r"areas\.csv"):
        load(path)


def test_quiet_run_prints_its_object_all_the_same(tmp_path: Path):
    done = load(file(tmp_path, STREETS + "640104999,试验街道,640104,64,6401\n"), verbosity=0)

    assert done["loaded"]


def test_missing_file_is_refused(tmp_path: Path):
    with pytest.raises(CommandError, match=r"nowhere\.csv"):
        load(tmp_path / "nowhere.csv")


def test_edition_must_be_a_year(tmp_path: Path):
    path = file(tmp_path, STREETS + "640104999,试验街道,640104,64,6401\n")

    with pytest.raises(CommandError):
        load(path, edition="latest")
    with pytest.raises(CommandError):  # an older edition may not rename what a newer one states
        load(file(tmp_path, STREETS + "640104001,老街道,640104,64,6401\n"), edition="2020")
