"""The place field takes a name, a path or a code and gives a code of today."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.forms import Form
from reference.enums import Level
from reference.fields import DivisionField, limit

pytestmark = pytest.mark.django_db


class PlaceForm(Form):
    village = DivisionField(level=Level.VILLAGE)
    county = DivisionField(level=Level.COUNTY, required=False)


def filled(village: str = "990101101202", county: str = "", prefix: str = "") -> PlaceForm:
    form = PlaceForm({"village": village, "county": county})
    limit(form, "village", prefix)
    form.is_valid()
    return form


@pytest.mark.parametrize(
    "text",
    [
        "990101101202",
        "990101101202 上沟村委会",
        "清河县 柳溪镇 上沟村",
        " 演示省/清河县/上沟村委会 ",
        "清河县柳溪镇上沟村",
        "柳溪镇上沟村委会",
    ],
)
def test_place_is_understood(text: str):
    assert filled(text).cleaned_data == {"village": "990101101202", "county": ""}


@pytest.mark.parametrize("text", ["没有的村", "990101", "990101101299", "640104001002 别名 别处"])
def test_unknown_place_is_refused(text: str):
    form = filled(text, prefix="99")

    assert form.errors.as_data()["village"][0].code == "unknown_place"


def test_ambiguous_name_names_its_candidates():
    form = filled(county="朝阳区")

    error = form.errors.as_data()["county"][0]
    assert error.code == "several_places"
    assert "110105" in str(error.messages)
    assert "吉林省 / 长春市 / 朝阳区" in str(error.messages)


def test_place_outside_the_area_is_refused():
    assert "village" in filled("990101101202", prefix="990102").errors
    assert not filled("990101101202", prefix="990101").errors


def test_villages_of_the_area_are_offered_with_a_fixed_number_of_queries():
    form = PlaceForm()
    limit(form, "village", "990101")

    with CaptureQueriesContext(connection) as seen:
        html = str(form["village"])

    assert html.count("<option") == 17
    assert "990101101202 上沟村委会" in html
    assert "柳溪镇" in html
    assert len(seen) == 2


def test_whole_country_is_not_offered_as_a_list():
    form = PlaceForm()
    limit(form, "village", "64")

    assert "<option" not in str(form["village"])
    assert "<option" not in str(PlaceForm()["village"])


def test_stored_code_is_shown_with_its_name():
    assert 'value="640104 兴庆区"' in str(PlaceForm(initial={"county": "640104"})["county"])
