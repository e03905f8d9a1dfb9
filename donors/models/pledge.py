"""A pledge: what a donor said it will give to one need (charity law §41)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.models import Record
from common.states import StatefulModel, state_check
from donors.enums import PLEDGE_MOVES, Binding, PledgeState
from donors.models.donor import Donor
from donors.models.lot import Lot, LotChildQuerySet


class Pledge(Record, StatefulModel):
    """For ten minutes it can simply be taken back; then it stands as what it was called."""

    STATES = PledgeState
    MOVES = PLEDGE_MOVES

    donor = models.ForeignKey(
        Donor, on_delete=models.PROTECT, related_name="pledges", verbose_name=_("donor")
    )
    lot = models.OneToOneField(Lot, on_delete=models.PROTECT, related_name="pledge", verbose_name=_("lot"))
    need_ref = models.CharField(_("need number"), max_length=12, db_index=True)
    quantity = models.BigIntegerField(_("quantity"))
    binding = models.CharField(_("what it means"), max_length=12, choices=Binding, default=Binding.INTENTION)
    made_at = models.DateTimeField(_("made"))
    undo_until = models.DateTimeField(_("undo until"))
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    objects: ClassVar = LotChildQuerySet.as_manager()

    class Meta:
        verbose_name = _("pledge")
        verbose_name_plural = _("pledges")
        constraints = [
            state_check(PledgeState, "pledge_state"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="pledge_quantity"),
            models.CheckConstraint(condition=Q(binding__in=list(Binding.values)), name="pledge_binding"),
        ]
        indexes = [models.Index(fields=["donor", "-made_at", "-id"], name="pledge_of_donor")]

    def __str__(self) -> str:
        return str(self.lot)
