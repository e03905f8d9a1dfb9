"""How an entrustment in force comes to an early end: who asked, on which ground, and what each party said."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.gate import GatedQuerySet, Seat
from common.models import Record
from common.states import StatefulModel, state_check
from delivery.enums import (
    ENDING_GROUNDS,
    ENDING_MOVES,
    EndingAnswer,
    EndingState,
    Signer,
)
from delivery.models.agreements import Agreement, AgreementPartQuerySet

GROUNDS = [(ground.value, ground.label) for ground in ENDING_GROUNDS]


class Ending(Record, StatefulModel):
    """One party asks to end an entrustment; a breach names its clause, breach and force majeure show evidence."""

    STATES = EndingState
    MOVES = ENDING_MOVES

    agreement = models.ForeignKey(
        Agreement, verbose_name=_("agreement"), on_delete=models.PROTECT, related_name="endings"
    )
    ground = models.CharField(_("ground for ending"), max_length=16, choices=GROUNDS)
    asked_by = models.CharField(_("asked by"), max_length=12, choices=Signer)
    reason = models.CharField(_("reason"), max_length=500)
    clause = models.CharField(_("clause that was broken"), max_length=24, blank=True)
    against = models.CharField(_("party that broke it"), max_length=12, choices=Signer, blank=True)
    evidence = models.ForeignKey("files.Attachment", on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(_("asked"))
    due = models.DateField(_("to be heard by"), null=True)
    settled_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decision = models.CharField(_("decision"), max_length=500, blank=True)

    objects: ClassVar = AgreementPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("end of an agreement")
        verbose_name_plural = _("ends of agreements")
        constraints = [
            state_check(EndingState, "ending_state"),
            models.UniqueConstraint(
                fields=["agreement"], condition=Q(state__in=["open", "settled"]), name="ending_one_running"
            ),
            models.CheckConstraint(
                condition=Q(ground="mutual", evidence__isnull=True, due__isnull=True, clause="", against="")
                | Q(ground="force_majeure", evidence__isnull=False, due__isnull=False, clause="", against="")
                | Q(ground="breach", evidence__isnull=False, due__isnull=False)
                & ~Q(clause="")
                & ~Q(against=""),
                name="ending_ground_shown",
            ),
            models.CheckConstraint(
                condition=Q(ground="mutual") | ~Q(state="done") | Q(decided_by__isnull=False),
                name="ending_decided_by_somebody",
            ),
        ]


class EndingPartQuerySet(GatedQuerySet):
    def seen_by(self, user: Any, seat: Seat | None) -> EndingPartQuerySet:
        return self.filter(ending__agreement__in=Agreement.objects.visible_to(user))


class EndingWord(Record):
    """What one party said about the end; a yes can be taken back for ten minutes."""

    ending = models.ForeignKey(Ending, on_delete=models.PROTECT, related_name="words")
    party = models.CharField(_("party"), max_length=12, choices=Signer)
    answer = models.CharField(_("answer"), max_length=8, choices=EndingAnswer)
    text = models.CharField(_("statement"), max_length=2000, blank=True)
    by_ref = models.CharField(max_length=40)
    at = models.DateTimeField(_("said"))
    undo_until = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(_("taken back"), null=True)

    objects: ClassVar = EndingPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("word on the end of an agreement")
        verbose_name_plural = _("words on the end of agreements")
        constraints = [
            models.UniqueConstraint(
                fields=["ending", "party"], condition=Q(undone_at__isnull=True), name="ending_word_once"
            ),
            models.UniqueConstraint(
                fields=["ending", "by_ref"],
                condition=Q(undone_at__isnull=True),
                name="ending_word_one_party_each",
            ),
            models.CheckConstraint(
                condition=~Q(answer="stated") | ~Q(text=""), name="ending_statement_written"
            ),
        ]
