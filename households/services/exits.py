"""The end of support is nobody's alone: a worker proposes, the household says yes or no, a supervisor decides."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Duty
from accounts.models import Involvement, User
from accounts.services import register_involvement
from common.actors import Actor
from common.clock import day_of
from common.exceptions import Refused
from common.locking import lock
from common.states import move
from files.models import Attachment
from households.enums import HouseholdState, VisitKind
from households.models import ExitProposal, Household, HouseholdYear
from households.rules import refuse_unless_case_role, refuse_unless_speaking, refuse_unless_supervisor
from households.services.news import tell_household, tell_of_delegate
from households.services.visits import open_visit_task

FOLLOW_UP_DAYS = (90, 180, 270, 360)
SCOPE = "update"  # what a delegate needs to answer for the family in its matters


@transaction.atomic
def propose_exit(*, household: Household, reason: str, by: User, at: datetime) -> ExitProposal:
    """A worker proposes the exit of a household whose latest income stands above its line."""
    household = lock(household)
    refuse_unless_case_role(by, household)
    latest = (
        HouseholdYear.objects.filter(household=household, per_capita__isnull=False).order_by("-year").first()
    )
    if latest is None or latest.below_line is not False:
        raise Refused("income_unknown", _("The latest yearly income is not known to be above the line."))
    register_involvement(file=household, duty=Duty.ASSESSOR, by=by, at=at)
    move(household, HouseholdState.EXIT_PROPOSED, by=by, at=at, reason=reason, year=latest.year)
    proposal: ExitProposal = ExitProposal.objects.create(
        household=household, reason=reason, year=latest.year, proposed_by=by, proposed_at=at
    )
    tell_household(household, "exit_for_household", by=by, at=at)
    return proposal


@transaction.atomic
def confirm_exit(*, household: Household, evidence: Attachment | None, by: Actor, at: datetime) -> Household:
    """The household agrees, by its code, or through its worker or delegate with evidence; then a supervisor decides."""
    household, proposal = _open(household)
    refuse_unless_speaking(household, by, at, scope=SCOPE)
    way = "worker" if isinstance(by, User) else ("web" if by.actor_kind == "household" else "delegate")
    if way != "web" and evidence is None:
        raise Refused(
            "evidence_missing",
            _("Add the photo or recording that shows the family's own word."),
            field="upload",
        )
    register_involvement(file=household, duty=Duty.SPOKESPERSON, by=by, at=at)
    move(household, HouseholdState.EXIT_AGREED, by=by, at=at, method=way)
    tell_of_delegate(household, by=by, at=at)
    proposal.agreed_at, proposal.method, proposal.agreed_by_ref, proposal.evidence = (
        at,
        way,
        by.actor_ref,
        evidence,
    )
    proposal.undo_until = at + timedelta(minutes=settings.UNDO_MINUTES)
    proposal.save(update_fields=["agreed_at", "method", "agreed_by_ref", "evidence", "undo_until"])
    return household


@transaction.atomic
def undo_exit_answer(*, household: Household, by: Actor, at: datetime) -> Household:
    """Ten minutes to think again; later, and until the supervisor has decided, the household can still say no."""
    household, proposal = _open(household)
    refuse_unless_speaking(household, by, at, scope=SCOPE)
    if household.state != HouseholdState.EXIT_AGREED or proposal.undo_until is None:
        raise Refused("nothing_to_undo", _("There is no answer that can be taken back now. Reload the page."))
    if at >= proposal.undo_until:
        raise Refused(
            "too_late_to_undo", _("The ten minutes are over. You can still say that you do not agree.")
        )
    move(household, HouseholdState.EXIT_PROPOSED, by=by, at=at, reason="undone")
    tell_of_delegate(household, by=by, at=at)
    proposal.agreed_at = proposal.undo_until = proposal.evidence = None
    proposal.method = proposal.agreed_by_ref = ""
    proposal.save(update_fields=["agreed_at", "method", "agreed_by_ref", "evidence", "undo_until"])
    return household


@transaction.atomic
def dispute_exit(*, household: Household, by: Actor, at: datetime) -> Household:
    """The household does not agree: it stays supported, and nobody needs evidence for a no."""
    household, proposal = _open(household)
    refuse_unless_speaking(household, by, at, scope=SCOPE)
    register_involvement(file=household, duty=Duty.SPOKESPERSON, by=by, at=at)
    move(household, HouseholdState.ACTIVE, by=by, at=at, reason="disputed")
    tell_of_delegate(household, by=by, at=at)
    _end(proposal, at)
    return household


@transaction.atomic
def approve_exit(*, household: Household, by: User, at: datetime) -> Household:
    """A supervisor who did not propose it decides; four quarterly follow-up visits are put on the list."""
    household, proposal = _decidable(household, by, at)
    move(household, HouseholdState.TRACKING, by=by, at=at)
    proposal.approved, proposal.decided_by = True, by
    _end(proposal, at)
    for days in FOLLOW_UP_DAYS:
        due = day_of(at) + timedelta(days=days)
        cause = f"follow-up-{household.episode}-{days}"
        open_visit_task(household=household, kind=VisitKind.FOLLOW_UP, due=due, cause_ref=cause, by=by, at=at)
    tell_household(household, "exit_approved_for_household", by=by, at=at)
    return household


@transaction.atomic
def refuse_exit(*, household: Household, by: User, at: datetime) -> Household:
    """The supervisor finds that it is too early: the household stays supported."""
    household, proposal = _decidable(household, by, at)
    move(household, HouseholdState.ACTIVE, by=by, at=at, reason="too_early")
    proposal.decided_by = by
    _end(proposal, at)
    tell_household(household, "exit_refused_for_household", by=by, at=at)
    return household


def _open(household: Household) -> tuple[Household, ExitProposal]:
    household = lock(household)
    proposal: ExitProposal | None = household.exits.filter(ended_at__isnull=True).first()
    if proposal is None:
        raise Refused("no_exit", _("Nobody has proposed to end the support. Reload the page."))
    return household, lock(proposal)


def _decidable(household: Household, by: User, at: datetime) -> tuple[Household, ExitProposal]:
    household, proposal = _open(household)
    refuse_unless_supervisor(by, household)
    if by.pk == proposal.proposed_by_id:
        raise Refused("four_eyes", _("You proposed the exit. Another supervisor decides."))
    if by.actor_ref == proposal.agreed_by_ref:
        raise Refused("four_eyes", _("You took down the family's answer. Another supervisor decides."))
    spoken = Involvement.objects.filter(user=by, file_ref=household.public_id, duty=Duty.SPOKESPERSON)
    if spoken.exists():
        raise Refused(
            "four_eyes", _("You have spoken or held the code for this family. Another supervisor decides.")
        )
    if household.state != HouseholdState.EXIT_AGREED or proposal.undo_until is None:
        raise Refused("not_agreed", _("The family has not agreed yet. Hear its answer first."))
    if at < proposal.undo_until:
        raise Refused(
            "undo_running", _("The family can still think again for ten minutes. Decide after that.")
        )
    register_involvement(file=household, duty=Duty.REVIEWER, by=by, at=at)
    return household, proposal


def _end(proposal: ExitProposal, at: datetime) -> None:
    proposal.ended_at = at
    proposal.save(update_fields=["ended_at", "approved", "decided_by"])
