"""States and stages of a project (domain §10.5)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ProjectState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    SCREENING = "screening", _("Being screened")
    EX_ANTE = "ex_ante", _("Being evaluated before the start")
    REVISE = "revise", _("To be revised")
    REJECTED = "rejected", pgettext_lazy("project", "Not accepted")
    APPROVED = "approved", _("Approved")
    FUNDED = "funded", _("Funded")
    AGREED = "agreed", _("Agreement in force")
    IN_PROGRESS = "in_progress", _("Under way")
    PAUSED = "paused", _("Paused")
    MID_EVALUATING = "mid_evaluating", _("Being evaluated midway")
    RECTIFYING = "rectifying", _("Putting things right")
    TERMINATED = "terminated", _("Ended early")
    COMPLETING = "completing", _("Being completed")
    EX_POST = "ex_post", _("Being evaluated after the end")
    ACCEPTED = "accepted", _("Completed and accepted")
    FAILED = "failed", _("Did not pass at the end")
    ARCHIVED = "archived", _("Archived")


_P = ProjectState
PROJECT_MOVES = {
    _P.DRAFT: {_P.SUBMITTED},
    _P.SUBMITTED: {_P.SCREENING},
    _P.SCREENING: {_P.EX_ANTE, _P.REVISE, _P.REJECTED},
    _P.EX_ANTE: {_P.APPROVED, _P.REVISE, _P.REJECTED},
    _P.REVISE: {_P.SUBMITTED},
    _P.APPROVED: {_P.FUNDED, _P.TERMINATED},
    _P.FUNDED: {_P.AGREED, _P.TERMINATED},
    _P.AGREED: {_P.IN_PROGRESS, _P.TERMINATED},
    _P.IN_PROGRESS: {_P.PAUSED, _P.MID_EVALUATING, _P.COMPLETING, _P.TERMINATED},
    _P.PAUSED: {_P.IN_PROGRESS, _P.TERMINATED},
    _P.MID_EVALUATING: {_P.IN_PROGRESS, _P.RECTIFYING, _P.TERMINATED},
    _P.RECTIFYING: {_P.MID_EVALUATING, _P.IN_PROGRESS, _P.EX_POST, _P.TERMINATED},
    _P.COMPLETING: {_P.EX_POST},
    _P.EX_POST: {_P.ACCEPTED, _P.RECTIFYING, _P.FAILED},
    _P.ACCEPTED: {_P.ARCHIVED},
    _P.FAILED: {_P.ARCHIVED},
    _P.TERMINATED: {_P.ARCHIVED},
}
# A match may name a project from its approval until its work is being completed.
OPEN_TO_MATCHES = frozenset({_P.APPROVED, _P.FUNDED, _P.AGREED, _P.IN_PROGRESS})


class Stage(models.TextChoices):
    EX_ANTE = "ex_ante", _("before the start")
    MID_TERM = "mid_term", _("midway")
    EX_POST = "ex_post", _("after the end")


class AnalysisState(models.TextChoices):
    DRAFT = "draft", _("Being written together")
    CONFIRMING = "confirming", _("Waiting for both sides")
    AGREED = "agreed", _("Agreed by both sides")
    ENDED = "ended", _("The household withdrew")


ANALYSIS_MOVES = {
    AnalysisState.DRAFT: {AnalysisState.CONFIRMING, AnalysisState.ENDED},
    AnalysisState.CONFIRMING: {AnalysisState.AGREED, AnalysisState.DRAFT, AnalysisState.ENDED},
    AnalysisState.AGREED: {AnalysisState.ENDED},
}
