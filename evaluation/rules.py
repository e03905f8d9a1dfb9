"""Who may act in an evaluation, and when its outcome is a pass."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from accounts.enums import PLATFORM_STAFF, Role
from accounts.models import User
from accounts.rules import acts_by_rule, refuse_own_employer, refuse_unless_worker_near
from common.actors import Actor
from common.exceptions import Refused
from evaluation.enums import REVIEWS, Heading, Measure, Outcome, Veto
from evaluation.formulas.policy import Policy
from evaluation.models import EliminationCase, Evaluation, TeamMember
from evaluation.parameters import Course
from implementers.enums import STANDING_MOVES, Standing
from implementers.models import Agency
from projects.enums import Stage
from projects.models import Project
from projects.rules import party_organisations

SHARPEST = Decimal("0.5")


def refuse_unless_supervisor(project: Project, by: Any) -> None:
    """A supervisor of the place, without a tie to a party and without a seat in the team."""
    seat = getattr(by, "seat", None)
    if seat is None or seat.role != Role.SUPERVISOR or not project.place.startswith(seat.prefix):
        raise Refused("not_your_area", _("A supervisor of this area does this step."))
    refuse_own_employer(by=by, organisation_ids=party_organisations(project))
    if TeamMember.objects.filter(evaluation__project=project, user=by, recused=False).exists():
        raise Refused("evaluator_here", _("You evaluated this project, so a colleague must do this step."))


def seat_of(evaluation: Evaluation, by: Actor) -> TeamMember:
    """The evaluator's own seat; refused for everybody who was not drawn or has recused."""
    member = evaluation.team.filter(user__public_id=by.actor_ref, recused=False).first()
    if member is None or not isinstance(by, User):
        raise Refused("not_in_team", _("You were not drawn for this evaluation."))
    seat = by.seat
    if seat is None or seat.role != Role.EVALUATOR:
        raise Refused(
            "not_as_evaluator", _("Switch your role to evaluator at the top of the page, then go on.")
        )
    refuse_own_employer(by=by, organisation_ids=party_organisations(evaluation.project))
    return member  # type: ignore[no-any-return]


def refuse_not_own_agency(agency: Agency, by: User) -> None:
    """Only the agency concerned speaks for itself."""
    seat = getattr(by, "seat", None)
    if seat is None or seat.role != Role.AGENCY or seat.organisation_id != agency.organisation_id:
        raise Refused("not_your_agency", _("Only the agency itself does this step."))


def refuse_rater(agency: Agency, by: Any, *, supervisor: bool) -> None:
    """Whoever rates or judges an agency works where it is at work, not for it, and evaluated none of its projects."""
    refuse_unless_worker_near(
        by=by, organisation=agency.organisation, area=agency.area, supervisor=supervisor
    )
    if TeamMember.objects.filter(evaluation__project__agency=agency, user=by, recused=False).exists():
        raise Refused(
            "evaluator_of_agency",
            _("You evaluated a project of this agency, so a colleague must do this step."),
        )


def may_rate(agency: Agency, by: Any, *, supervisor: bool) -> bool:
    """Whether a page offers somebody the steps of a rater."""
    try:
        refuse_rater(agency, by, supervisor=supervisor)
    except Refused:
        return False
    return True


def refuse_unless_worker(by: Any) -> None:
    """The station's people ask for the numbers of a day, or the platform itself."""
    seat = getattr(by, "seat", None)
    if not acts_by_rule(by) and (seat is None or seat.role not in PLATFORM_STAFF):
        raise Refused("workers_only", _("A worker of the station does this step."))


def open_measures(case: EliminationCase) -> list[str]:
    """What may be decided: anything when a measure is proposed; at a review what follows the present standing."""
    if case.trigger not in REVIEWS:
        return list(Measure.values)
    standing = Standing(case.facts["standing"])
    after = STANDING_MOVES.get(standing, set())
    longer = {standing} & {Standing.SUSPENDED, Standing.ELIMINATED}
    return [Measure.NONE, *(measure for measure in Measure.values if measure in after | longer)]


def check_points(points: Mapping[str, Any], policy: Policy) -> dict[str, str]:
    """Known headings, in halves of a point, none above its weight; kept as text so that nothing is rounded."""
    checked = {}
    for heading, given in points.items():
        most = policy.scorecard.get(heading)
        if most is None:
            raise Refused("heading_unknown", _("The scorecard has no such heading."))
        try:
            value = Decimal(str(given))
        except InvalidOperation:
            value = Decimal(-1)
        if not 0 <= value <= most or value % SHARPEST:
            raise Refused(
                "points_out_of_range",
                _("“%(heading)s” is given between 0 and %(most)d points, in halves.")
                % {"heading": Heading(heading).label, "most": most},
                field=f"points_{heading}",
            )
        checked[heading] = str(value)
    return checked


def check_veto(veto: str) -> str:
    """A veto item of the list, or none."""
    if veto and veto not in Veto.values:
        raise Refused("veto_unknown", _("Choose the breach from the list."), field="veto")
    return veto


def refuse_incomplete(points: Mapping[str, Any], reasons: Mapping[str, str], policy: Policy) -> None:
    """Every heading has its points and its reason before a sheet is submitted."""
    for heading in policy.scorecard:
        if heading not in points:
            raise Refused(
                "points_missing",
                _("Give points for “%(heading)s”.") % {"heading": Heading(heading).label},
                field=f"points_{heading}",
            )
        if not reasons.get(heading, "").strip():
            raise Refused(
                "reason_missing",
                _("Say what the points for “%(heading)s” rest on.") % {"heading": Heading(heading).label},
                field=f"reason_{heading}",
            )


def outcome_of(*, stage: str, score: Decimal, veto: str, findings: int, course: Course) -> Outcome:
    """A veto fails; below the pass mark is sent back or fails; a pass waits until findings are put right."""
    if veto:
        return Outcome.FAILED
    if score >= course.pass_marks[stage]:
        waits = findings and stage != Stage.EX_ANTE
        return Outcome.REVISE if waits else Outcome.PASSED
    if stage == Stage.MID_TERM or (stage == Stage.EX_ANTE and score >= course.revise_floor):
        return Outcome.REVISE
    return Outcome.FAILED
