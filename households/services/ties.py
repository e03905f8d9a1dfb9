"""Ties of support and strengths: noted as the family tells them, ended or written anew, never altered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.enums import Duty
from accounts.models import User
from accounts.services import register_involvement
from common.exceptions import Refused
from common.locking import lock
from common.recording import record
from households.enums import StrengthKind, TieDirection, TieKind, TieStrength
from households.models import Household, StrengthList, SupportTie
from households.rules import refuse_unless_case_role
from households.services.saying import said

MOST_TIES = 16  # more cannot be read on one map


@transaction.atomic
def note_tie(
    *,
    household: Household,
    name: str,
    kind: str,
    strength: int,
    direction: str,
    strained: bool,
    note: str,
    by: User,
    at: datetime,
) -> SupportTie:
    """Who stands around the family, how strongly, in which direction, and whether it is strained."""
    household = lock(household)
    refuse_unless_case_role(by, household)
    if (
        kind not in TieKind.values
        or direction not in TieDirection.values
        or strength not in TieStrength.values
    ):
        raise Refused("answer_unknown", _("Choose an answer from the list."))
    if household.support_ties.filter(ended_at__isnull=True).count() >= MOST_TIES:
        raise Refused("too_many", _("The map is full. End a tie that no longer holds first."))
    tie: SupportTie = SupportTie.objects.create(
        household=household,
        name=said(name, "name"),
        kind=kind,
        strength=strength,
        direction=direction,
        strained=strained,
        note=note.strip(),
        recorded_by=by,
        recorded_at=at,
    )
    register_involvement(file=household, duty=Duty.HANDLER, by=by, at=at)
    record("tie.noted", tie, by=by, at=at, household=household.public_id, kind=kind)
    return tie


@transaction.atomic
def end_tie(*, tie: SupportTie, by: User, at: datetime) -> SupportTie:
    """It no longer holds, or holds differently and is noted anew."""
    tie = lock(tie)
    refuse_unless_case_role(by, tie.household)
    if tie.ended_at is not None:
        raise Refused("ended_already", _("This tie is ended already."))
    tie.ended_at = at
    tie.save(update_fields=["ended_at"])
    record("tie.ended", tie, by=by, at=at, household=tie.household.public_id)
    return tie


@transaction.atomic
def write_strengths(
    *, household: Household, entries: list[dict[str, str]], by: User, at: datetime
) -> StrengthList:
    """The whole list in a new edition; the same list again is no new one."""
    household = lock(household)
    refuse_unless_case_role(by, household)
    kept: Any = [{"kind": one["kind"], "words": one["words"].strip()} for one in entries]
    if not kept or any(not one["words"] for one in kept):
        raise Refused("nothing_answered", _("Write at least one strength, each in words."))
    if any(one["kind"] not in StrengthKind.values for one in kept):
        raise Refused("answer_unknown", _("Choose an answer from the list."))
    last: StrengthList | None = household.strength_lists.order_by("-edition").first()
    if last is not None and last.entries == kept:
        return last
    edition = household.strength_lists.aggregate(last=Max("edition"))["last"] or 0
    found: StrengthList = StrengthList.objects.create(
        household=household, edition=edition + 1, entries=kept, written_by=by, written_at=at
    )
    register_involvement(file=household, duty=Duty.HANDLER, by=by, at=at)
    record("strengths.written", found, by=by, at=at, household=household.public_id, version=found.edition)
    return found
