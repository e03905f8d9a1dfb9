"""Users, organisations, memberships and who was involved in which file. A User is an account, not a Person."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.enums import (
    AREA_ROLES,
    DESK_ROLES,
    MEMBERSHIP_MOVES,
    NATIONAL_ROLES,
    Duty,
    MembershipState,
    OrganisationKind,
    Role,
)
from common.crypto import BlindIndexField, EncryptedTextField
from common.gate import GatedQuerySet, OpenQuerySet, Seat
from common.models import Record, Versioned, new_public_id
from common.states import StatefulModel, state_check
from reference.queries import path_label


class UserQuerySet(GatedQuerySet):
    def seen_by(self, user: Any, seat: Seat | None) -> UserQuerySet:
        if user.pk is None:
            return self.none()
        if seat is not None and seat.role in {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN}:
            return self
        if seat is not None and seat.organisation_id:
            return self.filter(
                Q(pk=user.pk)
                | Q(pk__in=Membership.objects.filter(organisation_id=seat.organisation_id).values("user_id"))
            )
        return self.filter(pk=user.pk)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username__iexact=username)  # type: ignore[no-any-return]

    def create_user(self, *, username: str, name: str, email: str = "", password: str | None = None) -> User:
        user = self.model(username=username, name=name, email=email)
        user.set_password(password)
        user.save(using=self._db)
        return user  # type: ignore[no-any-return]


class User(AbstractBaseUser):
    """An account. What it may do follows from the seat it acts in, never from flags."""

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    username = models.CharField(
        _("account name"), max_length=60, unique=True, validators=[UnicodeUsernameValidator()]
    )
    name = models.CharField(_("name"), max_length=60)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = EncryptedTextField(label="user.phone", blank=True)
    phone_index = BlindIndexField(kind="phone", source="phone")
    is_active = models.BooleanField(_("in use"), default=True)
    session_round = models.PositiveIntegerField(default=0, editable=False)  # one more ends every open session
    joined_at = models.DateTimeField(_("opened"), auto_now_add=True)

    objects: ClassVar = UserManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    actor_kind = "user"

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [models.UniqueConstraint(Lower("username"), name="user_username_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def actor_ref(self) -> str:
        return self.public_id

    def get_full_name(self) -> str:
        return self.name

    get_short_name = get_full_name

    @property
    def seat(self) -> Membership | None:
        """The membership acted in: chosen in the header, otherwise the only or the oldest active one."""
        if "_seat" not in self.__dict__:
            self.__dict__["_seat"] = next(iter(self.seats), None)
        return self.__dict__["_seat"]  # type: ignore[no-any-return]

    @property
    def seats(self) -> list[Membership]:
        """Every membership in force, oldest first; asked once per request."""
        if "_seats" not in self.__dict__:
            self.__dict__["_seats"] = list(
                self.memberships.in_force().select_related("organisation").order_by("pk")
            )
        return self.__dict__["_seats"]  # type: ignore[no-any-return]

    def forget_seats(self) -> None:
        """Ask again: this person's memberships just changed."""
        self.__dict__.pop("_seats", None)
        self.__dict__.pop("_seat", None)

    def take(self, membership: Membership | None) -> User:
        """Act in this seat from now on (in this process; the session remembers it for the browser)."""
        self.__dict__["_seat"] = membership
        return self

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """A session ends when the password changes or an administrator ends it."""
        value = f"{self.password}|{self.session_round}"
        return salted_hmac("accounts.session", value, secret=secret, algorithm="sha256").hexdigest()

    # Django's admin asks these; the answer comes from the seat.
    @property
    def is_staff(self) -> bool:
        return self.is_active and self.seat is not None and self.seat.role in DESK_ROLES

    is_superuser = False

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff


class Organisation(Record, Versioned):
    """A registered body; donor, agency, fund holder and office are its faces in their own apps."""

    name = models.CharField(_("name"), max_length=120)
    uscc = models.CharField(
        _("unified social credit code"), max_length=18, null=True, blank=True, unique=True
    )
    kind = models.CharField(_("kind"), max_length=24, choices=OrganisationKind)
    area = models.CharField(_("area code"), max_length=12, blank=True)
    phone = models.CharField(_("office phone"), max_length=30, blank=True)
    feedback_overdue_since = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(_("registered"))

    objects: ClassVar = OpenQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=list(OrganisationKind.values)), name="organisation_kind"
            ),
            models.CheckConstraint(condition=~Q(uscc=""), name="organisation_uscc_null_not_empty"),
        ]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(GatedQuerySet):
    def in_force(self) -> MembershipQuerySet:
        return self.filter(state=MembershipState.ACTIVE)

    def seen_by(self, user: Any, seat: Seat | None) -> MembershipQuerySet:
        if user.pk is None:
            return self.none()
        if seat is not None and seat.role in {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN}:
            return self
        if seat is not None and seat.organisation_id:
            return self.filter(Q(user_id=user.pk) | Q(organisation_id=seat.organisation_id))
        return self.filter(user_id=user.pk)


class Membership(Record, StatefulModel):
    """A seat: one user, one role, one area and (for all but individuals) one organisation, their employer."""

    STATES = MembershipState
    MOVES = MEMBERSHIP_MOVES

    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("account")
    )
    role = models.CharField(_("role"), max_length=24, choices=Role)
    prefix = models.CharField(_("area"), max_length=12, blank=True)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name=_("organisation"),
    )
    manages = models.BooleanField(_("invites colleagues"), default=False)
    active_from = models.DateTimeField(_("active from"), null=True)
    active_to = models.DateTimeField(_("active until"), null=True)

    objects: ClassVar = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            state_check(MembershipState, "membership_state"),
            models.CheckConstraint(condition=Q(role__in=list(Role.values)), name="membership_role"),
            models.CheckConstraint(
                condition=~Q(prefix="") | ~Q(role__in=sorted(AREA_ROLES - NATIONAL_ROLES)),
                name="membership_area",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "organisation", "prefix"],
                condition=~Q(state="ended"),
                name="membership_once",
            ),
            models.UniqueConstraint(  # SQLite has no NULLS NOT DISTINCT
                fields=["user", "role", "prefix"],
                condition=~Q(state="ended") & Q(organisation=None),
                name="membership_once_without_organisation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} · {self.organisation or self.user}"

    @property
    def place_words(self) -> str:
        """Where this seat works, as its holder would say it; nothing for seats without an area."""
        if self.role not in AREA_ROLES:
            return ""
        return path_label(self.prefix) if self.prefix else str(gettext("the whole country"))

    def covers(self, code: str) -> bool:
        """Whether an area code lies in this seat's subtree."""
        return code.startswith(self.prefix)


class InvolvementQuerySet(GatedQuerySet):
    def seen_by(self, user: Any, seat: Seat | None) -> InvolvementQuerySet:
        if user.pk is None:
            return self.none()
        return self if seat is not None and seat.role == Role.AUDITOR else self.filter(user_id=user.pk)


class Involvement(Record):
    """Who had which duty on which file."""

    TITLE = ("duty", "at")

    user = models.ForeignKey(
        User, verbose_name=_("person"), on_delete=models.PROTECT, related_name="involvements"
    )
    file_label = models.CharField(_("kind of file"), max_length=60)
    file_ref = models.CharField(_("file number"), max_length=40)
    duty = models.CharField(_("duty"), max_length=24, choices=Duty)
    employer = models.ForeignKey(
        Organisation, verbose_name=_("employer"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField(_("when"))

    objects: ClassVar = InvolvementQuerySet.as_manager()

    class Meta:
        verbose_name = _("involvement")
        verbose_name_plural = _("involvements")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "file_label", "file_ref", "duty"], name="involvement_once"
            )
        ]
        indexes = [models.Index(fields=["file_label", "file_ref"], name="involvement_file")]


class DutyConflict(Record):
    """Two duties that may not meet in one person on one file, and why: data, loaded with the reference."""

    first = models.CharField(_("first duty"), max_length=24, choices=Duty)
    second = models.CharField(_("second duty"), max_length=24, choices=Duty)
    reason = models.CharField(_("reason"), max_length=200)

    objects: ClassVar = OpenQuerySet.as_manager()

    class Meta:
        verbose_name = _("duty conflict")
        verbose_name_plural = _("duty conflicts")
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="duty_conflict_once")]

    def __str__(self) -> str:
        return f"{self.get_first_display()} × {self.get_second_display()}"
