"""Charts: well-formed, readable by a screen reader, safe, without styles, with their table beside them."""

import re
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from common.charts import Row, bar_chart, line_chart

NAMESPACE = "{http://www.w3.org/2000/svg}"
HEADINGS = ("Township", "Families")
ROWS = [
    Row("Upper", 40, url="/upper/"),
    Row("Lower", 10, quiet=True),
    Row("Middle", None),
    Row("Old town", 0),
]
DRAWINGS = pytest.mark.parametrize("draw", [bar_chart, line_chart])


def root_of(chart) -> Any:
    return ElementTree.fromstring(chart.svg)


def parts(chart, tag: str) -> list[Any]:
    return list(ElementTree.fromstring(chart.svg).iter(NAMESPACE + tag))


@DRAWINGS
def test_chart_names_and_describes_itself(draw):
    root = root_of(draw(ROWS, title="Families by township", headings=HEADINGS))

    title, desc = root.find(NAMESPACE + "title"), root.find(NAMESPACE + "desc")
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    assert title.text == "Families by township"
    assert desc.text == "Upper: 40; Lower: 10; Middle: —; Old town: 0"


@DRAWINGS
def test_chart_carries_no_style_and_no_script(draw):
    assert not re.search(r"style|script|fill=|stroke=|\son\w+=", draw(ROWS, title="t", headings=HEADINGS).svg)


@DRAWINGS
def test_chart_escapes_what_people_wrote(draw):
    chart = draw([Row("<script>alert(1)</script>", 1)], title='"><img>', headings=HEADINGS)

    assert "<script" not in chart.svg
    assert "<img" not in chart.svg
    assert root_of(chart).find(NAMESPACE + "title").text == '"><img>'


@DRAWINGS
def test_two_charts_on_a_page_have_different_ids(draw):
    one, other = (draw([Row("a", value)], title="same", headings=HEADINGS) for value in (1, 2))

    ids = re.findall(r'\sid="([^"]+)"', one.svg + other.svg)
    assert len(ids) == len(set(ids)) == 4


def test_bars_are_as_long_as_their_values_and_unknown_is_a_dash():
    chart = bar_chart(ROWS, title="t", headings=HEADINGS)

    assert [(bar.get("class"), bar.get("width")) for bar in parts(chart, "rect")] == [
        ("bar", "480"),
        ("bar-quiet", "120"),
        ("bar", "0"),
        ("bar", "0"),
    ]
    assert [text.text for text in parts(chart, "text")][1::2] == ["40", "10", "—", "0"]


def test_negative_bar_runs_left_from_zero():
    chart = bar_chart([Row("up", 30), Row("down", -10)], title="t", headings=HEADINGS)

    assert [(bar.get("x"), bar.get("width")) for bar in parts(chart, "rect")] == [
        ("120", "360"),
        ("0", "120"),
    ]
    assert parts(chart, "line")[0].get("x1") == "120"


def test_line_breaks_where_a_figure_is_unknown():
    rows = [
        Row(str(year), value) for year, value in [(2021, 5), (2022, 7), (2023, None), (2024, 6), (2025, 8)]
    ]

    chart = line_chart(rows, title="t", headings=HEADINGS)

    assert [len(line.get("points").split()) for line in parts(chart, "polyline")] == [2, 2]
    assert len(parts(chart, "circle")) == 4


def test_line_stands_on_round_numbers_from_zero():
    chart = line_chart([Row("a", 3), Row("b", 87)], title="t", headings=HEADINGS)

    assert [text.text for text in parts(chart, "text")][:3] == ["0", "50", "100"]


def test_long_line_labels_five_of_its_rows():
    chart = line_chart([Row(f"month {number}", number) for number in range(24)], title="t", headings=HEADINGS)

    labels = [text.text for text in parts(chart, "text") if text.text.startswith("month")]
    assert labels == ["month 0", "month 6", "month 12", "month 17", "month 23"]


def test_long_label_is_cut_in_the_drawing_and_whole_in_the_table():
    label = "the association of the seven villages by the upper river"

    chart = bar_chart([Row(label, 1)], title="t", headings=HEADINGS)

    assert parts(chart, "text")[0].text.endswith("…")
    assert chart.table[0].label == label


def test_row_is_read_with_separators_or_as_told():
    assert str(Row("a", 18402)) == "18,402"
    assert str(Row("a", Decimal("7907.50"))) == "7,907.50"
    assert str(Row("a", 1840200, shown="18,402.00 yuan")) == "18,402.00 yuan"


@DRAWINGS
def test_component_shows_the_table_beside_the_drawing(draw):
    html = render_to_string(
        "components/chart.html",
        {"chart": draw(ROWS, title="Families", headings=HEADINGS, description="End of year")},
    )

    assert "<figcaption>Families</figcaption>" in html
    assert html.count("<svg") == 1
    assert html.count('<th scope="row">') == len(ROWS)
    assert '<a href="/upper/">Upper</a>' in html
    assert "style=" not in html


@DRAWINGS
def test_component_without_rows_says_so(draw):
    with translation.override("en"):
        html = render_to_string(
            "components/chart.html", {"chart": draw([], title="Families", headings=HEADINGS)}
        )

    assert "No figures yet" in html
    assert "<svg" not in html


@given(
    st.lists(
        st.builds(Row, st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=40),
                  st.none() | st.integers(-(10**12), 10**12) | st.decimals(-(10**6), 10**6, places=2)),
        min_size=1,
        max_size=30,
    ),
    st.sampled_from([bar_chart, line_chart]),
)  # fmt: skip
def test_any_rows_give_a_drawing_inside_its_frame(rows, draw):
    chart = draw(rows, title="t", headings=HEADINGS)
    _x, _y, width, height = map(float, root_of(chart).get("viewBox").split())

    for bar in parts(chart, "rect"):
        assert -0.1 <= float(bar.get("x")) <= width + 0.1
        assert float(bar.get("x")) + float(bar.get("width")) <= width + 0.2
    for mark in parts(chart, "circle"):
        assert 0 <= float(mark.get("cx")) <= width
        assert 0 <= float(mark.get("cy")) <= height
