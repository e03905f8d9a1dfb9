"""The way through the questions: which pages the answers so far make necessary, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.urls import reverse

from households.models import Draft
from households.pages.steps import BY_SLUG, FIRST_OF, MEMBERS, NEEDS, STEPS, Answers, Step

GONE = "gone"


@dataclass(frozen=True)
class Stop:
    """One page of one draft; its key names the answers."""

    step: Step
    slot: str = ""

    @property
    def key(self) -> str:
        return f"{self.step.slug}:{self.slot}" if self.slot else self.step.slug

    def url(self, draft: Draft, *, back: bool = False) -> str:
        parts = [draft.public_id, self.step.slug, *([self.slot] if self.slot else [])]
        address = reverse("households:apply_slot" if self.slot else "households:apply_step", args=parts)
        return f"{address}?back" if back else address


def route(answers: Answers) -> list[Stop]:
    """Every page these answers ask for, in order; each member and each need walks through its own pages."""
    stops: list[Stop] = []
    for loop, steps in groupby(STEPS, key=lambda step: step.loop):
        group = list(steps)
        for slot in slots(answers, loop) if loop else [""]:
            stops += [Stop(step, slot) for step in group if step.when(answers, slot)]
    return stops


def slots(answers: Answers, loop: str) -> list[str]:
    """The members or needs so far, the first one always among them."""
    found = {_number(key) for key in answers if key.startswith(f"{FIRST_OF[loop]}:")}
    return [f"{loop}{number}" for number in sorted(found | {1})]


def next_slot(answers: Answers, loop: str) -> str:
    """A number never used before, so that nobody takes over what was said about somebody else."""
    used = {_number(key) for key in answers if key.startswith((f"{FIRST_OF[loop]}:", f"{GONE}:{loop}"))}
    return f"{loop}{max(used | {1}) + 1}"


def _number(key: str) -> int:
    return int(key.rpartition(":")[2][1:])


def find(answers: Answers, slug: str, slot: str) -> Stop | None:
    """The page asked for: one on the way whose foregoing page is answered, or the first of one more member or need."""
    step = BY_SLUG.get(slug)
    if step is None:
        return None
    stop, stops = Stop(step, slot), route(answers)
    if stop in stops:
        before = (one for one in stops if one.step.slug == step.after and one.slot == slot)
        return stop if all(one.key in answers for one in before) else None
    opens = step.loop in {MEMBERS, NEEDS} and slug == FIRST_OF[step.loop]
    return stop if opens and slot == next_slot(answers, step.loop) else None


def unanswered(answers: Answers) -> Stop | None:
    """The first page still without an answer."""
    return next((stop for stop in route(answers) if stop.key not in answers), None)


def around(answers: Answers, stop: Stop) -> tuple[Stop | None, Stop | None, int, int]:
    """The page before, the page after, and where we are among how many; a new member counts as being the hub."""
    stops = route(answers)
    place = stops.index(stop) if stop in stops else stops.index(_hub(stop.step.loop))
    before = stops[place - 1] if place else None
    after = stops[place + 1] if place + 1 < len(stops) else None
    if stop not in stops:
        before, after = stops[place], stops[place]
    return before, after, place + 1, len(stops) + 1


def _hub(loop: str) -> Stop:
    return Stop(next(step for step in STEPS if step.adds == loop))


def obsolete(stop: Stop, answers: Answers, values: dict[str, Any]) -> list[str]:
    """The keys of pages whose answers no longer fit once this page says something else."""
    if answers.get(stop.key) in (None, values):
        return []
    suffix = f":{stop.slot}" if stop.slot else ""
    return [f"{slug}{suffix}" for slug in stop.step.resets]
