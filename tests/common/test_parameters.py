"""Parameters survive JSON unchanged, and nothing is filled in behind anybody's back."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import pytest

from common.parameters import as_json, from_json


@dataclass(frozen=True)
class Sample:
    version: str = "sample-1"
    days: int = 3
    rate: Decimal = Decimal("0.1")
    floors: tuple[Decimal, ...] = (Decimal(1), Decimal("2.50"))
    weights: Mapping[str, Decimal] = field(default_factory=lambda: {"a": Decimal("0.3")})


def test_parameters_come_back_equal_through_json():
    changed = Sample(version="sample-2", floors=(Decimal("0.1"),), weights={"b": Decimal("0.7")})

    assert from_json(Sample, json.loads(json.dumps(as_json(changed)))) == changed


def test_parameters_keep_every_digit():
    assert as_json(Sample())["floors"] == ["1", "2.50"]


@pytest.mark.parametrize("change", [{"days": None}, {"extra": 1}])
def test_missing_or_unknown_parameter_is_an_error(change):
    stored = as_json(Sample()) | change
    if change.get("days", 1) is None:
        del stored["days"]

    with pytest.raises(ValueError, match=next(iter(change))):
        from_json(Sample, stored)


def test_parameter_of_another_type_is_an_error():
    with pytest.raises(ValueError, match="int"):
        from_json(Sample, as_json(Sample()) | {"days": "three"})
