"""What cannot wait for the assessment is opened at once by a supervisor on duty (domain §10.2)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Duty
from accounts.models import User
from accounts.services import register_involvement
from common.clock import day_of
from common.exceptions import Refused
from common.locking import lock
from common.states import move
from households.enums import NeedState, Urgency
from households.measures.severity import HIGHEST
from households.models import Need
from households.rules import UNDER_CHECK, groups_of, refuse_paused, refuse_unless_supervisor
from households.services.needs import AT_ONCE

ASSESSED_WITHIN = timedelta(hours=72)


@transaction.atomic
def open_at_once(*, need: Need, reason: str, by: User, at: datetime) -> Need:
    """Open for matching before it is assessed, with the highest severity; the assessment follows within 72 hours."""
    need = lock(need)
    household, application = need.household, need.application
    refuse_unless_supervisor(by, household)
    refuse_paused(household)
    if need.state != NeedState.DRAFT:
        raise Refused("need_settled", _("“%(need)s” is no longer open to change.") % {"need": need})
    if application is None or application.state not in UNDER_CHECK:
        raise Refused(
            "not_checked", _("Only a need of an application that is being checked is opened ahead of it.")
        )
    if need.urgency != Urgency.EMERGENCY:
        raise Refused(
            "not_urgent", _("The family can wait for the assessment: this need is not urgent within days.")
        )
    if need.consent is None or need.consent.withdrawn_at is not None:
        raise Refused(
            "consent_missing", _("The consent to look for help was withdrawn. Give it again first.")
        )
    if not reason.strip():
        raise Refused("reason_missing", _("Say why this cannot wait."), field="reason")
    register_involvement(file=household, duty=Duty.REVIEWER, by=by, at=at)
    also = {
        "severity": HIGHEST,
        "severity_rule": AT_ONCE,
        "severity_reason": reason[:200],
        "groups": groups_of(household, day_of(at)),
        "opened_at": at,
        "assess_by": at + ASSESSED_WITHIN,
        "public_title": need.public_title or need.item.label_zh,
    }
    return move(need, NeedState.OPEN, by=by, at=at, also=also, severity=HIGHEST, rule=AT_ONCE)
