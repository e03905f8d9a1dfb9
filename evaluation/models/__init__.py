"""Evaluations of projects, ratings of agencies, rankings of donors, elimination and appeal."""

from evaluation.models.appeals import Appeal
from evaluation.models.cases import EliminationCase, OwnCaseQuerySet
from evaluation.models.evaluations import (
    ENDED,
    SEATS,
    TO_SCORE,
    Evaluation,
    EvaluationPartQuerySet,
    EvaluationQuerySet,
    TeamMember,
)
from evaluation.models.findings import Finding, Goal
from evaluation.models.policies import RatingPolicy
from evaluation.models.rankings import Ranking, RankingQuerySet, RankingRow
from evaluation.models.ratings import Rating, RatingQuerySet
from evaluation.models.scores import Score, ScoreQuerySet

__all__ = [
    "ENDED",
    "SEATS",
    "TO_SCORE",
    "Appeal",
    "EliminationCase",
    "Evaluation",
    "EvaluationPartQuerySet",
    "EvaluationQuerySet",
    "Finding",
    "Goal",
    "OwnCaseQuerySet",
    "Ranking",
    "RankingQuerySet",
    "RankingRow",
    "Rating",
    "RatingPolicy",
    "RatingQuerySet",
    "Score",
    "ScoreQuerySet",
    "TeamMember",
]
