"""`manage.py load_rating_policy`: the first version of the rating policy, once."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from common import clock
from common.actors import SYSTEM
from evaluation.services import load_rating_policy


class Command(BaseCommand):
    help = "Loads version 1 of the rating policy; a second run changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        policy = load_rating_policy(by=SYSTEM, at=clock.now())
        self.stdout.write(f"rating policy {policy.version} is loaded")
