"""A questionnaire asked of one person, stage by stage from T0; a refusal is an answer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.enums import Duty
from accounts.models import User
from accounts.services import register_involvement
from common.clock import day_of
from common.exceptions import Refused
from common.locking import lock
from common.masking import age_on
from common.recording import record
from households.enums import ENDED, AskedBy, HouseholdState
from households.models import Household, Instrument, InstrumentResult, Member
from households.queries.scales import is_trained
from households.rules import refuse_paused, refuse_unless_case_role
from households.services.safety import raise_alert


@transaction.atomic
def record_answers(
    *,
    household: Household,
    instrument: Instrument,
    member: Member,
    mode: str,
    proxy: str,
    answers: dict[str, str],
    asked_on: date,
    by: User,
    at: datetime,
) -> InstrumentResult:
    """What one person said, stage by stage from T0; an answer that names a danger alerts the supervisors at once."""
    household = lock(household)
    refuse_unless_case_role(by, household)
    refuse_paused(household)
    _refuse_unfit(household, instrument, member, by, at)
    _refuse_answers(instrument, mode, proxy, answers)
    if asked_on > day_of(at):
        raise Refused("in_the_future", _("This day is still to come. When was it done?"), field="asked_on")
    scale = instrument.scale
    before = InstrumentResult.objects.filter(member=member, code=instrument.code)
    last = before.aggregate(stage=Max("stage"), day=Max("asked_on"))
    if last["day"] is not None and asked_on < last["day"]:
        raise Refused(
            "before_last_stage", _("It was asked later than this day already. When was it?"), field="asked_on"
        )
    found = scale.outcome(answers)
    kept: Any = dict(answers)
    outcome: Any = {
        "score": found.score,
        "band": found.band.start if found.band else None,
        "refused": found.refused,
        "open": found.open,
    }
    result = InstrumentResult(
        household=household,
        member=member,
        instrument=instrument,
        code=instrument.code,
        stage=0 if last["stage"] is None else last["stage"] + 1,
        mode=mode,
        proxy=proxy.strip() if mode == AskedBy.PROXY else "",
        answers=kept,
        outcome=outcome,
        asked_on=asked_on,
        taken_by=by,
        created_at=at,
    )
    result.save(force_insert=True)
    register_involvement(file=household, duty=Duty.HANDLER, by=by, at=at)
    record(
        "instrument.asked",
        result,
        by=by,
        at=at,
        household=household.public_id,
        code=instrument.code,
        version=instrument.version,
        stage=result.stage_label,
        mode=mode,
    )
    if scale.in_danger(answers):
        raise_alert(result, by, at)
    return result


def _refuse_unfit(
    household: Household, instrument: Instrument, member: Member, by: User, at: datetime
) -> None:
    """A current questionnaire, a living member old enough, the family's consent, and a worker who was trained."""
    scale, today = instrument.scale, day_of(at)
    if household.state in {*ENDED, HouseholdState.CLOSED}:
        raise Refused("file_ended", _("This file has ended. Nothing more is asked of the family."))
    if not household.consents.filter(purpose="sensitive", withdrawn_at__isnull=True).exists():
        raise Refused(
            "consent_missing", _("The family has not consented to answers about health. Ask for that first.")
        )
    if instrument.retired_at is not None:
        raise Refused("instrument_retired", _("There is a newer version. Ask that one."))
    if scale.trained and not is_trained(by, instrument.code, today):
        raise Refused(
            "training_needed",
            _("Only a colleague trained for it asks this. A supervisor writes the training down."),
        )
    if member.household_id != household.pk or not member.live:
        raise Refused("other_household", _("This person does not belong to the family."), field="member")
    if member.birth_date is not None and age_on(member.birth_date, today) < scale.youngest:
        raise Refused(
            "too_young",
            _("It is asked of people from %(age)s years on.") % {"age": scale.youngest},
            field="member",
        )


def _refuse_answers(instrument: Instrument, mode: str, proxy: str, answers: dict[str, str]) -> None:
    """Out of its own lists, at least one of them, and whoever answered instead is named."""
    if mode not in AskedBy.values:
        raise Refused("answer_unknown", _("Choose an answer from the list."), field="mode")
    if unknown := instrument.scale.unknown(answers):
        raise Refused("answer_unknown", _("Choose an answer from the list."), field=unknown[0])
    if not answers:
        raise Refused(
            "nothing_answered", _("Nothing is answered. Whoever prefers not to say has an answer too.")
        )
    if mode == AskedBy.PROXY and not proxy.strip():
        raise Refused("proxy_missing", _("Who answered instead of the person?"), field="proxy")
