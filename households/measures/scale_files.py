"""A questionnaire out of its file; what is missing or makes no sense is named."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from households.measures.scales import REFUSED, Band, Choice, Question, Scale, Words

KINDS = {"sum", "worst"}


class Unreadable(Exception):
    """A file that is no questionnaire; the text says what is wrong with it."""


def read_scale(told: Mapping[str, Any]) -> Scale:
    """A scale out of its file; what is missing or makes no sense is named."""
    try:
        safety = told.get("safety", {})
        scale = Scale(
            code=told["code"],
            version=told["version"],
            title=_words(told["title"]),
            lead=_words(told["lead"]),
            licence=_words(told["licence"]),
            source=told["source"],
            own_wording=tuple(told.get("own_wording", ())),
            trained=bool(told["trained"]),
            youngest=int(told.get("youngest", 0)),
            better=told["better"],
            unit=told.get("unit", ""),
            kind=told["scoring"]["kind"],
            factor=int(told["scoring"].get("factor", 1)),
            questions=tuple(Question(one["slug"], _words(one)) for one in told["items"]),
            choices=tuple(Choice(one["slug"], int(one["points"]), _words(one)) for one in told["answers"]),
            bands=tuple(Band(int(one["from"]), bool(one["look"]), _words(one)) for one in told["bands"]),
            safety_item=safety.get("item", ""),
            safety_above=int(safety.get("above", 0)),
            safety_steps=tuple(Question(one["slug"], _words(one)) for one in safety.get("steps", ())),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unreadable(f"{type(error).__name__}: {error}") from error
    if fault := _fault(scale):
        raise Unreadable(fault)
    return scale


def _words(told: Mapping[str, Any]) -> Words:
    return Words(str(told["zh"]), str(told["en"]))


def _fault(scale: Scale) -> str:
    """What makes no sense in it, or nothing."""
    asked = [question.slug for question in scale.questions]
    offered = [choice.slug for choice in scale.choices]
    starts = [band.start for band in scale.bands]
    if not asked or len(offered) < 2 or not starts:
        return "it needs questions, at least two answers and at least one band"
    if len(set(asked)) < len(asked) or len(set(offered)) < len(offered) or REFUSED in offered:
        return "a question or an answer stands in it twice"
    if starts != sorted(set(starts)) or starts[0] > scale.factor * min(c.points for c in scale.choices):
        return "its bands begin at the lowest score and rise"
    if scale.kind not in KINDS or scale.better not in {"up", "down"}:
        return "its scoring is sum or worst, and better is up or down"
    if scale.safety_item and (scale.safety_item not in asked or not scale.safety_steps):
        return "its safety question is one of its questions, with the steps to take"
    return ""
