"""The page of everybody one can be."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from demo.people import SIGN_INS
from tests import cast as people


@pytest.mark.django_db
def test_query_codes_are_written_as_on_the_slip() -> None:
    cast = people.county()
    first = SIGN_INS[0].username
    people.hire(
        first, "林", "social_worker", organisation=cast.station, prefix=people.COUNTY, by=cast.administrator
    )
    code = people.widow_applies().query_code

    page = Client().get("/demo/").content.decode()

    assert f"{code[:5]}-{code[5:]}".upper() in page
    assert code not in page


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["/", "/demo/"])
def test_time_of_the_demonstration_is_one_chinese_sentence(page: str) -> None:
    cast, first = people.county(), SIGN_INS[0].username
    people.hire(
        first, "林", "social_worker", organisation=cast.station, prefix=people.COUNTY, by=cast.administrator
    )

    shown = Client().get(page).content.decode()

    assert re.search(r"现在是 [-0-9: ]+。", shown)
