"""Code lists have versions, validity and foreign numbers; items are counted in whole smallest units."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from common.templatetags.ui import amount
from reference import queries
from reference.enums import ItemKind
from reference.models import Code, Item

pytestmark = pytest.mark.django_db


def slugs(list_slug: str, **options) -> list[str]:
    return [slug for slug, _ in queries.choices(list_slug, **options)]


def test_cause_list_has_the_fourteen_causes():
    assert len(slugs("cause", on=date(2026, 1, 1))) == 14
    assert len(slugs("cause", on=date(2014, 6, 1))) == 12


def test_hurting_words_are_not_offered_to_a_household():
    assert "motivation" in slugs("cause")
    assert "motivation" not in slugs("cause", for_household=True)


@pytest.mark.parametrize(
    ("day", "first"),
    [
        (date(2014, 6, 1), "general"),
        (date(2018, 6, 1), "general"),
        (date(2022, 6, 1), "ordinary"),
        (date(2026, 6, 1), "dibao"),
    ],
)
def test_household_attribute_follows_its_era(day: date, first: str):
    found = slugs("household_attribute", on=day)

    assert found[0] == first
    assert ("wubao" in found) == (day.year == 2014)
    assert ("unstable_exited" in found) == (day.year == 2022)


def test_the_same_number_means_different_things_in_different_systems():
    assert queries.from_external("cause", system="county-2017", number="01") == "illness"
    assert queries.from_external("cause", system="jiangsu-2010", number="1") == "disaster"
    assert queries.from_external("cause", system="jiangsu-2010", number="99") is None


def test_code_of_one_province_is_offered_there_alone():
    day = date(2012, 1, 1)

    assert "frail" in slugs("health", on=day, area="320102")
    assert "frail" not in slugs("health", on=day, area="640104")
    assert "frail" not in slugs("health", area="320102")


def test_ethnicities_are_the_national_standard():
    assert len(slugs("ethnicity")) == 58
    assert queries.from_external("ethnicity", system="GB/T-3304", number="03") == "hui"


def test_need_categories_and_their_sub_types_are_complete():
    categories = slugs("need_category")

    assert categories == [f"N{number:02d}" for number in range(1, 16)]
    assert all(slugs("need_subtype", parent=category) for category in categories)
    assert set(Item.objects.values_list("category", flat=True)) == set(categories)


def test_labels_speak_the_readers_language():
    with translation.override("en"):
        assert queries.label_of("cause", "illness") == "Illness"
    with translation.override("zh-hans"):
        assert queries.label_of("cause", "illness") == "因病"
    assert queries.label_of("cause", "unknown") == "unknown"


def test_every_code_and_item_speaks_both_languages():
    assert not Code.objects.filter(label_zh="").exists()
    assert not Code.objects.filter(label_en__regex=r"[一-鿿]").exists()
    assert not Item.objects.filter(label_en="").exists()


def test_unknown_list_offers_nothing():
    assert slugs("no_such_list") == []


def test_money_items_are_counted_in_fen():
    money = queries.get_item("living_aid")

    assert (money.kind, money.unit_factor, money.is_money) == (ItemKind.MONEY, 100, True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Item.objects.filter(pk=money.pk).update(unit_factor=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Item.objects.filter(pk=money.pk).update(smallest_part=0)


def test_amounts_are_shown_in_the_items_unit():
    with translation.override("zh-hans"):
        assert amount(3, queries.get_item("elder_care_hour")) == "1.5 小时"
        assert amount(2, queries.get_item("wheelchair")) == "2 辆"


def test_items_are_found_by_category_and_sub_type():
    assert {item.slug for item in queries.items(category="N02", sub_type="food")} == {
        "rice",
        "flour",
        "cooking_oil",
        "milk_powder",
    }
