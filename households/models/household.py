"""The household file: household, members, yearly facts, what it already receives, official status."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import GOVERNMENT, Role
from common.crypto import BlindIndexField, EncryptedTextField
from common.gate import GatedQuerySet, Seat
from common.models import Record, Versioned
from common.states import StatefulModel, state_check
from households.enums import ENDED, HOUSEHOLD_MOVES, BirthPrecision, HouseholdState, IdentityLevel
from households.models.gates import HouseholdFileQuerySet, household_rule


class HouseholdQuerySet(GatedQuerySet):
    def seen_by(self, user: Any, seat: Seat | None) -> HouseholdQuerySet:
        rule = household_rule(user, seat)
        return self.none() if rule is None else self.filter(rule)


class Household(Record, Versioned, StatefulModel):
    """One household; its number is opaque and never derived from an identity number (domain §2.1)."""

    STATES = HouseholdState
    MOVES = HOUSEHOLD_MOVES

    number = models.CharField(_("file number"), max_length=32, unique=True)
    area = models.CharField(_("area code"), max_length=12, db_index=True)
    group = models.CharField(_("village group"), max_length=40, blank=True)
    address = EncryptedTextField(_("address detail"), label="household.address", blank=True)
    phone = EncryptedTextField(_("phone"), label="household.phone", blank=True)
    phone_index = BlindIndexField(kind="phone", source="phone")
    category = models.CharField(_("household category"), max_length=40, blank=True)
    standard = models.CharField(_("identification standard"), max_length=40, blank=True)
    cause_main = models.CharField(_("main cause"), max_length=40, blank=True)
    cause_second = models.CharField(_("other cause"), max_length=40, blank=True)
    cause_third = models.CharField(_("other cause"), max_length=40, blank=True)
    code_version = models.CharField(max_length=20, blank=True)
    channel = models.CharField(_("channel"), max_length=20)
    worker = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="caseload"
    )
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="filings"
    )
    incomplete = models.JSONField(_("what is missing"), default=list)
    source_ref = models.CharField(max_length=80, blank=True)
    before_suspension = models.CharField(max_length=24, blank=True)
    episode = models.PositiveSmallIntegerField(default=1)
    created_at = models.DateTimeField()
    filed_at = models.DateTimeField(_("filed on"), null=True)

    objects: ClassVar = HouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = _("household file")
        verbose_name_plural = _("household files")
        constraints = [
            state_check(HouseholdState, "household_state"),
            models.CheckConstraint(
                condition=Q(cause_second="") | ~Q(cause_main=""), name="household_other_cause_after_main"
            ),
            models.CheckConstraint(
                condition=~Q(state="active") | Q(filed_at__isnull=False), name="household_filed"
            ),
            models.UniqueConstraint(
                fields=["source_ref"], condition=~Q(source_ref=""), name="household_source_once"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "area", "id"], name="household_state_area"),
            models.Index(fields=["worker", "state"], name="household_worker"),
            models.Index(fields=["phone_index"], name="household_phone"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def head(self) -> Member | None:
        """The head; of a file that has ended the one it had, whom it still is about."""
        heads = [member for member in self.members.all() if member.is_head]
        living = next((member for member in heads if member.live), None)
        return heads[-1] if living is None and heads and self.state in ENDED else living

    @property
    def size(self) -> int:
        return sum(1 for member in self.members.all() if member.live)


class MemberQuerySet(HouseholdFileQuerySet):
    def live(self) -> MemberQuerySet:
        return self.filter(live=True)


class Member(Record, Versioned):
    """One person of a household; name and birth date in clear behind the gate, numbers encrypted."""

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="members")
    name = models.CharField(_("name"), max_length=60)
    sex = models.CharField(
        _("sex"), max_length=8, choices=[("female", _("female")), ("male", _("male"))], blank=True
    )
    birth_date = models.DateField(_("birth date"), null=True, blank=True)
    birth_precision = models.CharField(max_length=8, choices=BirthPrecision, default=BirthPrecision.UNKNOWN)
    id_kind = models.CharField(_("kind of document"), max_length=30, blank=True)
    id_number = EncryptedTextField(_("identity number"), label="member.id_number", blank=True)
    id_index = BlindIndexField(kind="resident_id", source="id_number")
    identity_level = models.PositiveSmallIntegerField(choices=IdentityLevel, default=IdentityLevel.DECLARED)
    relation = models.CharField(_("relation to the head"), max_length=40)
    is_head = models.BooleanField(_("head of household"), default=False)
    ethnicity = models.CharField(_("ethnicity"), max_length=20, blank=True)
    education = models.CharField(_("education"), max_length=40, blank=True)
    student_status = models.CharField(_("student status"), max_length=40, blank=True)
    dropout_reason = models.CharField(max_length=40, blank=True)
    health = models.JSONField(_("health"), default=list)
    disability_kind = models.CharField(max_length=40, blank=True)
    disability_grade = models.CharField(max_length=10, blank=True)
    labour = models.CharField(_("labour ability"), max_length=40, blank=True)
    work_place = models.CharField(max_length=60, blank=True)
    work_months = models.PositiveSmallIntegerField(null=True, blank=True)
    medical_insurance = models.CharField(max_length=20, blank=True)
    live = models.BooleanField(default=True)
    ended_reason = models.CharField(max_length=40, blank=True)

    objects: ClassVar = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [
            models.UniqueConstraint(
                fields=["household"], condition=Q(is_head=True, live=True), name="one_head"
            ),
            models.UniqueConstraint(
                fields=["id_index"], condition=Q(live=True, id_index__isnull=False), name="member_id_once"
            ),
            models.CheckConstraint(
                condition=Q(education="") | Q(student_status=""), name="member_education_or_student"
            ),
            models.CheckConstraint(
                condition=Q(work_months__isnull=True) | Q(work_months__lte=12), name="member_work_months"
            ),
        ]
        indexes = [
            models.Index(fields=["household", "live"], name="member_household"),
            models.Index(fields=["name", "birth_date"], name="member_name_birth"),
        ]

    def __str__(self) -> str:
        return self.name

    def age_on(self, day: date) -> int | None:
        """Completed years; None when the birth date is not known."""
        if self.birth_date is None:
            return None
        before_birthday = (day.month, day.day) < (self.birth_date.month, self.birth_date.day)
        return day.year - self.birth_date.year - before_birthday


class StaffFileQuerySet(HouseholdFileQuerySet):
    """Yearly facts: caseworkers and supervisors, and government for its reports."""

    roles = frozenset({Role.SOCIAL_WORKER, Role.SUPERVISOR, *GOVERNMENT})


class HouseholdYear(Record, Versioned):
    """The facts of one year: income, and the deprivations that scoring reads; null means not known, never no."""

    TITLE = ("household.number", "year")

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="years")
    year = models.PositiveSmallIntegerField(_("year"))
    period_start = models.DateField()
    period_end = models.DateField()
    size = models.PositiveSmallIntegerField(_("household size"))
    size_basis = models.CharField(max_length=20, default="registered")
    net_income = models.BigIntegerField(_("net income (fen)"), null=True)
    per_capita = models.DecimalField(_("per-capita net income"), max_digits=14, decimal_places=2, null=True)
    formula_version = models.CharField(max_length=40, blank=True)
    line = models.ForeignKey("policy.Line", on_delete=models.PROTECT, null=True, related_name="+")
    below_line = models.BooleanField(null=True)
    adult_schooling = models.BooleanField(_("no adult finished nine years of school"), null=True)
    out_of_school = models.BooleanField(_("child out of school"), null=True)
    illness_burden = models.BooleanField(_("serious illness or lost labour"), null=True)
    uninsured = models.BooleanField(_("somebody without medical insurance"), null=True)
    housing_unsafe = models.BooleanField(_("unsafe housing"), null=True)
    water_unsafe = models.BooleanField(_("unsafe or difficult water"), null=True)
    no_sanitary_toilet = models.BooleanField(_("no sanitary toilet"), null=True)
    solid_fuel = models.BooleanField(_("wood, dung or coal as fuel"), null=True)
    few_assets = models.BooleanField(_("few durable goods"), null=True)
    weight = models.DecimalField(max_digits=14, decimal_places=6, default=1)

    objects: ClassVar = StaffFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("yearly facts")
        verbose_name_plural = _("yearly facts")
        constraints = [
            models.UniqueConstraint(fields=["household", "year"], name="household_year_once"),
            models.CheckConstraint(condition=Q(period_start__lt=models.F("period_end")), name="year_period"),
            models.CheckConstraint(condition=Q(size__gte=1), name="year_size"),
        ]

    @property
    def per_head(self) -> int | None:
        """Per-capita net income in fen, like every other sum of the file."""
        return None if self.per_capita is None else int(self.per_capita * 100)

    @property
    def line_per_head(self) -> int | None:
        """The line it is held against, in fen."""
        return None if self.line is None else int(self.line.amount * 100)


class IncomeLine(Record):
    """One source of income or cost of the period, counted or only recorded (domain §2.5)."""

    household_year = models.ForeignKey(HouseholdYear, on_delete=models.PROTECT, related_name="income_lines")
    kind = models.CharField(
        max_length=20,
        choices=[
            ("wages", _("wages")),
            ("operating", _("operating income")),
            ("operating_cost", _("operating cost")),
            ("property", _("property income")),
            ("transfer", _("transfer income")),
            ("recorded", _("recorded, not counted")),
        ],
    )
    detail = models.CharField(max_length=80, blank=True)
    amount = models.BigIntegerField(_("amount (fen)"))

    class Lines(StaffFileQuerySet):
        path = "household_year__household__"

    objects: ClassVar = Lines.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gte=0), name="income_line_amount")]


class MeasureReceived(Record):
    """Help already received, public or charitable, from any source: what the matcher must not double."""

    TITLE = ("household.number", "period_start")

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="measures")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(_("measure"), max_length=40)
    item = models.ForeignKey(
        "reference.Item", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    source = models.CharField(
        max_length=12, choices=[("public", _("public")), ("charitable", _("charitable"))]
    )
    amount = models.BigIntegerField(null=True)
    period_start = models.DateField()
    period_end = models.DateField(null=True)
    document = models.CharField(max_length=80, blank=True)
    recorded_at = models.DateTimeField()

    objects: ClassVar = StaffFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("measure received")
        verbose_name_plural = _("measures received")
        constraints = [
            models.CheckConstraint(
                condition=Q(period_end__isnull=True) | Q(period_end__gte=models.F("period_start")),
                name="measure_period",
            )
        ]


class OfficialStatus(Record):
    """What the State has decided about the household: attested and dated, never a state of ours (domain §0.1)."""

    TITLE = ("household.number", "document", "valid_from")

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="official_statuses")
    status = models.CharField(_("official status"), max_length=40)
    issuer = models.CharField(_("issuer"), max_length=120)
    document = models.CharField(_("document number"), max_length=80)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    recorded_at = models.DateTimeField()

    objects: ClassVar = StaffFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("official status")
        verbose_name_plural = _("official statuses")
