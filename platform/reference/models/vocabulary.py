"""Versioned code lists and the items that can be needed and given."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from common.gate import OpenQuerySet
from common.models import Record
from reference.enums import ItemKind


def localised(zh: str, en: str) -> str:
    """The wording for the reader's language; Chinese is the default."""
    return en if (get_language() or "zh").startswith("en") else zh


class Labelled(models.Model):
    """A word of a vocabulary in both languages."""

    label_zh = models.CharField(_("Chinese name"), max_length=80)
    label_en = models.CharField(_("English name"), max_length=120)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return localised(self.label_zh, self.label_en)


class CodeList(Labelled, Record):
    """One version of a vocabulary: numbering and wording change with the era and the province."""

    slug = models.SlugField(_("key"), max_length=40)
    version = models.CharField(_("version"), max_length=16)
    jurisdiction = models.CharField(_("where it holds"), max_length=12, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid until"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)

    objects: ClassVar = OpenQuerySet.as_manager()

    class Meta:
        verbose_name = _("code list")
        verbose_name_plural = _("code lists")
        constraints = [
            models.UniqueConstraint(fields=["slug", "version"], name="codelist_key"),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_from__lt=F("valid_to")),
                name="codelist_period",
            ),
        ]


class Code(Labelled, Record):
    """One value. Facts store the slug; foreign numbers live in `external_codes` by system, never alone."""

    code_list = models.ForeignKey(
        CodeList, verbose_name=_("code list"), on_delete=models.PROTECT, related_name="codes"
    )
    slug = models.SlugField(_("key"), max_length=40)
    parent_slug = models.SlugField(_("belongs under"), max_length=40, blank=True)
    position = models.PositiveSmallIntegerField(_("order"))
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid until"), null=True, blank=True)
    jurisdiction = models.CharField(_("where it holds"), max_length=12, blank=True)
    staff_only = models.BooleanField(_("for staff only"), default=False)
    external_codes = models.JSONField(_("codes elsewhere"), default=dict, blank=True)

    objects: ClassVar = OpenQuerySet.as_manager()

    class Meta:
        verbose_name = _("code")
        verbose_name_plural = _("codes")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["code_list", "slug"], name="code_key"),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_from__lt=F("valid_to")),
                name="code_period",
            ),
        ]


class Item(Labelled, Record):
    """A thing that is needed and given, in one unit.

    Quantities are whole numbers of the smallest unit, `unit_factor` of which make one `unit` (fen in a yuan,
    half hours in an hour). A divisible item is split no smaller than `smallest_part` of them.
    """

    slug = models.SlugField(_("key"), max_length=40, unique=True)
    category = models.CharField(_("category"), max_length=3)
    sub_type = models.SlugField(_("sub-type"), max_length=40)
    kind = models.CharField(_("kind"), max_length=12, choices=ItemKind.choices)
    unit_zh = models.CharField(_("Chinese unit"), max_length=12)
    unit_en = models.CharField(_("English unit"), max_length=20)
    unit_factor = models.PositiveIntegerField(_("smallest units in one"), default=1)
    divisible = models.BooleanField(_("divisible"), default=True)
    smallest_part = models.PositiveBigIntegerField(_("smallest part"), default=1)

    objects: ClassVar = OpenQuerySet.as_manager()

    class Meta:
        verbose_name = _("item")
        verbose_name_plural = _("items")
        ordering = ["category", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(unit_factor__gte=1, smallest_part__gte=1), name="item_positive"
            ),
            models.CheckConstraint(
                condition=Q(kind=ItemKind.MONEY, unit_factor=100) | ~Q(kind=ItemKind.MONEY),
                name="item_money_in_fen",
            ),
        ]
        indexes = [models.Index(fields=["category", "sub_type"], name="item_category")]

    @property
    def unit_label(self) -> str:
        return localised(self.unit_zh, self.unit_en)

    @property
    def is_money(self) -> bool:
        return self.kind == ItemKind.MONEY
