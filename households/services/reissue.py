"""A new query code for a family that lost its own, or came on file without one; the old one stops at once."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Duty, Role
from accounts.models import User
from accounts.services import register_involvement
from common.exceptions import Refused
from common.locking import lock
from common.recording import record
from files.models import Attachment
from households.enums import Identified
from households.models import Application, Household
from households.queries import has_tail
from households.rules import refuse_unless_case_role
from households.services.codes import new_code
from households.services.news import tell_household
from households.services.sheets import carrier_of


@transaction.atomic
def reissue_code(
    *, household: Household, how: str, evidence: Attachment | None, by: User, at: datetime
) -> Application:
    """Whoever hands out the key to the family's word shows by whom the family was known; a supervisor may vouch for it.

    One household has one code: on the application that carries it, otherwise on its first. A family that came on file
    from a list gets a sheet of its own to follow. The household hears of it; the code stands in no record.
    """
    household = lock(household)
    refuse_unless_case_role(by, household)
    if how not in Identified.values:
        raise Refused("identified_how", _("Choose how you know that it is this family."), field="how")
    if evidence is None and (by.seat is None or by.seat.role != Role.SUPERVISOR):
        raise Refused(
            "evidence_missing",
            _("Add the photo of the receipt, signed by the family or the witness; or ask a supervisor."),
            field="upload",
        )
    if not has_tail(household):
        raise Refused(
            "no_number",
            _("A code opens nothing without a telephone or an identity number. Enter one on the file first."),
        )
    register_involvement(file=household, duty=Duty.SPOKESPERSON, by=by, at=at)
    application = carrier_of(household, at=at)
    first = not application.query_code
    application.query_code = new_code()
    application.save(update_fields=["query_code", "code_index"])
    record(
        "application.code_issued",
        application,
        by=by,
        at=at,
        household=household.public_id,
        first=first,
        how=how,
        evidence=evidence.public_id if evidence else "",
    )
    tell_household(household, "code_issued", by=by, at=at)
    return application
