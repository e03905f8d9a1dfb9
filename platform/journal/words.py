"""An entry as a sentence: its act, its object and its facts, with the slug where no word is known."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from common.actors import SYSTEM
from journal.models import Entry
from journal.vocabulary import ACTS, FACTS


def act_in_words(action: str) -> str:
    """What was done; a move of a row is told by the row's kind and its new state."""
    if action in ACTS:
        return str(ACTS[action])
    label, _dot, state = action.rpartition(".")
    model = _model(label)
    if model is None or not hasattr(model, "STATES") or state not in model.STATES.values:
        return action
    return str(capfirst(f"{model._meta.verbose_name}: {model.STATES(state).label}"))


def kind_in_words(label: str) -> str:
    """The kind of object an entry is about."""
    model = _model(label)
    return label if model is None else str(capfirst(model._meta.verbose_name))


def actor_in_words(entry: Entry, names: dict[str, Any]) -> str:
    """Who did it: a person by name, the platform's own jobs as such, a household by the number it came with."""
    if entry.actor_kind == SYSTEM.actor_kind:
        return _("the platform")
    return str(names.get(entry.actor_ref, entry.actor_ref))


def facts_in_words(entry: Entry) -> list[tuple[str, str]]:
    """The parameters that say something, in the order of their names."""
    model = _model(entry.action.rpartition(".")[0])
    return [
        (str(FACTS.get(name, name)), _value(name, value, model))
        for name, value in sorted(entry.parameters.items())
        if value not in ("", None, [], {})
    ]


def _value(name: str, value: Any, model: Any) -> str:
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, list):
        return ", ".join(_value(name, one, model) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{FACTS.get(key, key)} {_value(key, one, model)}" for key, one in value.items())
    states = getattr(model, "STATES", None)
    if name == "before" and states is not None and value in states.values:
        return str(states(value).label)
    return str(value)


def _model(label: str) -> Any:
    if label.count(".") != 1:
        return None
    try:
        return apps.get_model(label)
    except LookupError:
        return None
