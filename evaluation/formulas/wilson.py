"""Wilson bounds of a yes-or-no share: three of three is less sure than forty-five of fifty (domain §11.2)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

Z = Decimal("1.96")
PLACES = Decimal("0.000001")


class Bounds(NamedTuple):
    low: Decimal
    high: Decimal


def wilson(successes: int, total: int, *, z: Decimal = Z) -> Bounds | None:
    """The 95 % score interval; None when nothing was counted, which is not zero."""
    if not 0 <= successes <= total:
        raise ValueError("successes lie between none and all")
    if total == 0:
        return None
    share, n = Decimal(successes) / total, Decimal(total)
    centre = share + z**2 / (2 * n)
    half = z * (share * (1 - share) / n + z**2 / (4 * n**2)).sqrt()
    scale = 1 + z**2 / n
    low, high = (centre - half) / scale, (centre + half) / scale
    return Bounds(
        max(low, Decimal(0)).quantize(PLACES, ROUND_HALF_UP),
        min(high, Decimal(1)).quantize(PLACES, ROUND_HALF_UP),
    )
