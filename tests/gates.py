"""Every service that changes something refuses whoever may not: one table an app, held against the app's services.

A table names for each service what it is called with; whoever is sent through it must be refused for who they are, and
nothing may have changed. What the layers above call after their own check stands apart, with its reason, and no page,
form, admin or API may call it.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.apps import apps

from common.exceptions import Refused
from journal.models import Entry
from tests.cast import AT

ROOT = Path(__file__).parent.parent
EDGES = re.compile(r"(^|/)(admin|views|forms|api|pages|desk|urls|filters)(/|\.py$)")
WHO = frozenset(
    {
        "administrators_only", "by_rule_only", "invitation_needed", "no_party", "not_a_signer", "not_a_writer",
        "not_for_household", "not_your_agency", "not_your_area", "not_your_lot", "not_your_money", "not_your_offer",
        "not_your_project", "not_yours", "not_yours_to_change", "not_yours_to_tell", "officers_only", "other_place",
        "outside_area", "supervisor_needed", "supervisors_only", "workers_only", "not_in_team",
        "own_employer", "own_offer", "person_needed", "not_seen", "not_your_draft",
    }
)  # fmt: skip

Table = Mapping[str, Mapping[str, Any]]


def public_services(module: ModuleType) -> set[str]:
    """The functions an app offers to write with."""
    names = getattr(module, "__all__", None) or [
        name
        for name, value in vars(module).items()
        if inspect.isfunction(value) and value.__module__ == module.__name__
    ]
    return {name for name in names if inspect.isfunction(getattr(module, name)) and not name.startswith("_")}


def assert_complete(
    module: ModuleType, table: Table, below: Iterable[str], reads: Iterable[str] = ()
) -> None:
    """A new service is in the table, or says why not, before it is merged."""
    assert public_services(module) == {*table, *below, *reads}


def assert_out_of_reach(below: Iterable[str], *, owner: str) -> None:
    """Nothing of what others call after their own check is called where requests come in."""
    names = re.compile(rf"\b({'|'.join(below)})\b")
    source = [path for path in ROOT.rglob("*.py") if EDGES.search(path.relative_to(ROOT).as_posix())]
    called = {
        f"{path.relative_to(ROOT)}: {found.group()}"
        for path in source
        if not {".venv", "tests", "migrations"} & set(path.relative_to(ROOT).parts)
        for found in names.finditer(path.read_text())
        if owner in path.read_text()
    }
    assert called == set()


def state_of(*labels: str) -> dict[str, Any]:
    """Every row of these apps, and how long the journal is."""
    rows = {
        model._meta.label: list(model._base_manager.order_by("pk").values())
        for label in labels
        for model in apps.get_app_config(label).get_models()
    }
    return {**rows, "journal": Entry.objects.count()}


def assert_all_refused(module: ModuleType, table: Table, people: Mapping[str, Any], *labels: str) -> None:
    """Each of these people is refused by each service for who they are, and nothing has changed."""
    before = state_of(*labels)
    wrong = []
    for name, given in table.items():
        for who, by in people.items():
            try:
                getattr(module, name)(**given, by=by, at=AT)
            except Refused as refused:
                if refused.code not in WHO:
                    wrong.append(f"{name} refused {who} for {refused.code}")
            else:
                wrong.append(f"{name} let {who} through")
    assert wrong == []
    assert state_of(*labels) == before


def refused(code: str, act: Any, **given: Any) -> None:
    """Refused with this code."""
    with pytest.raises(Refused) as caught:
        act(**given)
    assert caught.value.code == code
