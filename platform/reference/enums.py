"""Levels of divisions and kinds of items."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.IntegerChoices):
    """The five levels of the statistical division codes; each has codes of its own length."""

    PROVINCE = 1, _("Province")
    PREFECTURE = 2, _("Prefecture")
    COUNTY = 3, _("County")
    TOWNSHIP = 4, _("Township")
    VILLAGE = 5, _("Village")


LENGTHS: dict[int, int] = {
    Level.PROVINCE: 2,
    Level.PREFECTURE: 4,
    Level.COUNTY: 6,
    Level.TOWNSHIP: 9,
    Level.VILLAGE: 12,
}


class ItemKind(models.TextChoices):
    """What a thing given is: money is counted in fen, everything else in its own smallest unit."""

    MONEY = "money", _("Money")
    GOODS = "goods", _("Goods")
    SERVICE = "service", _("Service")
    JOB = "job", _("Job")
    TRAINING = "training", _("Training")
    INFORMATION = "information", _("Information")
    CARE = "care", _("Care")
    FEELING = "feeling", _("Emotional support")
