"""The course of a project through screening, gates, work and its end (domain §10.5)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import User
from accounts.queries import members_of
from accounts.rules import acts_by_rule, refuse_unless_by_rule
from common.actors import Actor
from common.exceptions import Refused
from common.locking import lock
from common.recording import record
from common.states import move
from common.templatetags.ui import yuan
from notices.services import notify_all
from projects.enums import ProjectState, Stage
from projects.models import Project, StageGate
from projects.queries import matched, money_needed
from projects.rules import refuse_unless_agency, refuse_unless_staff, refuse_unless_staff_or_rule


@transaction.atomic
def screen_project(*, project: Project, by: User, at: datetime) -> Project:
    """Staff of the place look whether the application is complete and the need real."""
    project = lock(project)
    refuse_unless_staff(project, by)
    return move(project, ProjectState.SCREENING, by=by, at=at)


@transaction.atomic
def begin_ex_ante(*, project: Project, by: Actor, at: datetime) -> Project:
    """The screened project goes to an independent team before anything is agreed."""
    project = lock(project)
    refuse_unless_staff_or_rule(project, by)
    return move(project, ProjectState.EX_ANTE, by=by, at=at)


@transaction.atomic
def ask_revision(*, project: Project, reason: str, by: Actor, at: datetime) -> Project:
    """Back to the agency with what is to be changed."""
    refuse_unless_staff_or_rule(project, by)
    project = _with_reason(project, ProjectState.REVISE, reason, by, at)
    _tell_agency(project, "project_revise", by, at)
    return project


@transaction.atomic
def reject_project(*, project: Project, reason: str, by: Actor, at: datetime) -> Project:
    """Not accepted, with the reason."""
    refuse_unless_staff_or_rule(project, by)
    project = _with_reason(project, ProjectState.REJECTED, reason, by, at)
    _tell_agency(project, "project_rejected", by, at)
    return project


@transaction.atomic
def approve_project(*, project: Project, by: User, at: datetime) -> Project:
    """A supervisor approves what passed the evaluation before the start; without that gate nothing is approved."""
    project = lock(project)
    refuse_unless_staff(project, by, supervisor=True)
    _need_gate(project, Stage.EX_ANTE)
    project = move(project, ProjectState.APPROVED, by=by, at=at, also={"approved_at": at, "reason": ""})
    _tell_agency(project, "project_approved", by, at)
    return project


@transaction.atomic
def mark_funded(*, project: Project, by: Actor, at: datetime, reason: str = "") -> Project:
    """Enough is matched to begin (domain §10.5): said by rule when it is, by staff only when the matches show it.

    With less than the project asked for a supervisor lets it begin, and says why.
    """
    project = lock(project)
    refuse_unless_staff_or_rule(project, by)
    also = {}
    if not acts_by_rule(by):
        also = _need_matches(project, reason, by)
    return move(project, ProjectState.FUNDED, by=by, at=at, also=also)


@transaction.atomic
def mark_agreed(*, project: Project, by: Actor, at: datetime) -> Project:
    """The entrustment agreement is in force."""
    refuse_unless_by_rule(by)
    return move(lock(project), ProjectState.AGREED, by=by, at=at)


@transaction.atomic
def start_project(*, project: Project, by: Actor, at: datetime) -> Project:
    """Work begins; only after the agreement, and once: a pause or an evaluation is ended by others."""
    project = lock(project)
    if not acts_by_rule(by):
        refuse_unless_agency(project, by)
    if project.state != ProjectState.AGREED:
        raise Refused("not_agreed", _("Work begins once the agreement is in force."))
    return move(project, ProjectState.IN_PROGRESS, by=by, at=at, also={"started_at": at})


@transaction.atomic
def pause_project(*, project: Project, reason: str, by: User, at: datetime) -> Project:
    """Work rests."""
    refuse_unless_staff(project, by)
    return _with_reason(project, ProjectState.PAUSED, reason, by, at)


@transaction.atomic
def resume_project(*, project: Project, by: User, at: datetime) -> Project:
    """Work goes on."""
    project = lock(project)
    refuse_unless_staff(project, by)
    if project.state != ProjectState.PAUSED:
        raise Refused("not_paused", _("This project is not paused."))
    return move(project, ProjectState.IN_PROGRESS, by=by, at=at)


@transaction.atomic
def begin_mid_term(*, project: Project, by: Actor, at: datetime) -> Project:
    """The evaluation midway is due."""
    refuse_unless_staff_or_rule(project, by)
    return move(lock(project), ProjectState.MID_EVALUATING, by=by, at=at)


@transaction.atomic
def after_mid_term(*, project: Project, by: Actor, at: datetime) -> Project:
    """Passed midway: work and payments go on."""
    project = lock(project)
    refuse_unless_staff_or_rule(project, by)
    _need_gate(project, Stage.MID_TERM)
    return move(project, ProjectState.IN_PROGRESS, by=by, at=at)


@transaction.atomic
def rectify_project(*, project: Project, due: date, reason: str, by: Actor, at: datetime) -> Project:
    """Something must be put right by a date before the project goes on."""
    refuse_unless_staff_or_rule(project, by)
    return move(
        lock(project),
        ProjectState.RECTIFYING,
        by=by,
        at=at,
        reason="rectify",
        also={"reason": reason, "rectify_due": due},
    )


@transaction.atomic
def begin_completion(*, project: Project, by: User, at: datetime) -> Project:
    """The agency reports the work done; the evaluation midway must have been passed."""
    project = lock(project)
    refuse_unless_agency(project, by)
    _need_gate(project, Stage.MID_TERM)
    return move(project, ProjectState.COMPLETING, by=by, at=at, also={"completed_at": at})


@transaction.atomic
def begin_ex_post(*, project: Project, by: Actor, at: datetime) -> Project:
    """The evaluation after the end is due."""
    refuse_unless_staff_or_rule(project, by)
    return move(lock(project), ProjectState.EX_POST, by=by, at=at)


@transaction.atomic
def accept_project(*, project: Project, by: Actor, at: datetime) -> Project:
    """Passed after the end: the project is closed well."""
    project = lock(project)
    refuse_unless_staff_or_rule(project, by, supervisor=True)
    _need_gate(project, Stage.EX_POST)
    return move(project, ProjectState.ACCEPTED, by=by, at=at, also={"closed_at": at})


@transaction.atomic
def fail_project(*, project: Project, reason: str, by: Actor, at: datetime) -> Project:
    """Not passed after the end."""
    refuse_unless_staff_or_rule(project, by, supervisor=True)
    return move(lock(project), ProjectState.FAILED, by=by, at=at, also={"closed_at": at, "reason": reason})


@transaction.atomic
def terminate_project(*, project: Project, reason: str, by: User, at: datetime) -> Project:
    """Ended early by a supervisor, with the reason."""
    refuse_unless_staff(project, by, supervisor=True)
    return _with_reason(project, ProjectState.TERMINATED, reason, by, at)


@transaction.atomic
def archive_project(*, project: Project, by: Actor, at: datetime) -> Project:
    """Nothing more will happen."""
    refuse_unless_staff_or_rule(project, by)
    return move(lock(project), ProjectState.ARCHIVED, by=by, at=at)


@transaction.atomic
def pass_gate(*, project: Project, stage: str, evaluation_ref: str, by: Actor, at: datetime) -> StageGate:
    """Written by the evaluation when a stage is passed, once; agreements and payments hang on it."""
    refuse_unless_staff_or_rule(project, by)
    gate, created = StageGate.objects.get_or_create(
        project=project,
        stage=stage,
        defaults={"passed_at": at, "by_ref": by.actor_ref, "evaluation_ref": evaluation_ref},
    )
    if created:
        record("project.gate_passed", project, by=by, at=at, stage=stage, evaluation=evaluation_ref)
    return gate


def _tell_agency(project: Project, kind: str, by: Actor, at: datetime) -> None:
    readers = members_of(project.agency.organisation_id, role=Role.AGENCY)
    url = reverse("projects:file", args=[project.public_id])
    notify_all(to=readers, kind=kind, params={"title": project.title}, url=url, by=by, at=at)


def _need_gate(project: Project, stage: Stage) -> None:
    if not project.gates.filter(stage=stage).exists():
        raise Refused(
            "gate_missing", _("The evaluation “%(stage)s” has not been passed.") % {"stage": stage.label}
        )


def _need_matches(project: Project, reason: str, by: Any) -> dict[str, str]:
    """A match is confirmed, and its money reaches what is needed, or a supervisor says why less will do."""
    count, money = matched(project)
    needed = money_needed(project)
    if not count:
        raise Refused("nothing_matched", _("No match of this project has been confirmed by everybody yet."))
    if money >= needed:
        return {}
    if by.seat.role == Role.SUPERVISOR and reason.strip():
        return {"reason": reason.strip()}
    raise Refused(
        "funds_lacking",
        _(
            "%(matched)s of %(needed)s are matched, %(lacking)s are lacking. "
            "A supervisor may let the project begin with less and says why."
        )
        % {"matched": yuan(money), "needed": yuan(needed), "lacking": yuan(needed - money)},
        field="reason",
    )


def _with_reason(project: Project, state: ProjectState, reason: str, by: Actor, at: datetime) -> Project:
    if not reason.strip():
        raise Refused("reason_missing", _("Say why, so that the agency knows what to do."), field="reason")
    return move(lock(project), state, by=by, at=at, also={"reason": reason})
