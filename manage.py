#!/usr/bin/env python
"""Bangfu's command line."""

import os
import sys
from pathlib import Path


def main() -> None:
    # The shelf holds apps imported by short name; an installed copy has it on its path already.
    sys.path.insert(1, str(Path(__file__).resolve().parent / "platform"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    from django.core.management import execute_from_command_line  # noqa: PLC0415 — after the path is set

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
