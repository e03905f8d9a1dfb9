"""The acts offered on one row, each with its page."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from households.desk.acts import offered
from households.desk.words import act_url


def acts_on(row: Any, user: User) -> list[tuple[Any, str]]:
    return [(act, act_url(row, act.slug)) for act in offered(row, user)]
