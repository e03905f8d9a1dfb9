"""States of runs, proposals and confirmations (domain §10.4, design §5)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RunState(models.TextChoices):
    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Computing")
    CERTIFIED = "certified", _("Checked and certified")
    REFUSED = "refused", _("Refused by the checker")
    CANCELLED = "cancelled", _("Cancelled")


RUN_MOVES = {
    RunState.QUEUED: {RunState.RUNNING, RunState.CANCELLED},
    RunState.RUNNING: {RunState.CERTIFIED, RunState.REFUSED, RunState.CANCELLED},
}


class ProposalState(models.TextChoices):
    SUGGESTED = "suggested", _("Suggested")
    PROPOSED = "proposed", _("Decided, asking the parties")
    CONFIRMED = "confirmed", _("Confirmed by all")
    AGREED = "agreed", _("Under agreement")
    EXECUTING = "executing", _("On the way")
    COMPLETED = "completed", _("Received")
    FED_BACK = "fed_back", _("Reported to the donor")
    CLOSED = "closed", _("Closed")
    DECLINED = "declined", _("Not taken by the worker")
    RELEASED = "released", _("Called off")
    EXPIRED = "expired", _("Out of date")


_S = ProposalState
PROPOSAL_MOVES = {
    _S.SUGGESTED: {_S.PROPOSED, _S.DECLINED, _S.EXPIRED},
    _S.PROPOSED: {_S.CONFIRMED, _S.RELEASED},
    _S.CONFIRMED: {_S.AGREED, _S.RELEASED, _S.PROPOSED},
    _S.AGREED: {_S.EXECUTING, _S.RELEASED},
    _S.EXECUTING: {_S.COMPLETED, _S.RELEASED},
    _S.COMPLETED: {_S.FED_BACK},
    _S.FED_BACK: {_S.CLOSED},
}
# Counted on lot, need and project in the same transaction that enters or leaves these.
LIVE = frozenset({_S.PROPOSED, _S.CONFIRMED, _S.AGREED, _S.EXECUTING})


# What a family has or has been promised: it counts towards a lot's cap per household.
HELD = frozenset({*LIVE, _S.COMPLETED, _S.FED_BACK, _S.CLOSED})


class LiftReason(models.TextChoices):
    """Why a kept pair is not kept any more."""

    SET_FREE = "set_free", _("set free by a worker")
    CHANGED = "changed", _("kept with another amount")
    DECIDED = "decided", _("decided")
    EXCLUDED = "excluded", _("excluded")


class Origin(models.TextChoices):
    RUN = "run", _("computed")
    DONOR = "donor", _("the donor's pledge")
    WORKER = "worker", _("a worker's choice")


class DecisionKind(models.TextChoices):
    ACCEPT = "accept", _("accept")
    CHANGE_AMOUNT = "change_amount", _("change the amount")
    OTHER_LOT = "other_lot", _("another resource")
    DECLINE = "decline", _("do not take")
    OVERRIDE = "override", _("accept in spite of a warning, with a second person")


class OverrideState(models.TextChoices):
    ASKED = "asked", _("Waiting for a supervisor")
    CONFIRMED = "confirmed", _("Agreed by a supervisor")
    DECLINED = "declined", _("Not agreed")
    LAPSED = "lapsed", _("Overtaken")


OVERRIDE_MOVES = {
    OverrideState.ASKED: {OverrideState.CONFIRMED, OverrideState.DECLINED, OverrideState.LAPSED},
}


class Party(models.TextChoices):
    AGENCY = "agency", _("implementing agency")
    DONOR = "donor", _("donor")
    HOUSEHOLD = "household", _("household")


class ConfirmationState(models.TextChoices):
    ASKED = "asked", _("Asked")
    GIVEN = "given", _("Said yes")
    DECLINED = "declined", _("Said no")
    TIMED_OUT = "timed_out", _("No answer in time")
    CANCELLED = "cancelled", _("No longer needed")


CONFIRMATION_MOVES = {
    ConfirmationState.ASKED: {
        ConfirmationState.GIVEN,
        ConfirmationState.DECLINED,
        ConfirmationState.TIMED_OUT,
        ConfirmationState.CANCELLED,
    },
    ConfirmationState.GIVEN: {ConfirmationState.ASKED},
    ConfirmationState.CANCELLED: {ConfirmationState.ASKED},
}


class UnmetKind(models.TextChoices):
    NO_LOT = "no_eligible_lot", _("nothing fits")
    EXHAUSTED = "exhausted", _("what fits is used for more severe needs")
    CAPACITY = "agency_capacity", _("no project has room")
