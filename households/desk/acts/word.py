"""Acts done by the family's own word, which the worker brings and shows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from files.services import keep
from households.desk.acts.base import Run, household_of


def brought(service: Callable[..., Any], name: str) -> Run:
    """The family's own word is kept on its file together with what the service does by it, or neither is."""

    @transaction.atomic
    def run(obj: Any, form: Any, by: User, at: datetime) -> Any:
        household, upload = household_of(obj), form.cleaned_data["upload"]
        kept = keep(upload=upload, purpose="confirmation_evidence", owner=household, by=by, at=at)
        return service(**{name: obj}, evidence=kept, by=by, at=at)

    return run
