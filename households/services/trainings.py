"""Who is trained to ask a questionnaire: written down by a supervisor who saw the certificate."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import User
from common.clock import day_of
from common.exceptions import Refused
from common.locking import lock
from common.recording import record
from households.models import Instrument, Training
from households.rules import CASE_ROLES

LONGEST_TRAINING = timedelta(days=5 * 366)


@transaction.atomic
def record_training(
    *, holder: User, code: str, course: str, valid_to: date, by: User, at: datetime
) -> Training:
    """A supervisor of the area has seen the certificate of a colleague; nobody vouches for the own one."""
    seat = by.seat
    if seat is None or seat.role != Role.SUPERVISOR:
        raise Refused("supervisors_only", _("A supervisor of the area writes down who is trained."))
    if holder.pk == by.pk:
        raise Refused("own_training", _("Another supervisor writes down your own training."), field="holder")
    if not _works_in(holder, seat.prefix):
        raise Refused("not_a_colleague", _("Choose a colleague of your area."), field="holder")
    if not Instrument.objects.current().filter(code=code).exists():
        raise Refused("answer_unknown", _("Choose an answer from the list."), field="code")
    if not course.strip():
        raise Refused(
            "course_missing", _("Name the course and the certificate you have seen."), field="course"
        )
    if not day_of(at) < valid_to <= day_of(at) + LONGEST_TRAINING:
        raise Refused(
            "training_period", _("A training counts up to five years from today."), field="valid_to"
        )
    for before in Training.objects.filter(holder=holder, code=code, revoked_at__isnull=True):
        _take_back(before, by, at)
    training: Training = Training.objects.create(
        holder=holder,
        area=seat.prefix,
        code=code,
        course=course.strip(),
        valid_to=valid_to,
        recorded_by=by,
        recorded_at=at,
    )
    record("training.recorded", training, by=by, at=at, user=holder.public_id, code=code, due=valid_to)
    return training


@transaction.atomic
def revoke_training(*, training: Training, by: User, at: datetime) -> Training:
    """From now on this colleague no longer asks it; what was asked stays."""
    training = lock(training)
    seat = by.seat
    if seat is None or seat.role != Role.SUPERVISOR or not training.area.startswith(seat.prefix):
        raise Refused("supervisors_only", _("A supervisor of the area writes down who is trained."))
    if training.revoked_at is not None:
        raise Refused("revoked_already", _("It is taken back already."))
    return _take_back(training, by, at)


def _take_back(training: Training, by: User, at: datetime) -> Training:
    training.revoked_at = at
    training.save(update_fields=["revoked_at"])
    record("training.revoked", training, by=by, at=at, user=training.holder.public_id, code=training.code)
    return training


def _works_in(holder: User, prefix: str) -> bool:
    seats = holder.memberships.in_force().filter(role__in=CASE_ROLES, prefix__startswith=prefix)
    return bool(seats.exists())
