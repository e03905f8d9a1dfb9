"""Reading matches: the catalogue, the desk, answers, shortages and the words for them."""

from matching.queries.answers import (
    asked_of,
    household_offers,
    late_answers,
    match_card,
    match_cards,
    may_undo,
    waiting_answers,
)
from matching.queries.catalogue import Card, cards, left_of, met_since, needs_shown
from matching.queries.desk import evidence_of, queue, unmet_rows, waiting_overrides
from matching.queries.parties import organisations_behind
from matching.queries.runs import excluded_rows, figure_rows, proof_rows, unmet_lines
from matching.queries.shortages import latest_runs, most_needed, shortage_chart
from matching.queries.words import reason_words

__all__ = [
    "Card",
    "asked_of",
    "cards",
    "evidence_of",
    "excluded_rows",
    "figure_rows",
    "household_offers",
    "late_answers",
    "latest_runs",
    "left_of",
    "match_card",
    "match_cards",
    "may_undo",
    "met_since",
    "most_needed",
    "needs_shown",
    "organisations_behind",
    "proof_rows",
    "queue",
    "reason_words",
    "shortage_chart",
    "unmet_lines",
    "unmet_rows",
    "waiting_answers",
    "waiting_overrides",
]
