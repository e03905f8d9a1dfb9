"""States are words with one table of allowed moves; every move is journaled with actor and reason."""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import datetime
from typing import Any, ClassVar, TypeVar

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.actors import Actor
from common.exceptions import Refused
from common.recording import record

Moves = Mapping[Any, Set[Any]]


class StatefulModel(models.Model):
    """A row with a state: subclasses set STATES and MOVES and add `state_check` to their constraints."""

    STATES: ClassVar[type[models.TextChoices]]
    MOVES: ClassVar[Moves]

    state = models.CharField(gettext_lazy("state"), max_length=24, editable=False)
    state_since = models.DateTimeField(gettext_lazy("in this state since"), null=True, editable=False)

    class Meta:
        abstract = True

    @property
    def state_label(self) -> str:
        return str(self.STATES(self.state).label)

    def get_state_display(self) -> str:
        """The name Django gives to the label of a field with choices."""
        return self.state_label

    def may_become(self, to: str) -> bool:
        return to in self.MOVES.get(self.state, frozenset())


def state_check(states: type[models.TextChoices], name: str) -> models.CheckConstraint:
    """The database refuses a state outside the enum."""
    return models.CheckConstraint(condition=models.Q(state__in=list(states.values)), name=name)


S = TypeVar("S", bound=StatefulModel)


def move(
    obj: S,
    to: str,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    also: dict[str, Any] | None = None,
    **parameters: Any,
) -> S:
    """Bring a locked row into another state, saving `also` with it; refused when the table does not allow it.

    `reason` is a code or a short sentence without identity data; it goes into the journal.
    """
    if not obj.may_become(to):
        raise Refused(
            "wrong_state",
            _("This is “%(state)s” now, so that step is not open. Reload the page to see what can be done.")
            % {"state": obj.state_label},
        )
    before = obj.state
    for name, value in (also or {}).items():
        setattr(obj, name, value)
    obj.state = to
    obj.state_since = at
    obj.save(update_fields=["state", "state_since", *(also or {})])
    record(f"{obj._meta.label_lower}.{to}", obj, by=by, at=at, before=before, reason=reason, **parameters)
    return obj
