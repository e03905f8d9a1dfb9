"""A need: one item, an exact quantity, and counters that the database keeps from ever exceeding it."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.enums import GOVERNMENT, Role
from common.crypto import EncryptedTextField
from common.gate import GatedQuerySet, Seat
from common.models import Record, Versioned
from common.states import StatefulModel, state_check
from households.enums import NEED_MOVES, ApplicationState, NeedState, Urgency
from households.models.gates import household_rule
from households.models.household import Household, Member
from households.models.rights import Consent


class NeedQuerySet(GatedQuerySet):
    """Staff by the household's rule; donors, agencies and evaluators the de-identified open needs of the catalogue."""

    def seen_by(self, user: Any, seat: Seat | None) -> NeedQuerySet:
        if seat is None:
            return self.none()
        if seat.role in {Role.DONOR, Role.AGENCY, Role.FUND_HOLDER, Role.EVALUATOR}:
            return self.listed()
        if seat.role in GOVERNMENT:
            return self.filter(area__startswith=seat.prefix).exclude(state=NeedState.DRAFT)
        rule = household_rule(user, seat, "household__")
        return self.none() if rule is None else self.filter(rule)

    def listed(self) -> NeedQuerySet:
        """In the catalogue: open, shown, and with consent to be matched."""
        return self.filter(state=NeedState.OPEN, listed=True, consent__withdrawn_at__isnull=True)

    def open_on(self, day: date) -> NeedQuerySet:
        """Open for matching that day, with something still missing and consent in force."""
        return self.filter(
            Q(earliest__isnull=True) | Q(earliest__lte=day),
            Q(deadline__isnull=True) | Q(deadline__gte=day),
            state=NeedState.OPEN,
            consent__withdrawn_at__isnull=True,
            requested__gt=F("reserved") + F("delivered"),
        )


class Need(Record, Versioned, StatefulModel):
    """What is missing, how much, how badly; matching reads severity, urgency only sets deadlines."""

    STATES = NeedState
    MOVES = NEED_MOVES
    asking = False  # whether somebody is still being asked; set by `with_asking` where the state is shown
    family_asked = False  # whether it is the family's own turn; set with it

    number = models.CharField(_("need number"), max_length=32, unique=True)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="needs")
    application = models.ForeignKey(
        "households.Application", on_delete=models.PROTECT, null=True, related_name="needs"
    )
    assessment = models.ForeignKey(
        "households.Assessment", on_delete=models.PROTECT, null=True, related_name="needs"
    )
    beneficiary = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, null=True, related_name="+")
    item = models.ForeignKey("reference.Item", on_delete=models.PROTECT, related_name="+")
    requested = models.BigIntegerField(_("quantity"))
    reserved = models.BigIntegerField(default=0, editable=False)
    delivered = models.BigIntegerField(default=0, editable=False)
    smallest = models.BigIntegerField(default=1)
    area = models.CharField(_("area code"), max_length=12)
    groups = models.JSONField(_("population groups"), default=list)
    urgency = models.CharField(_("how soon"), max_length=12, choices=Urgency, default=Urgency.ORDINARY)
    earliest = models.DateField(null=True, blank=True)
    deadline = models.DateField(_("needed by"), null=True, blank=True)
    severity = models.PositiveSmallIntegerField(_("severity"), null=True)
    severity_rule = models.CharField(max_length=20, blank=True)
    severity_reason = models.CharField(max_length=200, blank=True)
    assess_by = models.DateTimeField(null=True, editable=False)  # opened at once, before its assessment
    overridden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    public_title = models.CharField(_("public title"), max_length=60, blank=True)
    public_summary = models.CharField(_("public summary (no names)"), max_length=300, blank=True)
    contribution = models.CharField(_("what the household itself contributes"), max_length=200, blank=True)
    story = EncryptedTextField(label="need.story", blank=True)
    listed = models.BooleanField(_("shown in the catalogue"), default=True)
    origin = models.CharField(max_length=20, default="application")
    created_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    objects: ClassVar = NeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("need")
        verbose_name_plural = _("needs")
        constraints = [
            state_check(NeedState, "need_state"),
            models.CheckConstraint(condition=Q(requested__gt=0), name="need_requested"),
            models.CheckConstraint(condition=Q(reserved__gte=0, delivered__gte=0), name="need_counters"),
            models.CheckConstraint(
                condition=Q(requested__gte=F("reserved") + F("delivered")), name="need_not_overfull"
            ),
            models.CheckConstraint(
                condition=Q(severity__isnull=True) | Q(severity__gte=1, severity__lte=5), name="need_severity"
            ),
            models.CheckConstraint(
                condition=~Q(state="open")
                | Q(severity__isnull=False, opened_at__isnull=False, consent__isnull=False),
                name="need_open_complete",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["fulfilled", "verified"]) | Q(delivered=F("requested")),
                name="need_fulfilled_exactly",
            ),
            models.CheckConstraint(
                condition=Q(smallest__gte=1, smallest__lte=F("requested")), name="need_smallest"
            ),
            models.CheckConstraint(
                condition=Q(earliest__isnull=True)
                | Q(deadline__isnull=True)
                | Q(deadline__gte=F("earliest")),
                name="need_window",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "listed", "-severity", "opened_at", "id"], name="need_catalogue"),
            models.Index(fields=["item", "area"], name="need_item_area"),
            models.Index(fields=["household"], name="need_household"),
        ]

    def __str__(self) -> str:
        return self.public_title or self.number

    @property
    def state_label(self) -> str:
        """Counters and the application say more than the state: asked for, promised, refused."""
        if self.state == NeedState.OPEN and not self.remaining:
            return gettext("Set aside, answers awaited") if self.asking else gettext("Promised in full")
        if self.refused:
            return gettext("Not approved with its application")
        return super().state_label

    @property
    def refused(self) -> bool:
        """It ended with the refusal of its application; the family did not take it back."""
        asked = self.application if self.state == NeedState.CANCELLED else None
        return (
            asked is not None
            and asked.state == ApplicationState.REJECTED
            and self.closed_at == asked.decided_at
        )

    @property
    def remaining(self) -> int:
        """What nobody has promised yet."""
        return self.requested - self.reserved - self.delivered
