"""What a person does in a browser window: opens pages, fills forms by the names of their fields, sends, follows links.

Everything is found by names, values and addresses, which stay the same in every language.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings

from tests.files.samples import photo
from tests.journeys import shots
from tests.journeys.site import Site

PATIENCE = 12_000  # milliseconds for one page on a busy machine
GLANCE = 100  # milliseconds between two looks at a page
MAIN = "main form[method=post]"
TONGUES = {"zh-hans": "zh-Hans", "en": "en"}
PASSWORD = "Quiet-River-2026"


class Window:
    """One person's browser window on the site."""

    def __init__(
        self, browser: Any, site: Site, name: str, language: str, *, javascript: bool = True
    ) -> None:
        self.site, self.name, self.language = site, name, language
        self.code: Callable[[], str] | None = None  # the six digits of this person's telephone
        self.context = browser.new_context(
            base_url=site.address,
            java_script_enabled=javascript,
            viewport={"width": 1280, "height": 900},
            accept_downloads=True,
            timezone_id="Asia/Shanghai",
        )
        self.context.set_default_timeout(PATIENCE)
        self.page = self.context.new_page()

    def choose_language(self) -> list[Any]:
        """By the button in the header; Chinese is what everybody begins with. The choice is kept in a cookie."""
        spoken = self.language
        self.language = "zh-hans"
        self.open("/")
        if spoken != self.language:
            self.language = spoken
            self._lands(lambda: self.page.click(f"button[name=language][value={spoken}]"))
        return [one for one in self.context.cookies() if one["name"] == settings.LANGUAGE_COOKIE_NAME]

    # --- going about --------------------------------------------------------------------------------------------
    def open(self, path: str, *, status: int = 200) -> None:
        answer = self.page.goto(path)
        self._arrived(answer, status)

    def follow(self, part: str, *, status: int = 200) -> None:
        """Click the first link whose address contains this, in the page itself before its header."""
        inside = self.page.locator(f'main a[href*="{part}"]')
        links = inside if inside.count() else self.page.locator(f'header a[href*="{part}"]')
        if links.count() and not links.first.is_visible():
            self.page.locator(f'details:has(a[href*="{part}"]) > summary').first.click()
        self._lands(links.first.click, status)

    def _lands(self, act: Any, status: int = 200) -> None:
        with self.page.expect_navigation(wait_until="load") as arrival:
            act()
        self._arrived(arrival.value, status)

    def _arrived(self, answer: Any, status: int) -> None:
        if "/seats/unlock/" in self.path:  # this person was away for a quarter of an hour
            self.page.fill("main [name=password]", PASSWORD)
            with self.page.expect_navigation() as arrival:
                self.page.click(f"{MAIN} button.button")
            answer = arrival.value
        if "/seats/confirm/" in self.path and self.code:  # the last code is over five minutes old
            answer = self._gives_a_code(self.code())
        got = answer.status if answer else 200
        assert got == status, f"{self.name}: {self.page.url} answered {got}\n{self.text()[:1500]}"
        shown = self.page.locator("html").get_attribute("lang")
        assert shown in {TONGUES[self.language], None}, f"{self.page.url} is in {shown}"
        shots.take(self)

    def _gives_a_code(self, code: str) -> Any:
        """The page then goes on to where one wanted to go; what was typed before is sent by one more click."""
        self.page.fill("main [name=code]", code)
        with self.page.expect_navigation(wait_until="load") as arrival:
            self.page.click(f"{MAIN} button.button")
        if "/seats/again/" in self.path:
            with self.page.expect_navigation(wait_until="load") as arrival:
                self.page.click(f"{MAIN} button.button")
        return arrival.value

    @property
    def path(self) -> str:
        return str(self.page.url).removeprefix(self.site.address)

    def id_in(self, pattern: str) -> str:
        """The random name in the present address: `id_in(r"/lots/(\\w+)/")`."""
        found = re.search(pattern, self.path)
        assert found, f"{self.path} does not look like {pattern}"
        return found.group(1)

    # --- forms --------------------------------------------------------------------------------------------------
    def fill(self, **values: Any) -> None:
        """Every field by its name: text, choice, list of choices, True for a tick."""
        for name, value in values.items():
            self._fill(name, value)

    def _fill(self, name: str, value: Any) -> None:
        folded = self.page.locator(f'{MAIN} details:not([open]):has([name="{name}"]) > summary')
        if folded.count():
            folded.first.click()
        field = self.page.locator(f'{MAIN} [name="{name}"]:not([type=hidden])')
        kinds = field.first.evaluate("e => e.tagName === 'SELECT' ? 'select' : (e.type || 'text')")
        if kinds in {"radio", "checkbox"}:
            if value in {True, False} if isinstance(value, bool) else False:
                field.first.set_checked(value)
                return
            for one in value if isinstance(value, list | tuple) else [value]:
                self.page.locator(f'{MAIN} [name="{name}"][value="{one}"]').first.check()
        elif kinds == "select":
            field.first.select_option([str(one) for one in value] if isinstance(value, list) else str(value))
        elif kinds == "file":
            field.first.set_input_files(
                {"name": f"{value}.png", "mimeType": "image/png", "buffer": picture()}
            )
        else:
            field.first.fill(str(value))

    def send(self, button: str = "", *, status: int = 200, **values: Any) -> None:
        """Fill the form and press its button (the first one of the page unless a selector names another)."""
        self.fill(**values)
        pressed = self.page.locator(button or f"{MAIN} button.button").first
        self._lands(pressed.click, status)

    def does(self, part: str, **values: Any) -> None:
        """One act: follow its link, say what its page asks for, and send."""
        self.follow(part)
        self.send(**values)

    def press(self, part: str, *, status: int = 200) -> None:
        """Press the button of the form that goes to this address."""
        self.send(f'main form[action*="{part}"] button', status=status)

    def press_plain(self) -> None:
        """Press the button of a form that only asks what to show next."""
        self._lands(self.page.locator("main form button.button").first.click)

    def beside(self, words: str, part: str) -> None:
        """Click the link with this address on the card or row that says these words."""
        card = self.page.locator("main article, main li, main tr").filter(has_text=words)
        self._lands(card.locator(f'a[href*="{part}"]').first.click)

    def key(self) -> str:
        """The number of the form on the page."""
        return str(self.page.get_attribute(f"{MAIN} input[name=_key]", "value"))

    # --- looking ------------------------------------------------------------------------------------------------
    def text(self) -> str:
        return str(self.page.inner_text("body"))

    def sees(self, *words: str) -> None:
        shown = self.page.inner_text("main")
        for word in words:
            assert word in shown, f"{self.name} does not see {word!r} at {self.path}:\n{shown[:3000]}"

    def sees_not(self, *words: str) -> None:
        shown = self.page.content()
        for word in words:
            assert word not in shown, f"{self.name} sees {word!r} at {self.path}"

    def links(self, part: str) -> list[str]:
        """The addresses of the links that contain this."""
        found = self.page.locator(f'main a[href*="{part}"]')
        return [str(found.nth(place).get_attribute("href")) for place in range(found.count())]

    def download(self, part: str) -> Path:
        """Click a link that hands out a file; it may ask for a fresh code first, and then hands it out by itself."""
        taken: list[Any] = []
        self.page.once("download", lambda file: taken.append(file))
        self.page.locator(f'main a[href*="{part}"]').first.click()
        for _glance in range(PATIENCE // GLANCE):
            if taken:
                return Path(taken[0].path())
            if "/seats/confirm/" in self.path:
                self._arrived(None, 200)
            self.page.wait_for_timeout(GLANCE)
        raise AssertionError(f"{self.name} gets no file at {self.path}:\n{self.text()[:1500]}")


def picture() -> bytes:
    """A small photograph, as evidence."""
    return photo((120, 80), "PNG", exif=False)
