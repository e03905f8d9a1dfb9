"""Administrative divisions with validity and successors; lists that name divisions."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from common.gate import OpenQuerySet
from common.models import Record
from reference import coding
from reference.enums import LENGTHS, Level


class DivisionQuerySet(OpenQuerySet):
    """Divisions are public facts."""

    def current(self) -> Self:
        """In force today."""
        return self.filter(valid_to__isnull=True)

    def ended(self) -> Self:
        return self.filter(valid_to__isnull=False)

    def national(self) -> Self:
        """Without the fictional divisions: they never enter a national count."""
        return self.filter(fictional=False)

    def within(self, prefix: str) -> Self:
        """The division with this code and everything below it."""
        return self.filter(coding.within("code", prefix))

    def matching(self, text: str) -> Self:
        """Named so in part, or coded so from the beginning."""
        text = text.strip()
        if text.isascii() and text.isdigit():
            return self.within(text)
        return self.filter(name__contains=text) if text else self


class Division(models.Model):
    """One division in one edition. Facts keep the code as registered; `queries.resolve` finds today's division.

    Key (level, code, edition): `edition` is the year of the statistical edition that first stated the row, or
    `gb1983` for a code of GB/T 2260 that began in 1983 and has ended. `successors` holds `{"code", "year"}`; a
    year before `valid_to` means that a part left earlier. Divisions are addressed by code, so they carry no
    public_id. The sources know years only: a period runs from 1 January of its first year to that of its last.
    """

    id = models.BigAutoField(primary_key=True)
    level = models.PositiveSmallIntegerField(_("level"), choices=Level.choices)
    code = models.CharField(_("code"), max_length=12)
    edition = models.CharField(_("edition"), max_length=8)
    name = models.CharField(_("name"), max_length=60)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid until"), null=True, blank=True)
    successors = models.JSONField(_("successors"), default=list, blank=True)
    fictional = models.BooleanField(_("fictional"), default=False)

    objects: ClassVar = DivisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("division")
        verbose_name_plural = _("divisions")
        constraints = [
            models.UniqueConstraint(fields=["level", "code", "edition"], name="division_key"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(valid_to__isnull=True), name="division_current_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    *(Q(Exact(Length("code"), length), level=level) for level, length in LENGTHS.items()),
                    _connector=Q.OR,
                ),
                name="division_code_length",
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_from__lte=models.F("valid_to")),
                name="division_period",
            ),
        ]
        indexes = [
            models.Index(fields=["code"], name="division_code"),
            models.Index(fields=["name"], name="division_name"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"

    @property
    def parent_code(self) -> str:
        return coding.parent_code(self.code)

    def valid_on(self, day: date) -> bool:
        """Half-open period; an unknown start counts as always."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day < self.valid_to
        )


class Designation(Record):
    """A division stands on a public list (832 counties, key counties, poor villages) for a period."""

    division_code = models.CharField(_("division code"), max_length=12)
    list_slug = models.SlugField(_("list"), max_length=40)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid until"), null=True, blank=True)
    document = models.CharField(_("document"), max_length=200)

    objects: ClassVar = OpenQuerySet.as_manager()

    class Meta:
        verbose_name = _("designation")
        verbose_name_plural = _("designations")
        constraints = [
            models.UniqueConstraint(
                fields=["division_code", "list_slug", "valid_from"], name="designation_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_from__lt=models.F("valid_to")),
                name="designation_period",
            ),
        ]
        indexes = [models.Index(fields=["list_slug", "division_code"], name="designation_list")]

    def __str__(self) -> str:
        return f"{self.list_slug} {self.division_code}"
