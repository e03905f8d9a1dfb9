"""Consent and delegation: given, shown, withdrawn."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.enums import Duty
from accounts.models import Organisation, User
from accounts.services import register_involvement
from common.actors import Actor
from common.clock import day_of
from common.exceptions import Refused
from common.locking import lock
from common.recording import record
from common.states import move
from files.models import Attachment
from households.answers import DelegateAnswer
from households.enums import DelegationState, HouseholdState
from households.models import CaseAccess, Consent, Delegation, Household
from households.rules import LONGEST_DELEGATION, check_document, readable_phone, refuse_unless_speaking
from households.services.case_access import close_case_access
from households.services.speaking import NOBODY_ELSE, hear_family

CONSENT_VERSION = "2026-1"
SCOPES = ("apply", "update", "receive_notice", "receive_goods", "receive_money")


@transaction.atomic
def record_consent(
    *,
    household: Household,
    purpose: str,
    data_classes: list[str],
    receiver: Organisation | None,
    method: str,
    evidence: Attachment | None,
    by: Actor,
    at: datetime,
) -> Consent:
    """The family itself, or its worker with evidence, agrees to one purpose and one receiver."""
    if evidence is None and (method != "click" or isinstance(by, User)):
        raise Refused(
            "evidence_missing", _("Add the photo or recording that shows the consent."), field="evidence"
        )
    hear_family(household, scope=NOBODY_ELSE, evidence=evidence, by=by, at=at)
    return note_consent(
        household=household,
        purpose=purpose,
        data_classes=data_classes,
        receiver=receiver,
        method=method,
        evidence=evidence,
        by=by,
        at=at,
    )


@transaction.atomic
def note_consent(
    *,
    household: Household,
    purpose: str,
    data_classes: list[str],
    receiver: Organisation | None,
    method: str,
    evidence: Attachment | None,
    by: Actor,
    at: datetime,
) -> Consent:
    """A consent that stands in what the family signed; whoever calls has heard it. The same one stands once."""
    household = lock(household)
    known: Consent | None = household.consents.filter(
        purpose=purpose, receiver=receiver, withdrawn_at__isnull=True
    ).first()
    if known is not None:
        return known
    consent = Consent.objects.create(
        household=household,
        purpose=purpose,
        data_classes=data_classes,
        receiver=receiver,
        text_version=CONSENT_VERSION,
        method=method,
        evidence=evidence,
        given_at=at,
    )
    receiver_ref = receiver.public_id if receiver else ""
    record(
        "consent.given",
        consent,
        by=by,
        at=at,
        purpose=purpose,
        receiver=receiver_ref,
        household=household.public_id,
    )
    return consent


@transaction.atomic
def withdraw_consent(
    *, consent: Consent, by: Actor, at: datetime, evidence: Attachment | None = None
) -> Consent:
    """The family says so by its code, or its worker does with evidence; nobody else speaks for it here."""
    hear_family(consent.household, scope=NOBODY_ELSE, evidence=evidence, by=by, at=at)
    return end_consent(consent, by=by, at=at)


def end_consent(consent: Consent, *, by: Actor, at: datetime) -> Consent:
    """Sharing stops at once: every case access resting on the consent is closed. What the law keeps is kept."""
    consent = lock(consent)
    if consent.withdrawn_at is not None:
        raise Refused("already_withdrawn", _("This consent was withdrawn already."))
    consent.withdrawn_at = at
    consent.save(update_fields=["withdrawn_at"])
    record(
        "consent.withdrawn",
        consent,
        by=by,
        at=at,
        purpose=consent.purpose,
        household=consent.household.public_id,
    )
    for access in CaseAccess.objects.filter(consent=consent, closed_at__isnull=True):
        close_case_access(access=access, by=by, at=at)
    return consent


@transaction.atomic
def restore_consent(*, consent: Consent, by: Actor, at: datetime) -> Consent:
    """Ten minutes for the family to take a withdrawal back; what it had closed opens again (design §4.9)."""
    consent = lock(consent)
    if isinstance(by, User):
        raise Refused("family_only", _("The family takes this back itself, on its own page."))
    refuse_unless_speaking(consent.household, by, at, scope=NOBODY_ELSE)
    ended = consent.withdrawn_at
    if ended is None:
        raise Refused("not_withdrawn", _("This consent is in force."))
    if at > ended + timedelta(minutes=settings.UNDO_MINUTES):
        raise Refused(
            "too_late_to_undo", _("The ten minutes are over. Give the consent again with your worker.")
        )
    if consent.household.state == HouseholdState.WITHDRAWN:
        raise Refused(
            "household_withdrawn", _("The application was withdrawn. You can apply again at any time.")
        )
    consent.withdrawn_at = None
    try:
        with transaction.atomic():
            consent.save(update_fields=["withdrawn_at"])
    except IntegrityError:
        raise Refused("given_again", _("You gave this consent again meanwhile; it is in force.")) from None
    record(
        "consent.restored",
        consent,
        by=by,
        at=at,
        purpose=consent.purpose,
        household=consent.household.public_id,
    )
    for access in CaseAccess.objects.filter(consent=consent, closed_at=ended):
        access.closed_at = None
        access.save(update_fields=["closed_at"])
        record("case_access.reopened", access, by=by, at=at, household=consent.household.public_id)
    return consent


@transaction.atomic
def grant_delegation(
    *, household: Household, delegate: DelegateAnswer, evidence: Attachment | None, by: Actor, at: datetime
) -> Delegation:
    """The household on its own page, or its worker who saw the form, lets somebody speak for it."""
    refuse_unless_speaking(household, by, at, scope=NOBODY_ELSE)
    delegation = entrust(household, delegate, evidence=evidence, by=by, at=at)
    register_involvement(file=household, duty=Duty.SPOKESPERSON, by=by, at=at)
    return delegation


def entrust(
    household: Household,
    delegate: DelegateAnswer,
    *,
    evidence: Attachment | None,
    by: Actor,
    at: datetime,
    user: User | None = None,
) -> Delegation:
    """Read back, evidenced, limited in scope and time, by a person with a number and a telephone that can be right."""
    if not delegate.read_back:
        raise Refused(
            "not_read_back",
            _("Read it aloud to the household first, then tick that you did."),
            field="read_back",
        )
    if evidence is None and (delegate.evidence_kind != "witness" or not delegate.witness):
        raise Refused(
            "evidence_missing",
            _("Add the photo of the signed form, or name the witness who was there."),
            field="evidence",
        )
    if not delegate.scope or not set(delegate.scope) <= set(SCOPES):
        raise Refused("scope", _("Tick at least one thing the family entrusts."), field="scope")
    if delegate.valid_to <= day_of(at):
        raise Refused("already_over", _("Choose a day still to come."), field="valid_to")
    if delegate.valid_to > day_of(at) + LONGEST_DELEGATION:
        raise Refused(
            "too_long", _("Choose a day within the next three years; it can be renewed."), field="valid_to"
        )
    number = check_document("resident_id", delegate.id_number) if delegate.id_number else ""
    delegation = Delegation(
        household=household,
        user=user,
        name=delegate.name,
        id_number=number,
        phone=readable_phone(delegate.phone),
        relation=delegate.relation,
        scope=list(delegate.scope),
        evidence_kind=delegate.evidence_kind,
        evidence=evidence,
        witness=delegate.witness,
        read_back_at=at,
        valid_to=delegate.valid_to,
        given_at=at,
        state=DelegationState.GIVEN,
        state_since=at,
    )
    delegation.save(force_insert=True)
    record(
        "delegation.given",
        delegation,
        by=by,
        at=at,
        scope=list(delegate.scope),
        household=household.public_id,
    )
    return delegation


@transaction.atomic
def revoke_delegation(
    *, delegation: Delegation, by: Actor, at: datetime, evidence: Attachment | None = None
) -> Delegation:
    """The household takes the word back, by its code or through its worker with evidence.

    From this moment the delegate may do nothing more.
    """
    delegation = lock(delegation)
    hear_family(delegation.household, scope=NOBODY_ELSE, evidence=evidence, by=by, at=at)
    return move(delegation, DelegationState.REVOKED, by=by, at=at, also={"revoked_at": at})
