"""What every command keeps to: one JSON object when asked, and one clear line with exit 2 when it cannot be done."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand
from django.db import DatabaseError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor


class PlainCommand(BaseCommand):
    """Exit codes a script can rely on (design §8); a database that is not ready is said in one line too."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except DatabaseError as error:
            why = _not_ready(error)
            if why is None:
                raise
            self.refuse(why)

    def refuse(self, line: str) -> NoReturn:
        """One clear line, exit 2; what the command would have changed stays as it was."""
        self.stderr.write(" ".join(line.split()))
        sys.exit(2)

    def refuse_impossible(self, output: Path) -> None:
        """Before anything is done: a place nothing can be written to."""
        folder = output.parent
        if output.is_dir():
            self.refuse(f"{output} is a folder; name a file")
        if not folder.is_dir():
            self.refuse(f"{output}: there is no folder {folder}")
        if not os.access(output if output.exists() else folder, os.W_OK):
            self.refuse(f"{output}: this place cannot be written to")

    def print_json(self, figures: Any) -> None:
        self.stdout.write(json.dumps(figures, ensure_ascii=False))


def _not_ready(error: DatabaseError) -> str | None:
    """Why the database cannot serve a command yet; None when the fault lies in the command itself."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except OperationalError as refusal:
        return f"the database does not answer: {refusal}"
    if waiting:
        return "the database is not up to date: run manage.py migrate, then manage.py load_reference"
    return f"the database does not answer: {error}" if isinstance(error, OperationalError) else None
