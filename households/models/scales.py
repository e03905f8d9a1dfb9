"""Questionnaires with their versions, and what was answered to them."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.crypto import EncryptedJSONField, EncryptedTextField
from common.gate import GatedQuerySet, Seat
from common.models import Record
from households.enums import AskedBy
from households.measures.scale_files import read_scale
from households.measures.scales import Outcome, Scale
from households.models.household import Household, Member
from households.models.rights import CASE_ROLES, CaseFileQuerySet


class InstrumentQuerySet(GatedQuerySet):
    def current(self) -> InstrumentQuerySet:
        """The version of each that is asked today."""
        return self.filter(retired_at__isnull=True)

    def seen_by(self, user: Any, seat: Seat | None) -> InstrumentQuerySet:
        return self if seat is not None and seat.role in CASE_ROLES else self.none()


class Instrument(Record):
    """One version of a questionnaire as it was loaded; a newer one retires it, and it stays readable (domain §4.3)."""

    TITLE = ("code", "version")

    code = models.CharField(_("questionnaire"), max_length=20)
    version = models.CharField(_("version"), max_length=20)
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField(_("loaded"))
    retired_at = models.DateTimeField(_("retired"), null=True)

    objects: ClassVar = InstrumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("questionnaire")
        verbose_name_plural = _("questionnaires")
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="instrument_version_once"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(retired_at__isnull=True), name="instrument_current_once"
            ),
        ]

    @cached_property
    def scale(self) -> Scale:
        return read_scale(self.content)


class InstrumentResult(Record):
    """A questionnaire asked of one person at one stage; answers and outcome encrypted, a refusal is an answer."""

    TITLE = ("household.number", "instrument.code", "stage")

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="instrument_results")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="instrument_results")
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="results")
    code = models.CharField(_("questionnaire"), max_length=20)
    stage = models.PositiveSmallIntegerField(_("stage"))
    mode = models.CharField(_("how it was asked"), max_length=12, choices=AskedBy)
    proxy = EncryptedTextField(_("who answered instead"), label="instrument_result.proxy", blank=True)
    answers = EncryptedJSONField(label="instrument_result.answers", default=dict)
    outcome = EncryptedJSONField(label="instrument_result.outcome", default=dict)
    asked_on = models.DateField(_("asked on"))
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects: ClassVar = CaseFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("answers to a questionnaire")
        verbose_name_plural = _("answers to questionnaires")
        constraints = [
            models.UniqueConstraint(fields=["member", "code", "stage"], name="instrument_stage_once"),
            models.CheckConstraint(
                condition=Q(mode__in=AskedBy.values) & (~Q(mode="proxy") | ~Q(proxy="")),
                name="instrument_proxy_named",
            ),
        ]
        indexes = [models.Index(fields=["household", "code"], name="instrument_result_household")]

    @property
    def found(self) -> Outcome:
        """What its own version makes of the answers."""
        return self.instrument.scale.outcome(self.answers)

    @property
    def stage_label(self) -> str:
        return f"T{self.stage}"
