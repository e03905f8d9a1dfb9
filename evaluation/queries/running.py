"""Projects that go on while something happens to their agency."""

from __future__ import annotations

from implementers.models import Agency
from projects.enums import ProjectState
from projects.models import Project

RUNNING = [
    ProjectState.APPROVED, ProjectState.FUNDED, ProjectState.AGREED, ProjectState.IN_PROGRESS, ProjectState.PAUSED,
    ProjectState.MID_EVALUATING, ProjectState.RECTIFYING,
]  # fmt: skip


def projects_to_hand_over(agency: Agency) -> list[Project]:
    """What a successor would have to take over, the money and the papers with it (domain §11.4)."""
    return list(Project.objects.filter(agency=agency, state__in=RUNNING).order_by("end", "pk"))
