"""`manage.py demo_build`: the demonstration county, built once by calling the services in order."""

import sys
from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction

from accounts.models import User
from common.actors import SYSTEM
from common.commands import PlainCommand
from demo.people import SIGN_INS
from demo.story.thread import tell_story
from demo.story.world import PASSWORD, new_world
from reference.services import load_reference


class Command(PlainCommand):
    help = "Build the fictional county (idempotent); prints the sign-ins."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        there = User.objects.filter(username=SIGN_INS[0].username).exists()
        if there:
            sys.stderr.write("demonstration county: already there\n")
        else:
            sys.stderr.write("demonstration county: telling its story, about a minute …\n")
            with transaction.atomic():
                world = new_world()
                load_reference(by=SYSTEM, at=world.at(0, 7))
                tell_story(world)
        if options["json"]:
            people = [{"role": entry.english, "account": entry.username} for entry in SIGN_INS]
            self.print_json({"built": not there, "password": PASSWORD, "sign_ins": people})
            return
        self.stdout.write(f"{'role':<34} {'account':<14} password: {PASSWORD}")
        for entry in SIGN_INS:
            self.stdout.write(f"{entry.english:<34} {entry.username}")
