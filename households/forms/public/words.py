"""Plain words for a household where the code list speaks the language of forms (domain §9, ui wording)."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

CAUSES = {
    "illness": _("Somebody in the family is ill"),
    "disability": _("Somebody in the family has a disability"),
    "schooling": _("School costs are hard to carry"),
    "disaster": _("A flood, drought or another disaster hit us"),
    "land": _("We have little land"),
    "water": _("Water is short"),
    "skill": _("We have no trade or skill to earn with"),
    "labour": _("There are not enough hands to work"),
    "capital": _("We have no money to start something"),
    "transport": _("The road is bad, things are hard to bring in or out"),
    "marriage": _("A wedding cost a lot"),
    "funeral": _("A funeral cost a lot"),
    "other": _("Something else"),
}
LABOUR = {
    "ordinary": _("Can do ordinary work"),
    "skilled": _("Has a trade or a skill"),
    "weak": _("Only light work"),
    "lost": _("Used to work, can no longer"),
    "none": _("A child, or too old to work"),
}
HEALTH = {
    "healthy": _("Healthy"),
    "chronic": _("A long illness: medicine every day or often"),
    "serious": _("A serious illness"),
    "disabled": _("A disability"),
}
URGENCY = {
    "emergency": _("Very urgent, within days"),
    "soon": _("Soon, within a few weeks"),
    "ordinary": _("It can wait a month or more"),
}
RELATIONS = {
    "head": _("The head of the household"),
}


def said(words: Mapping[str, object], choices: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The choices in plain words where there are some, in the order of the code list."""
    return [(slug, str(words.get(slug, label))) for slug, label in choices]
