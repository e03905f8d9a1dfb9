"""A refusal by its code, with proof that it changed nothing: no row of ours, no entry of the journal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction

from common.exceptions import Refused

UNTOUCHED = {"reference"}  # loaded once; no service of a party writes there


@contextmanager
def refuses(code: str) -> Iterator[None]:
    """What happens inside is refused with this code and leaves every table as it was."""
    before = everything()
    with pytest.raises(Refused) as caught, transaction.atomic():
        yield
    assert caught.value.code == code
    assert everything() == before


def everything() -> dict[str, list[Any]]:
    """Every row of every table of ours."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values_list())
        for model in apps.get_models()
        if hasattr(model, "public_id") and model._meta.app_label not in UNTOUCHED
    }
