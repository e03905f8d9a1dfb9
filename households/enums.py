"""States and channels of the household side."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    SELF = "self", _("by the household itself")
    DELEGATE = "delegate", _("through a delegate")
    VILLAGE_WORKER = "village_worker", _("through the village worker")
    DESK = "desk", _("at the desk")
    BATCH = "batch", _("from a file")


class ApplicationState(models.TextChoices):
    SUBMITTED = "submitted", _("Received")
    RETURNED = "returned", _("Waiting for something missing")
    ACCEPTED = "accepted", _("Accepted")
    VERIFYING = "verifying", _("Being checked")
    FLAGGED = "flagged", _("Something needs checking again")
    ASSESSED = "assessed", _("Assessed")
    REVIEWING = "reviewing", _("Under review")
    APPROVED = "approved", _("Approved and filed")
    REJECTED = "rejected", _("Not approved")
    WITHDRAWN = "withdrawn", _("Withdrawn")


_A = ApplicationState
APPLICATION_MOVES = {
    _A.SUBMITTED: {_A.RETURNED, _A.ACCEPTED, _A.WITHDRAWN},
    _A.RETURNED: {_A.SUBMITTED, _A.WITHDRAWN},
    _A.ACCEPTED: {_A.VERIFYING, _A.WITHDRAWN},
    _A.VERIFYING: {_A.FLAGGED, _A.ASSESSED, _A.WITHDRAWN},
    _A.FLAGGED: {_A.VERIFYING, _A.REJECTED, _A.WITHDRAWN},
    _A.ASSESSED: {_A.REVIEWING, _A.VERIFYING, _A.WITHDRAWN},
    _A.REVIEWING: {_A.APPROVED, _A.REJECTED, _A.VERIFYING, _A.WITHDRAWN},
    _A.REJECTED: {_A.REVIEWING},
}


class HouseholdState(models.TextChoices):
    PENDING = "pending", _("Not filed yet")
    ACTIVE = "active", _("Supported")
    EXIT_PROPOSED = "exit_proposed", _("Exit proposed")
    EXIT_AGREED = "exit_agreed", _("Exit agreed by the family")
    TRACKING = "tracking", _("Followed after exit")
    CLOSED = "closed", _("Closed")
    SUSPENDED = "suspended", _("Paused")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    REJECTED = "rejected", _("Not approved")


_H = HouseholdState
HOUSEHOLD_MOVES = {
    _H.PENDING: {_H.ACTIVE, _H.SUSPENDED, _H.WITHDRAWN, _H.REJECTED},
    _H.ACTIVE: {_H.EXIT_PROPOSED, _H.SUSPENDED, _H.WITHDRAWN},
    _H.EXIT_PROPOSED: {_H.EXIT_AGREED, _H.ACTIVE, _H.SUSPENDED, _H.WITHDRAWN},
    _H.EXIT_AGREED: {_H.TRACKING, _H.EXIT_PROPOSED, _H.ACTIVE, _H.SUSPENDED, _H.WITHDRAWN},
    _H.TRACKING: {_H.CLOSED, _H.ACTIVE, _H.SUSPENDED, _H.WITHDRAWN},
    _H.CLOSED: {_H.ACTIVE},
    _H.SUSPENDED: {
        _H.PENDING,
        _H.ACTIVE,
        _H.EXIT_PROPOSED,
        _H.EXIT_AGREED,
        _H.TRACKING,
        _H.CLOSED,
        _H.WITHDRAWN,
        _H.REJECTED,
    },
    _H.WITHDRAWN: {_H.PENDING},
    _H.REJECTED: {_H.PENDING},
}
ENDED = frozenset({_H.WITHDRAWN, _H.REJECTED})  # its members belong to no file and may be named in a new one


class NeedState(models.TextChoices):
    """Partly reserved and in delivery are read from the counters; they are not states."""

    DRAFT = "draft", _("Said by the household")
    ASSESSED = "assessed", _("Assessed")
    OPEN = "open", _("Open for matching")
    FULFILLED = "fulfilled", _("Received by the household")
    VERIFIED = "verified", _("Verified")
    CLOSED = "closed", _("Closed")
    EXPIRED = "expired", _("Past its date")
    CANCELLED = "cancelled", _("Cancelled by the household")
    VOID = "void", _("Withdrawn after a false statement")


_N = NeedState
NEED_MOVES = {
    _N.DRAFT: {_N.ASSESSED, _N.OPEN, _N.CANCELLED, _N.VOID},
    _N.ASSESSED: {_N.OPEN, _N.CANCELLED, _N.VOID},
    _N.OPEN: {_N.FULFILLED, _N.EXPIRED, _N.CANCELLED, _N.VOID},
    _N.FULFILLED: {_N.VERIFIED, _N.VOID},
    _N.VERIFIED: {_N.CLOSED, _N.VOID},
    _N.EXPIRED: {_N.OPEN, _N.CANCELLED, _N.VOID},
    _N.CANCELLED: {_N.DRAFT},
}


class Urgency(models.TextChoices):
    """How soon: sets deadlines only; matching reads severity."""

    EMERGENCY = "emergency", _("urgent, within days")
    SOON = "soon", _("soon, within weeks")
    ORDINARY = "ordinary", _("can wait a month or more")


class FlagState(models.TextChoices):
    RAISED = "raised", _("Raised")
    ASKED = "asked", _("Explanation asked for")
    EXPLAINED = "explained", _("Explained")
    CLEARED = "cleared", _("Cleared")
    CORRECTED = "corrected", _("Corrected")
    CONFIRMED_FALSE = "confirmed_false", _("Confirmed false by two people")


_F = FlagState
_FLAG_ENDS = {_F.CLEARED, _F.CORRECTED, _F.CONFIRMED_FALSE}
FLAG_MOVES = {
    _F.RAISED: {_F.ASKED, _F.EXPLAINED, *_FLAG_ENDS},
    _F.ASKED: {_F.EXPLAINED, *_FLAG_ENDS},
    _F.EXPLAINED: {_F.ASKED, *_FLAG_ENDS},
}


class VisitState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    DONE = "done", _("Done")
    NO_SHOW = "no_show", _("Nobody was home")
    CANCELLED = "cancelled", _("Cancelled")


VISIT_MOVES = {
    VisitState.PLANNED: {VisitState.DONE, VisitState.NO_SHOW, VisitState.CANCELLED},
    VisitState.NO_SHOW: {VisitState.PLANNED},
}


class VisitKind(models.TextChoices):
    VERIFICATION = "verification", _("Verification visit")
    CONFIRMATION = "confirmation", _("Visit to hear the household's answer")
    FOLLOW_UP = "follow_up", _("Follow-up visit")


class AssessmentState(models.TextChoices):
    DRAFT = "draft", _("Being written")
    SUBMITTED = "submitted", _("Waiting for the supervisor")
    APPROVED = "approved", _("Approved")
    SENT_BACK = "sent_back", _("Sent back")
    SET_ASIDE = "set_aside", _("Set aside after an objection")


_W = AssessmentState
ASSESSMENT_MOVES = {
    _W.DRAFT: {_W.SUBMITTED, _W.SET_ASIDE},
    _W.SUBMITTED: {_W.APPROVED, _W.SENT_BACK, _W.SET_ASIDE},
    _W.SENT_BACK: {_W.SUBMITTED, _W.SET_ASIDE},
    _W.APPROVED: {_W.SET_ASIDE},
}


class ObjectionState(models.TextChoices):
    RECEIVED = "received", _("Received")
    INVESTIGATING = "investigating", _("Two people are looking into it")
    DECIDED = "decided", _("Decided")
    WITHDRAWN = "withdrawn", _("Withdrawn")


OBJECTION_MOVES = {
    ObjectionState.RECEIVED: {ObjectionState.INVESTIGATING, ObjectionState.WITHDRAWN},
    ObjectionState.INVESTIGATING: {ObjectionState.DECIDED, ObjectionState.WITHDRAWN},
}
OBJECTION_OPEN = [ObjectionState.RECEIVED, ObjectionState.INVESTIGATING]


class RemedyState(models.TextChoices):
    WAITING = "waiting", _("Still to be acted on")
    DONE = "done", _("Acted on")


REMEDY_MOVES = {RemedyState.WAITING: {RemedyState.DONE}}


class Outcome(models.TextChoices):
    """What came of an objection in which the family was right."""

    CHANGED = "changed", _("what was decided has been changed")
    REDONE = "redone", _("it is being done anew")
    MADE_GOOD = "made_good", _("what was missing or wrong has been made good")
    APOLOGISED = "apologised", _("we talked with the family and apologised")
    ELSEWISE = "elsewise", _("it cannot be undone; something else was done for the family")


class DelegationState(models.TextChoices):
    GIVEN = "given", _("In force")
    REVOKED = "revoked", _("Revoked")
    EXPIRED = "expired", _("Expired")


DELEGATION_MOVES = {DelegationState.GIVEN: {DelegationState.REVOKED, DelegationState.EXPIRED}}


class IdentityLevel(models.IntegerChoices):
    """How sure we are who it is; money or a home visit needs level 2."""

    DECLARED = 0, _("declared")
    CHECKED = 1, _("number checks out and is unique")
    SEEN = 2, _("document seen by staff")
    AUTHORITY = 3, _("confirmed by an authority")


class Identified(models.TextChoices):
    """How it is known who asks for a new query code."""

    DOCUMENT = "document", _("an adult of the family showed the identity document")
    WITNESS = "witness", _("a witness who knows the family was there")


class BirthPrecision(models.TextChoices):
    DAY = "day", _("day known")
    MONTH = "month", _("month known")
    YEAR = "year", _("year known")
    UNKNOWN = "unknown", _("not known")


class AskedBy(models.TextChoices):
    """How the answers of a questionnaire were given."""

    SELF = "self", _("the person filled it in")
    INTERVIEWER = "interviewer", _("a worker asked and wrote down")
    PROXY = "proxy", _("somebody else answered for the person")


class SafetyState(models.TextChoices):
    OPEN = "open", _("To be acted on now")
    ACTED = "acted", _("Acted on, a supervisor looks at it")
    CLOSED = "closed", _("Looked at and closed")


SAFETY_MOVES = {
    SafetyState.OPEN: {SafetyState.ACTED},
    SafetyState.ACTED: {SafetyState.ACTED, SafetyState.CLOSED},
}


class CardState(models.TextChoices):
    DRAFT = "draft", _("Put up, not approved yet")
    IN_USE = "in_use", _("In use")
    RETIRED = "retired", _("No longer in use")


CARD_MOVES = {
    CardState.DRAFT: {CardState.IN_USE, CardState.RETIRED},
    CardState.IN_USE: {CardState.RETIRED},
}


class PlanState(models.TextChoices):
    DRAFT = "draft", _("Being written")
    AGREED = "agreed", _("Agreed with the family")
    REPLACED = "replaced", _("Replaced by a newer plan")
    CLOSED = "closed", _("Closed with a summary")


PLAN_MOVES = {
    PlanState.DRAFT: {PlanState.AGREED},
    PlanState.AGREED: {PlanState.REPLACED, PlanState.CLOSED},
}


class StepState(models.TextChoices):
    OPEN = "open", _("To be done")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("No longer to be done")


STEP_MOVES = {StepState.OPEN: {StepState.DONE, StepState.DROPPED}}


class Doer(models.TextChoices):
    """Who takes a step of the plan."""

    WORKER = "worker", _("the social worker")
    FAMILY = "family", _("the family itself")
    VILLAGE = "village", _("the village")
    OFFICE = "office", _("a government office")
    OTHER = "other", _("somebody else")


class ServiceKind(models.TextChoices):
    """In which way a family was served."""

    HOME = "home", _("at home")
    PHONE = "phone", _("by telephone")
    STATION = "station", _("at the station")
    ALONG = "along", _("going along to an office or hospital")
    GROUP = "group", _("in a group")


class ReferralState(models.TextChoices):
    SENT = "sent", _("Waiting for the receiver's answer")
    ACCEPTED = "accepted", _("Taken on by the receiver")
    DECLINED = "declined", _("Declined by the receiver")
    ENDED = "ended", _("Ended, the family has got there")
    TAKEN_BACK = "taken_back", _("Taken back by the family")


REFERRAL_MOVES = {
    ReferralState.SENT: {ReferralState.ACCEPTED, ReferralState.DECLINED, ReferralState.TAKEN_BACK},
    ReferralState.ACCEPTED: {ReferralState.ENDED, ReferralState.TAKEN_BACK},
}


class SummaryState(models.TextChoices):
    WRITTEN = "written", _("Waiting for a supervisor")
    CONFIRMED = "confirmed", _("Confirmed")
    SENT_BACK = "sent_back", _("Sent back")


SUMMARY_MOVES = {SummaryState.WRITTEN: {SummaryState.CONFIRMED, SummaryState.SENT_BACK}}


class ClosingReason(models.TextChoices):
    REACHED = "reached", _("the goals are reached")
    WISH = "wish", _("the family wishes so")
    REFERRED = "referred", _("somebody else goes on")
    AWAY = "away", _("the family moved away")
    OTHER = "other", _("another reason")


class TieKind(models.TextChoices):
    """Who or what stands around a family."""

    KIN = "kin", _("relatives elsewhere")
    NEIGHBOUR = "neighbour", _("neighbours and friends")
    VILLAGE = "village", _("village committee")
    CLINIC = "clinic", _("clinic or hospital")
    SCHOOL = "school", _("school")
    WORK = "work", _("work or co-operative")
    OFFICE = "office", _("government office")
    CHARITY = "charity", _("charity or volunteers")
    OTHER = "other", _("something else")


class TieStrength(models.IntegerChoices):
    WEAK = 1, _("now and then")
    STEADY = 2, _("steady")
    STRONG = 3, _("strong")


class TieDirection(models.TextChoices):
    GIVES = "gives", _("helps the family")
    RECEIVES = "receives", _("is helped by the family")
    BOTH = "both", _("both ways")


class StrengthKind(models.TextChoices):
    """What a family can build on."""

    SKILL = "skill", _("skills and knowledge")
    CHARACTER = "character", _("character and habits")
    FAMILY = "family", _("holding together as a family")
    RELATIONS = "relations", _("people who stand by them")
    MEANS = "means", _("land, house, animals, tools")
    PAST = "past", _("what they have come through before")
    HOPE = "hope", _("hopes and plans")
    PLACE = "place", _("what the village offers")
