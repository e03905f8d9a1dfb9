"""What happened on a file, told from the journal: slugs there, sentences here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import panels
from households.models import Household
from journal.models import Entry
from journal.words import act_in_words

MOST = 200
FLAG_ACTS = ("flag.", "households.qualityflag.")
UNSAID = ["duty.taken"]  # a shadow of another act, told there
ACTS = {
    "application.submitted": gettext_lazy("The application arrived"),
    "application.completed": gettext_lazy("The family brought what was missing"),
    "application.code_issued": gettext_lazy("A query code was handed out to the family"),
    "household.word_kept": gettext_lazy("A worker brought the family's own word"),
    "household.worker_assigned": gettext_lazy("A worker takes care of the family"),
    "household.edited": gettext_lazy("Address or phone corrected"),
    "household.year_recorded": gettext_lazy("Income of a year recorded"),
    "household.measure_recorded": gettext_lazy("Help received noted"),
    "household.status_recorded": gettext_lazy("Official status noted"),
    "member.added": gettext_lazy("A person added"),
    "member.edited": gettext_lazy("A person's details corrected"),
    "member.ended": gettext_lazy("A person no longer belongs to the household"),
    "flag.raised": gettext_lazy("A question about the data came up"),
    "flag.first_opinion_false": gettext_lazy("A first colleague finds a statement false"),
    "assessment.reopened": gettext_lazy("The family was right: somebody else assesses anew"),
    "assessment.renewed": gettext_lazy("The new assessment counts from now on"),
    "need.reassessed": gettext_lazy("A need follows the new assessment"),
    "remedy.opened": gettext_lazy("The family was right: a supervisor acts on its objection"),
    "instrument.asked": gettext_lazy("A questionnaire was asked"),
    "safety.raised": gettext_lazy("Somebody may be in danger: supervisors were alerted"),
    "visit.planned": gettext_lazy("A visit was planned"),
    "assessment.started": gettext_lazy("The assessment was begun"),
    "assessment.saved": gettext_lazy("The assessment was written on"),
    "need.assessed": gettext_lazy("A need was looked at closely"),
    "need.severity_overridden": gettext_lazy("A supervisor set another severity"),
    "need.reserved": gettext_lazy("Help was promised for a need"),
    "need.released": gettext_lazy("A promise was released"),
    "need.delivered": gettext_lazy("Help arrived for a need"),
    "objection.received": gettext_lazy("The family objects"),
    "objection.opinion": gettext_lazy("An opinion on the objection was given"),
    "consent.given": gettext_lazy("The family consented"),
    "consent.withdrawn": gettext_lazy("The family withdrew a consent"),
    "delegation.given": gettext_lazy("Somebody may speak for the family"),
    "case_access.opened": gettext_lazy("An organisation may see part of the file"),
    "case_access.closed": gettext_lazy("An organisation sees the file no longer"),
    "identity.revealed": gettext_lazy("A masked value was looked at"),
    "file.kept": gettext_lazy("A file was added"),
}
ACTORS = {
    "household": gettext_lazy("the family"),
    "system": gettext_lazy("by rule and clock"),
}


@dataclass(frozen=True)
class Act:
    at: datetime
    title: str
    by: str
    detail: str = ""


def timeline_of(household: Household) -> list[Act]:
    """Every act on the household and on what hangs on it, newest first."""
    own = Q(object_label=household._meta.label_lower, object_ref=household.public_id)
    for name in (
        "applications",
        "members",
        "needs",
        "flags",
        "visits",
        "assessments",
        "objections",
        "consents",
        "remedies",
        "instrument_results",
        "safety_alerts",
        "plans",
        "plan_steps",
        "plan_ratings",
        "process_notes",
        "supervisions",
        "referrals",
        "closing_summaries",
        "support_ties",
        "strength_lists",
    ):
        rows = getattr(household, name)
        refs = list(rows.values_list("public_id", flat=True))
        if refs:
            own |= Q(object_label=rows.model._meta.label_lower, object_ref__in=refs)
    entries = list(Entry.objects.filter(own).exclude(action__in=UNSAID).order_by("-id")[:MOST])
    names = dict(panels.collect("journal.actors", [entry.actor_ref for entry in entries]))
    return [_told(entry, names) for entry in entries]


def _told(entry: Entry, names: dict[str, str]) -> Act:
    by = (
        names.get(entry.actor_ref, "")
        if entry.actor_kind == "user"
        else str(ACTORS.get(entry.actor_kind, ""))
    )
    return Act(at=entry.at, title=_title(entry), by=by, detail=_detail(entry))


def _title(entry: Entry) -> str:
    if entry.action in ACTS:
        return str(ACTS[entry.action])
    return act_in_words(entry.action)


def _detail(entry: Entry) -> str:
    """The few parameters a reader wants; the rest is for the auditor."""
    parts: Iterable[str] = (
        _("rule %(code)s") % {"code": entry.parameters["rule"]} if entry.action.startswith(FLAG_ACTS) else "",
        _("for the year %(year)s") % {"year": entry.parameters["year"]}
        if entry.parameters.get("year")
        else "",
    )
    return " · ".join(part for part in parts if part)
