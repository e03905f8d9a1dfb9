"""Handing a family on for one matter: its own word first, then the receiver's answer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.clock import day_of
from common.exceptions import Refused
from common.locking import lock
from common.recording import record
from common.states import move
from files.models import Attachment
from households.enums import ReferralState
from households.models import Household, Referral
from households.rules import refuse_paused, refuse_unless_case_role
from households.services.saying import said
from households.services.speaking import NOBODY_ELSE, hear_family
from reference.queries import add_working_days

ANSWER_DAYS = 10  # working days the receiver of a referral has


@transaction.atomic
def refer_household(
    *,
    household: Household,
    receiver: str,
    contact: str,
    matter: str,
    told: str,
    evidence: Attachment | None,
    by: User,
    at: datetime,
) -> Referral:
    """Handing the family on for one matter with its own word to this receiver and to what it is told."""
    household = lock(household)
    refuse_unless_case_role(by, household)
    refuse_paused(household)
    named, what, words = said(receiver, "receiver"), said(matter, "matter"), said(told, "told")
    hear_family(household, scope=NOBODY_ELSE, evidence=evidence, by=by, at=at)
    shown: Any = evidence
    referral: Referral = Referral.objects.create(
        household=household,
        receiver=named,
        contact=contact.strip(),
        matter=what,
        told=words,
        evidence=shown,
        sent_by=by,
        sent_at=at,
        answer_due=add_working_days(day_of(at), ANSWER_DAYS),
        state=ReferralState.SENT,
        state_since=at,
    )
    record("referral.sent", referral, by=by, at=at, household=household.public_id, due=referral.answer_due)
    return referral


@transaction.atomic
def answer_referral(
    *, referral: Referral, to: str, answer: str, answered_on: date, by: User, at: datetime
) -> Referral:
    """What the receiver says: it takes the family on, or it does not and why."""
    referral = lock(referral)
    refuse_unless_case_role(by, referral.household)
    if to not in {ReferralState.ACCEPTED, ReferralState.DECLINED}:
        raise Refused("answer_unknown", _("Choose an answer from the list."), field="to")
    if not day_of(referral.sent_at) <= answered_on <= day_of(at):
        raise Refused(
            "answer_day", _("The answer came after the referral and not in the future."), field="answered_on"
        )
    also = {"answer": said(answer, "answer"), "answered_on": answered_on}
    return move(referral, to, by=by, at=at, also=also, household=referral.household.public_id)


@transaction.atomic
def end_referral(*, referral: Referral, outcome: str, by: User, at: datetime) -> Referral:
    """The family has got there, and this is what came of it."""
    referral = lock(referral)
    refuse_unless_case_role(by, referral.household)
    also = {"outcome": said(outcome, "outcome")}
    return move(
        referral, ReferralState.ENDED, by=by, at=at, also=also, household=referral.household.public_id
    )


@transaction.atomic
def take_referral_back(
    *, referral: Referral, evidence: Attachment | None, by: User, at: datetime
) -> Referral:
    """The family no longer wants it: its word stands over the referral."""
    referral = lock(referral)
    hear_family(referral.household, scope=NOBODY_ELSE, evidence=evidence, by=by, at=at)
    return move(referral, ReferralState.TAKEN_BACK, by=by, at=at, household=referral.household.public_id)
