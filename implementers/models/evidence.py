"""What an agency can prove, and who works for it."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import PLATFORM_STAFF, Role
from accounts.rules import near_rows
from common.gate import GatedQuerySet, Seat
from common.models import Record
from implementers.enums import CredentialKind, Licence
from implementers.models.agency import Agency


class AgencyFileQuerySet(GatedQuerySet):
    """The agency's own papers: itself and the workers of a place where it is registered or at work."""

    def seen_by(self, user: Any, seat: Seat | None) -> AgencyFileQuerySet:
        if seat is None:
            return self.none()
        if seat.role in PLATFORM_STAFF:
            return self.filter(near_rows(seat, organisation="agency__organisation", area="agency__area"))
        if seat.role == Role.AGENCY and seat.organisation_id:
            return self.filter(agency__organisation_id=seat.organisation_id)
        return self.none()


class CredentialQuerySet(AgencyFileQuerySet):
    def in_force(self, day: date) -> CredentialQuerySet:
        """Valid that day; the end is the last day on paper."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)


class Credential(Record):
    """A certificate, inspection, audit or grade with its period and proof (domain §4.9)."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="credentials")
    kind = models.CharField(_("kind"), max_length=24, choices=CredentialKind)
    level = models.CharField(_("grade or result"), max_length=40, blank=True)
    number = models.CharField(_("number"), max_length=60, blank=True)
    issuer = models.CharField(_("issued by"), max_length=120)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid until"), null=True, blank=True)
    proof = models.ForeignKey("files.Attachment", on_delete=models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()

    objects: ClassVar = CredentialQuerySet.as_manager()

    class Meta:
        verbose_name = _("credential")
        verbose_name_plural = _("credentials")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(CredentialKind.values)), name="credential_kind"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="credential_period",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class Staff(Record):
    """A person who works for the agency: named to the platform's workers, never to donors or households."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="staff")
    name = models.CharField(_("name"), max_length=60)
    licence = models.CharField(_("licence"), max_length=16, choices=Licence, default=Licence.NONE)
    licence_number = models.CharField(_("licence number"), max_length=40, blank=True)
    is_fund_manager = models.BooleanField(_("looks after the money"), default=False)
    added_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    objects: ClassVar = AgencyFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of staff")
        verbose_name_plural = _("staff")
        constraints = [
            models.CheckConstraint(condition=Q(licence__in=list(Licence.values)), name="staff_licence"),
            models.CheckConstraint(
                condition=Q(licence=Licence.NONE) | ~Q(licence_number=""), name="staff_licence_number"
            ),
        ]

    def __str__(self) -> str:
        return self.name
