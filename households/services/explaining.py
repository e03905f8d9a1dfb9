"""A question about the data, asked of the family and answered in its words."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.enums import Duty
from accounts.models import User
from accounts.services import register_involvement
from common.actors import Actor
from common.locking import lock
from common.states import move
from households.enums import FlagState
from households.models import QualityFlag
from households.rules import refuse_unless_case_role, refuse_unless_passing_on
from households.services.news import tell_household, tell_of_delegate

SCOPE = "update"  # what a delegate needs to answer for the family in its matters


@transaction.atomic
def ask_explanation(*, flag: QualityFlag, by: User, at: datetime) -> QualityFlag:
    """Ask the household, in plain words, about one question."""
    flag = lock(flag)
    refuse_unless_case_role(by, flag.household)
    move(flag, FlagState.ASKED, by=by, at=at, rule=flag.rule)
    tell_household(flag.household, "explanation_asked", by=by, at=at)
    return flag


@transaction.atomic
def explain_flag(*, flag: QualityFlag, explanation: str, by: Actor, at: datetime) -> QualityFlag:
    """The household's explanation: its own, its delegate's, or written down by whoever filed for it or its worker.

    Whoever writes it down has spoken for the family; what comes of it is decided when the question is settled.
    """
    flag = lock(flag)
    refuse_unless_passing_on(flag.household, by, at, scope=SCOPE)
    register_involvement(file=flag.household, duty=Duty.SPOKESPERSON, by=by, at=at)
    tell_of_delegate(flag.household, by=by, at=at)
    return move(flag, FlagState.EXPLAINED, by=by, at=at, also={"explanation": explanation}, rule=flag.rule)
