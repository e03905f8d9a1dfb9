"""The three-level assessment, written by one worker and approved by a supervisor (domain §4.1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.enums import Duty, Role
from accounts.models import User
from accounts.queries import holders_of
from accounts.services import register_involvement
from common.clock import day_of
from common.exceptions import Refused
from common.locking import lock, save_edited
from common.recording import record
from common.states import move
from households.enums import (
    ApplicationState,
    AssessmentState,
    IdentityLevel,
    NeedState,
    VisitKind,
    VisitState,
)
from households.instruments import (
    MOST_CAUSES,
    CauseLevel,
    Difficulty,
    Duration,
    Frequency,
    FunctionDomain,
    MoodAnswer,
    MoodQuestion,
    Risk,
)
from households.models import Application, Assessment, Need
from households.queries.ranking import needs_to_rank
from households.rules import (
    assessed_anew,
    refuse_paused,
    refuse_unless_case_role,
    refuse_unless_supervisor,
    set_aside_of,
)
from households.services.deidentify import refuse_identifying
from households.services.links import file_page
from households.services.revising import as_revised
from notices.services import notify_all

# Mandatory at each level (domain §4.1), beside the lists of `EITHER`.
MANDATORY = {
    "problem": [
        "problem_words",
        "problem_view",
        "category",
        "onset",
        "frequency",
        "duration",
        "grade",
        "efforts",
    ],
    "person": ["functioning", "health", "mood", "skills", "motivation", "strengths", "wish"],
    "situation": ["family", "network", "living", "economy", "services_near", "conflict", "language"],
    "synthesis": ["causes", "protective", "risk_factors", "objectives"],
}
# A list is answered by what is ticked in it, or by the tick that says there is none.
EITHER = {
    "risks": "no_risk_seen",
    "policies_enjoyed": "no_policy_enjoyed",
    "policies_missing": "no_policy_missing",
}
EDITABLE = {*EITHER, *EITHER.values()}.union(*MANDATORY.values())
WHOLE = {"functioning": FunctionDomain, "mood": MoodQuestion}  # every question of the instrument, or none
# Asked anew every time: days, dangers and moods of last time say nothing about today.
ANEW = frozenset({"onset", "risks", "no_risk_seen", "mood", "objectives"})
OPEN = [AssessmentState.DRAFT, AssessmentState.SUBMITTED, AssessmentState.SENT_BACK]
SAID = frozenset({NeedState.DRAFT, NeedState.ASSESSED})
PUBLIC_TEXTS = ("public_title", "public_summary")


@transaction.atomic
def start_assessment(*, application: Application, by: User, at: datetime) -> Assessment:
    """A worker begins the assessment while the application is being checked; one is open at a time.

    What the last one of this family said stands in it already, marked as not looked at yet.
    """
    application = lock(application)
    refuse_unless_case_role(by, application.household)
    refuse_paused(application.household)
    if application.state != ApplicationState.VERIFYING and not assessed_anew(application):
        raise Refused(
            "not_verifying", _("Finish the open questions first; then the assessment can be written.")
        )
    known: Assessment | None = application.assessments.filter(state__in=OPEN).first()
    if known is not None:
        return known
    if set_aside_of(application, by):
        raise Refused(
            "assessed_before",
            _("Your assessment was set aside after the family's objection. A colleague assesses anew."),
        )
    register_involvement(file=application.household, duty=Duty.ASSESSOR, by=by, at=at)
    last = application.household.assessments.filter(state=AssessmentState.APPROVED).order_by("-pk").first()
    said = _carried(last)
    assessment = Assessment(
        household=application.household,
        application=application,
        assessor=by,
        created_at=at,
        state=AssessmentState.DRAFT,
        state_since=at,
        carried=sorted(said),
        carried_from=last,
        **said,
    )
    try:
        with transaction.atomic():
            assessment.save(force_insert=True)
    except IntegrityError:
        begun: Assessment = application.assessments.get(state__in=OPEN)
        return begun
    _take_on(application, by, at)
    record(
        "assessment.started",
        assessment,
        by=by,
        at=at,
        household=application.household.public_id,
        carried=len(said),
    )
    return assessment


def _carried(last: Assessment | None) -> dict[str, Any]:
    if last is None:
        return {}
    said = {name: getattr(last, name) for name in EDITABLE - ANEW}
    return {name: value for name, value in said.items() if value is not False and _answered(name, value)}


def _take_on(application: Application, by: User, at: datetime) -> None:
    """Who assesses takes care of a family nobody takes care of, or that objected to its worker's assessment."""
    household = lock(application.household)
    if household.worker is None or set_aside_of(application, household.worker):
        household.worker = by
        household.save(update_fields=["worker"])
        record("household.worker_assigned", household, by=by, at=at, worker=by.public_id)


@transaction.atomic
def save_assessment(
    *, assessment: Assessment, version: int, changes: dict[str, Any], by: User, at: datetime
) -> Assessment:
    """Keep what was written so far; a stale save shows both versions. What is saved has been looked at."""
    assessment = lock(assessment)
    refuse_unless_case_role(by, assessment.household)
    refuse_paused(assessment.household)
    if assessment.state not in {AssessmentState.DRAFT, AssessmentState.SENT_BACK}:
        raise Refused("not_open", _("This assessment is with the supervisor; it cannot be edited now."))
    if assessment.assessor_id != by.pk:
        raise Refused("not_yours", _("The colleague who wrote this assessment edits it."))
    _refuse_untyped(changes)
    saved = save_edited(assessment, version=version, changes=changes)
    if set(saved.carried) & set(changes):
        saved.carried = [name for name in saved.carried if name not in changes]
        saved.save(update_fields=["carried"])
    record("assessment.saved", saved, by=by, at=at, fields=sorted(changes))
    return saved


def missing_fields(assessment: Assessment) -> list[str]:
    """The mandatory fields still empty or half answered."""
    missing = [
        name
        for names in MANDATORY.values()
        for name in names
        if not _answered(name, getattr(assessment, name))
    ]
    return missing + [
        name
        for name, none in EITHER.items()
        if not getattr(assessment, name) and not getattr(assessment, none)
    ]


def _labels(names: list[str]) -> str:
    return _(", ").join(str(Assessment._meta.get_field(name).verbose_name) for name in names)  # type: ignore[union-attr]


def _answered(name: str, value: Any) -> bool:
    if name in WHOLE:
        return all(value.get(part) for part in WHOLE[name].values)
    return value not in (None, "", [])


def _refuse_untyped(changes: dict[str, Any]) -> None:
    """Only what the four pages ask, each answer out of its own list; a state is never among them."""
    causes = changes.get("causes", [])
    unknown = set(changes) - EDITABLE
    odd = [
        name
        for name, listed in (("frequency", Frequency), ("duration", Duration))
        if changes.get(name) and changes[name] not in listed.values
    ]
    odd += ["risks"] if set(changes.get("risks", [])) - set(Risk.values) else []
    odd += [name for name, given in _answers(changes) if given]
    odd += ["causes"] if any(cause["level"] not in CauseLevel.values for cause in causes) else []
    if unknown or odd:
        raise Refused("answer_unknown", _("Choose an answer from the list."), field=next(iter(odd), None))
    if len(causes) > MOST_CAUSES or len({cause["code"] for cause in causes}) < len(causes):
        raise Refused("causes", _("Name one main cause and at most two others, each once."), field="cause_1")
    if changes.get("risks") and changes.get("no_risk_seen"):
        raise Refused(
            "risk_or_none",
            _("You ticked a risk and also “no immediate risk”. Which one holds?"),
            field="risks",
        )
    for name in ("policies_enjoyed", "policies_missing"):
        if changes.get(name) and changes.get(EITHER[name]):
            raise Refused(
                "policy_or_none",
                _("You ticked public help and also that there is none. Which one holds?"),
                field=name,
            )


def _answers(changes: dict[str, Any]) -> Iterator[tuple[str, set[str]]]:
    """What stands in the two instruments beside their own questions and answers."""
    for name, answers in (("functioning", Difficulty), ("mood", MoodAnswer)):
        given = changes.get(name) or {}
        yield name, (set(given) - set(WHOLE[name].values)) | (set(given.values()) - set(answers.values))


@transaction.atomic
def submit_assessment(
    *, assessment: Assessment, household_confirms: bool, needs: list[dict[str, Any]], by: User, at: datetime
) -> Assessment:
    """All three levels written, a visit made and the document seen: worker and household confirm; it goes up.

    `needs` carries what the assessment made of each need: `need`, `rank`, `requested`, `urgency`, `deadline`,
    `public_title`, `public_summary`, `contribution`. None that waits to be assessed is left out. What it makes of needs
    open already, in a file assessed anew or because they could not wait, waits for approval.
    """
    assessment = lock(assessment)
    application = lock(assessment.application) if assessment.application else None
    refuse_unless_case_role(by, assessment.household)
    refuse_paused(assessment.household)
    if assessment.assessor_id != by.pk:
        raise Refused("not_yours", _("The colleague who wrote this assessment sends it."))
    if missing := missing_fields(assessment):
        raise Refused(
            "levels_incomplete",
            _("Still to be written: %(fields)s") % {"fields": _labels(missing)},
            field=missing[0],
        )
    if assessment.carried:
        raise Refused(
            "not_looked_at",
            _("Taken over from last time and not looked at yet: %(fields)s. Open these pages and save them.")
            % {"fields": _labels(assessment.carried)},
        )
    if not household_confirms:
        raise Refused(
            "household_confirms", _("Go through it with the family; send it once they agree."), field="agreed"
        )
    visits = assessment.household.visits.filter(kind=VisitKind.VERIFICATION, state=VisitState.DONE)
    if not visits.exists():
        raise Refused("visit_missing", _("Record the visit first."))
    since = _set_aside_at(application)
    own = Q(visitor=by) | Q(companion=by)
    if since is not None and not visits.filter(own, done_at__gt=since).exists():
        raise Refused(
            "visit_anew", _("Visit the family once more; the new assessment rests on what you see.")
        )
    if not visits.filter(identity_seen__gte=IdentityLevel.SEEN).exists():
        raise Refused(
            "identity_not_seen", _("The identity document has not been seen yet. Note it in the visit.")
        )
    anew = application is not None and assessed_anew(application)
    revised = []
    for entry in needs:
        need = lock(entry["need"])
        if need.household_id != assessment.household_id:
            raise Refused("other_household", _("This need belongs to another family."))
        for name in ("requested", "urgency", "deadline", "public_title", "public_summary", "contribution"):
            if name in entry:
                setattr(need, name, entry[name])
        open_too = anew or need.assess_by is not None
        _refuse_unfit(need, at, changeable=SAID | {NeedState.OPEN} if open_too else SAID)
        if need.state == NeedState.OPEN:
            revised.append(as_revised(entry))
            continue
        need.smallest = need.item.smallest_part if need.item.divisible else need.requested
        need.assessment = assessment
        need.save(
            update_fields=[
                "requested",
                "smallest",
                "urgency",
                "deadline",
                "public_title",
                "public_summary",
                "contribution",
                "assessment",
            ]
        )
        record("need.assessed", need, by=by, at=at, requested=need.requested, urgency=need.urgency)
    waiting = needs_to_rank(assessment).exclude(state=NeedState.OPEN, assess_by__isnull=True)
    ranking = _ranked(needs, [need.public_id for need in waiting])
    also: dict[str, Any] = {"submitted_at": at, "worker_confirmed_at": at, "household_confirmed_at": at}
    move(
        assessment,
        AssessmentState.SUBMITTED,
        by=by,
        at=at,
        also=also | {"revised": revised, "ranking": ranking},
    )
    if application is not None:
        if not anew:
            move(application, ApplicationState.ASSESSED, by=by, at=at)
        supervisors = holders_of(Role.SUPERVISOR, area=assessment.household.area)
        notify_all(
            to=[person for person in supervisors if person.pk != by.pk],
            kind="review_waiting",
            params={"number": application.number},
            url=file_page(assessment.household),
            by=by,
            at=at,
        )
    return assessment


def _ranked(entries: list[dict[str, Any]], asked: list[str]) -> list[str]:
    """Every need asked for by its place, each taken once (domain §4.1); a single need has the first without a word."""
    refs = [entry["need"].public_id for entry in entries]
    if left := [ref for ref in asked if ref not in refs]:
        raise Refused(
            "ranking_incomplete",
            _("Say of every need of this application what you found, and give each a place of its own."),
            field=f"rank_{left[0]}",
        )
    if len(refs) < 2:
        return refs
    places = {ref: int(entry.get("rank") or 0) for ref, entry in zip(refs, entries, strict=True)}
    taken: dict[int, str] = {}
    for ref, place in places.items():
        if place not in range(1, len(refs) + 1) or place in taken:
            raise Refused(
                "ranking_incomplete",
                _("Give each need a place of its own: 1 for the one that comes first, then 2, and so on."),
                field=f"rank_{ref}",
            )
        taken[place] = ref
    return [taken[place] for place in sorted(taken)]


def _set_aside_at(application: Application | None) -> datetime | None:
    """Since when somebody else assesses, or None when nobody objected."""
    if application is None:
        return None
    before = application.assessments.filter(state=AssessmentState.SET_ASIDE).order_by("state_since").last()
    return before.state_since if before else None


def _refuse_unfit(need: Need, at: datetime, *, changeable: frozenset[NeedState]) -> None:
    """A need goes up with a quantity that can be given, a day still to come and no identity in its public words."""
    if need.state not in changeable:
        raise Refused("need_settled", _("“%(need)s” is no longer open to change.") % {"need": need})
    if need.requested < need.reserved + need.delivered:
        raise Refused(
            "promised_already",
            _("More of this has been promised or has arrived. Release the match first, or leave the amount."),
            field=f"requested_{need.public_id}",
        )
    if need.requested < need.item.smallest_part:
        raise Refused(
            "quantity_too_small",
            _("Say how much is needed: at least the smallest part."),
            field=f"requested_{need.public_id}",
        )
    if need.deadline is not None and need.deadline < day_of(at):
        raise Refused(
            "deadline_past",
            _("This day is already over. By when is it needed?"),
            field=f"deadline_{need.public_id}",
        )
    for name in PUBLIC_TEXTS:
        refuse_identifying(getattr(need, name), household=need.household, field=f"{name}_{need.public_id}")


@transaction.atomic
def send_back_assessment(*, assessment: Assessment, reason: str, by: User, at: datetime) -> Assessment:
    """The supervisor asks for more; the application goes back to checking."""
    assessment = lock(assessment)
    refuse_unless_supervisor(by, assessment.household)
    refuse_paused(assessment.household)
    if assessment.assessor_id == by.pk:
        raise Refused("four_eyes", _("You wrote this assessment. A colleague reviews it."))
    if not reason.strip():
        raise Refused("reason_missing", _("Say what is still missing."), field="reason")
    register_involvement(file=assessment.household, duty=Duty.REVIEWER, by=by, at=at)
    move(assessment, AssessmentState.SENT_BACK, by=by, at=at, also={"sent_back_reason": reason})
    application = assessment.application
    if application is not None and not assessed_anew(application):
        move(lock(application), ApplicationState.VERIFYING, by=by, at=at)
    return assessment
