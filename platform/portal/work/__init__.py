"""What those who work here gave and what came of it: each number counts the rows its own list shows."""

from accounts.enums import Role
from portal.work import evaluators, stations
from portal.work.counted import Counted, Line, find, reckon

__all__ = ["Counted", "Line", "find", "install"]


def install() -> None:
    """Called once when the apps are ready."""
    reckon(Role.SOCIAL_WORKER, given=stations.WORKER_GAVE, got=stations.CAME_OF_IT)
    reckon(Role.SUPERVISOR, given=stations.SUPERVISOR_GAVE, got=stations.CAME_OF_IT)
    reckon(Role.EVALUATOR, given=evaluators.GAVE, got=evaluators.CAME_OF_IT)
