"""A case a supervisor opens on what was reported and can be shown (domain §10.9, §11.4)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.clock import day_of
from common.exceptions import Refused
from common.locking import lock
from evaluation.enums import BY_HAND, FREEZES, Measure, Trigger
from evaluation.models import EliminationCase
from evaluation.rules import refuse_rater
from evaluation.services.cases import UNDECIDED, freeze, open_elimination
from files.services import keep
from implementers.enums import AgencyState, Standing
from implementers.models import Agency


@transaction.atomic
def open_inquiry(
    *, agency: Agency, trigger: str, reason: str, evidence: UploadedFile[Any] | None, by: User, at: datetime
) -> EliminationCase:
    """A supervisor opens a case with its evidence; what is grave freezes the agency at once, two decide later."""
    agency = lock(agency)
    refuse_rater(agency, by, supervisor=True)
    _refuse_unfit(agency, trigger, reason)
    since = agency.standing_since
    facts = {"reason": reason.strip()}
    if trigger == Trigger.RECTIFICATION_FAILED:
        facts |= {"standing": agency.standing, "since": day_of(since).isoformat() if since else ""}
    if trigger in FREEZES:
        freeze(agency, reason=_("Something grave was reported; it is being looked into."), by=by, at=at)
    case = open_elimination(
        agency=agency, trigger=trigger, measure=Measure.ELIMINATED, facts=facts, by=by, at=at
    )
    kept = keep(upload=evidence, purpose="case_evidence", owner=case, by=by, at=at)
    case.facts |= {"evidence": kept.public_id}
    case.save(update_fields=["facts"])
    return case


def _refuse_unfit(agency: Agency, trigger: str, reason: str) -> None:
    if trigger not in BY_HAND:
        raise Refused("trigger_unknown", _("Choose from the list what the case is about."), field="trigger")
    if agency.state == AgencyState.LEFT or agency.standing == Standing.ELIMINATED:
        raise Refused("removed_already", _("This agency is removed or has left; no case is opened any more."))
    if trigger == Trigger.RECTIFICATION_FAILED and agency.standing != Standing.RECTIFYING:
        raise Refused(
            "not_rectifying", _("This agency was not asked to put anything right."), field="trigger"
        )
    if not reason.strip():
        raise Refused("reason_missing", _("Say what was found, in words the agency reads."), field="reason")
    if EliminationCase.objects.filter(
        agency=agency, measure=Measure.ELIMINATED, state__in=UNDECIDED
    ).exists():
        raise Refused("case_open", _("A case about its removal is open already. Go on there."))
