"""How the desk says what is stored: masked people, deadlines, and what comes next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import clock
from common.masking import age_band, mask_name
from common.templatetags.ui import day_words, moment
from households.enums import ENDED, AssessmentState, VisitKind, VisitState
from households.enums import ApplicationState as A
from households.enums import HouseholdState as H
from households.models import Application, Household, Member, Objection
from households.queries.decisions import SUBJECTS
from households.queries.missing import field_words, unfinished_words
from households.rules import OF_EVERYBODY, ON_FILE, assessed_anew, unclassified


def end_of(due: date) -> datetime:
    """The last moment of a day in Shanghai: until then nothing is overdue."""
    return datetime.combine(due, time(23, 59, 59), tzinfo=clock.SHANGHAI)


def head_of(household: Household) -> str:
    """The head of household, masked; members are fetched with the list."""
    head = household.head
    return mask_name(head.name) if head else _("no head noted yet")


def age_of(member: Member) -> str:
    return age_band(member.birth_date, clock.today()) if member.birth_date else _("age not known")


def file_url(household: Household, tab: str = "") -> str:
    url = reverse("admin:households_household_file", args=[household.public_id])
    return f"{url}?tab={tab}" if tab else url


def act_url(obj: Any, slug: str) -> str:
    return reverse(f"admin:households_{obj._meta.model_name}_act", args=[obj.public_id, slug])


def next_step(household: Household, application: Application | None) -> str:
    """One sentence on what happens next and by when; nothing does while the file is paused."""
    if household.state == H.SUSPENDED:
        return _("The file is paused. A supervisor lets it go on.")
    if application is not None and assessed_anew(application):
        words = {"visit": day_words(application.visit_due), "day": day_words(application.decide_due)}
        return (
            _(
                "The family was right: somebody else visits by %(visit)s and assesses; it is decided by %(day)s."
            )
            % words
        )
    if application is not None and (said_of := _STEPS.get(A(application.state))) is not None:
        return said_of(application)
    said = {
        H.ACTIVE: _("The family is supported. Open needs wait for a match; visits stand on the list."),
        H.EXIT_PROPOSED: _("The family says whether it agrees to the exit."),
        H.EXIT_AGREED: _("The family agrees to the exit; a supervisor who did not propose it decides."),
        H.TRACKING: _("Follow-up visits for a year; support can begin again at any time."),
        H.CLOSED: _("The file is closed. The family can come back."),
        H.WITHDRAWN: _("The family took its application back. It can apply again."),
        H.REJECTED: _("Not approved. The family can object, or apply again."),
        H.PENDING: _(
            "It came from a list and is not filed yet: complete it, take the consent, note what is needed."
        ),
    }
    return said[H(household.state)]


def _assess_by(application: Application) -> datetime | None:
    """By when the assessment follows what was opened ahead of it; once it has been up, it has the usual days."""
    if application.assessments.filter(state=AssessmentState.SENT_BACK).exists():
        return None
    ahead = application.needs.filter(assess_by__isnull=False).order_by("assess_by").first()
    return ahead.assess_by if ahead else None


def _settle_questions(application: Application) -> str:
    day, by = day_words(application.decide_due), _assess_by(application)
    if by is None:
        return _("Settle the open questions, then checking goes on. The decision is due by %(day)s.") % {
            "day": day
        }
    words = {"time": moment(by), "day": day}
    return (
        _(
            "A need is open already: settle the open questions, visit the family and write the assessment by %(time)s; "
            "the decision is due by %(day)s."
        )
        % words
    )


def _visit_or_write(application: Application) -> str:
    """The visit comes first; once it is made, the assessment is what waits: within hours when a need is open."""
    day, by = day_words(application.decide_due), _assess_by(application)
    visits = application.household.visits.filter(kind=VisitKind.VERIFICATION)
    states = set(visits.values_list("state", flat=True))
    visit_made = VisitState.DONE in states and VisitState.PLANNED not in states
    if by is not None:
        said = (
            _(
                "The visit is made and a need is open already: write the assessment by %(time)s; "
                "the decision is due by %(day)s."
            )
            if visit_made
            else _(
                "A need is open already: visit the family and write the assessment by %(time)s; "
                "the decision is due by %(day)s."
            )
        )
        return said % {"time": moment(by), "day": day}
    if visit_made:
        return _("The visit is made: write the assessment. The decision is due by %(day)s.") % {"day": day}
    words = {"visit": day_words(application.visit_due), "day": day}
    return (
        _("Visit the family by %(visit)s and write the assessment; the decision is due by %(day)s.") % words
    )


_STEPS: dict[A, Callable[[Application], str]] = {
    A.SUBMITTED: lambda a: (
        _("Accept it by %(day)s, or ask once for what is missing.") % {"day": day_words(a.accept_due)}
    ),
    A.RETURNED: lambda a: _("Waiting for the family to bring: %(things)s") % {"things": "; ".join(a.missing)},
    A.ACCEPTED: lambda a: _("Start checking; the visit is due by %(day)s.") % {"day": day_words(a.visit_due)},
    A.VERIFYING: _visit_or_write,
    A.FLAGGED: _settle_questions,
    A.ASSESSED: lambda a: (
        _("A supervisor who did not write the assessment takes it up by %(day)s.")
        % {"day": day_words(a.decide_due)}
    ),
    A.REVIEWING: lambda a: _("The supervisor decides by %(day)s.") % {"day": day_words(a.decide_due)},
    A.REJECTED: lambda a: _("Not approved: %(reason)s") % {"reason": a.decision_reason},
}

MISSING = {
    "head": lambda: _("the head of household"),
    "id_number": lambda: _("an identity number"),
    "phone": lambda: _("a telephone number"),
    "quantity": lambda: _("how much is needed"),
    "category": lambda: _("the household category"),
    "standard": lambda: _("the identification standard"),
    "cause": lambda: _("the main cause"),
    "disagrees": lambda: _("answers that differ within the household"),
}


SUBJECTS_TOLD = SUBJECTS | {  # where others read of the family
    "assessment": gettext_lazy("how the family's situation was assessed"),
    "conduct": gettext_lazy("how the family was treated"),
}


def about_words(objection: Objection) -> str:
    """What an objection is about, told of the family: on its own page it says so itself."""
    return str(SUBJECTS_TOLD[objection.subject])


def _lacking(household: Household) -> list[str]:
    """The main cause comes with the assessment: a file taken over without one lacks it (domain §2.4)."""
    uncaused = household.state in ON_FILE and not household.cause_main
    return [*household.incomplete, *unclassified(household), *(["cause"] if uncaused else [])]


def missing_words(household: Household) -> str:
    """What a file still lacks, in words."""
    if household.state in ENDED:
        return ""
    return _(", ").join(_missing_word(slug) for slug in _lacking(household))


def missing_whose(household: Household) -> str:
    """What a file still lacks, and of whom."""
    if household.state in ENDED:
        return ""
    things = [_missing_word(slug) for slug in _lacking(household) if slug not in OF_EVERYBODY]
    return _("; ").join([*([_(", ").join(things)] if things else []), *unfinished_words(household)])


def _missing_word(slug: str) -> str:
    if slug in OF_EVERYBODY:
        return field_words(slug)
    return MISSING[slug]() if slug in MISSING else slug
