"""What stands around a family and what it can build on: ties of support and the list of strengths (domain §4.1)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.crypto import EncryptedJSONField, EncryptedTextField
from common.models import Record
from households.enums import TieDirection, TieKind, TieStrength
from households.models.household import Household
from households.models.rights import CaseFileQuerySet


class SupportTie(Record):
    """One tie of the eco-map as it was told; what has changed is ended and noted anew."""

    TITLE = ("household.number", "kind")

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="support_ties")
    name = EncryptedTextField(_("who it is"), label="support_tie.name")
    kind = models.CharField(_("kind of tie"), max_length=12, choices=TieKind)
    strength = models.PositiveSmallIntegerField(_("how strong"), choices=TieStrength)
    direction = models.CharField(_("who helps whom"), max_length=12, choices=TieDirection)
    strained = models.BooleanField(_("strained"), default=False)
    note = EncryptedTextField(_("what it is about"), label="support_tie.note", blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(pgettext_lazy("tie", "noted"))
    ended_at = models.DateTimeField(pgettext_lazy("tie", "ended"), null=True)

    objects: ClassVar = CaseFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("tie of support")
        verbose_name_plural = _("ties of support")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=TieKind.values,
                    direction__in=TieDirection.values,
                    strength__in=TieStrength.values,
                ),
                name="support_tie_words",
            )
        ]


class StrengthList(Record):
    """What a family can build on, as `kind` and `words`; a change is a new edition beside the old ones."""

    TITLE = ("household.number", "edition")

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="strength_lists")
    edition = models.PositiveSmallIntegerField(pgettext_lazy("plan", "edition"))
    entries = EncryptedJSONField(_("strengths"), label="strength_list.entries", default=list)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(_("written"))

    objects: ClassVar = CaseFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("list of strengths")
        verbose_name_plural = _("lists of strengths")
        constraints = [
            models.UniqueConstraint(fields=["household", "edition"], name="strengths_edition_once")
        ]
