"""The rating policy and its versions."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.gate import OpenQuerySet
from common.models import Record


class RatingPolicy(Record):
    """A version of weights, bands and constants; a result names the version that made it."""

    version = models.CharField(_("version"), max_length=20, unique=True)
    parameters = models.JSONField(_("parameters"), default=dict)
    valid_from = models.DateField(_("valid from"))
    created_at = models.DateTimeField(_("created at"))

    objects: ClassVar = OpenQuerySet.as_manager()

    class Meta:
        verbose_name = _("rating policy")
        verbose_name_plural = _("rating policies")

    def __str__(self) -> str:
        return self.version

    @property
    def version_words(self) -> str:
        """The version as people read it: “v1” is the first one of the rating method."""
        number = self.version.removeprefix("v")
        return gettext("rating method, version %(number)s") % {"number": number}
