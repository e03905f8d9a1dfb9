"""States of evaluations, ratings and elimination (domain §10.8, §10.9, §11.4)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


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
    _E.UPHELD: {_E.PUBLISHED},
    _E.CHANGED: {_E.PUBLISHED},
}
TO_PUBLISH = frozenset({_E.FINAL, _E.UPHELD, _E.CHANGED})
# With a day of publication; while an appeal runs the summary rests.
READABLE = frozenset({_E.PUBLISHED, _E.UPHELD, _E.CHANGED})


class Outcome(models.TextChoices):
    PASSED = "passed", _("passed")
    REVISE = "revise", _("to be revised or put right")
    FAILED = "failed", _("not passed")


class Grade(models.TextChoices):
    """The four bands of a project's score (domain §4.7)."""

    EXCELLENT = "excellent", _("excellent")
    GOOD = "good", _("good")
    PASS = "pass", _("sufficient")
    FAIL = "fail", _("insufficient")


class RatingState(models.TextChoices):
    DRAFT = "draft", _("Computed")
    REVIEWED = "reviewed", _("Reviewed")
    ANNOUNCED = "announced", pgettext_lazy("rating", "Announced")
    EFFECTIVE = "effective", pgettext_lazy("rating", "In force")
    SUPERSEDED = "superseded", _("Replaced")
    SET_ASIDE = "set_aside", _("Set aside")


RATING_MOVES = {
    RatingState.DRAFT: {RatingState.REVIEWED, RatingState.SET_ASIDE},
    RatingState.REVIEWED: {RatingState.ANNOUNCED, RatingState.SET_ASIDE},
    RatingState.ANNOUNCED: {RatingState.EFFECTIVE, RatingState.SET_ASIDE},
    RatingState.EFFECTIVE: {RatingState.SUPERSEDED},
}


class RankingState(models.TextChoices):
    DRAFT = "draft", _("Computed")
    EFFECTIVE = "effective", pgettext_lazy("rating", "In force")
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


class Measure(models.TextChoices):
    """What may happen to an agency's standing (domain §11.4)."""

    NONE = "none", _("no measure")
    WARNED = "warned", _("warning")
    RECTIFYING = "rectifying", _("put things right in 90 days")
    SUSPENDED = "suspended", _("no new projects")
    ELIMINATED = "eliminated", _("removal from the list")


class Trigger(models.TextChoices):
    """The facts that open a case (domain §11.4)."""

    LOW = "low", _("rating below 70")
    DROP = "drop", _("rating fell by ten points or more")
    TWICE_LOW = "twice_low", _("rating below 60 twice in a row")
    PROJECT_FAILED = "project_failed", _("a project was not passed")
    THREE_WARNINGS = "three_warnings", _("three warnings in two years")
    RECTIFICATION_FAILED = "rectification_failed", _("things were not put right in time")
    VETO = "veto", _("an evaluation found a grave breach")
    BREACH_REPORTED = "breach_reported", _("a grave breach was reported and is looked into")
    LICENCE_REVOKED = (
        "licence_revoked",
        _("its licence was revoked, or it is on the list of serious breaches of trust"),
    )
    PUT_RIGHT = "put_right", _("the agency says that things were put right")
    PERIOD_OVER = "period_over", _("the time of the measure is over")


# A case of these looks at a running measure anew: lift it, or go on.
REVIEWS = frozenset({Trigger.PUT_RIGHT, Trigger.PERIOD_OVER, Trigger.RECTIFICATION_FAILED})
# What a supervisor opens a case on by hand, and which of it freezes the agency the same day (domain §11.4).
BY_HAND = (Trigger.BREACH_REPORTED, Trigger.LICENCE_REVOKED, Trigger.RECTIFICATION_FAILED)
FREEZES = frozenset({Trigger.BREACH_REPORTED, Trigger.LICENCE_REVOKED})
GRAVE = frozenset({Trigger.VETO, Trigger.BREACH_REPORTED})


class Veto(models.TextChoices):
    """One of these fails a project whatever its points say (domain §4.7)."""

    FABRICATED_BENEFICIARIES = "fabricated_beneficiaries", _("invented beneficiaries")
    DIVERTED_FUNDS = "diverted_funds", _("money used for something else")
    SERIOUS_HARM = "serious_harm", _("serious harm or violated rights")
    PRIVACY_LEAK_WITH_HARM = "privacy_leak_with_harm", _("personal data leaked, with harm")
    REFUSED_EVALUATION = "refused_evaluation", _("refused to be evaluated")


class Heading(models.TextChoices):
    """The ten headings of the scorecard, in the paper's three questions (domain §4.7)."""

    NEED_FIT = "need_fit", _("Fits the need and reaches the right households")
    LOGIC = "logic", _("Sound logic and measurable targets")
    SCHEDULE = "schedule", _("Keeps the schedule and delivers what was planned")
    FINANCE = "finance", _("Money: budget, receipts, used for its purpose")
    RECORDS = "records", _("Records, consent, privacy, safety")
    TEAM = "team", _("Team and supervision")
    ATTAINMENT = "attainment", _("Goals reached")
    SATISFACTION = "satisfaction", _("Households are satisfied")
    CHANGE = "change", _("Change against the beginning or a comparison")
    SUSTAINABILITY = "sustainability", _("Lasting effect, lessons, feedback to donors")
