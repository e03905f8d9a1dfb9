"""Quality rules raise questions; people answer them; nothing is rejected by a rule alone (domain §2.9)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Duty
from accounts.models import User
from accounts.services import register_involvement
from common.actors import Actor
from common.clock import day_of
from common.exceptions import Refused
from common.locking import lock, lock_all
from common.recording import record
from common.states import move
from households.enums import ApplicationState, FlagState, NeedState
from households.models import Application, Household, QualityFlag
from households.quality import find_questions
from households.rules import refuse_unless_case_role

OPEN = [FlagState.RAISED, FlagState.ASKED, FlagState.EXPLAINED]
# What is on its way to the household is not torn away: whoever releases the match decides that.
VOIDABLE = [NeedState.DRAFT, NeedState.ASSESSED, NeedState.OPEN, NeedState.EXPIRED]


@transaction.atomic
def run_quality_rules(
    *, household: Household, application: Application | None, by: Actor, at: datetime
) -> list[QualityFlag]:
    """Run every enabled rule; a question already asked and answered is not asked again. Returns the open flags."""
    known = {(flag.rule, flag.member_id) for flag in household.flags.all()}
    for question in find_questions(household, on=day_of(at)):
        if (question.rule, question.member_id) in known:
            continue
        flag = QualityFlag(
            household=household,
            application=application,
            member_id=question.member_id,
            rule=question.rule,
            severity=question.severity,
            detail=question.detail,
            raised_at=at,
            state=FlagState.RAISED,
            state_since=at,
        )
        flag.save(force_insert=True)
        record("flag.raised", flag, by=by, at=at, rule=flag.rule, household=household.public_id)
    return list(household.flags.filter(state__in=OPEN))


@transaction.atomic
def clear_flag(*, flag: QualityFlag, reason: str, by: User, at: datetime) -> QualityFlag:
    """The explanation holds."""
    return _settle(flag, FlagState.CLEARED, reason=reason, by=by, at=at)


@transaction.atomic
def correct_flag(*, flag: QualityFlag, reason: str, by: User, at: datetime) -> QualityFlag:
    """The record was wrong and has been corrected."""
    return _settle(flag, FlagState.CORRECTED, reason=reason, by=by, at=at)


@transaction.atomic
def confirm_false(*, flag: QualityFlag, reason: str, by: User, at: datetime) -> QualityFlag:
    """Two different people must both find a statement false; the second makes it so and the needs become void."""
    flag = lock(flag)
    refuse_unless_case_role(by, flag.household)
    if not reason.strip():
        raise Refused("reason_missing", _("Say what shows that the statement is false."), field="reason")
    if flag.state not in OPEN:
        raise Refused("flag_settled", _("This question is settled already. Reload the page to see how."))
    register_involvement(file=flag.household, duty=Duty.VERIFIER, by=by, at=at)
    if flag.first_decider_id is None:
        flag.first_decider = by
        flag.reason = reason
        flag.save(update_fields=["first_decider", "reason"])
        record("flag.first_opinion_false", flag, by=by, at=at, rule=flag.rule)
        return flag
    if flag.first_decider_id == by.pk:
        raise Refused(
            "second_person_needed", _("You gave the first opinion. A second colleague must look at it.")
        )
    also = {"second_decider": by, "decided_at": at, "reason": f"{flag.reason}\n{reason}"}
    move(flag, FlagState.CONFIRMED_FALSE, by=by, at=at, also=also, rule=flag.rule)
    if flag.application is not None:
        for need in lock_all(flag.application.needs.filter(state__in=VOIDABLE, reserved=0)):
            move(need, NeedState.VOID, by=by, at=at, also={"closed_at": at}, reason=flag.rule)
    _go_on(flag.household, by=by, at=at)
    return flag


def _settle(flag: QualityFlag, state: FlagState, *, reason: str, by: User, at: datetime) -> QualityFlag:
    flag = lock(flag)
    refuse_unless_case_role(by, flag.household)
    if not reason.strip():
        raise Refused("reason_missing", _("Write down what you saw, in a sentence."), field="reason")
    register_involvement(file=flag.household, duty=Duty.VERIFIER, by=by, at=at)
    also = {"first_decider": by, "decided_at": at, "reason": reason}
    move(flag, state, by=by, at=at, also=also, rule=flag.rule)
    _go_on(flag.household, by=by, at=at)
    return flag


def _go_on(household: Household, *, by: User, at: datetime) -> None:
    """With the last open question of a family every application goes on that waited for it; a false one does not."""
    if household.flags.filter(state__in=OPEN, severity__in=["block", "flag"]).exists():
        return
    for application in lock_all(household.applications.filter(state=ApplicationState.FLAGGED)):
        if not application.flags.filter(state=FlagState.CONFIRMED_FALSE).exists():
            move(application, ApplicationState.VERIFYING, by=by, at=at)
