"""The deprivation score of one household and year, kept with the answers and the formula it was made from."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from households.models.household import HouseholdYear, StaffFileQuerySet


class Formula(models.IntegerChoices):
    """The versions of the deprivation formula, by the number a score keeps."""

    CHINA_FOUR_DIMENSIONS_1 = 1, "china-four-dimensions-1"


class ScoreQuerySet(StaffFileQuerySet):
    path = "household_year__household__"


class HouseholdScore(models.Model):
    """Whole weights of what is lacked and of what is known; the answers as one bit an indicator, in formula order.

    Narrow on purpose, without a constraint to the year's row: millions are written by one statement that reads those
    very rows, and a recorded year is never deleted.
    """

    household_year = models.OneToOneField(
        HouseholdYear,
        primary_key=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="score",
        verbose_name=_("yearly facts"),
    )
    formula = models.SmallIntegerField(_("formula"), choices=Formula)
    deprived = models.SmallIntegerField(_("what is lacked"))
    unknown = models.SmallIntegerField(_("what is not known"))
    found = models.SmallIntegerField(_("weight of what is lacked"))
    known = models.SmallIntegerField(_("weight of what is known"))
    poor = models.BooleanField(_("poor in several ways"), null=True)  # null: too much is not known
    scored_at = models.DateTimeField(_("scored"))

    objects: ClassVar = ScoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("deprivation score")
        verbose_name_plural = _("deprivation scores")

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
