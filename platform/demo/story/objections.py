"""Three families do not agree, and are right: one reads what was done, one is acted for, one is assessed anew."""

from __future__ import annotations

from common.actors import CodeHolder
from demo.story.calendar import Telling, together
from demo.story.world import World
from households import services
from households.models import Household, Objection, Remedy
from households.queries.decisions import standing_decisions


def families_are_right(world: World) -> Telling[None]:
    """Each goes its own way, in the same weeks."""
    yield from together(
        _apologised(world),
        _upheld(
            world,
            "cold",
            "match",
            203,
            text="透析每个月都要交钱，一次给完怕留不住，想分月给。",
            answers=("您说得对，透析是长年的花费，钱要给得合用。", "怎么给，由督导和您家重新商量。"),
        ),
        _upheld(
            world,
            "young",
            "assessment",
            201,
            text="评估的时候没有算孩子看病的花费。",
            answers=("您说得对，看病的花费应当算进去。", "换一位社工重新上门了解。"),
        ),
    )


def _apologised(world: World) -> Telling[None]:
    heard = yield from _upheld(
        world,
        "farmer",
        "conduct",
        185,
        text="上门没有提前打招呼，家里人正下地。",
        answers=("您说得对，上门应当提前一天打电话。", "以后先约好时间再来。"),
    )
    with (yield world.on(192)) as at:
        services.record_remedy(
            remedy=Remedy.objects.get(objection=heard),
            outcome="apologised",
            text="李督导已经登门道歉。以后上门前一天先打电话，约好时间再来。",
            done_on=at.date(),
            by=world.person("lidu"),
            at=at,
        )


def _standing(household: Household, subject: str) -> tuple[str, str]:
    """The first decision of this subject on the file."""
    return next(one.about for one in standing_decisions(household) if one.subject == subject)


def _upheld(
    world: World, family: str, subject: str, day: int, *, text: str, answers: tuple[str, str]
) -> Telling[Objection]:
    """Written by the family on its page; two supervisors who had no part in it find for the family."""
    with (yield world.on(day)) as at:
        application = world.things[f"application.{family}"]
        objection = services.file_objection(
            household=application.household,
            subject=subject,
            about=_standing(application.household, subject),
            text=text,
            channel="self",
            by=CodeHolder(application.public_id),
            at=at,
        )
    deciders = [world.person("zhaohua"), world.person("wuping")]
    with (yield world.on(day + 1)) as at:
        services.assign_objection(
            objection=objection, first=deciders[0], second=deciders[1], by=world.person("lidu"), at=at
        )
    for person, answer in zip(deciders, answers, strict=True):
        with (yield world.on(day + 3)) as at:
            services.decide_objection(objection=objection, opinion="uphold", answer=answer, by=person, at=at)
    return objection
