"""An appeal against an evaluation, a rating or a measure: once, within thirty days, decided by two new people."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.enums import Duty
from accounts.models import User
from accounts.rules import file_key
from accounts.services import register_involvement
from common.actors import Actor
from common.clock import day_of
from common.exceptions import Refused
from common.locking import lock
from common.recording import record
from common.states import move
from evaluation.enums import AppealState, EliminationState, EvaluationState, Measure, RatingState
from evaluation.models import Appeal, EliminationCase, Evaluation, Rating
from evaluation.queries import parameters_of
from evaluation.rules import refuse_not_own_agency, refuse_rater
from evaluation.services.closing import correct_score
from implementers.enums import Standing
from implementers.models import Agency
from implementers.services import change_standing_state, set_standing

Appealable = Evaluation | Rating | EliminationCase
TYPES: dict[str, type[Appealable]] = {
    model._meta.label_lower: model for model in (Evaluation, Rating, EliminationCase)
}


@transaction.atomic
def file_appeal(*, about: Appealable, text: str, by: User, at: datetime) -> Appeal:
    """The agency disagrees; what it appeals against waits until two people have looked at it anew."""
    about = lock(about)
    agency = agency_of(about)
    refuse_not_own_agency(agency, by)
    if not text.strip():
        raise Refused("text_missing", _("Say what is wrong with the result."), field="text")
    since = _since(about)
    days = parameters_of(about.policy).course.appeal_days
    if since is None or at >= since + timedelta(days=days):
        raise Refused("appeal_over", _("An appeal is possible within thirty days of the final result."))
    label, ref = file_key(about)
    appeal = Appeal(
        agency=agency,
        object_label=label,
        object_ref=ref,
        text=text.strip(),
        received_at=at,
        due=day_of(at) + timedelta(days=days),
        state=AppealState.RECEIVED,
        state_since=at,
    )
    try:
        with transaction.atomic():
            appeal.save(force_insert=True)
    except IntegrityError:
        raise Refused("appealed_before", _("There was an appeal about this already.")) from None
    record("evaluation.appealed", appeal, by=by, at=at, about=label, ref=ref)
    if isinstance(about, Evaluation):
        move(about, EvaluationState.APPEALED, by=by, at=at)
    if isinstance(about, EliminationCase):
        move(about, EliminationState.APPEALED, by=by, at=at)
    return appeal


@transaction.atomic
def decide_appeal(
    *,
    appeal: Appeal,
    granted: bool,
    answer: str,
    by: User,
    at: datetime,
    corrected_score: Decimal | None = None,
) -> Appeal:
    """Two supervisors who had no part in the result decide the same; the second decision carries it out."""
    appeal = lock(appeal)
    about = subject_of(appeal)
    refuse_rater(appeal.agency, by, supervisor=True)
    _refuse_undecidable(appeal, about, granted, answer, corrected_score)
    if by.pk in _deciders(about):
        raise Refused("decided_before", _("You decided this before, so somebody else must look at it."))
    register_involvement(file=about, duty=Duty.OBJECTION_DECIDER, by=by, at=at)
    if appeal.first_decider_id is None:
        appeal.first_decider, appeal.granted, appeal.answer = by, granted, answer.strip()
        appeal.corrected_score = corrected_score
        appeal.save(update_fields=["first_decider", "granted", "answer", "corrected_score"])
        record("evaluation.appeal_first_decision", appeal, by=by, at=at, granted=granted)
        return appeal
    if appeal.first_decider_id == by.pk:
        raise Refused("second_person", _("You decided first, so a colleague must decide too."))
    if (appeal.granted, appeal.corrected_score) != (granted, corrected_score):
        appeal.first_decider, appeal.granted, appeal.corrected_score, appeal.answer = None, None, None, ""
        appeal.save(update_fields=["first_decider", "granted", "corrected_score", "answer"])
        record("evaluation.appeal_disagreed", appeal, by=by, at=at, granted=granted)
        return appeal
    also = {"second_decider": by, "decided_at": at}
    appeal = move(appeal, AppealState.DECIDED, by=by, at=at, also=also, granted=granted)
    _carry_out(appeal, lock(about), by=by, at=at)
    return appeal


def subject_of(appeal: Appeal) -> Appealable:
    """What the appeal is about."""
    return TYPES[appeal.object_label]._base_manager.get(public_id=appeal.object_ref)


def agency_of(about: Appealable) -> Agency:
    """Whose it is."""
    return about.project.agency if isinstance(about, Evaluation) else about.agency


def _since(about: Appealable) -> datetime | None:
    if isinstance(about, Evaluation):
        return about.final_at
    if isinstance(about, Rating):
        return about.state_since if about.state in {RatingState.ANNOUNCED, RatingState.EFFECTIVE} else None
    return about.decided_at


def _deciders(about: Appealable) -> set[int | None]:
    if isinstance(about, Rating):
        return {about.reviewed_by_id, about.approved_by_id}
    if isinstance(about, EliminationCase):
        return {about.first_decider_id, about.second_decider_id}
    return set()


def _refuse_undecidable(
    appeal: Appeal, about: Appealable, granted: bool, answer: str, corrected_score: Decimal | None
) -> None:
    if appeal.state != AppealState.RECEIVED:
        raise Refused("decided", _("This appeal has been decided."))
    if not answer.strip():
        raise Refused("answer_missing", _("Answer the agency in a few sentences."), field="answer")
    needs_score = granted and isinstance(about, Evaluation)
    if needs_score and corrected_score is None:
        raise Refused("score_missing", _("Give the corrected score."), field="corrected_score")
    if corrected_score is not None and (not needs_score or not 0 <= corrected_score <= 100):
        raise Refused(
            "score_unfit",
            _("A corrected score lies between 0 and 100 and comes with a granted appeal."),
            field="corrected_score",
        )


def _carry_out(appeal: Appeal, about: Appealable, *, by: Actor, at: datetime) -> None:
    """A granted appeal corrects the score, takes the rating out of force, or lifts the measure.

    What the project did meanwhile stays as it is: its course is not turned back.
    """
    if isinstance(about, Evaluation):
        if appeal.granted and appeal.corrected_score is not None:
            changed = correct_score(about, appeal.corrected_score)
            move(about, EvaluationState.CHANGED, by=by, at=at, also=changed)
        else:
            move(about, EvaluationState.UPHELD, by=by, at=at)
    elif isinstance(about, Rating):
        if appeal.granted and about.state == RatingState.ANNOUNCED:
            move(about, RatingState.SET_ASIDE, by=by, at=at, reason="appeal_granted")
        elif appeal.granted and about.state == RatingState.EFFECTIVE:
            move(about, RatingState.SUPERSEDED, by=by, at=at)
            set_standing(agency=about.agency, level="", score=None, since=at, rating_ref="", by=by, at=at)
    else:
        move(about, EliminationState.FINAL, by=by, at=at, also={"final_at": at})
        if appeal.granted and about.decision != Measure.NONE:
            agency = lock(about.agency)
            if agency.standing not in {Standing.NORMAL, Standing.FROZEN}:
                change_standing_state(agency=agency, to=Standing.NORMAL, reason=appeal.answer, by=by, at=at)
