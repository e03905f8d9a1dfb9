"""A lot: so much of one unit, with conditions as typed data and counters that always add up (domain §6.4, §10.3)."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.enums import GOVERNMENT, PLATFORM_STAFF, Role
from common import clock
from common.gate import GatedQuerySet, Seat
from common.models import Record, Versioned
from common.states import StatefulModel, state_check
from donors.enums import (
    COUNTERS,
    LOT_MOVES,
    UNLISTED,
    ConditionField,
    GoodsCondition,
    LotKind,
    LotOrigin,
    LotState,
    MinimumLevel,
    Operator,
)
from donors.models.donor import Donor, own_donor

AREA_LENGTHS = (0, 2, 4, 6, 9, 12)


def touching(prefix: str, path: str = "") -> Q:
    """Lots that may serve some place of this subtree: bound inside it, or to an area around it."""
    around = [prefix[:length] for length in AREA_LENGTHS if length <= len(prefix)]
    inside = Q(**{f"{path}area_prefix__startswith": prefix})
    return inside | Q(**{f"{path}area_prefix__in": around})


def lot_rule(user: Any, seat: Seat | None, path: str = "") -> Q | None:
    """Which lots a seat sees, written once for the lot and for everything that hangs on it.

    A donor its own; a fund holder those it is named in; workers and government what may serve their area.
    """
    if seat is None:
        return None
    own = own_donor(user, seat, f"{path}donor__")
    begun = ~Q(**{f"{path}state": LotState.DRAFT})
    if seat.role == Role.DONOR:
        return own
    if seat.role == Role.FUND_HOLDER:
        return Q(**{f"{path}fund_holder_id": seat.organisation_id}) & begun
    if seat.role in PLATFORM_STAFF or seat.role == Role.VIEWER:
        return touching(seat.prefix, path) & begun
    if seat.role in GOVERNMENT:
        return own | (touching(seat.prefix, path) & begun)
    return None


class LotQuerySet(GatedQuerySet):
    def seen_by(self, user: Any, seat: Seat | None) -> LotQuerySet:
        rule = lot_rule(user, seat)
        return self.none() if rule is None else self.filter(rule)

    def listed_on(self, day: date) -> LotQuerySet:
        """Ready to be matched that day: listed, something free, within its dates."""
        return self.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=day),
            Q(expires_on__isnull=True) | Q(expires_on__gte=day),
            state=LotState.LISTED,
            available__gt=0,
            valid_from__lte=day,
        )


class LotChildQuerySet(GatedQuerySet):
    """Rows hanging on a lot follow the lot's rule."""

    def seen_by(self, user: Any, seat: Seat | None) -> LotChildQuerySet:
        rule = lot_rule(user, seat, "lot__")
        return self.none() if rule is None else self.filter(rule)


def _sums_up() -> Q:
    total: Any = F(COUNTERS[0])
    for name in COUNTERS[1:]:
        total = total + F(name)
    return Q(quantity=total)


class Lot(Record, Versioned, StatefulModel):
    """What a donor or a public fund puts at the disposal of households; quantities in the items' smallest unit."""

    STATES = LotState
    MOVES = LOT_MOVES

    donor = models.ForeignKey(Donor, on_delete=models.PROTECT, related_name="lots", verbose_name=_("donor"))
    title = models.CharField(_("title"), max_length=80)
    kind = models.CharField(_("kind"), max_length=12, choices=LotKind)
    items = models.ManyToManyField("reference.Item", related_name="+")
    origin = models.CharField(_("origin"), max_length=12, choices=LotOrigin, default=LotOrigin.DONOR)
    quantity = models.BigIntegerField(_("quantity"))
    available = models.BigIntegerField(_("free"), default=0, editable=False)
    reserved = models.BigIntegerField(_("set aside"), default=0, editable=False)
    disbursed = models.BigIntegerField(_("received by households"), default=0, editable=False)
    returned = models.BigIntegerField(_("given back"), default=0, editable=False)
    written_off = models.BigIntegerField(_("written off"), default=0, editable=False)
    smallest = models.BigIntegerField(_("smallest piece"), default=1)
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"), null=True, blank=True)
    expires_on = models.DateField(_("best before"), null=True, blank=True)
    batch = models.CharField(_("batch"), max_length=60, blank=True)
    goods_condition = models.CharField(_("condition"), max_length=12, choices=GoodsCondition, blank=True)
    fair_value = models.BigIntegerField(_("fair value"), null=True, blank=True)
    value_evidence = models.ForeignKey(
        "files.Attachment", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirm_each = models.BooleanField(_("ask before each match"), default=False)
    fund_holder = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    per_household_cap = models.BigIntegerField(_("at most per household"), null=True, blank=True)
    min_severity = models.PositiveSmallIntegerField(_("at least so badly needed"), default=1)
    min_agency_level = models.CharField(_("least rating"), max_length=1, choices=MinimumLevel, blank=True)
    area_prefix = models.CharField(_("area"), max_length=12, blank=True)
    groups = models.JSONField(_("groups of people"), default=list, blank=True)
    restricted_ref = models.CharField(max_length=12, blank=True, db_index=True)
    document_no = models.CharField(_("document number"), max_length=80, blank=True)
    budget_line = models.CharField(_("budget line"), max_length=80, blank=True)
    department = models.CharField(_("department"), max_length=80, blank=True)
    policy = models.ForeignKey(
        "policy.Policy", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(_("sent"), null=True)
    undo_until = models.DateTimeField(null=True)
    listed_at = models.DateTimeField(_("listed"), null=True)

    objects: ClassVar = LotQuerySet.as_manager()

    class Meta:
        verbose_name = _("lot")
        verbose_name_plural = _("lots")
        constraints = [
            state_check(LotState, "lot_state"),
            models.CheckConstraint(condition=_sums_up(), name="lot_adds_up"),
            models.CheckConstraint(
                condition=Q(**{f"{name}__gte": 0 for name in COUNTERS}), name="lot_counters"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="lot_quantity"),
            models.CheckConstraint(
                condition=Q(smallest__gte=1, smallest__lte=F("quantity")), name="lot_smallest"
            ),
            models.CheckConstraint(
                condition=Q(per_household_cap__isnull=True) | Q(per_household_cap__gte=F("smallest")),
                name="lot_household_cap",
            ),
            models.CheckConstraint(
                condition=Q(min_severity__gte=1, min_severity__lte=5), name="lot_min_severity"
            ),
            models.CheckConstraint(condition=Q(kind__in=list(LotKind.values)), name="lot_kind"),
            models.CheckConstraint(condition=Q(origin__in=list(LotOrigin.values)), name="lot_origin"),
            models.CheckConstraint(
                condition=Q(min_agency_level__in=["", *MinimumLevel.values]), name="lot_min_agency_level"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")), name="lot_window"
            ),
            models.CheckConstraint(
                condition=Q(fair_value__isnull=True) | Q(fair_value__gte=0), name="lot_fair_value"
            ),
            models.CheckConstraint(
                condition=~Q(kind=LotKind.MONEY) | Q(state=LotState.DRAFT) | Q(fund_holder__isnull=False),
                name="lot_money_has_fund_holder",
            ),
            models.CheckConstraint(
                condition=~Q(origin=LotOrigin.PUBLIC_FUND)
                | (~Q(document_no="") & ~Q(budget_line="") & ~Q(area_prefix="")),
                name="lot_public_fund_documented",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted([*UNLISTED, LotState.WITHDRAWN])) | Q(listed_at__isnull=False),
                name="lot_listed_at",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "area_prefix"], name="lot_state_area"),
            models.Index(fields=["donor", "-created_at", "-id"], name="lot_of_donor"),
            models.Index(fields=["fund_holder"], name="lot_fund_holder"),
        ]

    @property
    def state_label(self) -> str:
        """The ten minutes after sending end by the clock, without a change of state."""
        if self.state == LotState.SUBMITTED and self.undo_until is not None and clock.now() < self.undo_until:
            return gettext("Sent, can be taken back")
        return super().state_label

    def __str__(self) -> str:
        return self.title

    @property
    def is_money(self) -> bool:
        return self.kind == LotKind.MONEY

    @property
    def was_listed(self) -> bool:
        return self.listed_at is not None

    @property
    def unit_item(self) -> Any:
        """One of the items: all of them share its unit."""
        return next(iter(self.items.all()), None)


class Condition(Record):
    """The donor's condition as data: a field of a closed list, an operator, a value; hard ones bind the match."""

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="conditions")
    field = models.CharField(max_length=16, choices=ConditionField)
    op = models.CharField(max_length=10, choices=Operator)
    value = models.JSONField()
    hard = models.BooleanField(default=True)

    objects: ClassVar = LotChildQuerySet.as_manager()

    class Meta:
        verbose_name = _("condition")
        verbose_name_plural = _("conditions")
        constraints = [
            models.UniqueConstraint(fields=["lot", "field"], name="condition_once"),
            models.CheckConstraint(
                condition=Q(field__in=list(ConditionField.values)), name="condition_field"
            ),
            models.CheckConstraint(condition=Q(op__in=list(Operator.values)), name="condition_op"),
        ]

    def __str__(self) -> str:
        return f"{self.get_field_display()} {self.get_op_display()} {self.value}"
