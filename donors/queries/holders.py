"""Fund holders as the donor side knows them: the party that admits them provides the list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

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


def giving_words(organisation_id: int | None, on: date) -> Any:
    """The button's words: nobody gives money here; without the holder's own link it is a wish put on record."""
    if fund_holder_link(organisation_id, on):
        return _("Go to the fund holder's own page")
    return _("Put my wish to give on record")
