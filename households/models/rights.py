"""What the household allows and may refuse: consent, delegation, case access, objection."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.models import Organisation
from common.crypto import BlindIndexField, EncryptedTextField
from common.gate import GatedQuerySet, Seat
from common.models import Record
from common.states import StatefulModel, state_check
from households.enums import (
    DELEGATION_MOVES,
    OBJECTION_MOVES,
    OBJECTION_OPEN,
    DelegationState,
    ObjectionState,
)
from households.models.gates import HouseholdFileQuerySet
from households.models.household import Household

CASE_ROLES = frozenset({Role.SOCIAL_WORKER, Role.SUPERVISOR})


class CaseFileQuerySet(HouseholdFileQuerySet):
    """Case matters: the caseworker and the supervisors alone; never donors, agencies or government."""

    roles = CASE_ROLES


class Consent(Record):
    """One purpose, one receiver, one version of the text; withdrawing it stops sharing."""

    TITLE = ("household.number", "given_at")

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(_("purpose"), max_length=40)
    data_classes = models.JSONField(_("kinds of data"), default=list)
    receiver = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    text_version = models.CharField(max_length=20)
    method = models.CharField(
        _("how it was given"),
        max_length=20,
        choices=[
            ("click", _("on the web")),
            ("signature", _("signature")),
            ("fingerprint", _("fingerprint")),
            ("voice", _("recorded voice")),
            ("guardian", _("by the guardian")),
            ("witness", _("before a witness")),
        ],
    )
    evidence = models.ForeignKey("files.Attachment", on_delete=models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    objects: ClassVar = CaseFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            models.UniqueConstraint(
                fields=["household", "purpose", "receiver"],
                condition=Q(withdrawn_at__isnull=True, receiver__isnull=False),
                name="consent_in_force_once",
            ),
            models.UniqueConstraint(
                fields=["household", "purpose"],
                condition=Q(withdrawn_at__isnull=True, receiver__isnull=True),
                name="consent_without_receiver_once",
            ),
        ]


class Delegation(Record, StatefulModel):
    """Who may speak for the household, for what, until when, on what evidence, and that it was read back."""

    STATES = DelegationState
    MOVES = DELEGATION_MOVES

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="delegations")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="delegations"
    )
    name = models.CharField(_("name of the delegate"), max_length=60)
    id_number = EncryptedTextField(label="delegation.id_number", blank=True)
    id_index = BlindIndexField(kind="resident_id", source="id_number")
    phone = EncryptedTextField(label="delegation.phone", blank=True)
    phone_index = BlindIndexField(kind="phone", source="phone")
    relation = models.CharField(_("relation to the household"), max_length=40)
    scope = models.JSONField(_("may do"), default=list)
    evidence_kind = models.CharField(
        _("evidence"),
        max_length=20,
        choices=[
            ("signed_form", _("signed form")),
            ("fingerprint", _("form with fingerprint")),
            ("voice", _("recorded voice")),
            ("witness", _("witness")),
        ],
    )
    evidence = models.ForeignKey("files.Attachment", on_delete=models.PROTECT, null=True, related_name="+")
    witness = models.CharField(_("witness"), max_length=60, blank=True)
    read_back_at = models.DateTimeField(_("read back to the household"))
    valid_to = models.DateField(_("valid until"))
    given_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    objects: ClassVar = CaseFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        constraints = [
            state_check(DelegationState, "delegation_state"),
            models.CheckConstraint(
                condition=Q(evidence__isnull=False) | (Q(evidence_kind="witness") & ~Q(witness="")),
                name="delegation_evidence",
            ),
            models.CheckConstraint(
                condition=Q(state="revoked", revoked_at__isnull=False)
                | (~Q(state="revoked") & Q(revoked_at__isnull=True)),
                name="delegation_revoked_pair",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CaseAccessQuerySet(GatedQuerySet):
    def in_force(self) -> CaseAccessQuerySet:
        return self.filter(closed_at__isnull=True, consent__withdrawn_at__isnull=True)

    def seen_by(self, user: Any, seat: Seat | None) -> CaseAccessQuerySet:
        if seat is None:
            return self.none()
        if seat.role in CASE_ROLES:
            return self.filter(household__area__startswith=seat.prefix)
        return self.filter(organisation_id=seat.organisation_id) if seat.organisation_id else self.none()


class CaseAccess(Record):
    """Which organisation may see which fields of a household, for what, by which consent (PIPL §23)."""

    TITLE = ("household.number", "opened_at")

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="case_accesses")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    fields = models.JSONField(default=list)
    purpose = models.CharField(max_length=40)
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="+")
    cause_ref = models.CharField(max_length=40, blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    objects: ClassVar = CaseAccessQuerySet.as_manager()

    class Meta:
        verbose_name = _("case access")
        verbose_name_plural = _("case accesses")
        constraints = [
            models.UniqueConstraint(
                fields=["household", "organisation", "purpose", "cause_ref"],
                condition=Q(closed_at__isnull=True),
                name="case_access_once",
            )
        ]


class ObjectionQuerySet(CaseFileQuerySet):
    def seen_by(self, user: Any, seat: Seat | None) -> ObjectionQuerySet:
        """Supervisors of the area, and the two who were asked to decide."""
        if seat is None or seat.role not in CASE_ROLES:
            return self.none()
        deciding = Q(first_decider=user) | Q(second_decider=user)
        if seat.role == Role.SUPERVISOR:
            return self.filter(Q(household__area__startswith=seat.prefix) | deciding)
        return self.filter(deciding)

    def before(self, user: Any) -> ObjectionQuerySet:
        """Which this person is to decide now."""
        deciding = Q(first_decider=user) | Q(second_decider=user)
        return self.filter(deciding, state=ObjectionState.INVESTIGATING)


class Objection(Record, StatefulModel):
    """The household disagrees with a decision; two people who were not involved decide, in plain words.

    `object_label` and `object_ref` name the decision itself (households.queries.decisions), or the whole file.
    """

    STATES = ObjectionState
    MOVES = OBJECTION_MOVES

    number = models.CharField(max_length=32, unique=True)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="objections")
    object_label = models.CharField(max_length=60)
    object_ref = models.CharField(max_length=40)
    subject = models.CharField(
        _("about"),
        max_length=20,
        choices=[
            ("rejection", _("the application was not approved or was sent back")),
            ("assessment", _("how our situation was assessed")),
            ("match", _("the help that was found, or not found")),
            ("delivery", _("the help that arrived")),
            ("exit", _("the support is to end")),
            ("delay", _("nothing was decided, or nobody answered")),
            ("conduct", _("how we were treated")),
        ],
    )
    text = EncryptedTextField(_("in the household's words"), label="objection.text")
    channel = models.CharField(max_length=20)
    received_at = models.DateTimeField()
    due = models.DateField(_("answer by"))
    first_decider = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    second_decider = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    first_opinion = models.CharField(max_length=12, blank=True)
    second_opinion = models.CharField(max_length=12, blank=True)
    upheld = models.BooleanField(null=True)
    answer = EncryptedTextField(_("answer in plain words"), label="objection.answer", blank=True)
    dissent = EncryptedTextField(_("the opinion that did not prevail"), label="objection.dissent", blank=True)
    decided_at = models.DateTimeField(null=True)

    objects: ClassVar = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        constraints = [
            state_check(ObjectionState, "objection_state"),
            models.CheckConstraint(
                condition=Q(first_decider__isnull=True)
                | Q(second_decider__isnull=True)
                | ~Q(first_decider=models.F("second_decider")),
                name="objection_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(state="decided")
                | (
                    Q(upheld__isnull=False, decided_at__isnull=False)
                    & Q(first_decider__isnull=False, second_decider__isnull=False)
                    & ~Q(answer="")
                ),
                name="objection_decided_complete",
            ),
            models.UniqueConstraint(
                fields=["household", "subject", "object_label", "object_ref"],
                condition=Q(state__in=OBJECTION_OPEN)
                & (Q(subject="delay") | ~Q(object_label="households.household")),
                name="objection_open_once",
            ),
        ]

    def __str__(self) -> str:
        return self.number
