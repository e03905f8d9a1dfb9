"""Givers in numbers: registered, checked, and their offers listed, each step by the donors' own services."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from accounts.services import open_account
from demo.story.world import COUNTY, World, credit_code
from donors import services as donors
from donors.models import Donor, Lot
from donors.services.parties import Body
from reference.queries import get_item

FIRST_DAY = 10  # of the county: who gives has registered on it


@dataclass(frozen=True)
class Giver:
    """A donor and the person who acts for it."""

    donor: Donor
    user: User


def register_giver(world: World, number: int, *, firm: bool) -> Giver:
    """Registered by themselves, checked by a worker, shown on the boards."""
    body = None
    if firm:
        code = credit_code(5_000 + number, head="91")
        name = f"清河县第{number:03d}商贸有限公司"
        body = Body(name=name, uscc=code, area=COUNTY, legal_representative=f"捐赠人{number}")
    with world.on(FIRST_DAY) as at:
        user = open_account(username=f"donor{number:04d}", name=f"捐赠人{number}", at=at)
        donor = donors.register_donor(
            user=user, kind="enterprise" if firm else "individual", body=body, name=user.name, show_name=True,
            on_boards=True, contact_name=user.name, contact_phone=f"138{number:08d}", by=user, at=at,
        )  # fmt: skip
    with world.on(FIRST_DAY + 1) as at:
        donor = donors.verify_donor(
            donor=donor, seen="营业执照原件（演示）" if firm else "", by=world.person("zhoumin"), at=at
        )
    return Giver(donor, user)


def list_lot(
    world: World,
    giver: Giver,
    slug: str,
    title: str,
    quantity: int,
    day: int,
    *,
    conditions: Iterable[Mapping[str, Any]] = (),
    worker: str = "hejing",
    **more: Any,
) -> Lot:
    """Written and sent by the donor; after the ten minutes looked at and listed by the station."""
    item, looks = get_item(slug), world.person(worker)
    if item.kind == "money":
        more["fund_holder"] = world.bodies["cishan"]
    if item.kind == "goods":
        more["goods_condition"] = "new"
    with world.on(day, 9) as at:
        lot = donors.draft_lot(
            donor=giver.donor, title=title, items=[item], quantity=quantity, conditions=conditions, by=giver.user,
            at=at, **more,
        )  # fmt: skip
        donors.submit_lot(lot=lot, by=giver.user, at=at)
    with world.on(day, 10) as at:
        donors.review_lot(lot=lot, by=looks, at=at)
        return donors.list_lot(lot=lot, by=looks, at=at)
