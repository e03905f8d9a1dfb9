"""Duties on files: registered before the act, refused when an earlier duty of the same person excludes them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.duties import CONFLICTS
from accounts.enums import Duty
from accounts.models import DutyConflict, Involvement, User
from accounts.rules import conflict_of, file_key
from common.actors import Actor
from common.exceptions import Refused
from journal.services import record


@transaction.atomic
def register_involvement(*, file: Any, duty: Duty, by: Actor, at: datetime) -> Involvement | None:
    """Note who does what on a file before it is done; incompatible duties are data (design §4.10).

    A household with its code and a job acting by rule have no duties: None.
    """
    if not isinstance(by, User):
        return None
    User.objects.select_for_update(of=("self",), no_key=True).get(
        pk=by.pk
    )  # one person's duties one after another
    earlier = conflict_of(user=by, file=file, duty=duty)
    if earlier is not None:
        raise Refused(
            "incompatible_duty",
            _("You already “%(earlier)s” on this file, so a colleague must take the step “%(duty)s”.")
            % {"earlier": Duty(earlier).label, "duty": Duty(duty).label},
        )
    label, ref = file_key(file)
    employer_id = by.seat.organisation_id if by.seat else None
    involvement, is_new = Involvement.objects.get_or_create(
        user=by, file_label=label, file_ref=ref, duty=duty, defaults={"employer_id": employer_id, "at": at}
    )
    if is_new:
        record("duty.taken", (label, ref), by=by, at=at, duty=str(duty))
    return involvement


@transaction.atomic
def load_duties() -> int:
    """Bring the table of incompatible duties in step with the list; returns how many pairs stand in it."""
    wanted = {(first.value, second.value): reason for first, second, reason in CONFLICTS}
    for conflict in DutyConflict.objects.all():
        if (conflict.first, conflict.second) not in wanted:
            conflict.delete()
    for (first, second), reason in wanted.items():
        DutyConflict.objects.update_or_create(first=first, second=second, defaults={"reason": reason})
    return len(wanted)
