"""A donor: a person or a body, checked before anything it offers is listed (domain §6.1)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.enums import PLATFORM_STAFF, Role
from common.crypto import EncryptedTextField
from common.gate import GatedQuerySet, Seat
from common.models import Record, Versioned
from common.states import StatefulModel, state_check
from donors.enums import DONOR_MOVES, WITH_QUALIFICATIONS, DonorKind, DonorState, RegistrationLevel


def own_donor(user: Any, seat: Seat, path: str = "") -> Q:
    """The rows of the donor acting in this seat: its organisation's, or an individual's own."""
    if seat.organisation_id:
        return Q(**{f"{path}organisation_id": seat.organisation_id})
    return Q(**{f"{path}user_id": user.pk})


class DonorQuerySet(GatedQuerySet):
    """Donors see themselves, an office its own donor, the platform's workers all of them."""

    def seen_by(self, user: Any, seat: Seat | None) -> DonorQuerySet:
        if seat is None:
            return self.none()
        if seat.role in PLATFORM_STAFF:
            return self
        if seat.role in {Role.DONOR, Role.OFFICER}:
            return self.filter(own_donor(user, seat))
        return self.none()


class Donor(Record, Versioned, StatefulModel):
    """Who gives. The name is shown only when the donor said so beforehand (donation law §8)."""

    STATES = DonorState
    MOVES = DONOR_MOVES

    kind = models.CharField(_("kind"), max_length=24, choices=DonorKind)
    organisation = models.OneToOneField(
        "accounts.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="donor"
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="donor"
    )
    display_name = models.CharField(_("name"), max_length=120)
    alias = models.CharField(_("name shown instead"), max_length=40, blank=True)
    show_name = models.BooleanField(_("show the name"), default=False)
    on_boards = models.BooleanField(_("appear on the boards of thanks"), default=False)
    contact_name = models.CharField(_("contact person"), max_length=60, blank=True)
    contact_phone = EncryptedTextField(_("phone"), label="donor.contact_phone", blank=True)
    legal_representative = models.CharField(_("legal representative"), max_length=60, blank=True)
    state_owned = models.BooleanField(_("state-owned"), default=False)
    approval_doc = models.CharField(_("approval of the state-asset authority"), max_length=120, blank=True)
    approval_file = models.ForeignKey(
        "files.Attachment", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    licence = models.ForeignKey(
        "files.Attachment", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_charity = models.BooleanField(_("recognised as a charity"), null=True, blank=True)
    may_fundraise = models.BooleanField(_("may raise funds in public"), null=True, blank=True)
    tax_deductible = models.BooleanField(_("gifts to it reduce tax"), null=True, blank=True)
    registration_level = models.CharField(
        _("registered with"), max_length=12, choices=RegistrationLevel, blank=True
    )
    needs_review = models.BooleanField(_("look at every offer twice"), default=False)
    star = models.PositiveSmallIntegerField(_("stars"), default=0)
    score = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    standing_since = models.DateTimeField(null=True)
    registered_at = models.DateTimeField(_("registered"))
    verified_at = models.DateTimeField(null=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    objects: ClassVar = DonorQuerySet.as_manager()

    class Meta:
        verbose_name = _("donor")
        verbose_name_plural = _("donors")
        constraints = [
            state_check(DonorState, "donor_state"),
            models.CheckConstraint(condition=Q(kind__in=list(DonorKind.values)), name="donor_kind"),
            models.CheckConstraint(
                condition=Q(kind=DonorKind.INDIVIDUAL, user__isnull=False, organisation__isnull=True)
                | (~Q(kind=DonorKind.INDIVIDUAL) & Q(user__isnull=True, organisation__isnull=False)),
                name="donor_person_or_body",
            ),
            models.CheckConstraint(
                condition=Q(registration_level__in=["", *RegistrationLevel.values]),
                name="donor_registration_level",
            ),
            models.CheckConstraint(condition=Q(star__lte=5), name="donor_star"),
            models.CheckConstraint(
                condition=Q(state_owned=False) | ~Q(state=DonorState.VERIFIED) | ~Q(approval_doc=""),
                name="donor_state_owned_approved",
            ),
        ]
        indexes = [models.Index(fields=["state", "registered_at"], name="donor_worklist")]

    def __str__(self) -> str:
        return self.display_name

    @property
    def public_name(self) -> str:
        """What anybody else may read: the name, the alias, or nothing but thanks."""
        if self.show_name:
            return self.display_name
        return self.alias or str(_("a kind donor"))

    @property
    def certificate_name(self) -> str:
        """The paper of a body: a firm has a licence, a social organisation or foundation a certificate."""
        if self.kind in WITH_QUALIFICATIONS:
            return gettext("Registration certificate")
        return gettext("Business licence")

    @property
    def is_verified(self) -> bool:
        return self.state == DonorState.VERIFIED
