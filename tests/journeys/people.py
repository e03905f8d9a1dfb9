"""The people of a journey: how each of them comes to have an account, and the window each one works in."""

from __future__ import annotations

import hmac
import time
from base64 import b32decode
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import override

from tests.journeys.pages import PASSWORD, Window
from tests.journeys.site import Site

STEP = 30  # seconds a code of the second step is shown


@dataclass
class Person:
    """Somebody with an account name; the secret of the second step is in their telephone."""

    username: str
    name: str
    window: Window
    secret: str = ""
    used: int = 0

    def code(self) -> str:
        """The next six digits: a code is good once, and half a minute early or late."""
        self.used = max(self.used + 1, int(time.time()) // STEP)
        if (early := (self.used - 1) * STEP - time.time()) > 0:
            time.sleep(early)
        digest = hmac.digest(b32decode(self.secret), self.used.to_bytes(8, "big"), "sha1")
        start = digest[-1] & 15
        number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
        return f"{number % 1_000_000:06d}"


@dataclass
class Journey:
    """Everything the steps hand on: the windows by the account name of whom they belong to, and what was learnt."""

    browser: Any
    site: Site
    language: str
    people: dict[str, Person] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    tongue: list[Any] | None = None  # the cookie in which the choice of language is kept

    def __getitem__(self, username: str) -> Window:
        return self.people[username].window

    def says(self, words: Any) -> str:
        """Words of the product in the language of this journey."""
        with override(self.language):
            return str(words)

    def keep_pictures(self, folder: Path) -> None:
        """What everybody saw when a step failed."""
        for username, person in self.people.items():
            person.window.page.screenshot(path=folder / f"{username}.png", full_page=True)

    def close(self) -> None:
        for person in self.people.values():
            person.window.context.close()

    def person(self, username: str, name: str, *, javascript: bool = True) -> Person:
        """Somebody sits down at a browser of their own; the first one presses the button of the language."""
        window = Window(self.browser, self.site, username, self.language, javascript=javascript)
        if self.tongue is None:
            self.tongue = window.choose_language()
        window.context.add_cookies(self.tongue)
        person = self.people[username] = Person(username, name, window)
        window.code = person.code
        return person

    def accepts(self, username: str, name: str, link: str) -> Window:
        """Open an invitation, choose a password, set the second step up where it is asked for."""
        person = self.person(username, name)
        person.window.open(link)
        person.window.send(password=PASSWORD, repeated=PASSWORD)
        if "/2fa/" in person.window.path:
            set_up_second_step(person)
        return person.window

    def opens_account(self, username: str, name: str) -> Window:
        """Nobody invites a donor or an agency: they open their account themselves."""
        person = self.person(username, name)
        window = person.window
        window.open("/account/signup/")
        window.send(
            username=username,
            email=f"{username}@example.org",
            name=name,
            password1=PASSWORD,
            password2=PASSWORD,
        )
        return window

    def signs_in_again(self, username: str) -> None:
        """Out, and in again with e-mail or account name, password and code."""
        person = self.people[username]
        window = person.window
        window.open("/account/logout/")
        window.send()
        window.open("/account/login/")
        window.send(login=username, password=PASSWORD)
        if person.secret:
            window.send(code=person.code())


def set_up_second_step(person: Person) -> None:
    """The key shown on the page goes into the telephone, whose first code switches the second step on."""
    window = person.window
    if "/reauthenticate/" in window.path:
        window.send(password=PASSWORD)
    person.secret = "".join(window.page.inner_text("main .key").split())
    window.send(code=person.code())
    assert "/totp/activate/" not in window.path, window.text()
