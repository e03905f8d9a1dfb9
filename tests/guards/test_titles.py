"""Every row has a title that says what it is, whose number and which day; no random name, no person's name."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.db import models
from django.utils.functional import Promise

from common.models import Record
from tests.guards import tree

DESK = [
    model
    for model in admin.site._registry
    if issubclass(model, Record) and tree.rank(model._meta.app_label) is not None
]
TITLED = [model for model in DESK if model.TITLE]
OF_PEOPLE = {"name", "username", "phone", "address", "id_number"}


@pytest.mark.parametrize("model", DESK, ids=lambda model: model._meta.label)
def test_row_of_the_desk_has_a_title(model: type[Record]) -> None:
    fields = {field.name for field in model._meta.fields}

    assert model.TITLE or "number" in fields or model.__str__ is not Record.__str__


@pytest.mark.parametrize("model", DESK, ids=lambda model: model._meta.label)
def test_list_of_the_desk_has_a_name_of_its_own(model: type[Record]) -> None:
    assert isinstance(model._meta.verbose_name, Promise)  # a translated one, not the class in English
    assert isinstance(model._meta.verbose_name_plural, Promise)


@pytest.mark.parametrize("model", TITLED, ids=lambda model: model._meta.label)
def test_title_names_columns_that_exist_and_nobody(model: type[Record]) -> None:
    for path in model.TITLE:
        *through, name = path.split(".")
        at: Any = model
        for step in through:
            at = at._meta.get_field(step).related_model
        if isinstance(getattr(at, name, None), property):  # an organisation's own name
            assert at._meta.label in {"implementers.FundHolder", "implementers.Agency"}
            continue
        assert isinstance(at._meta.get_field(name), models.Field)
        assert name not in OF_PEOPLE, f"{model._meta.label}: {path}"
