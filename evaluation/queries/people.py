"""Who may evaluate a project: independent of it, of its parties and of its households (domain §10.8, R31)."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import Q

from accounts.enums import Duty, Role
from accounts.models import Involvement, Membership, User
from donors.models import Donor
from evaluation.models import SEATS, Evaluation, TeamMember
from matching.enums import LIVE, ProposalState
from matching.models import Proposal
from projects.models import JointAnalysis, Project
from projects.rules import party_organisations

COUNTED = [*LIVE, ProposalState.COMPLETED, ProposalState.FED_BACK, ProposalState.CLOSED]


def members_in(evaluation: Evaluation, *, arbiter: bool | None = None) -> list[TeamMember]:
    """The team as it is now, without those who recused themselves."""
    rows = evaluation.team.filter(recused=False).select_related("user").order_by("pk")
    return list(rows if arbiter is None else rows.filter(arbiter=arbiter))


def seats_missing(evaluation: Evaluation) -> int:
    """How many of the two ordinary seats are empty."""
    return max(SEATS - len(members_in(evaluation, arbiter=False)), 0)


def eligible_evaluators(evaluation: Evaluation) -> list[User]:
    """Evaluators in force whose employer is no party and who have no duty on the file nor a place in the team yet."""
    project = evaluation.project
    seats = Membership.objects.in_force().filter(
        Q(prefix="") | Q(prefix__in=[project.place[:length] for length in (2, 4, 6, 9, 12)]),
        role=Role.EVALUATOR,
        user__is_active=True,
    )
    candidates = {user.pk: user for user in User.objects.filter(pk__in=seats.values("user_id"))}
    excluded = (
        _employed_by_parties(project, set(candidates))
        | _involved(project, set(candidates))
        | _individual_donors(project)
        | set(evaluation.team.values_list("user_id", flat=True))
    )
    return [user for pk, user in sorted(candidates.items()) if pk not in excluded]


def _employed_by_parties(project: Project, users: set[int]) -> set[int]:
    parties = set(party_organisations(project))
    parties |= set(
        Proposal.objects.filter(project=project, state__in=COUNTED).values_list(
            "lot__donor__organisation_id", flat=True
        )
    )
    employers: dict[int, set[int | None]] = defaultdict(set)
    rows = Membership.objects.in_force().filter(user_id__in=users)
    for user_id, organisation_id in rows.values_list("user_id", "organisation_id"):
        employers[user_id].add(organisation_id)
    return {user for user, theirs in employers.items() if theirs & parties}


def _involved(project: Project, users: set[int]) -> set[int]:
    """Any duty on the project, its agency or its households; having evaluated is no such duty."""
    households = Q(pk__in=JointAnalysis.objects.filter(project=project).values("household_id"))
    households |= Q(
        pk__in=Proposal.objects.filter(project=project, state__in=COUNTED).values("need__household_id")
    )
    refs = JointAnalysis._meta.get_field("household").remote_field.model._base_manager.filter(households)
    files = (
        Q(file_label="projects.project", file_ref=project.public_id)
        | Q(file_label="implementers.agency", file_ref=project.agency.public_id)
        | Q(file_label="households.household", file_ref__in=refs.values("public_id"))
    )
    rows = Involvement.objects.filter(files, user_id__in=users).exclude(duty=Duty.EVALUATOR)
    return set(rows.values_list("user_id", flat=True))


def _individual_donors(project: Project) -> set[int]:
    lots = Proposal.objects.filter(project=project, state__in=COUNTED).values("lot__donor_id")
    rows = Donor.objects.filter(pk__in=lots, user__isnull=False)
    return set(rows.values_list("user_id", flat=True))


def in_last_team(evaluation: Evaluation) -> set[int]:
    """Who judged the project the time before: drawn again only when nobody else is left (domain §10.8)."""
    last = (
        Evaluation.objects.filter(project_id=evaluation.project_id, pk__lt=evaluation.pk)
        .order_by("-pk")
        .first()
    )
    if last is None:
        return set()
    return set(last.team.filter(recused=False).values_list("user_id", flat=True))
