"""The household disagrees: two people who had no part in it decide and say why in plain words."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Duty, Role
from accounts.models import User
from accounts.queries import holders_of
from accounts.rules import refuse_own_employer
from accounts.services import register_involvement
from common.actors import Actor
from common.clock import day_of
from common.exceptions import Refused
from common.locking import lock
from common.numbering import next_number
from common.recording import record
from common.states import move
from common.templatetags.ui import day_words
from files.models import Attachment
from households.enums import OBJECTION_OPEN, ApplicationState, AssessmentState, ObjectionState
from households.models import Assessment, Household, Objection
from households.queries.colleagues import refuse_unfit_decider
from households.queries.decisions import WHOLE_FILE, Decision, standing_decisions
from households.rules import parties_of, refuse_unless_speaking, refuse_unless_supervisor
from households.services.ending import applied_again, reopen_application
from households.services.links import worklist
from households.services.news import tell_household
from households.services.reassessment import set_assessment_aside
from households.services.remedies import open_remedy
from households.services.speaking import hear_family
from notices.services import notify_all

ANSWER_DAYS = 30
FILING_SCOPE = "apply"  # what a delegate needs to object for the family
SCOPE = "update"  # and to take the objection back
ASSESSMENT = Assessment._meta.label_lower
UPHOLD, DISMISS = "uphold", "dismiss"


@transaction.atomic
def file_objection(
    *,
    household: Household,
    subject: str,
    about: tuple[str, str],
    text: str,
    channel: str,
    by: Actor,
    at: datetime,
) -> Objection:
    """Any decision that stands on the file can be objected to, once at a time; the answer is due in 30 days.

    `about` is the (label, ref) of the decision. Who takes it down for the family does not decide it.
    """
    household = lock(household)
    refuse_unless_speaking(household, by, at, scope=FILING_SCOPE)
    if not text.strip():
        raise Refused(
            "text_missing", _("Tell us in your own words what you do not agree with."), field="text"
        )
    standing = standing_decisions(household)
    named = next((one for one in standing if (one.subject, one.about) == (subject, about)), None)
    if named is None:
        raise Refused(
            "decision_unknown",
            _("This does not stand on the file any more. Reload the page and choose from what stands now."),
            field="decision",
        )
    _refuse_second(household, named)
    register_involvement(file=household, duty=Duty.SPOKESPERSON, by=by, at=at)
    objection = Objection(
        number=next_number("O", household.area, at),
        household=household,
        object_label=named.label,
        object_ref=named.ref,
        subject=subject,
        text=text,
        channel=channel,
        received_at=at,
        due=day_of(at) + timedelta(days=ANSWER_DAYS),
        state=ObjectionState.RECEIVED,
        state_since=at,
    )
    objection.save(force_insert=True)
    record(
        "objection.received",
        objection,
        by=by,
        at=at,
        subject=subject,
        about=named.ref,
        household=household.public_id,
    )
    tell_household(household, "objection_received", by=by, at=at)
    supervisors = holders_of(Role.SUPERVISOR, area=household.area)
    _tell(supervisors, "objection_waiting", objection, by, at)
    return objection


@transaction.atomic
def assign_objection(*, objection: Objection, first: User, second: User, by: User, at: datetime) -> Objection:
    """A supervisor names two people; whoever had any duty on the file is refused."""
    objection = lock(objection)
    refuse_unless_supervisor(by, objection.household)
    if first.pk == second.pk:
        raise Refused("two_people", _("Name two different people."), field="second")
    for field, decider in (("first", first), ("second", second)):
        refuse_unfit_decider(objection, decider, field=field)
        register_involvement(file=objection.household, duty=Duty.OBJECTION_DECIDER, by=decider, at=at)
    also = {"first_decider": first, "second_decider": second}
    move(objection, ObjectionState.INVESTIGATING, by=by, at=at, also=also)
    _tell([first, second], "objection_to_decide", objection, by, at)
    return objection


@transaction.atomic
def decide_objection(*, objection: Objection, opinion: str, answer: str, by: User, at: datetime) -> Objection:
    """Each decider gives an opinion; when both agree it is decided, when they differ the family's side prevails.

    An upheld objection to a refusal brings the application back before the supervisor, one to an assessment has
    somebody else assess anew; anything else, and where that is no longer possible, a supervisor acts on by a day.
    """
    objection = lock(objection)
    if objection.state != ObjectionState.INVESTIGATING:
        raise Refused("wrong_state", _("This objection is not open for a decision."))
    if by.pk not in {objection.first_decider_id, objection.second_decider_id}:
        raise Refused("not_asked", _("Two colleagues were asked to decide this; you are not one of them."))
    refuse_own_employer(by=by, organisation_ids=parties_of(objection.household))
    if opinion not in {UPHOLD, DISMISS}:
        raise Refused("opinion", _("Choose whether the family is right."), field="opinion")
    if not answer.strip():
        raise Refused(
            "answer_missing", _("Write the answer in words the family understands."), field="answer"
        )
    name = "first_opinion" if by.pk == objection.first_decider_id else "second_opinion"
    if getattr(objection, name):
        raise Refused("opinion_given", _("You gave your opinion already."))
    setattr(objection, name, opinion)
    _word(objection, opinion, answer)
    objection.save(update_fields=[name, "answer", "dissent"])
    record("objection.opinion", objection, by=by, at=at, opinion=opinion)
    opinions = {objection.first_opinion, objection.second_opinion}
    if "" in opinions:
        return objection
    upheld = UPHOLD in opinions
    also = {"upheld": upheld, "decided_at": at}
    household = objection.household
    move(
        objection,
        ObjectionState.DECIDED,
        by=by,
        at=at,
        also=also,
        upheld=upheld,
        household=household.public_id,
    )
    if upheld and not _taken_up_again(objection, by, at):
        open_remedy(objection=objection, by=by, at=at)
    tell_household(household, "objection_decided", by=by, at=at)
    return objection


@transaction.atomic
def withdraw_objection(
    *, objection: Objection, by: Actor, at: datetime, evidence: Attachment | None = None
) -> Objection:
    """The household no longer objects, by its own word; whoever decides on it does not bring that word."""
    hear_family(objection.household, scope=SCOPE, evidence=evidence, by=by, at=at)
    return move(lock(objection), ObjectionState.WITHDRAWN, by=by, at=at)


def _refuse_second(household: Household, named: Decision) -> None:
    """One decision is looked at once at a time; how somebody was treated may be told as often as it happens."""
    if named.subject == "conduct":
        return
    waiting = household.objections.filter(
        subject=named.subject, object_label=named.label, object_ref=named.ref, state__in=OBJECTION_OPEN
    ).first()
    if waiting is not None:
        raise Refused(
            "objection_open",
            _("Objection %(number)s to this is being looked at already. Wait for its answer, due by %(day)s.")
            % {"number": waiting.number, "day": day_words(waiting.due)},
            field="decision",
        )


def _word(objection: Objection, opinion: str, answer: str) -> None:
    """The family reads what holds: both answers, the same one once; where the two differ, the one for the family."""
    earlier = {objection.first_opinion, objection.second_opinion} - {""} - {opinion}
    if not earlier:
        said = (objection.answer.strip(), answer.strip())
        objection.answer = "\n\n".join(dict.fromkeys(text for text in said if text))
    elif opinion == UPHOLD:
        objection.answer, objection.dissent = answer, objection.answer
    else:
        objection.dissent = answer


def _taken_up_again(objection: Objection, by: User, at: datetime) -> bool:
    """Whether what the family objected to is done anew at once: its refusal decided, or its assessment written."""
    household, label, ref = objection.household, objection.object_label, objection.object_ref
    if objection.subject == "assessment" and label in {ASSESSMENT, WHOLE_FILE}:
        written = household.assessments.exclude(state=AssessmentState.SET_ASIDE).order_by("pk")
        named = written.filter(public_id=ref) if label == ASSESSMENT else written  # from before it was named
        assessment = named.last()
        aside = assessment and set_assessment_aside(
            assessment=assessment, cause=objection.number, by=by, at=at
        )
        return aside is not None
    refused = household.applications.filter(state=ApplicationState.REJECTED).order_by("pk")
    application = (refused if label == WHOLE_FILE else refused.filter(public_id=ref)).last()
    if objection.subject != "rejection" or application is None or applied_again(household):
        return False
    reopen_application(application=application, by=by, at=at)
    return True


def _tell(people: list[User], kind: str, objection: Objection, by: Actor, at: datetime) -> None:
    notify_all(to=people, kind=kind, params={"number": objection.number}, url=worklist(), by=by, at=at)
