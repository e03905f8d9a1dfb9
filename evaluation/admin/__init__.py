"""Evaluation at the supervisors' desk."""

from evaluation.admin.cases import AppealAdmin, EliminationCaseAdmin
from evaluation.admin.evaluations import EvaluationAdmin
from evaluation.admin.rankings import RankingAdmin
from evaluation.admin.ratings import RatingAdmin, RatingPolicyAdmin

__all__ = [
    "AppealAdmin",
    "EliminationCaseAdmin",
    "EvaluationAdmin",
    "RankingAdmin",
    "RatingAdmin",
    "RatingPolicyAdmin",
]
