"""`manage.py create_first_administrator`: the first system administrator, who invites everybody else in pages."""

import getpass
import sys
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import transaction

from accounts.invitations import link_to
from accounts.services import accept_invitation, create_first_administrator
from common import clock
from common.commands import PlainCommand
from common.exceptions import Refused


class Command(PlainCommand):
    help = "Create the first system administrator: asks for a password on a terminal, else prints an invitation link."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--username", required=True)
        parser.add_argument("--name", required=True)
        parser.add_argument("--link", action="store_true", help="print an invitation link even on a terminal")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, username: str, name: str, link: bool, **options: Any) -> None:
        password = "" if link or not sys.stdin.isatty() else getpass.getpass("Password: ")
        at = clock.now()
        try:
            with transaction.atomic():
                membership = create_first_administrator(username=username, name=name, at=at)
                if password:
                    accept_invitation(membership=membership, password=password, by=membership.user, at=at)
        except Refused as refused:
            raise CommandError(str(refused), returncode=2) from None
        if options["json"]:
            self.print_json({"username": username, "link": None if password else link_to(membership)})
        elif password:
            self.stdout.write(f"{username} can sign in; the second step is set up at the first sign-in.")
        else:
            self.stdout.write(f"Open {link_to(membership)} on the site within a week to set the password.")
