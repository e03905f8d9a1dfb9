"""Watches what a story writes: every act is a savepoint, and what it inserts stands beside a journal entry."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

INSERT = re.compile(r'INSERT (?:OR \w+ )?INTO "?(\w+)"?')
ENTRY = "journal_entry"


class Watch:
    """Tables into which something was inserted outside of every act, or by an act that left no entry."""

    def __init__(self) -> None:
        self.unrecorded: set[str] = set()
        self._open: list[str] = []
        self._tables: set[str] = set()

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        if sql.startswith("SAVEPOINT"):
            self._open.append(_name(sql))
        elif sql.startswith("RELEASE SAVEPOINT"):
            self._close(_name(sql))
        elif found := INSERT.match(sql):
            if self._open:
                self._tables.add(found[1])
            elif found[1] != ENTRY:
                self.unrecorded.add(found[1])
        return result

    def _close(self, name: str) -> None:
        del self._open[self._open.index(name) :]
        if self._open:
            return
        if ENTRY not in self._tables:
            self.unrecorded |= self._tables
        self._tables = set()


@contextmanager
def watching() -> Iterator[Watch]:
    watch = Watch()
    with connection.execute_wrapper(watch):
        yield watch


def _name(sql: str) -> str:
    return sql.rpartition(" ")[2].strip('"')
