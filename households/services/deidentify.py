"""A public text tells the need and never whose it is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from common.exceptions import Refused
from households.models import Household

LONG_NUMBER = re.compile(r"\d[\d\s-]{5,}\d")
TELLING = 2  # a given name or an address of fewer characters is an ordinary word
TAIL = 4


def refuse_identifying(text: str, *, household: Household, field: str) -> None:
    """No name, phone, identity number, address or long number of the household in what strangers read."""
    plain = re.sub(r"\s", "", text)
    if any(word in plain for word in _telling_words(household)) or LONG_NUMBER.search(text):
        raise Refused(
            "identity_in_public_text",
            _("This text will be read by strangers. Leave out names, numbers and the address."),
            field=field,
        )


def _telling_words(household: Household) -> Iterator[str]:
    if len(household.address.strip()) > TELLING:
        yield re.sub(r"\s", "", household.address)
    for number in (household.phone, *(member.id_number for member in household.members.all())):
        if len(number) > TAIL:
            yield number
            yield number[-TAIL:]
    for member in household.members.all():
        name = re.sub(r"\s", "", member.name)
        if len(name) >= TELLING:
            yield name
        if len(name[1:]) >= TELLING:
            yield name[1:]
