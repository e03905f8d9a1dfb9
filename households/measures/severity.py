"""How severe a need is, 1 to 5, by a versioned rule (design §5): matching reads it, deadlines read the urgency."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

HIGHEST = 5


@dataclass(frozen=True)
class Rule:
    """Grade 0–4 gives 1–5; a deadline this near adds one; immediate risk is always the highest."""

    version: str
    near_days: int


CURRENT = Rule("severity-1", near_days=7)
RULES = {CURRENT.version: CURRENT}


class Severity(NamedTuple):
    """The severity with the rule that gave it and the reasons that moved it, as slugs."""

    severity: int
    rule_version: str
    reasons: tuple[str, ...]


def need_severity(
    *, grade: int, immediate_risk: bool, days_to_deadline: int | None, rule: Rule = CURRENT
) -> Severity:
    """Severity from the assessed problem grade, immediate risk and the deadline; no deadline moves nothing.

    A deadline that has passed counts as near. A supervisor may override the result with a reason.
    """
    if not 0 <= grade <= 4:
        raise ValueError("a problem grade is 0, 1, 2, 3 or 4")
    reasons = [f"grade_{grade}"]
    severity = grade + 1
    if days_to_deadline is not None and days_to_deadline <= rule.near_days:
        reasons.append("deadline_near")
        severity += 1
    if immediate_risk:
        reasons.append("immediate_risk")
        severity = HIGHEST
    return Severity(min(severity, HIGHEST), rule.version, tuple(reasons))
