"""The parties of an entrustment talk: before they sign, about a new version, and when nothing is left to do."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from common.actors import SYSTEM
from delivery import services as delivery
from delivery.models import Agreement
from demo.story.calendar import Telling
from demo.story.world import World


def discuss(
    world: World, agreement: Agreement, content: dict[str, Any], user: User, day: int
) -> Telling[Agreement]:
    """The fund holder asks for one sentence more; the agency answers with a second version."""
    with (yield world.on(day, 10, 10)) as at:
        delivery.open_negotiation(agreement=agreement, by=user, at=at)
    with (yield world.on(day, 10, 25)) as at:
        remark = delivery.ask_for_change(
            agreement=agreement,
            kind="reporting",
            text="请写明凭证几天内交给我们。",
            by=world.person("cishan"),
            at=at,
        )
    with (yield world.on(day, 10, 40)) as at:
        agreement = delivery.rewrite_agreement(
            agreement=agreement,
            content={**content, "reporting": f"{content['reporting']}凭证在花费后十五日内交齐。"},
            amount=agreement.amount,
            start=agreement.start,
            end=agreement.end,
            answer="已写明十五日。",
            seen=[remark.public_id],
            by=user,
            at=at,
        )
    with (yield world.on(day, 10, 50)) as at:
        return delivery.open_signing(agreement=agreement, by=user, at=at)


def ask_for_more(world: World, agreement: Agreement, user: User, day: int) -> Telling[None]:
    """A new version of an entrustment in force waits for the answer to a remark."""
    with (yield world.on(day)) as at:
        agreement = Agreement.objects.get(pk=agreement.pk)
        newer = delivery.amend_agreement(
            agreement=agreement,
            content={**agreement.content, "duties": f"{agreement.content['duties']}每月多上门一次。"},
            amount=agreement.amount,
            start=agreement.start,
            end=agreement.end,
            by=user,
            at=at,
        )
        delivery.open_negotiation(agreement=newer, by=user, at=at)
    with (yield world.on(day, 15)) as at:
        delivery.ask_for_change(
            agreement=newer,
            kind="money",
            text="多上门的路费从哪一笔出，请写清楚。",
            by=world.person("cishan"),
            at=at,
        )


def end_together(world: World, agreement: Agreement, user: User, day: int) -> Telling[None]:
    """Nothing is left to do, so all three parties let the agreement end."""
    with (yield world.on(day)) as at:
        ending = delivery.ask_ending(
            agreement=agreement,
            ground="mutual",
            reason="项目没有通过结项，剩余工作不再继续。",
            by=user,
            at=at,
        )
    for hour, name in ((11, "cishan"), (12, "lidu")):
        with (yield world.on(day, hour)) as at:
            delivery.answer_ending(ending=ending, answer="yes", text="", by=world.person(name), at=at)
    with (yield world.on(day, 13)) as at:
        delivery.settle_due_endings(by=SYSTEM, at=at)
