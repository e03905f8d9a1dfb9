"""Agencies and fund holders in the words their readers know."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.templatetags.ui import yuan
from implementers.enums import AgencyState, FundHolderState, Level, Licence, Standing
from implementers.models import Agency, FundHolder
from reference import queries as reference


def agency_facts(agency: Agency) -> list[tuple[str, Any]]:
    """The public part: kind, area, level, rating with the number of projects behind it, standing."""
    facts = [
        (_("Kind"), agency.get_kind_display()),
        (_("Works most in"), reference.path_label(agency.area) if agency.area else ""),
        (_("Licensed social workers"), licence_words(agency)),
        (_("Can bring help"), ways_words(agency)),
        (_("Level"), _level(agency)),
        (_("Rating"), rating_words(agency)),
        (_("Standing"), agency.get_standing_display()),
    ]
    return [(label, value) for label, value in facts if value != ""]


def licence_words(agency: Agency) -> str:
    """What the agency declared, beside the licences of colleagues it named one by one."""
    named = agency.staff.filter(left_at__isnull=True).exclude(licence=Licence.NONE).count()
    return _("%(declared)d by its own word, %(named)d named with their licence") % {
        "declared": agency.licensed_workers,
        "named": named,
    }


def ways_words(agency: Agency) -> str:
    """The ways of delivery the agency named itself."""
    known = reference.labels("delivery_mode")
    return _(", ").join(known.get(slug, slug) for slug in agency.delivery_ways)


def rating_words(agency: Agency) -> str:
    """The rating never stands without the number of projects it rests on (domain §11.2)."""
    if not agency.rating_level and not agency.rated_projects:
        return _("not rated yet: no project has been finished and evaluated")
    if not agency.rating_level:
        return _("no level yet: small or long-past projects weigh little, and together too little so far")
    return ngettext(
        "%(level)s, %(score)s of 100, from %(number)d finished project",
        "%(level)s, %(score)s of 100, from %(number)d finished projects",
        agency.rated_projects,
    ) % {
        "level": agency.rating_level,
        "score": agency.rating_score,
        "number": agency.rated_projects,
    }


def _level(agency: Agency) -> str:
    if not agency.level:
        return _("none yet")
    if agency.ceiling is None:
        return _("%(level)s (projects of any size)") % {"level": level_words(agency.level)}
    return _("%(level)s (projects up to %(ceiling)s)") % {
        "level": level_words(agency.level),
        "ceiling": yuan(agency.ceiling),
    }


def level_words(level: str) -> str:
    """The level alone, without its code."""
    words = {
        Level.L1: _("Level 1"),
        Level.L2: _("Level 2"),
        Level.L3: _("Level 3"),
        Level.L4: _("Level 4"),
    }
    return words[Level(level)]


def next_step(agency: Agency) -> str:
    """What happens now, in a sentence."""
    if agency.is_admitted and agency.standing != Standing.NORMAL:
        return _("Your standing is “%(standing)s”: %(reason)s") % {
            "standing": agency.get_standing_display(),
            "reason": agency.standing_reason,
        }
    words = {
        AgencyState.APPLIED: _("Add the papers and your staff now. A social worker then takes up the check."),
        AgencyState.CHECKING: _("A social worker scores the six headings, then a supervisor decides."),
        AgencyState.ADMITTED: _("You may apply for projects within your level."),
        AgencyState.REFUSED: _(
            "You were not admitted this time. Read why, complete the papers and apply again."
        ),
        AgencyState.LEFT: _("You have left. You may apply again at any time."),
    }
    return words[AgencyState(agency.state)]


def holder_next_step(holder: FundHolder) -> str:
    """What happens now, in a sentence."""
    if holder.state == FundHolderState.ADMITTED and not holder.can_be_paid:
        return _("Donors may name you, but they have nowhere to pay: your account is not on file yet.")
    words = {
        FundHolderState.APPLIED: _("Add your qualifications now. Two people of the platform look at them."),
        FundHolderState.CHECKING: _("The papers were looked at. A supervisor decides."),
        FundHolderState.ADMITTED: _(
            "Donors may name you. Confirm each arrival, with its proof if you have one."
        ),
        FundHolderState.SUSPENDED: _("No new money comes to you for now. Please call us."),
        FundHolderState.REFUSED: _(
            "You were not admitted this time. Read why, complete the papers and apply again."
        ),
    }
    return words[FundHolderState(holder.state)]
