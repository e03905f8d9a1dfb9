"""Every write on evaluations, ratings, rankings, cases and appeals."""

from evaluation.services.appeals import agency_of, decide_appeal, file_appeal, subject_of
from evaluation.services.cases import (
    decide_elimination,
    finish_case,
    make_statement,
    open_elimination,
)
from evaluation.services.closing import close_round, comment, finalise, publish_evaluation
from evaluation.services.findings import add_finding, rate_goals, resolve_finding, set_goals
from evaluation.services.inquiry import open_inquiry
from evaluation.services.opening import open_due_evaluation, open_due_evaluations
from evaluation.services.policy import load_rating_policy
from evaluation.services.ranking import (
    approve_ranking,
    compute_rankings,
    may_decide_ranking,
    set_ranking_aside,
    start_ranking,
)
from evaluation.services.rating import (
    approve_rating,
    compute_ratings,
    put_into_force,
    recomputes,
    review_rating,
    set_aside,
    start_rating,
)
from evaluation.services.reviews import open_due_reviews, report_put_right
from evaluation.services.scoring import all_submitted, save_score, submit_score
from evaluation.services.team import declare_recusal, draw_or_report, draw_team, release_member

__all__ = [
    "add_finding",
    "agency_of",
    "all_submitted",
    "approve_ranking",
    "approve_rating",
    "close_round",
    "comment",
    "compute_rankings",
    "compute_ratings",
    "decide_appeal",
    "decide_elimination",
    "declare_recusal",
    "draw_or_report",
    "draw_team",
    "file_appeal",
    "finalise",
    "finish_case",
    "load_rating_policy",
    "make_statement",
    "may_decide_ranking",
    "open_due_evaluation",
    "open_due_evaluations",
    "open_due_reviews",
    "open_elimination",
    "open_inquiry",
    "publish_evaluation",
    "put_into_force",
    "rate_goals",
    "recomputes",
    "release_member",
    "report_put_right",
    "resolve_finding",
    "review_rating",
    "save_score",
    "set_aside",
    "set_goals",
    "set_ranking_aside",
    "start_ranking",
    "start_rating",
    "subject_of",
    "submit_score",
]
