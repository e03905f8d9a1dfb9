"""The form on paper, and the telephone on the pages of a family."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.households import walking


@pytest.mark.django_db
def test_paper_keeps_each_box_with_its_words_and_gives_people_room() -> None:
    page = walking.text(Client().get("/help/paper/"))

    table = page[page.index("<thead>") : page.index("</thead>")]
    heads = re.findall(r"<th[^>]*>([^<]+)", table)
    assert (len(heads), heads[1:3]) == (6, ["姓名", "性别"])
    assert page.count("<td>1</td><td></td>") == 1
    assert page.count('class="paper-choice">☐ ') > 10
    assert "　" not in page[page.index("</table>") :]


@pytest.mark.django_db
def test_telephone_stays_on_one_line(settings: object) -> None:
    settings.COUNTY_PHONE = "0991-0000000"  # type: ignore[attr-defined]

    page = walking.text(Client().get("/help/"))

    assert page.count('<span class="nowrap">0991-0000000</span>') == page.count("0991-0000000")
    assert "0991-0000000" in page
