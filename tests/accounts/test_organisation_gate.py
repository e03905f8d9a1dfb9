"""An organisation on record is changed by the system administrator, its telephone by whoever manages it."""

from __future__ import annotations

import pytest

from accounts.enums import Role
from accounts.services import organisations
from common.actors import CodeHolder
from tests.cast import county, hire
from tests.gates import assert_all_refused, assert_complete

# Anybody with an account may register a body, once for a credit code; no right comes of it but the own seat.
OPEN = {"create_organisation"}


@pytest.mark.django_db
def test_nobody_else_changes_an_organisation() -> None:
    cast = county()
    mill = cast.mill
    table = {"edit_organisation": {"organisation": mill, "version": mill.version, "phone": "010"}}
    people = {
        "another body's donor": hire(
            "giver", "甲", Role.DONOR, organisation=cast.association, by=cast.administrator
        ),
        "its own donor who does not manage it": hire(
            "own", "乙", Role.DONOR, organisation=mill, by=cast.administrator
        ),
        "the county's supervisor": cast.supervisor,
        "another county's worker": cast.stranger,
        "a household": CodeHolder("a"),
    }

    assert_complete(organisations, table, OPEN)
    assert_all_refused(organisations, table, people, "accounts")
