"""A fund holder: a charity or a budget unit that receives a donor's money; the platform never does (domain §0.7)."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import GOVERNMENT, PLATFORM_STAFF, Role
from accounts.rules import near_rows
from common.crypto import EncryptedTextField
from common.gate import GatedQuerySet, Seat
from common.models import Record, Versioned
from common.states import StatefulModel, state_check
from implementers.enums import FUND_HOLDER_MOVES, FundHolderKind, FundHolderState, QualificationKind


class FundHolderQuerySet(GatedQuerySet):
    """Workers and government see all, a fund holder itself, other parties those admitted."""

    def seen_by(self, user: Any, seat: Seat | None) -> FundHolderQuerySet:
        if seat is None:
            return self.none()
        if seat.role in PLATFORM_STAFF or seat.role in GOVERNMENT:
            return self
        if seat.role == Role.FUND_HOLDER:
            return self.filter(Q(organisation_id=seat.organisation_id) | Q(state=FundHolderState.ADMITTED))
        if seat.role in {Role.DONOR, Role.AGENCY, Role.EVALUATOR}:
            return self.filter(state=FundHolderState.ADMITTED)
        return self.none()

    def own(self, seat: Seat | None) -> FundHolderQuerySet:
        """The fund holder of the acting membership."""
        organisation = seat.organisation_id if seat is not None else None
        return self.filter(organisation_id=organisation) if organisation else self.none()


class FundHolder(Record, Versioned, StatefulModel):
    """Receives transfers, confirms arrivals, issues the receipt and pays, by two of its own people."""

    STATES = FundHolderState
    MOVES = FUND_HOLDER_MOVES

    organisation = models.OneToOneField(
        "accounts.Organisation",
        on_delete=models.PROTECT,
        related_name="fund_holder",
        verbose_name=_("organisation"),
    )
    kind = models.CharField(_("kind"), max_length=12, choices=FundHolderKind)
    platform_link = models.URLField(
        _("own page on a designated fundraising platform"), blank=True, max_length=300
    )
    bank_name = models.CharField(_("bank"), max_length=80, blank=True)
    account = EncryptedTextField(_("account"), label="fund_holder.account", blank=True)
    contact_name = models.CharField(_("contact person"), max_length=60)
    contact_phone = EncryptedTextField(_("phone"), label="fund_holder.contact_phone")
    applied_at = models.DateTimeField(_("applied"))
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("checked by"),
    )
    admitted_at = models.DateTimeField(null=True)
    admitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("admitted by"),
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    objects: ClassVar = FundHolderQuerySet.as_manager()

    class Meta:
        verbose_name = _("fund holder")
        verbose_name_plural = _("fund holders")
        constraints = [
            state_check(FundHolderState, "fund_holder_state"),
            models.CheckConstraint(
                condition=Q(kind__in=list(FundHolderKind.values)), name="fund_holder_kind"
            ),
            models.CheckConstraint(
                condition=~Q(state=FundHolderState.ADMITTED)
                | (
                    Q(checked_by__isnull=False, admitted_by__isnull=False, admitted_at__isnull=False)
                    & ~Q(checked_by=F("admitted_by"))
                ),
                name="fund_holder_two_people",
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation)

    @property
    def name(self) -> str:
        return self.organisation.name

    @property
    def can_be_paid(self) -> bool:
        """Donors have an account or a page of the fund holder to give to."""
        return bool(self.account or self.platform_link)


class QualificationQuerySet(GatedQuerySet):
    def seen_by(self, user: Any, seat: Seat | None) -> QualificationQuerySet:
        if seat is None:
            return self.none()
        if seat.role in PLATFORM_STAFF:
            return self.filter(near_rows(seat, organisation="fund_holder__organisation"))
        if seat.role == Role.FUND_HOLDER and seat.organisation_id:
            return self.filter(fund_holder__organisation_id=seat.organisation_id)
        return self.none()

    def in_force(self, day: date) -> QualificationQuerySet:
        """Valid that day; the end is the last day on paper."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)


class Qualification(Record):
    """What allows a fund holder to receive gifts and issue receipts, with its period and proof."""

    fund_holder = models.ForeignKey(FundHolder, on_delete=models.PROTECT, related_name="qualifications")
    kind = models.CharField(_("kind"), max_length=24, choices=QualificationKind)
    number = models.CharField(_("number"), max_length=60, blank=True)
    issuer = models.CharField(_("issued by"), max_length=120)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid until"), null=True, blank=True)
    proof = models.ForeignKey("files.Attachment", on_delete=models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()

    objects: ClassVar = QualificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("qualification")
        verbose_name_plural = _("qualifications")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=list(QualificationKind.values)), name="qualification_kind"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="qualification_period",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
