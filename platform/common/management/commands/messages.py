"""Gather the product's words, merge the translations, and say what the Chinese catalogue still lacks."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from common import catalogues

TITLES = {
    "missing": "without Chinese",
    "fuzzy": "marked fuzzy",
    "placeholders": "whose placeholders differ",
    "obsolete": "translated, but no longer spoken anywhere",
    "conflicts": "translated in two ways",
}


class Command(BaseCommand):
    help = (
        "Update locale/zh_Hans from code, templates and locale/parts, compile it, and report what is missing."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="change nothing; exit 1 if anything is missing"
        )
        parser.add_argument("--fold", action="store_true", help="remove locale/parts/*.po once merged")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, check: bool, fold: bool, **options: Any) -> None:
        catalogue, findings = catalogues.compose()
        if not check:
            catalogues.write(catalogue)
            catalogues.compile_catalogues()
            if fold:
                for path in catalogues.part_paths():
                    path.unlink()
        self.report(len(catalogue), findings, as_json=options["json"])
        if check and not findings.clean:
            raise SystemExit(1)

    def report(self, total: int, findings: catalogues.Findings, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps({"messages": total, **asdict(findings)}, ensure_ascii=False))
            return
        self.stdout.write(f"{total} messages")
        for name, entries in asdict(findings).items():
            if entries:
                self.stdout.write(f"{len(entries)} {TITLES[name]}:")
                for entry in entries:
                    self.stdout.write(f"  {entry}")
