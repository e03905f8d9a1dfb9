"""One record as the finder compares it: the same spelling for case, width, spaces and punctuation; nothing guessed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

NAMES = ("given", "family")
NUMBERS = ("id", "phone")
ROLES = (*NAMES, "name", "birth", *NUMBERS, "email", "place", "address")

# Family names of two characters; every other Chinese name begins with one.
DOUBLE = frozenset(
    (
        "欧阳",
        "上官",
        "司马",
        "诸葛",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "令狐",
        "司徒",
        "夏侯",
        "东方",
        "端木",
        "南宫",
    )
)
HAN = re.compile(r"[\u3400-\u9fff]")
APART = re.compile(r"[\W_]+")
DATE = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?")

RESIDENT = re.compile(
    r"\d{6}((?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))\d{3}[\dX]"
)  # holds a birth date


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of one record; an empty text is not known, and says nothing for or against."""

    key: str
    given: str = ""
    family: str = ""
    birth: str = ""
    id: str = ""
    phone: str = ""
    email: str = ""
    place: str = ""
    address: str = ""


def person(key: str, answers: Mapping[str, str]) -> Person:
    """A row under its roles, each text in its one spelling."""
    given, family = _words(answers.get("given", "")), _words(answers.get("family", ""))
    if "name" in answers and not (given or family):
        given, family = _split(_words(answers["name"]))
    number = _signs(answers.get("id", "")).upper()
    resident = RESIDENT.fullmatch(number)
    return Person(
        key=key,
        given=given,
        family=family,
        birth=_day(answers.get("birth", "")) or (resident[1] if resident else ""),
        id=number,
        phone=_phone(answers.get("phone", "")),
        email=_plain(answers.get("email", "")).replace(" ", ""),
        place=_words(answers.get("place", "")),
        address=_words(answers.get("address", "")),
    )


def _plain(text: str) -> str:
    """Full-width and half-width, capital and small are one."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def _words(text: str) -> str:
    """Words with one space between; between Chinese characters a space means nothing."""
    words = APART.sub(" ", _plain(text)).strip()
    return words.replace(" ", "") if HAN.search(words) else words


def _signs(text: str) -> str:
    return APART.sub("", _plain(text))


def _phone(text: str) -> str:
    """Without the country and without spaces."""
    signs = _signs(text)
    return signs[-11:] if signs.isdigit() else signs


def _split(name: str) -> tuple[str, str]:
    """Given and family name of a whole one: Chinese begins with the family, other scripts end with it."""
    if HAN.match(name):
        length = 2 if name[:2] in DOUBLE and len(name) > 2 else 1
        return name[length:], name[:length]
    given, _space, family = name.rpartition(" ")
    return given, family


def _day(text: str) -> str:
    """Digits as year, month, day; a year alone stays a year, anything else stays as it was written."""
    plain = _plain(text)
    found = DATE.fullmatch(plain)
    if found is None:
        return _signs(plain)
    return f"{found[1]}{int(found[2]):02}{int(found[3]):02}"
