"""Of whom the file does not say yet what an authority asks of everybody (domain §2.1)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from common.masking import mask_name
from households.models import Household, Member
from households.rules import unsaid


def unfinished(household: Household) -> list[Member]:
    """The living members of whom something is still open, in the order of the file."""
    people = sorted(household.members.all(), key=lambda member: member.pk)
    return [member for member in people if member.live and unsaid([member])]


def unfinished_words(household: Household) -> list[str]:
    """Whose answers are missing, and which."""
    return [
        _("%(person)s: %(things)s")
        % {
            "person": mask_name(member.name) or _("a person without a name"),
            "things": _(", ").join(field_words(name) for name in unsaid([member])),
        }
        for member in unfinished(household)
    ]


def field_words(name: str) -> str:
    """As the page where it is entered calls it."""
    said = {
        "name": _("Name"),
        "sex": _("Sex"),
        "id_kind": _("Kind of document"),
        "relation": _("Relation to the head"),
        "health": _("Health"),
        "labour": _("Labour ability"),
    }
    return said[name]
