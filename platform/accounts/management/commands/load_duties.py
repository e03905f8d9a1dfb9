"""`manage.py load_duties`: the incompatible duties; idempotent."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.services import load_duties


class Command(BaseCommand):
    help = "Bring the table of incompatible duties in step with accounts/duties.py."

    def handle(self, *args: Any, verbosity: int, **options: Any) -> None:
        pairs = load_duties()
        if verbosity:
            self.stdout.write(f"{pairs} incompatible pairs of duties")
