"""The page of everybody one can be."""

from __future__ import annotations

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
