"""Process notes: facts, within a day, corrected by a further note and never altered (domain §4.2)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Duty
from accounts.models import User
from accounts.services import register_involvement
from common.exceptions import Refused
from common.locking import lock
from common.recording import record
from households.enums import ServiceKind
from households.models import Household, ProcessNote
from households.rules import refuse_unless_case_role
from households.services.saying import said

WRITTEN_WITHIN = timedelta(hours=24)  # after the service; later it is marked so


@transaction.atomic
def write_note(
    *,
    household: Household,
    served_at: datetime,
    kind: str,
    facts: str,
    next: str,
    by: User,
    at: datetime,
    corrects: ProcessNote | None = None,
) -> ProcessNote:
    """The facts of a service by who gave it; what was written stays, and a further note puts it right."""
    household = lock(household)
    refuse_unless_case_role(by, household)
    if kind not in ServiceKind.values:
        raise Refused("answer_unknown", _("Choose an answer from the list."), field="kind")
    if served_at > at:
        raise Refused("in_the_future", _("This moment is still to come. When was it?"), field="served_at")
    if corrects is not None and (corrects.household_id != household.pk or corrects.written_by_id != by.pk):
        raise Refused("not_yours", _("Who wrote a note puts it right; write one of your own."))
    note: ProcessNote = ProcessNote.objects.create(
        household=household,
        served_at=served_at,
        kind=kind,
        facts=said(facts, "facts"),
        next=next.strip(),
        written_by=by,
        written_at=at,
        late=corrects is None and at - served_at > WRITTEN_WITHIN,
        corrects=corrects,
    )
    register_involvement(file=household, duty=Duty.HANDLER, by=by, at=at)
    record("note.written", note, by=by, at=at, household=household.public_id, kind=kind, late=note.late)
    return note
