"""Fund holders as the donor side knows them: the party that admits them provides the list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from common.panels import collect


def admitted_fund_holders(on: date) -> Sequence[Any]:
    """Who may receive money that day; each has `organisation` and `platform_link`."""
    return collect("fund_holders.admitted", on)


def fund_holder_link(organisation_id: int | None, on: date) -> str:
    """The holder's own page on a designated fundraising platform, or nothing."""
    found = (
        holder.platform_link
        for holder in admitted_fund_holders(on)
        if holder.organisation.pk == organisation_id
    )
    return next(found, "")


def giving_words() -> str:
    """The words on every button that speaks of money: it is put on record as a wish, it is never paid here (§0.7)."""
    return _("Put my wish to give on record")
