"""States of evaluations, ratings and elimination (domain §10.8, §10.9, §11.4)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EvaluationState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    TEAM_ASSIGNED = "team_assigned", _("Team drawn")
    SCORING = "scoring", _("Being scored, sealed")
    ARBITRATING = "arbitrating", _("A third evaluator arbitrates")
    DRAFTED = "drafted", _("Drafted")
    FEEDBACK = "feedback", _("The agency may comment")
    FINAL = "final", _("Final")
    PUBLISHED = "published", _("Published")
    APPEALED = "appealed", _("Under appeal")
    UPHELD = "upheld", _("Upheld after appeal")
    CHANGED = "changed", _("Changed after appeal")


_E = EvaluationState
EVALUATION_MOVES = {
    _E.PLANNED: {_E.TEAM_ASSIGNED},
    _E.TEAM_ASSIGNED: {_E.SCORING, _E.PLANNED},
    _E.SCORING: {_E.DRAFTED, _E.ARBITRATING},
    _E.ARBITRATING: {_E.DRAFTED},
    _E.DRAFTED: {_E.FEEDBACK},
    _E.FEEDBACK: {_E.FINAL},
    _E.FINAL: {_E.PUBLISHED, _E.APPEALED},
    _E.PUBLISHED: {_E.APPEALED},
    _E.APPEALED: {_E.UPHELD, _E.CHANGED},
}


class Outcome(models.TextChoices):
    PASSED = "passed", _("passed")
    REVISE = "revise", _("to be revised or put right")
    FAILED = "failed", _("not passed")


class RatingState(models.TextChoices):
    DRAFT = "draft", _("Computed")
    REVIEWED = "reviewed", _("Reviewed")
    EFFECTIVE = "effective", _("In force")
    SUPERSEDED = "superseded", _("Replaced")
    SET_ASIDE = "set_aside", _("Set aside")


RATING_MOVES = {
    RatingState.DRAFT: {RatingState.REVIEWED, RatingState.SET_ASIDE},
    RatingState.REVIEWED: {RatingState.EFFECTIVE, RatingState.SET_ASIDE},
    RatingState.EFFECTIVE: {RatingState.SUPERSEDED},
}


class RankingState(models.TextChoices):
    DRAFT = "draft", _("Computed")
    EFFECTIVE = "effective", _("In force")
    SUPERSEDED = "superseded", _("Replaced")
    SET_ASIDE = "set_aside", _("Set aside")


RANKING_MOVES = {
    RankingState.DRAFT: {RankingState.EFFECTIVE, RankingState.SET_ASIDE},
    RankingState.EFFECTIVE: {RankingState.SUPERSEDED},
}


class EliminationState(models.TextChoices):
    OPENED = "opened", _("Statement invited")
    STATED = "stated", _("Statement received")
    DECIDED = "decided", _("Decided")
    APPEALED = "appealed", _("Under appeal")
    FINAL = "final", _("Final")


ELIMINATION_MOVES = {
    EliminationState.OPENED: {EliminationState.STATED, EliminationState.DECIDED},
    EliminationState.STATED: {EliminationState.DECIDED},
    EliminationState.DECIDED: {EliminationState.APPEALED, EliminationState.FINAL},
    EliminationState.APPEALED: {EliminationState.FINAL},
}


class AppealState(models.TextChoices):
    RECEIVED = "received", _("Received")
    DECIDED = "decided", _("Decided")


APPEAL_MOVES = {AppealState.RECEIVED: {AppealState.DECIDED}}
