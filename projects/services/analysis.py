"""The joint analysis of causes and answers by household and agency (R28), confirmed by both."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Duty, Role
from accounts.models import User
from accounts.rules import refuse_own_employer
from accounts.services import register_involvement
from common.actors import Actor
from common.clock import day_of
from common.exceptions import Refused
from common.locking import lock, save_edited
from common.recording import record
from common.states import move
from files.models import Attachment
from households.models import Household
from households.queries import delegation_in_force
from households.services.news import tell_of_delegate
from households.services.speaking import hear_family
from projects.enums import AnalysisState, ProjectState
from projects.models import JointAnalysis, Project
from projects.rules import party_organisations, refuse_unless_agency, speaks_by_code

OPEN_STATES = frozenset(
    {ProjectState.APPROVED, ProjectState.FUNDED, ProjectState.AGREED, ProjectState.IN_PROGRESS}
)
CAUSES_AT_MOST = 3
GOALS = range(1, 6)


@transaction.atomic
def open_joint_analysis(*, project: Project, household: Household, by: Actor, at: datetime) -> JointAnalysis:
    """Begin, or find, the analysis of one household in one project: its agency or a worker of the place."""
    if not _is_worker(household, by):
        refuse_unless_agency(project, by)
    known: JointAnalysis | None = (
        JointAnalysis.objects.filter(project=project, household=household)
        .exclude(state=AnalysisState.ENDED)
        .first()
    )
    if known is not None:
        return known
    if project.state not in OPEN_STATES:
        raise Refused("project_closed", _("This project takes no more households now."))
    analysis = JointAnalysis(
        project=project, household=household, created_at=at, state=AnalysisState.DRAFT, state_since=at
    )
    analysis.save(force_insert=True)
    record(
        "analysis.opened", analysis, by=by, at=at, project=project.public_id, household=household.public_id
    )
    return analysis


@transaction.atomic
def edit_joint_analysis(
    *, analysis: JointAnalysis, version: int, changes: dict[str, Any], by: User, at: datetime
) -> JointAnalysis:
    """Written by the agency, or by the worker at the household's table; a stale save shows both versions.

    The first of the causes is the main one.
    """
    analysis = lock(analysis)
    _refuse_outsider(analysis, by)
    if analysis.state != AnalysisState.DRAFT:
        raise Refused(
            "not_a_draft", _("Both sides are confirming this text. Take it back before changing it.")
        )
    causes = changes.get("causes", [])
    if len(causes) > CAUSES_AT_MOST or len(set(causes)) < len(causes):
        raise Refused("too_many_causes", _("Name one main cause and at most two others."), field="causes")
    saved = save_edited(analysis, version=version, changes=changes)
    record("analysis.edited", saved, by=by, at=at, fields=sorted(changes))
    return saved


@transaction.atomic
def propose_joint_analysis(*, analysis: JointAnalysis, by: User, at: datetime) -> JointAnalysis:
    """Complete: causes, strengths, answers and one to five goals; now both sides confirm."""
    analysis = lock(analysis)
    _refuse_outsider(analysis, by)
    for name in ("causes", "strengths", "responses"):
        if not getattr(analysis, name):
            label = JointAnalysis._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            raise Refused("incomplete", _("Still to be filled in: %(field)s") % {"field": label}, field=name)
    if len(analysis.goals) not in GOALS:
        raise Refused("goals", _("Write down one to five goals."), field="goals")
    return move(analysis, AnalysisState.CONFIRMING, by=by, at=at)


@transaction.atomic
def reopen_joint_analysis(*, analysis: JointAnalysis, by: User, at: datetime) -> JointAnalysis:
    """Back to writing: confirmations given so far no longer count."""
    _refuse_outsider(analysis, by)
    cleared: dict[str, Any] = {
        "agency_confirmed_at": None,
        "agency_confirmed_by": "",
        "household_confirmed_at": None,
        "household_method": "",
        "household_evidence": None,
    }
    return move(lock(analysis), AnalysisState.DRAFT, by=by, at=at, also=cleared)


@transaction.atomic
def confirm_joint_analysis_for_agency(*, analysis: JointAnalysis, by: User, at: datetime) -> JointAnalysis:
    """The agency stands by the text."""
    analysis = lock(analysis)
    refuse_unless_agency(analysis.project, by)
    _refuse_not_confirming(analysis)
    analysis.agency_confirmed_at, analysis.agency_confirmed_by = at, by.public_id
    analysis.save(update_fields=["agency_confirmed_at", "agency_confirmed_by"])
    record("analysis.confirmed_by_agency", analysis, by=by, at=at)
    return _agreed_if_both(analysis, by, at)


@transaction.atomic
def confirm_joint_analysis_for_household(
    *, analysis: JointAnalysis, method: str, evidence: Attachment | None, by: Actor, at: datetime
) -> JointAnalysis:
    """The household says yes on the web with its code, or through worker or delegate with evidence."""
    analysis = lock(analysis)
    _refuse_speaking_for_household(analysis, by, at)
    _refuse_not_confirming(analysis)
    if by.actor_kind != "household" and evidence is None:
        raise Refused(
            "evidence_missing",
            _("Add the photo or recording that shows the family's own answer."),
            field="evidence",
        )
    register_involvement(file=analysis.household, duty=Duty.SPOKESPERSON, by=by, at=at)
    tell_of_delegate(analysis.household, by=by, at=at)
    analysis.household_confirmed_at, analysis.household_method = at, method
    analysis.household_evidence = evidence
    analysis.save(update_fields=["household_confirmed_at", "household_method", "household_evidence"])
    record("analysis.confirmed_by_household", analysis, by=by, at=at, method=method)
    return _agreed_if_both(analysis, by, at)


@transaction.atomic
def end_joint_analysis(
    *, analysis: JointAnalysis, by: Actor, at: datetime, evidence: Attachment | None = None
) -> JointAnalysis:
    """The household withdraws: it may at any time, without giving a reason; a worker who brings its word shows it."""
    _refuse_speaking_for_household(analysis, by, at)
    hear_family(analysis.household, scope="update", evidence=evidence, by=by, at=at)
    return move(lock(analysis), AnalysisState.ENDED, by=by, at=at)


def _agreed_if_both(analysis: JointAnalysis, by: Actor, at: datetime) -> JointAnalysis:
    if analysis.agency_confirmed_at and analysis.household_confirmed_at:
        move(analysis, AnalysisState.AGREED, by=by, at=at)
    return analysis


def _refuse_not_confirming(analysis: JointAnalysis) -> None:
    if analysis.state != AnalysisState.CONFIRMING:
        raise Refused("not_confirming", _("This text is not waiting for confirmation."))


def _refuse_outsider(analysis: JointAnalysis, by: User) -> None:
    if not _is_worker(analysis.household, by):
        refuse_unless_agency(analysis.project, by)


def _is_worker(household: Household, by: Actor) -> bool:
    seat = getattr(by, "seat", None)
    roles = {Role.SOCIAL_WORKER, Role.SUPERVISOR}
    return seat is not None and seat.role in roles and household.area.startswith(seat.prefix)


def _refuse_speaking_for_household(analysis: JointAnalysis, by: Actor, at: datetime) -> None:
    """A household speaks with its code, through a worker of its place or a delegate; never through the agency."""
    if not isinstance(by, User):
        if not speaks_by_code(analysis.household, by, scope="update", on=day_of(at)):
            raise Refused(
                "not_for_household", _("Only the family, its delegate or its social worker can say this.")
            )
        return
    if _is_worker(analysis.household, by):
        refuse_own_employer(by=by, organisation_ids=party_organisations(analysis.project))
        return
    if delegation_in_force(analysis.household, user=by, scope="update", on=day_of(at)) is None:
        raise Refused(
            "not_for_household", _("Only the family, its delegate or its social worker can say this.")
        )
