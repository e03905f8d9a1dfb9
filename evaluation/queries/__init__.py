"""Reading evaluations, ratings and rankings."""

from evaluation.queries.papers import papers_of
from evaluation.queries.people import eligible_evaluators, in_last_team, members_in, seats_missing
from evaluation.queries.policies import parameters_of, policy_on
from evaluation.queries.results import finished_results, latest_evaluation, open_findings

__all__ = [
    "eligible_evaluators",
    "finished_results",
    "in_last_team",
    "latest_evaluation",
    "members_in",
    "open_findings",
    "papers_of",
    "parameters_of",
    "policy_on",
    "seats_missing",
]
