"""`manage.py demo_build`: the demonstration county, built once by calling the services in order."""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from accounts.models import User
from demo.people import SIGN_INS
from demo.story.thread import tell_story
from demo.story.world import PASSWORD


class Command(BaseCommand):
    help = "Build the fictional county (idempotent); prints the sign-ins."

    def handle(self, *args: Any, **options: Any) -> None:
        if User.objects.filter(username=SIGN_INS[0].username).exists():
            sys.stderr.write("demonstration county: already there\n")
        else:
            sys.stderr.write("demonstration county: telling its story, about a minute …\n")
            with transaction.atomic():
                tell_story()
        self.stdout.write(f"{'role':<34} {'account':<14} password: {PASSWORD}")
        for entry in SIGN_INS:
            self.stdout.write(f"{entry.english:<34} {entry.username}")
