"""Goal attainment scaling of projects: the formula is the one families' own goals are scaled by."""

from common.attainment import GOALS_AT_LEAST, GOALS_AT_MOST, LEVELS, RHO, Goal, goal_attainment

__all__ = ["GOALS_AT_LEAST", "GOALS_AT_MOST", "LEVELS", "RHO", "Goal", "goal_attainment"]
