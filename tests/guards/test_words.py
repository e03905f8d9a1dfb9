"""What the journal and the jobs record has a word: no slug stands alone before a reader."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from inspect import signature
from pathlib import Path

from django.apps import apps
from django.utils import translation

from common.recording import record
from common.states import StatefulModel, move
from evaluation.parameters import Parameters, stored
from evaluation.vocabulary import PARAMETERS
from jobs.registry import titles
from journal.vocabulary import ACTS, FACTS
from journal.words import act_in_words
from tests.guards import tree

OF_THE_SUITE = "suite."  # tests of the worker process bring work of their own


def recorded_in(path: Path) -> Iterator[str]:
    """The literal first argument of every `record(…)` and `record_all(…)`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        called = getattr(node, "func", None)
        if isinstance(node, ast.Call) and {"record", "record_all"} & {
            getattr(called, "id", ""),
            getattr(called, "attr", ""),
        }:
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def test_every_recorded_act_has_a_word() -> None:
    acts = {act for path in tree.modules() for act in recorded_in(path)}

    assert sorted(acts - set(ACTS)) == []
    assert sorted(set(ACTS) - acts - {"identity.revealed"}) == []


def facts_in(path: Path) -> Iterator[str]:
    """What every `record(…)`, `facts(…)` and `move(…)` writes down beside actor, moment and reason."""
    known = {*signature(record).parameters, *signature(move).parameters}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        called = getattr(node, "func", None)
        if isinstance(node, ast.Call) and {"record", "facts", "move"} & {
            getattr(called, "id", ""),
            getattr(called, "attr", ""),
        }:
            yield from (word.arg for word in node.keywords if word.arg and word.arg not in known)


def test_every_recorded_fact_has_a_word() -> None:
    facts = {fact for path in tree.modules() for fact in facts_in(path)}

    assert sorted(facts - set(FACTS)) == []


def test_every_move_is_told_by_the_kind_and_the_new_state() -> None:
    moves = [
        f"{model._meta.label_lower}.{state}"
        for model in apps.get_models()
        if issubclass(model, StatefulModel)
        for state in model.STATES.values
    ]

    assert [move for move in moves if act_in_words(move) == move] == []


def test_every_kind_of_job_has_a_title() -> None:
    with translation.override("en"):
        assert [kind for kind, title in titles() if title == kind and not kind.startswith(OF_THE_SUITE)] == []


def keys_of(content: object) -> Iterator[str]:
    if isinstance(content, dict):
        for key, value in content.items():
            yield key
            yield from keys_of(value)


def test_every_parameter_of_the_rating_policy_has_a_name() -> None:
    bands = {"A", "B", "C", "D", "E"}

    assert sorted(set(keys_of(stored(Parameters()))) - set(PARAMETERS) - bands) == []
