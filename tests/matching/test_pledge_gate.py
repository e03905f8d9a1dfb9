"""A pledge is made by the donor itself, asked of the service."""

from __future__ import annotations

from typing import Any

import pytest

from common.actors import CodeHolder
from matching import services
from tests.delivery.scene import opening, verified_donor
from tests.gates import assert_all_refused


@pytest.mark.django_db
def test_nobody_pledges_for_another_donor() -> None:
    scene = opening()
    other, _donor = verified_donor(scene.cast, 42, "别的工厂")
    pledge: dict[str, Any] = {
        "need": scene.quilts, "donor": scene.donor, "quantity": 1, "fund_holder": None, "binding": "intention",
        "confirm_each": False,
    }  # fmt: skip
    people = {
        "another donor": other,
        "the county's worker": scene.cast.worker,
        "another county's worker": scene.cast.stranger,
        "an agency": scene.leader,
        "a household": CodeHolder("a"),
    }

    assert_all_refused(services, {"pledge_to_need": pledge}, people, "matching", "donors", "households")
