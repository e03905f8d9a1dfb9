"""What goes on about an agency: projects to hand over, the case in work, objections that wait."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.rules import file_key
from evaluation.enums import AppealState, EliminationState
from evaluation.models import Appeal, EliminationCase, Rating
from implementers.models import Agency
from projects.enums import ProjectState
from projects.models import Project

RUNNING = [
    ProjectState.APPROVED, ProjectState.FUNDED, ProjectState.AGREED, ProjectState.IN_PROGRESS, ProjectState.PAUSED,
    ProjectState.MID_EVALUATING, ProjectState.RECTIFYING,
]  # fmt: skip
IN_WORK = [EliminationState.OPENED, EliminationState.STATED, EliminationState.APPEALED]


def open_appeals(rating: Rating) -> QuerySet[Appeal]:
    """Objections of the agency to this rating that nobody has decided yet."""
    label, ref = file_key(rating)
    rows: QuerySet[Appeal] = Appeal.objects.filter(
        object_label=label, object_ref=ref, state=AppealState.RECEIVED
    )
    return rows


def projects_to_hand_over(agency: Agency) -> list[Project]:
    """What a successor would have to take over, the money and the papers with it (domain §11.4)."""
    return list(Project.objects.filter(agency=agency, state__in=RUNNING).order_by("end", "pk"))


def case_in_work(agency: Agency) -> EliminationCase | None:
    """The case about an agency that is not decided for good; no other word about its measure is taken meanwhile."""
    return EliminationCase.objects.filter(agency=agency, state__in=IN_WORK).order_by("-pk").first()
