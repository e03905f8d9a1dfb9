"""Which duties may not meet in one person on one file, and why (design §4.10, docs/who-decides.md).

The list is loaded into `DutyConflict` by `manage.py load_duties`; a row taken out here is taken out there.
"""

from __future__ import annotations

from itertools import combinations

from django.utils.translation import gettext_noop as _

from accounts.enums import Duty

EVALUATORS_ARE_OUTSIDERS = _("Whoever took part in the work does not evaluate it.")
FOUR_EYES = _("A second person looks at it.")
NOT_ONES_OWN_FILING = _("Whoever filed for the household does not check the file.")
OWN_INTEREST = _("Whoever gives or carries out does not choose.")
FRESH_EYES = _("An objection is decided by somebody who had no part in it.")

_APPROVALS = (Duty.PREPARER, Duty.FIRST_APPROVER, Duty.SECOND_APPROVER)
_WORK = (
    Duty.DELEGATE,
    Duty.VERIFIER,
    Duty.VISITOR,
    Duty.ASSESSOR,
    Duty.REVIEWER,
    Duty.MATCHER,
    Duty.OVERRIDER,
    Duty.SPOKESPERSON,
    Duty.HANDLER,
    Duty.REMEDIER,
    Duty.IMPLEMENTER,
    Duty.DONOR,
    *_APPROVALS,
)

CONFLICTS: tuple[tuple[Duty, Duty, str], ...] = (
    *((Duty.EVALUATOR, other, EVALUATORS_ARE_OUTSIDERS) for other in _WORK),
    (Duty.RATING_APPROVER, Duty.EVALUATOR, FOUR_EYES),
    (Duty.REVIEWER, Duty.ASSESSOR, FOUR_EYES),
    (Duty.OVERRIDER, Duty.MATCHER, FOUR_EYES),
    *((first, second, FOUR_EYES) for first, second in combinations(_APPROVALS, 2)),
    (Duty.EDITOR, Duty.AUTHOR, FOUR_EYES),
    (Duty.REVIEWER, Duty.DELEGATE, NOT_ONES_OWN_FILING),
    (Duty.VERIFIER, Duty.DELEGATE, NOT_ONES_OWN_FILING),
    (Duty.MATCHER, Duty.DONOR, OWN_INTEREST),
    (Duty.MATCHER, Duty.IMPLEMENTER, OWN_INTEREST),
    *((Duty.OBJECTION_DECIDER, other, FRESH_EYES) for other in Duty if other != Duty.OBJECTION_DECIDER),
)
