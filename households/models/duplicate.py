"""Files that may be of one family: found by the finder, decided by people (domain §2.9 DUP-01)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.crypto import EncryptedTextField
from common.gate import GatedQuerySet, Seat
from common.models import Record, Versioned
from common.states import StatefulModel, state_check
from households.models.household import Household
from households.models.rights import CASE_ROLES, CaseFileQuerySet


class DuplicateState(models.TextChoices):
    OPEN = "open", _("Waits for a decision")
    SETTLED = "settled", _("Settled")
    JOINED = "joined", _("Went into another group")


class Verdict(models.TextChoices):
    DIFFERENT = "different", _("another household")
    VISIT = "visit", _("needs a visit")


class DuplicateClusterQuerySet(GatedQuerySet):
    def seen_by(self, user: Any, seat: Seat | None) -> DuplicateClusterQuerySet:
        """Whoever may open one of its files; of the others the page says no more than that they exist."""
        if seat is None or seat.role not in CASE_ROLES:
            return self.none()
        files = DuplicateFile.objects.visible_to(user)
        return self.filter(pk__in=files.values("cluster_id"))


class DuplicateCluster(Record, Versioned, StatefulModel):
    """Files that hang together by pairs of people; `evidence` names the pairs by public_id and how each field agrees.

    No value of a field stands in it, so that a pair is known again without keeping anybody's data twice.
    """

    STATES = DuplicateState
    MOVES = {DuplicateState.OPEN: {DuplicateState.SETTLED, DuplicateState.JOINED}}
    TITLE = ("found_at",)

    evidence = models.JSONField(default=list)
    found_at = models.DateTimeField(_("found on"))
    settled_at = models.DateTimeField(_("settled on"), null=True)

    objects: ClassVar = DuplicateClusterQuerySet.as_manager()

    class Meta:
        verbose_name = _("suspected double file")
        verbose_name_plural = _("suspected double files")
        constraints = [
            state_check(DuplicateState, "duplicate_state"),
            models.CheckConstraint(
                condition=~Q(state="settled") | Q(settled_at__isnull=False), name="duplicate_settled"
            ),
        ]
        indexes = [models.Index(fields=["state", "found_at", "id"], name="duplicate_open")]


class DuplicateFile(Record):
    """One file of a group and what was decided of it; a file waits in one group at a time."""

    TITLE = ("household.number",)

    cluster = models.ForeignKey(DuplicateCluster, on_delete=models.PROTECT, related_name="files")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="duplicate_files")
    open = models.BooleanField(default=True)
    verdict = models.CharField(_("decision"), max_length=12, choices=Verdict, blank=True)
    reason = EncryptedTextField(_("reason"), label="duplicate_file.reason", blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    objects: ClassVar = CaseFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of a group")
        verbose_name_plural = _("files of groups")
        constraints = [
            models.UniqueConstraint(fields=["cluster", "household"], name="duplicate_file_once"),
            models.UniqueConstraint(
                fields=["household"], condition=Q(open=True), name="duplicate_file_waits_once"
            ),
            models.CheckConstraint(
                condition=Q(verdict="")
                | (Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(reason="")),
                name="duplicate_file_decided",
            ),
        ]
