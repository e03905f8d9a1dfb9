"""What was decided on a family's own file, as it may object to it: refused, assessed, classified, rated, ended."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from common.clock import day_of
from common.templatetags.ui import day
from households.enums import ApplicationState, AssessmentState, HouseholdState, NeedState
from households.models import Application, Assessment, ExitProposal, Household, Need
from households.queries.decisions import Decision
from journal.models import Entry
from reference.queries import label_of

CATEGORY = "households.category"  # the class a file was found to belong to, as one thing that was decided
WRITTEN = frozenset({AssessmentState.SUBMITTED, AssessmentState.APPROVED})
AFTER_EXIT = frozenset({HouseholdState.TRACKING, HouseholdState.CLOSED})


def on_file(household: Household) -> Iterator[Decision]:
    """From the application to how urgent a need was found."""
    for found in (_refusals, _assessments, _category, _severities):
        yield from found(household)


def _refusals(household: Household) -> Iterator[Decision]:
    for row in household.applications.order_by("pk"):
        said = {"number": row.number, "day": day(row.submitted_at)}
        refused, returned = row.state == ApplicationState.REJECTED, row.state == ApplicationState.RETURNED
        words = _("the decision on the application of %(day)s (%(number)s)") % said
        if refused:
            words = _("the application of %(day)s was not approved (%(number)s)") % said
        elif returned:
            words = (
                _("the application of %(day)s was sent back because something is missing (%(number)s)") % said
            )
        on = day_of(row.decided_at or row.state_since) if refused or returned else None
        label, detail = Application._meta.label_lower, row.decision_reason
        if returned:
            detail = _(", ").join(row.missing)
        yield Decision(
            "rejection", label, row.public_id, words, on, stands=refused or returned, detail=detail
        )


def _assessments(household: Household) -> Iterator[Decision]:
    for row in household.assessments.select_related("application").order_by("pk"):
        asked = row.application
        over = asked is not None and asked.state == ApplicationState.WITHDRAWN
        words = _("the assessment of the situation")
        if asked is not None:
            said = {"number": asked.number, "day": day(asked.submitted_at)}
            words = _("the assessment for the application of %(day)s (%(number)s)") % said
        on = row.approved_at or row.submitted_at
        yield Decision(
            "assessment",
            Assessment._meta.label_lower,
            row.public_id,
            words,
            day_of(on) if on else None,
            stands=row.state in WRITTEN and not over,
            tab="check",
        )


def _category(household: Household) -> Iterator[Decision]:
    if household.filed_at is not None and household.category:
        words = _("the category on file: “%(category)s”") % {
            "category": label_of("household_attribute", household.category)
        }
        yield Decision("assessment", CATEGORY, household.public_id, words, day_of(household.filed_at))


def _severities(household: Household) -> Iterator[Decision]:
    """Set by a person; what the rule computed follows from the assessment."""
    rows = household.needs.filter(overridden_by__isnull=False).select_related("item").order_by("pk")
    needs = {row.public_id: row for row in rows}
    label = Need._meta.label_lower
    asked = {"action": "need.severity_overridden", "object_label": label, "object_ref__in": list(needs)}
    days = {entry.object_ref: day_of(entry.at) for entry in Entry.objects.filter(**asked)} if needs else {}
    for ref, need in needs.items():
        words = _("how urgently “%(thing)s” is needed, as a supervisor set it") % {"thing": need.item.label}
        yield Decision("assessment", label, ref, words, days.get(ref), stands=need.state == NeedState.OPEN)


def exits(household: Household) -> Iterator[Decision]:
    """The end of support, while it is asked about and after it."""
    for row in household.exits.order_by("pk"):
        ended = row.approved and row.ended_at is not None
        words = _("it was proposed that the support ends")
        if ended:
            words = _("the support has ended")
        yield Decision(
            "exit",
            ExitProposal._meta.label_lower,
            row.public_id,
            words,
            day_of(row.ended_at if ended else row.proposed_at),
            stands=row.ended_at is None or (ended and household.state in AFTER_EXIT),
        )
