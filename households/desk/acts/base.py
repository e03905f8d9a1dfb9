"""An act: one button on the file, one work page, exactly one service call."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from accounts.models import User
from households.desk.forms.base import Confirm, DeskForm
from households.enums import HouseholdState
from households.models import Household
from households.rules import CASE_ROLES

Run = Callable[[Any, Any, User, datetime], Any]


@dataclass(frozen=True)
class Act:
    """`states` and `fits` say when the button is offered; whether it may happen, the service alone decides.

    What `rests` is not offered while the file is paused.

    `run(obj, form, by, at)` calls the service with what the form cleaned.
    """

    slug: str
    title: Any
    run: Run
    done: Any
    form: type[DeskForm] = Confirm
    states: frozenset[str] = frozenset()
    roles: frozenset[str] = CASE_ROLES
    lead: Any = ""
    look: str = "secondary"
    tab: str = ""
    rests: bool = False
    fits: Callable[[Any, User], bool] = field(default=lambda obj, user: True)
    to: Callable[[Any], str] | None = None

    def offered(self, obj: Any, user: User) -> bool:
        seat = user.seat
        fitting = not self.states or obj.state in self.states
        if self.rests and household_of(obj).state == HouseholdState.SUSPENDED:
            return False
        return seat is not None and seat.role in self.roles and fitting and self.fits(obj, user)


_acts: dict[type[Any], dict[str, Act]] = {}


def register(model: type[Any], acts: Iterable[Act]) -> None:
    """The acts on one kind of row, in the order of their buttons."""
    _acts.setdefault(model, {}).update({act.slug: act for act in acts})


def act_of(model: type[Any], slug: str) -> Act | None:
    return _acts.get(model, {}).get(slug)


def slugs_of(model: type[Any]) -> list[str]:
    return list(_acts.get(model, {}))


def offered(obj: Any, user: User) -> list[Act]:
    """What this worker can do with this row now."""
    return [act for act in _acts.get(type(obj), {}).values() if act.offered(obj, user)]


def household_of(obj: Any) -> Household:
    """The file a row belongs to."""
    return obj if isinstance(obj, Household) else obj.household
