"""Every model hands its rows out through one gate, closed unless it says otherwise."""

from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, models

from common.admin import RecordAdmin
from common.gate import GatedQuerySet, OpenQuerySet
from tests.guards import tree

# Models of third parties have no gate; no page, admin or export of ours reaches them.
OURS = [model for model in apps.get_models() if tree.rank(model._meta.app_label) is not None]
# Rows that strangers may see, filtered by their own rule: published or in their public period.
PUBLIC_IN_PART = {
    "evaluation.Evaluation",
    "evaluation.Ranking",
    "evaluation.RankingRow",
    "evaluation.Rating",
    "knowledge.Article",
    "policy.EligibilityRule",
    "policy.Line",
    "policy.Policy",
    "projects.Milestone",
    "projects.Project",
    "projects.ProjectItem",
    "projects.StageGate",
}


def shows_nothing(rows: models.QuerySet[models.Model]) -> bool:
    """Whether the query is empty by itself, whatever the tables hold."""
    try:
        rows.query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
    except EmptyResultSet:
        return True
    return False


def gate_of(model: type[models.Model]) -> Any:
    return model._default_manager.all()


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_model_has_the_gate(model: type[models.Model]):
    assert callable(getattr(gate_of(model), "visible_to", None)), "give it a GatedQuerySet as objects"


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_stranger_sees_nothing_unless_declared_public(model: type[models.Model]):
    rows = gate_of(model)
    if isinstance(rows, OpenQuerySet) or model._meta.label in PUBLIC_IN_PART:
        return

    assert shows_nothing(rows.visible_to(AnonymousUser()))


def test_list_of_public_models_names_only_models_that_show_something():
    shown = {
        model._meta.label for model in OURS if not shows_nothing(gate_of(model).visible_to(AnonymousUser()))
    }

    assert shown >= PUBLIC_IN_PART


def test_gate_is_closed_by_default():
    model = next(model for model in OURS if type(gate_of(model)).seen_by is GatedQuerySet.seen_by)

    assert shows_nothing(gate_of(model).visible_to(AnonymousUser()))


def test_admin_registers_gated_read_only_models_of_ours():
    registered: dict[type[models.Model], Any] = {
        model: model_admin
        for model, model_admin in admin.site._registry.items()
        if tree.rank(model._meta.app_label) is not None
    }

    assert [m._meta.label for m, a in registered.items() if not isinstance(a, RecordAdmin)] == []
    assert [m._meta.label for m, a in registered.items() if not a.roles] == []
