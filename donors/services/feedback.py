"""Feedback to donors: owed with a date, given in words without names, late on the record (charity law §42)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Min
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from accounts.rules import refuse_unless_by_rule
from common.actors import Actor
from common.exceptions import Refused
from common.locking import lock
from donors import rules
from donors.enums import ConditionField, FeedbackKind
from donors.models import FeedbackDue, Lot
from donors.services.counters import Cause, cause_of
from donors.services.news import tell
from donors.signals import feedback_given
from journal.services import record

# Days after the cause; three months for progress and the end (domain §6.2).
CLOCK: dict[str, timedelta] = {
    FeedbackKind.RECEIPT: timedelta(days=7),
    FeedbackKind.ALLOCATION: timedelta(days=7),
    FeedbackKind.PROGRESS: timedelta(days=91),
    FeedbackKind.FINAL: timedelta(days=91),
}
NOTICE = timedelta(days=7)  # nothing is asked for that is late already


@transaction.atomic
def open_feedback(
    *,
    lot: Lot,
    kind: str,
    cause: Cause,
    responsible: Organisation | None,
    by: Actor,
    at: datetime,
    due: datetime | None = None,
) -> FeedbackDue:
    """Something happened the donor must be told; one piece for one cause."""
    label, ref = cause_of(cause)
    feedback, is_new = FeedbackDue.objects.get_or_create(
        lot=lot,
        kind=kind,
        cause_ref=ref,
        defaults={
            "donor_id": lot.donor_id,
            "responsible": responsible,
            "cause_label": label,
            "opened_at": at,
            "due": due or at + CLOCK[kind],
        },
    )
    if is_new:
        record("donors.feedback.opened", feedback, by=by, at=at, kind=str(kind), lot=lot.public_id)
    return feedback


@transaction.atomic
def ask_for_progress(*, lot: Lot, by: Actor, at: datetime) -> FeedbackDue | None:
    """The next report on how it goes, as often as the donor asked for (R64), by whoever brought it last.

    It begins with the first handing over and ends with the lot; one report is owed at a time, and whoever owes it has
    a week from the asking on.
    """
    refuse_unless_by_rule(by)
    last = lot.feedback.filter(kind=FeedbackKind.ALLOCATION).order_by("-opened_at", "-pk").first()
    reports = lot.feedback.filter(kind=FeedbackKind.PROGRESS)
    if last is None or reports.filter(done_at__isnull=True).exists():
        return None
    first = lot.feedback.filter(kind=FeedbackKind.ALLOCATION).order_by("opened_at", "pk").first()
    before = reports.order_by("-done_at").first()
    since = before.done_at if before is not None else first.opened_at if first is not None else at
    return open_feedback(
        lot=lot,
        kind=FeedbackKind.PROGRESS,
        cause=("donors.lot", f"{lot.public_id}-{reports.count() + 1}"),
        responsible=last.responsible,
        due=max((since or at) + cadence_of(lot), at + NOTICE),
        by=by,
        at=at,
    )


def cadence_of(lot: Lot) -> timedelta:
    """How often the donor wants to hear; three months when nothing was said (domain §6.2)."""
    stated = lot.conditions.filter(field=ConditionField.REPORTING).first()
    return CLOCK[FeedbackKind.PROGRESS] if stated is None else timedelta(days=31 * int(stated.value))


@transaction.atomic
def give_feedback(
    *, feedback: FeedbackDue, text: str, by: User, at: datetime, evidence: Any = None
) -> FeedbackDue:
    """Tell the donor, once, in words that name no household."""
    feedback = lock(feedback)
    rules.refuse_unless_owing(feedback, by)
    if feedback.done_at is not None:
        raise Refused("feedback_given", _("The donor has been told this already."))
    if not text.strip():
        raise Refused("text_missing", _("Tell the donor in a few sentences what happened."), field="text")
    feedback.text, feedback.evidence = text.strip(), evidence
    feedback.done_at, feedback.given_by = at, by
    feedback.save(update_fields=["text", "evidence", "done_at", "given_by"])
    record("donors.feedback.given", feedback, by=by, at=at, late=at > feedback.due)
    feedback_given.send(sender=FeedbackDue, feedback=feedback, by=by, at=at)
    url = reverse("donors:feedback")
    tell(feedback.donor, "feedback_given", title=feedback.lot.title, url=url, by=by, at=at)
    if feedback.responsible is not None:
        note_overdue_feedback(organisation=lock(feedback.responsible), by=by, at=at)
    return feedback


@transaction.atomic
def note_overdue_feedback(*, organisation: Organisation, by: Actor, at: datetime) -> Organisation:
    """Late feedback is a fact on the one who owes it; it ends when the last late piece is given (design §3)."""
    late = FeedbackDue.objects.all().open().filter(responsible=organisation, due__lt=at)
    since = late.aggregate(since=Min("due"))["since"]
    if since != organisation.feedback_overdue_since:
        organisation.feedback_overdue_since = since
        organisation.save(update_fields=["feedback_overdue_since"])
        record("donors.feedback.overdue_noted", organisation, by=by, at=at, overdue=since is not None)
    return organisation
