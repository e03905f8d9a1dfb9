"""Notes, supervision, referrals and closing on the file, each through its own gate."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.models import User
from common.todos import Panel
from households.desk.acts import offered
from households.desk.care_acts import acts_on
from households.desk.words import act_url
from households.models import Household

NOTES = 20  # newest; the list behind holds the rest


def papers(household: Household, user: User) -> list[Panel]:
    """Notes, supervision, referrals and closing, each through its own gate."""
    notes = household.process_notes.visible_to(user).select_related("written_by", "corrects", "household")
    talks = household.supervisions.visible_to(user).select_related("supervisor", "worker", "household")
    referrals = household.referrals.visible_to(user).select_related("sent_by", "household", "evidence")
    summaries = household.closing_summaries.visible_to(user).select_related(
        "written_by", "decided_by", "household"
    )
    context = {
        "notes": [(row, acts_on(row, user)) for row in notes.order_by("-served_at", "-pk")[:NOTES]],
        "talks": [(row, acts_on(row, user)) for row in talks.order_by("-held_on", "-pk")],
        "referrals": [(row, acts_on(row, user)) for row in referrals.order_by("-pk")],
        "summaries": [(row, acts_on(row, user)) for row in summaries.order_by("-pk")],
        "begin": [
            (act, act_url(household, act.slug))
            for act in offered(household, user)
            if act.slug in {"note", "supervise", "refer", "closing"}
        ],
    }
    return [Panel(_("Notes, supervision, referral, closing"), "households/desk/care/papers.html", context)]
