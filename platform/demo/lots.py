"""Made-up offers for the needs that are open: enough for a matching run over a register that was read from a file."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

from accounts.enums import Role
from accounts.services import load_duties
from common import clock
from common.actors import SYSTEM
from demo.giving import list_lot, register_giver
from demo.story.calendar import tell
from demo.story.givers import admit_fund_holder
from demo.story.world import World, hire, open_county
from donors.models import Lot
from households.models import Need
from reference.models import Item
from reference.services import load_reference
from reference.services.load import EDITION

PLACES = Path(__file__).parent / "data" / "survey_places.csv"  # the survey's made-up prefecture 9981
PREFECTURE = "9981"
DAYS = 30  # from the first day of the made-up county to today
GIVERS = 6


def offer_for_open_needs(*, share: int = 75) -> list[Lot]:
    """Lots for a share, in percent, of each item: two thirds by county, the rest for the whole prefecture.

    Those for the prefecture are for the worst off and give each household once; needs a database without people.
    """
    world = World(start=clock.today() - timedelta(days=DAYS))
    load_duties()
    load_reference(files=[PLACES], edition=EDITION, by=SYSTEM, at=world.at(0))
    open_county(world)
    tell(admit_fund_holder(world))
    hire(world, "shaoqu", "邵渠", Role.SOCIAL_WORKER, world.bodies["station"], prefix=PREFECTURE)
    givers = cycle([register_giver(world, number, firm=number % 2 == 0) for number in range(GIVERS)])
    items = {item.pk: item for item in Item.objects.all()}
    wanted: Counter[tuple[int, str]] = Counter()
    for item_id, area, amount in _still_missing():
        wanted[item_id, area[:6]] += amount * share * 2 // 3
        wanted[item_id, area[:4]] += amount * share - amount * share * 2 // 3
    lots = []
    for (item_id, area), hundredths in sorted(wanted.items()):
        item, quantity = items[item_id], hundredths // 100
        if quantity < item.smallest_part:
            continue
        conditions: list[dict[str, Any]] = [{"field": "region", "op": "within", "value": area}]
        if len(area) == 4:
            conditions += [
                {"field": "severity", "op": "at_least", "value": 3},
                {"field": "household_cap", "op": "at_most", "value": item.smallest_part},
            ]
        lots.append(
            list_lot(
                world, next(givers), item.slug, item.label_zh, quantity, DAYS - 1, conditions=conditions,
                worker="shaoqu",
                **({} if item.kind == "money" else {"fair_value": quantity * 10_000}),
            )
        )  # fmt: skip
    return lots


def _still_missing() -> list[tuple[int, str, int]]:
    rows = Need.objects.open_on(clock.today()).order_by("pk")
    return [(need.item_id, need.area, need.remaining) for need in rows]
