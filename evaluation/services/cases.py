"""Dynamic elimination with due process: facts, statement, decision by two, appeal, hand-over (domain §11.4)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import Duty, Role
from accounts.models import User
from accounts.queries import members_of
from accounts.rules import acts_by_rule, refuse_unless_by_rule
from accounts.services import register_involvement
from common.actors import Actor
from common.clock import day_of
from common.exceptions import Refused
from common.locking import lock
from common.recording import record
from common.states import move
from evaluation.enums import GRAVE, REVIEWS, EliminationState, Measure, Trigger
from evaluation.models import EliminationCase, Evaluation, RatingPolicy
from evaluation.queries import parameters_of, policy_on
from evaluation.rules import open_measures, refuse_not_own_agency, refuse_rater
from implementers.enums import STANDING_MOVES, Standing
from implementers.models import Agency
from implementers.services import change_standing_state, check_anew, prolong_standing
from notices.services import notify_all
from reference.queries import add_working_days

UNDECIDED = [EliminationState.OPENED, EliminationState.STATED]


@transaction.atomic
def open_elimination(
    *,
    agency: Agency,
    trigger: str,
    measure: str,
    facts: dict[str, Any],
    by: Actor,
    at: datetime,
    policy: RatingPolicy | None = None,
) -> EliminationCase:
    """Tell the agency the facts and the rule, and invite its statement; an open case of that measure is returned."""
    agency = lock(agency)
    if not acts_by_rule(by) and trigger != Trigger.PUT_RIGHT:
        refuse_rater(agency, by, supervisor=True)
    known = EliminationCase.objects.filter(agency=agency, measure=measure, state__in=UNDECIDED).first()
    if known is not None:
        return known  # type: ignore[no-any-return]
    policy = policy or policy_on(day_of(at))
    case = EliminationCase(
        agency=agency,
        trigger=Trigger(trigger),
        measure=Measure(measure),
        facts={**facts, "policy": policy.version},
        policy=policy,
        opened_at=at,
        statement_due=add_working_days(day_of(at), parameters_of(policy).course.statement_days),
        state=EliminationState.OPENED,
        state_since=at,
    )
    case.save(force_insert=True)
    record("evaluation.case_opened", case, by=by, at=at, agency=agency.public_id, trigger=str(trigger),
           measure=str(measure))  # fmt: skip
    _tell(case, "elimination_opened", by=by, at=at)
    return case


@transaction.atomic
def freeze_after_veto(*, evaluation: Evaluation, by: User, at: datetime) -> EliminationCase:
    """A grave breach freezes the agency the same day; what becomes of it is decided by two people afterwards."""
    agency = lock(evaluation.project.agency)
    reason = _("Evaluation %(number)s found a grave breach; it is being looked into.") % {
        "number": evaluation.number
    }
    freeze(agency, reason=reason, by=by, at=at)
    facts = {"evaluation": evaluation.public_id, "veto": evaluation.veto}
    return open_elimination(
        agency=agency, trigger=Trigger.VETO, measure=Measure.ELIMINATED, facts=facts, by=by, at=at,
        policy=evaluation.policy,
    )  # fmt: skip


def freeze(agency: Agency, *, reason: str, by: Actor, at: datetime) -> None:
    """Nothing new goes to the agency while the matter is looked into; a graver standing stays."""
    if Standing.FROZEN in STANDING_MOVES.get(Standing(agency.standing), set()):
        change_standing_state(agency=agency, to=Standing.FROZEN, reason=reason, by=by, at=at)


@transaction.atomic
def make_statement(*, case: EliminationCase, text: str, by: User, at: datetime) -> EliminationCase:
    """The agency is heard before anything is decided (陈述申辩)."""
    case = lock(case)
    refuse_not_own_agency(case.agency, by)
    if day_of(at) > case.statement_due:
        raise Refused("statement_over", _("The time for a statement is over. You may appeal the decision."))
    if not text.strip():
        raise Refused("text_missing", _("Write your statement."), field="text")
    return move(case, EliminationState.STATED, by=by, at=at, also={"statement": text.strip()})


@transaction.atomic
def decide_elimination(
    *, case: EliminationCase, decision: str, reason: str, by: User, at: datetime
) -> EliminationCase:
    """Two supervisors who never evaluated the agency decide the same; the second decision carries it out."""
    case = lock(case)
    refuse_rater(case.agency, by, supervisor=True)
    _refuse_undecidable(case, decision, reason, at)
    register_involvement(file=case, duty=Duty.REVIEWER, by=by, at=at)
    if case.first_decider_id is None:
        case.first_decider, case.decision, case.reason = by, Measure(decision), reason.strip()
        case.save(update_fields=["first_decider", "decision", "reason"])
        record("evaluation.case_first_decision", case, by=by, at=at, decision=str(decision))
        return case
    if case.first_decider_id == by.pk:
        raise Refused("second_person", _("You decided first, so a colleague must decide too."))
    if case.decision != decision:
        case.first_decider, case.decision, case.reason = None, "", ""
        case.save(update_fields=["first_decider", "decision", "reason"])
        record("evaluation.case_disagreed", case, by=by, at=at, decision=str(decision))
        return case
    also = {"second_decider": by, "decided_at": at}
    case = move(case, EliminationState.DECIDED, by=by, at=at, also=also, decision=str(decision))
    apply_measure(case=case, by=by, at=at)
    _tell(case, "elimination_decided", by=by, at=at)
    return case


@transaction.atomic
def finish_case(*, case: EliminationCase, by: Actor, at: datetime) -> EliminationCase:
    """Nobody appealed in thirty days: the decision is final."""
    refuse_unless_by_rule(by)
    case = lock(case)
    days = parameters_of(case.policy).course.appeal_days
    if case.decided_at is None or at < case.decided_at + timedelta(days=days):
        raise Refused("appeal_open", _("The agency may still appeal."))
    return move(case, EliminationState.FINAL, by=by, at=at, also={"final_at": at})


def apply_measure(*, case: EliminationCase, by: Actor, at: datetime) -> None:
    """Bring the agency into the standing that was decided, through suspension where the table asks for it."""
    agency = lock(case.agency)
    target = Standing.NORMAL if case.decision == Measure.NONE else Standing(case.decision)
    if case.trigger in REVIEWS:
        if agency.standing != case.facts["standing"]:
            return  # another case has decided meanwhile, and its word stands
    elif agency.standing == target or (target == Standing.NORMAL and agency.standing != Standing.FROZEN):
        return
    until = _ends(case, target, at)
    if agency.standing == target:
        prolong_standing(agency=agency, reason=case.reason, by=by, at=at, until=until)
        return
    if target not in STANDING_MOVES.get(Standing(agency.standing), set()):
        agency = change_standing_state(agency=agency, to=Standing.SUSPENDED, reason=case.reason, by=by, at=at)
    change_standing_state(agency=agency, to=target, reason=case.reason, by=by, at=at, until=until)
    if agency.standing == Standing.ELIMINATED and agency.is_admitted:
        check_anew(agency=agency, by=by, at=at)


def _ends(case: EliminationCase, target: Standing, at: datetime) -> datetime | None:
    """When the measure is looked at again (domain §10.9, §11.4)."""
    course = parameters_of(case.policy).course
    days = {
        Standing.WARNED: course.rectify_days,
        Standing.RECTIFYING: course.suspension_days,
        Standing.SUSPENDED: course.suspension_days,
        Standing.ELIMINATED: course.removal_days_after_veto if case.trigger in GRAVE else course.removal_days,
    }.get(target)
    return at + timedelta(days=days) if days else None


def _refuse_undecidable(case: EliminationCase, decision: str, reason: str, at: datetime) -> None:
    if case.state not in UNDECIDED:
        raise Refused(
            "decided", _("This case is “%(state)s”; it cannot be decided now.") % {"state": case.state_label}
        )
    if case.state == EliminationState.OPENED and day_of(at) <= case.statement_due:
        raise Refused("statement_running", _("The agency may still make a statement. Wait for it."))
    if decision not in open_measures(case):
        raise Refused("measure_unknown", _("Choose what is to happen."), field="decision")
    if not reason.strip():
        raise Refused("reason_missing", _("Say why, in words the agency will read."), field="reason")


def _tell(case: EliminationCase, kind: str, *, by: Actor, at: datetime) -> None:
    notify_all(
        to=members_of(case.agency.organisation_id, role=Role.AGENCY),
        kind=kind,
        url=reverse("evaluation:case", args=[case.public_id]),
        by=by,
        at=at,
    )
