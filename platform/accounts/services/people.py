"""The person behind the seats: own particulars, closed accounts, ended sessions, a lost second factor."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import User
from accounts.rules import is_last_administrator, readable_mobile
from common.actors import Actor
from common.exceptions import Refused
from common.locking import lock
from journal.services import record


@transaction.atomic
def open_account(
    *, username: str, name: str, email: str = "", password: str | None = None, at: datetime
) -> User:
    """Somebody opens the own account; without a seat it may do nothing yet."""
    user: User = User.objects.create_user(username=username, name=name, email=email, password=password)
    record("account.created", user, by=user, at=at)
    return user


@transaction.atomic
def edit_account(*, user: User, name: str, phone: str | None = None, by: Actor, at: datetime) -> User:
    """Everybody corrects the own name and phone; `None` leaves the phone as it is."""
    if by != user:
        raise Refused("not_yours", _("Only the owner of an account changes these particulars."))
    user = lock(user)
    user.name = name.strip()
    changed = ["name"]
    if phone is not None:
        user.phone = readable_mobile(phone)
        changed += ["phone", "phone_index"]
    user.save(update_fields=changed)
    record("account.edited", user, by=by, at=at, phone=phone is not None)
    return user


@transaction.atomic
def close_account(*, user: User, reason: str, by: Actor, at: datetime) -> User:
    """A system administrator closes an account: no new sign-in, and every open session ends."""
    _refuse_unless_administrator(by)
    user = lock(user)
    if by == user:
        raise Refused("own_account", _("Another system administrator must close your account."))
    if any(is_last_administrator(seat) for seat in user.memberships.in_force()):
        raise Refused("last_administrator", _("Invite another system administrator first."))
    if not user.is_active:
        raise Refused("already_closed", _("This account is closed already."))
    user.is_active = False
    user.session_round += 1
    user.save(update_fields=["is_active", "session_round"])
    record("account.closed", user, by=by, at=at, reason=reason)
    return user


@transaction.atomic
def reopen_account(*, user: User, by: Actor, at: datetime) -> User:
    """A closed account opens again with the seats that were not ended."""
    _refuse_unless_administrator(by)
    user = lock(user)
    if user.is_active:
        raise Refused("already_open", _("This account is open already."))
    user.is_active = True
    user.save(update_fields=["is_active"])
    record("account.reopened", user, by=by, at=at)
    return user


@transaction.atomic
def end_sessions(*, user: User, by: Actor, at: datetime) -> User:
    """Every open session of this person ends at its next request; by the owner or a system administrator."""
    if by != user:
        _refuse_unless_administrator(by)
    User.objects.filter(pk=user.pk).update(session_round=F("session_round") + 1)
    user.refresh_from_db()
    record("account.sessions_ended", user, by=by, at=at)
    return user


@transaction.atomic
def reset_second_factor(*, user: User, reason: str, by: Actor, at: datetime) -> User:
    """A lost telephone: codes are removed, sessions end, and the next sign-in asks to set up a new one."""
    _refuse_unless_administrator(by)
    if by == user:
        raise Refused("own_account", _("Another system administrator must reset your second step."))
    removed, _by_model = Authenticator.objects.filter(user=user).delete()
    if not removed:
        raise Refused("no_second_factor", _("This account has no second step to reset."))
    record("account.second_factor_reset", user, by=by, at=at, reason=reason)
    return end_sessions(user=user, by=by, at=at)


def _refuse_unless_administrator(by: Actor) -> None:
    seat = getattr(by, "seat", None)
    if seat is None or seat.role != Role.SYSTEM_ADMIN:
        raise Refused("administrators_only", _("Ask the system administrator to do this."))
