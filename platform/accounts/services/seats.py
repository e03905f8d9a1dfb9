"""Seats: invited, accepted, taken, ended."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import rules
from accounts.enums import NATIONAL, SELF_REGISTERED_ROLES, MembershipState, Role
from accounts.models import Membership, Organisation, User
from common.actors import SYSTEM, Actor
from common.exceptions import Refused
from common.locking import lock
from common.states import move
from journal.services import record


@transaction.atomic
def invite_member(
    *,
    username: str,
    name: str,
    role: str,
    email: str = "",
    prefix: str = "",
    organisation: Organisation | None = None,
    manages: bool = False,
    by: Actor,
    at: datetime,
) -> Membership:
    """Offer a seat; it counts from the moment the person accepts. Workers are invited, never self-registered.

    A system administrator offers any seat, a manager one of the own organisation and role; nobody one to oneself.
    """
    rules.refuse_unless_looking_after(by=by, role=role, organisation=organisation)
    rules.refuse_unfit_seat(role=role, prefix=prefix, organisation=organisation)
    prefix = "" if prefix == NATIONAL else prefix
    user = _account(username=username.strip(), name=name.strip(), email=email.strip(), by=by, at=at)
    if user == by:
        raise Refused("own_invitation", _("Somebody else must offer you this seat."), field="username")
    rules.refuse_meeting_separated_roles(user=user, role=role)
    return _new_seat(
        user=user,
        role=role,
        prefix=prefix,
        organisation=organisation,
        manages=manages,
        state=MembershipState.INVITED,
        by=by,
        at=at,
    )


@transaction.atomic
def accept_invitation(*, membership: Membership, password: str = "", by: User, at: datetime) -> Membership:
    """The invited person takes the seat; a new account gets its password here, chosen by its owner."""
    membership = lock(membership)
    user = lock(membership.user)
    if by != user:
        raise Refused(
            "not_yours", _("This invitation is for somebody else. Sign in with the account it names.")
        )
    if not membership.may_become(MembershipState.ACTIVE):
        raise Refused("invitation_used", _("This invitation was used or withdrawn. Ask for a new one."))
    rules.refuse_meeting_separated_roles(user=user, role=membership.role)
    if not user.has_usable_password():
        _set_first_password(user, password)
    move(membership, MembershipState.ACTIVE, by=user, at=at, also={"active_from": at})
    by.forget_seats()
    return membership


@transaction.atomic
def open_own_seat(
    *, user: User, role: str, organisation: Organisation | None, by: Actor, at: datetime
) -> Membership:
    """Self-registration: whoever registers a donor, an agency or a fund holder acts for it and invites colleagues.

    Only while nobody holds a seat of that role there; later colleagues are invited.
    """
    if by != user or role not in SELF_REGISTERED_ROLES:
        raise Refused("invitation_needed", _("This role begins with an invitation. Ask your administrator."))
    rules.refuse_unfit_seat(role=role, prefix="", organisation=organisation)
    if organisation is not None:
        seats = Membership.objects.exclude(state=MembershipState.ENDED)
        lock(organisation)
        if seats.filter(organisation=organisation).exclude(user=user).exists():
            raise Refused(
                "invitation_needed", _("Your organisation has people here already. Ask them to invite you.")
            )
    membership = _new_seat(
        user=user,
        role=role,
        prefix="",
        organisation=organisation,
        manages=organisation is not None,
        state=MembershipState.ACTIVE,
        by=by,
        at=at,
    )
    user.forget_seats()
    return membership


@transaction.atomic
def create_first_administrator(*, username: str, name: str, at: datetime) -> Membership:
    """The first seat of an empty platform; from then on people are invited in pages."""
    if Membership.objects.filter(role=Role.SYSTEM_ADMIN).exclude(state=MembershipState.ENDED).exists():
        raise Refused(
            "not_the_first", _("There is a system administrator already, who invites others in pages.")
        )
    user = _account(username=username.strip(), name=name.strip(), email="", by=SYSTEM, at=at)
    rules.refuse_meeting_separated_roles(user=user, role=Role.SYSTEM_ADMIN)
    return _new_seat(
        user=user,
        role=Role.SYSTEM_ADMIN,
        prefix="",
        organisation=None,
        manages=False,
        state=MembershipState.INVITED,
        by=SYSTEM,
        at=at,
    )


@transaction.atomic
def switch_seat(*, membership: Membership, by: User, at: datetime) -> Membership:
    """Act in another of the own seats from now on (R10)."""
    membership = lock(membership)
    if membership.user_id != by.pk or membership.state != MembershipState.ACTIVE:
        raise Refused("not_your_seat", _("You do not hold this seat any more. Choose another one."))
    record("seat.taken", membership, by=by, at=at, role=membership.role)
    by.take(membership)
    return membership


@transaction.atomic
def end_membership(*, membership: Membership, reason: str, by: User, at: datetime) -> Membership:
    """Withdraw an invitation or end a seat: the holder, the organisation's manager or a system administrator."""
    membership = lock(membership)
    if membership.user_id != by.pk and not rules.may_look_after(
        by=by, role=membership.role, organisation=membership.organisation
    ):
        raise Refused(
            "not_yours_to_end", _("Ask the manager of this organisation or the system administrator.")
        )
    if membership.state == MembershipState.ACTIVE and rules.is_last_administrator(membership):
        raise Refused("last_administrator", _("Invite another system administrator first."))
    move(membership, MembershipState.ENDED, by=by, at=at, reason=reason, also={"active_to": at})
    by.forget_seats()
    return membership


def _account(*, username: str, name: str, email: str, by: Actor, at: datetime) -> User:
    """The account of that name, or a new one without a password.

    A manager reaches an existing account only by its name and e-mail together: names are not looked up by guessing.
    """
    known: User | None = User.objects.filter(username__iexact=username).first()
    if known is not None:
        seat = getattr(by, "seat", None)
        looked_up = seat is not None and seat.role != Role.SYSTEM_ADMIN
        if looked_up and (not email or known.email.lower() != email.lower()):
            raise Refused(
                "account_known",
                _(
                    "This account name is in use. If it is your colleague's, write the e-mail of that account too."
                ),
                field="username",
            )
        return known
    try:
        UnicodeUsernameValidator()(username)
    except ValidationError as error:
        raise Refused("username_unreadable", str(error.messages[0]), field="username") from None
    if not name:
        raise Refused("name_missing", _("Write the person's name."), field="name")
    if email and User.objects.filter(email__iexact=email).exists():
        raise Refused("email_known", _("Another account has this e-mail already."), field="email")
    user: User = User.objects.create_user(username=username, name=name, email=email)
    record("account.created", user, by=by, at=at)
    return user


def _new_seat(
    *,
    user: User,
    role: str,
    prefix: str,
    organisation: Organisation | None,
    manages: bool,
    state: str,
    by: Actor,
    at: datetime,
) -> Membership:
    membership = Membership(
        user=user,
        role=role,
        prefix=prefix,
        organisation=organisation,
        manages=manages,
        state=state,
        state_since=at,
    )
    if state == MembershipState.ACTIVE:
        membership.active_from = at
    try:
        with transaction.atomic():
            membership.save(force_insert=True)
    except IntegrityError:
        raise Refused(
            "seat_known",
            _("This person holds this seat, or has an invitation to it, already."),
            field="username",
        ) from None
    record(
        f"accounts.membership.{state}",
        membership,
        by=by,
        at=at,
        user=user.public_id,
        role=role,
        prefix=prefix,
        organisation=organisation.public_id if organisation else "",
        manages=manages,
    )
    return membership


def _set_first_password(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refused("password_weak", " ".join(error.messages), field="password") from None
    user.set_password(password)
    user.save(update_fields=["password"])
