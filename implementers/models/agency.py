"""An implementing agency: admitted to a level, rated by evaluation, in one standing at a time (domain §6.5, §11)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import GOVERNMENT, PLATFORM_STAFF, Role
from common.crypto import EncryptedTextField
from common.gate import GatedQuerySet, Seat
from common.models import Record, Versioned
from common.states import StatefulModel, state_check
from implementers.enums import (
    AGENCY_MOVES,
    AgencyKind,
    AgencyState,
    Level,
    RatingLevel,
    Standing,
)


class AgencyQuerySet(GatedQuerySet):
    """Workers and government see every agency, an agency itself, other parties those admitted."""

    def seen_by(self, user: Any, seat: Seat | None) -> AgencyQuerySet:
        if seat is None:
            return self.none()
        if seat.role in PLATFORM_STAFF or seat.role in GOVERNMENT:
            return self
        if seat.role == Role.AGENCY:
            return self.filter(Q(organisation_id=seat.organisation_id) | Q(state=AgencyState.ADMITTED))
        if seat.role in {Role.DONOR, Role.FUND_HOLDER, Role.EVALUATOR}:
            return self.admitted()
        return self.none()

    def admitted(self) -> AgencyQuerySet:
        return self.filter(state=AgencyState.ADMITTED)

    def own(self, seat: Seat | None) -> AgencyQuerySet:
        """The agency of the acting membership."""
        organisation = seat.organisation_id if seat is not None else None
        return self.filter(organisation_id=organisation) if organisation else self.none()


class Agency(Record, Versioned, StatefulModel):
    """Who carries projects out. Level, rating and standing are written by services alone."""

    STATES = AgencyState
    MOVES = AGENCY_MOVES

    organisation = models.OneToOneField(
        "accounts.Organisation",
        on_delete=models.PROTECT,
        related_name="agency",
        verbose_name=_("organisation"),
    )
    kind = models.CharField(_("kind"), max_length=24, choices=AgencyKind)
    host_name = models.CharField(_("host organisation"), max_length=120, blank=True)
    area = models.CharField(_("area of work"), max_length=12, blank=True)
    licensed_workers = models.PositiveSmallIntegerField(_("licensed social workers"), default=0)
    delivery_ways = models.JSONField(_("ways you can bring help"), default=list, blank=True)
    about = models.CharField(_("what you do"), max_length=500, blank=True)
    contact_name = models.CharField(_("contact person"), max_length=60)
    contact_phone = EncryptedTextField(_("phone"), label="agency.contact_phone")
    level = models.CharField(_("level"), max_length=2, choices=Level, blank=True, editable=False)
    ceiling = models.BigIntegerField(_("ceiling"), null=True, editable=False)
    rating_level = models.CharField(
        _("rating"), max_length=1, choices=RatingLevel, blank=True, editable=False
    )
    rating_score = models.DecimalField(max_digits=5, decimal_places=2, null=True, editable=False)
    rated_projects = models.PositiveIntegerField(default=0, editable=False)
    rated_since = models.DateTimeField(null=True, editable=False)
    rating_ref = models.CharField(max_length=40, blank=True, editable=False)
    standing = models.CharField(
        _("standing"), max_length=12, choices=Standing, default=Standing.NORMAL, editable=False
    )
    standing_since = models.DateTimeField(null=True, editable=False)
    standing_until = models.DateTimeField(null=True, editable=False)
    standing_reason = models.CharField(max_length=200, blank=True, editable=False)
    applied_at = models.DateTimeField(_("applied"))
    admitted_at = models.DateTimeField(null=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    objects: ClassVar = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        constraints = [
            state_check(AgencyState, "agency_state"),
            models.CheckConstraint(condition=Q(kind__in=list(AgencyKind.values)), name="agency_kind"),
            models.CheckConstraint(condition=Q(standing__in=list(Standing.values)), name="agency_standing"),
            models.CheckConstraint(condition=Q(level__in=["", *Level.values]), name="agency_level"),
            models.CheckConstraint(
                condition=Q(rating_level__in=["", *RatingLevel.values]), name="agency_rating_level"
            ),
            models.CheckConstraint(
                condition=~Q(state=AgencyState.ADMITTED) | (~Q(level="") & Q(admitted_at__isnull=False)),
                name="agency_admitted_to_a_level",
            ),
            models.CheckConstraint(
                condition=Q(level__in=["", Level.L4], ceiling__isnull=True)
                | Q(level__in=[Level.L1, Level.L2, Level.L3], ceiling__isnull=False, ceiling__gt=0),
                name="agency_ceiling_of_level",
            ),
            models.CheckConstraint(
                condition=Q(rating_level="", rating_score__isnull=True)
                | (~Q(rating_level="") & Q(rating_score__isnull=False, rated_since__isnull=False)),
                name="agency_rating_complete",
            ),
            models.CheckConstraint(
                condition=~Q(kind=AgencyKind.VOLUNTEER_TEAM) | ~Q(host_name=""), name="agency_team_has_host"
            ),
        ]
        indexes = [models.Index(fields=["state", "applied_at"], name="agency_worklist")]

    def __str__(self) -> str:
        return str(self.organisation)

    @property
    def name(self) -> str:
        return self.organisation.name

    @property
    def is_admitted(self) -> bool:
        return self.state == AgencyState.ADMITTED
