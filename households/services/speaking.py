"""The family's word: its own by the code, its delegate's within the scope, or brought by its worker."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.enums import Duty
from accounts.models import User
from accounts.services import register_involvement
from common.actors import Actor
from common.exceptions import Refused
from common.recording import record
from files.models import Attachment
from households.models import Household
from households.rules import refuse_unless_speaking
from households.services.news import tell_of_delegate

NOBODY_ELSE = ""  # a scope no delegation names: what cannot be entrusted


def hear_family(
    household: Household, *, scope: str, evidence: Attachment | None, by: Actor, at: datetime
) -> None:
    """Nothing happens in the family's name without its word: a worker who brings it shows it, and decides no objection;
    of what its delegate does the family hears.

    Called before the act itself, in its transaction.
    """
    refuse_unless_speaking(household, by, at, scope=scope)
    tell_of_delegate(household, by=by, at=at)
    if not isinstance(by, User):
        return
    if evidence is None:
        raise Refused(
            "evidence_missing",
            _("Add the photo or recording that shows the family's own word."),
            field="upload",
        )
    register_involvement(file=household, duty=Duty.SPOKESPERSON, by=by, at=at)
    record("household.word_kept", household, by=by, at=at, evidence=evidence.public_id)
