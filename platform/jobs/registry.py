"""Which generator does which kind of job.

Everything a handler does between two yields is one transaction together with its progress, so a killed worker redoes
at most the step it was in. It begins again from its first line and reads `job.cursor` to find its place; what it
returns is the job's result (`{"attachment": public_id}` offers a file), written in the transaction of its last step.
No transaction of its own may stay open across a yield.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from jobs.models import Job


@dataclass(frozen=True)
class Step:
    """So far, so good: store the progress, commit, renew the lease. Without a cursor the earlier one stays."""

    done: int
    total: int
    cursor: dict[str, Any] | None = None


@dataclass(frozen=True)
class Outside:
    """Call this with no transaction open (a long computation, a gateway); its answer is what the yield gives back."""

    call: Callable[[], Any]


Work = Generator[Step | Outside, Any, dict[str, Any] | None]
WorkFunction = Callable[["Job"], Work]


@dataclass(frozen=True)
class Handler:
    work: WorkFunction
    lease: timedelta
    title: str | _StrPromise
    follows: bool


_handlers: dict[str, Handler] = {}


def handler(
    kind: str, *, lease: int = 120, title: str | _StrPromise = "", follows: bool = False
) -> Callable[[WorkFunction], WorkFunction]:
    """Register a generator function for a kind of job; `lease` in seconds is longer than any of its steps.

    Work that `follows` from an act by itself, like a message, is not what the person asked for.
    """

    def register(work: WorkFunction) -> WorkFunction:
        if not inspect.isgeneratorfunction(work):
            raise TypeError(f"{kind}: a handler is a generator function; it yields at least one Step")
        known = _handlers.get(kind)
        if known is not None and known.work.__qualname__ != work.__qualname__:
            raise ValueError(f"{kind} has a handler already: {known.work.__qualname__}")
        _handlers[kind] = Handler(work, timedelta(seconds=lease), title, follows)
        return work

    return register


def handler_of(kind: str) -> Handler | None:
    return _handlers.get(kind)


def title_of(job: Job) -> str:
    """What the person who started it calls this job."""
    known = handler_of(job.kind)
    return str(known.title if known and known.title else _("Background work"))


def following() -> list[str]:
    """The kinds of work nobody asks for: they follow from what somebody did."""
    return [kind for kind, known in _handlers.items() if known.follows]


def titles() -> list[tuple[str, str]]:
    """Every kind of work with its title."""
    return [(kind, str(known.title or kind)) for kind, known in sorted(_handlers.items())]


def refuse_unknown(kind: str) -> None:
    if kind not in _handlers:
        raise LookupError(
            f"no handler is registered for jobs of kind {kind!r}: is its module imported by tasks.py?"
        )
