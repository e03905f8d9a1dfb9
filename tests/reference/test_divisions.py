"""The committed divisions: exact counts, no orphans, names that repeat, places without a county level."""

from collections import Counter
from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from reference import queries
from reference.enums import Level
from reference.models import Division

pytestmark = pytest.mark.django_db


def test_national_counts_are_exact_and_leave_the_demonstration_out():
    assert queries.national_counts() == {
        "province": 31,
        "prefecture": 342,
        "county": 2978,
        "township": 41352,
        "village": 2912,
    }
    assert Division.objects.current().filter(fictional=True, level=Level.VILLAGE).count() == 24
    assert not Division.objects.national().filter(code__startswith="99").exists()


def test_no_division_is_an_orphan():
    codes = set(Division.objects.current().values_list("code", flat=True))

    assert [
        row for row in Division.objects.current() if row.parent_code and row.parent_code not in codes
    ] == []


def test_county_names_repeat_28_times():
    names = Counter(
        Division.objects.current().national().filter(level=Level.COUNTY).values_list("name", flat=True)
    )

    assert sum(1 for count in names.values() if count > 1) == 28


@pytest.mark.parametrize(("prefecture", "name"), [("4419", "东莞市"), ("4420", "中山市"), ("4604", "儋州市")])
def test_prefecture_without_counties_has_one_pseudo_county(prefecture: str, name: str):
    counties = list(queries.children(prefecture))

    assert [(row.code, row.name) for row in counties] == [(f"{prefecture}00", name)]
    assert queries.children(f"{prefecture}00").count() > 15
    assert queries.path_label(f"{prefecture}00").split(" / ")[1:] == [name]


def test_one_code_is_in_force_once():
    row = Division.objects.current().get(code="640104")

    with pytest.raises(IntegrityError), transaction.atomic():
        Division.objects.create(level=3, code="640104", edition="2024", name="兴庆区")
    with pytest.raises(IntegrityError), transaction.atomic():
        Division.objects.create(level=4, code="640199", edition="2024", name="错级")

    assert Division.objects.current().get(code="640104").pk == row.pk


def test_children_of_nothing_are_the_provinces_and_of_a_village_nobody():
    assert queries.children("").filter(fictional=False).count() == 31
    assert not queries.children("640104001002").exists()
    assert not queries.children("64x").exists()


def test_subtree_is_a_prefix_range_up_to_the_last_prefix():
    assert len(queries.codes_in("64", level=Level.VILLAGE)) == 2912
    assert len(queries.codes_in("99")) == 37
    assert queries.codes_in("640104001")[0] == "640104001"


def test_path_label_takes_one_query_and_drops_fillers(django_assert_num_queries):
    with django_assert_num_queries(1):
        found = queries.path_labels(["110101001", "640104001002", "130124", "441900003", "990101101299"])

    assert found == {
        "110101001": "北京市 / 东城区 / 东华门街道",
        "640104001002": "宁夏回族自治区 / 银川市 / 兴庆区 / 凤凰北街街道 / 崇安社区居委会",
        "130124": "河北省 / 石家庄市 / 栾城县",
        "441900003": "广东省 / 东莞市 / 东城街道",
        "990101101299": "演示省 / 示范市 / 清河县 / 柳溪镇 / 990101101299",
    }


def test_strangers_see_every_division():
    assert Division.objects.visible_to(AnonymousUser()).count() == Division.objects.count()


def test_text_is_understood_as_name_path_or_code():
    def found(text: str, level: Level, prefix: str = "") -> list[str]:
        return [row.code for row in queries.match_text(text, level=level, prefix=prefix)]

    assert found("清河县 柳溪镇 上沟村", Level.VILLAGE) == ["990101101202"]
    assert found("演示省/示范市/青石县/青石村委会", Level.VILLAGE) == ["990102100201"]
    assert found("990101101202 上沟村委会", Level.VILLAGE) == ["990101101202"]
    assert found("朝阳区", Level.COUNTY) == ["110105", "220104"]
    assert found("朝阳区", Level.COUNTY, prefix="22") == ["220104"]
    assert found("640000", Level.PROVINCE) == ["64"]
    assert found("没有的村", Level.VILLAGE) == []
    assert found("  ", Level.VILLAGE) == []


def test_designations_are_half_open_periods():
    assert "640323" in queries.designated("poor_county_832", on=date(2018, 9, 28))
    assert "640323" not in queries.designated("poor_county_832", on=date(2018, 9, 29))
    assert [label for _, label in queries.designations_of("640324100", on=date(2022, 1, 1))] != []
