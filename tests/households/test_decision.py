"""The supervisor decides: filed with open needs, or refused with a reason; never alone and never for oneself."""

from __future__ import annotations

import pytest

from households.models import Household, Need
from tests import cast as people
from tests.cast import AT, Cast


@pytest.fixture
def cast(db: None) -> Cast:
    return people.county()


def test_approval_files_the_household_and_opens_its_needs(cast: Cast) -> None:
    application = people.approved(people.widow_applies(), cast)

    household = Household.objects.get()
    assert (application.state, household.state, household.filed_at) == ("approved", "active", AT)
    assert household.cause_main == "illness"
    assert list(Need.objects.order_by("pk").values_list("state", "severity", "severity_rule")) == [
        ("open", 4, "severity-1"),
        ("open", 4, "severity-1"),
    ]
