"""Admission by two people: a social worker scores the six headings and proposes, a supervisor decides (R72)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.enums import Duty
from accounts.models import User
from accounts.services import register_involvement
from common import clock
from common.exceptions import Refused
from common.locking import lock
from common.states import move
from implementers import rules
from implementers.enums import CEILINGS, AdmissionState, AgencyState, Level
from implementers.models import Admission, Agency
from implementers.services.news import tell_people
from journal.services import record


@transaction.atomic
def start_checking(*, agency: Agency, by: User, at: datetime) -> Agency:
    """Somebody without a tie to the agency takes the check on."""
    agency = lock(agency)
    rules.refuse_unless_checker(agency, by)
    return move(agency, AgencyState.CHECKING, by=by, at=at)


@transaction.atomic
def propose_admission(
    *, agency: Agency, scores: Mapping[str, Any], rationale: str, by: User, at: datetime
) -> Admission:
    """Points for the six headings and what speaks for them; the level follows from the total (domain §6.5)."""
    agency = lock(agency)
    rules.refuse_unless_checker(agency, by)
    if agency.state != AgencyState.CHECKING:
        raise Refused(
            "wrong_state",
            _("This agency is “%(state)s” now. Take the check on first.") % {"state": agency.state_label},
        )
    checked = rules.check_scores(scores)
    if not rationale.strip():
        raise Refused(
            "rationale_missing", _("Say in a few sentences what speaks for these points."), field="rationale"
        )
    register_involvement(file=agency, duty=Duty.ASSESSOR, by=by, at=at)
    total = sum(checked.values())
    try:
        with transaction.atomic():
            admission = Admission.objects.create(
                agency=agency, scores=checked, total=total, level=rules.level_for(total), rationale=rationale.strip(),
                state=AdmissionState.PROPOSED, state_since=at, proposed_by=by, proposed_at=at,
            )  # fmt: skip
    except IntegrityError:
        raise Refused(
            "proposal_waits", _("A proposal for this agency is waiting for a supervisor already.")
        ) from None
    record("implementers.admission.proposed", admission, by=by, at=at, agency=agency.public_id, total=total)
    return admission


@transaction.atomic
def admit_agency(
    *, admission: Admission, by: User, at: datetime, level: str = "", reason: str = ""
) -> Agency:
    """A supervisor who did not score admits to the proposed level or a lower one; the ceiling follows from it."""
    admission = lock(admission)
    agency = lock(admission.agency)
    _refuse_decider(admission, agency, by)
    rules.refuse_blocked("admission_blocked", rules.admission_blockers(agency, clock.day_of(at)))
    granted = level or admission.level
    if not admission.level:
        raise Refused(
            "total_too_low", _("The total is too low for any level. Send it back or refuse the admission.")
        )
    if granted not in Level.values or granted > admission.level:
        raise Refused(
            "level_too_high", _("The points do not carry this level. Choose a lower one."), field="level"
        )
    register_involvement(file=agency, duty=Duty.REVIEWER, by=by, at=at)
    decided = {"decided_by": by, "decided_at": at, "level": granted, "decision_reason": reason.strip()}
    move(admission, AdmissionState.ADMITTED, by=by, at=at, level=granted, also=decided)
    also = {"level": granted, "ceiling": CEILINGS[granted], "admitted_at": at, "reason": ""}
    move(agency, AgencyState.ADMITTED, by=by, at=at, also=also, level=granted)
    tell_people(agency.organisation, "agency_admitted", by=by, at=at)
    return agency


@transaction.atomic
def refuse_agency(*, admission: Admission, reason: str, by: User, at: datetime) -> Agency:
    """A supervisor who did not score refuses, with the reason the agency reads."""
    admission = lock(admission)
    agency = lock(admission.agency)
    _refuse_decider(admission, agency, by)
    why = _reason(reason)
    register_involvement(file=agency, duty=Duty.REVIEWER, by=by, at=at)
    decided = {"decided_by": by, "decided_at": at, "decision_reason": why}
    move(admission, AdmissionState.REFUSED, by=by, at=at, also=decided)
    move(agency, AgencyState.REFUSED, by=by, at=at, also={"reason": why})
    tell_people(agency.organisation, "agency_refused", by=by, at=at)
    return agency


@transaction.atomic
def send_back_admission(*, admission: Admission, reason: str, by: User, at: datetime) -> Admission:
    """The scorecard needs another look; the agency stays under check."""
    admission = lock(admission)
    _refuse_decider(admission, admission.agency, by)
    decided = {"decided_by": by, "decided_at": at, "decision_reason": _reason(reason)}
    return move(admission, AdmissionState.SENT_BACK, by=by, at=at, also=decided)


def _refuse_decider(admission: Admission, agency: Agency, by: User) -> None:
    rules.refuse_unless_checker(agency, by, supervisor=True)
    rules.refuse_same_person(admission.proposed_by, by)


def _reason(reason: str) -> str:
    if not reason.strip():
        raise Refused("reason_missing", _("Say why, in a sentence the agency will read."), field="reason")
    return reason.strip()
