"""Agreements: signed by every party on exactly the same text, in force after the ten minutes to undo."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from accounts.enums import Duty
from accounts.models import User
from accounts.rules import refuse_unless_by_rule
from accounts.services import register_involvement
from common.actors import Actor
from common.exceptions import Refused
from common.locking import lock
from common.recording import record
from common.states import move
from delivery import signals
from delivery.enums import AgreementKind, AgreementState, Signer
from delivery.models import Agreement, Signature
from delivery.queries import open_remarks, own_signature
from delivery.rules import (
    asked_donor,
    everybody_signed,
    refuse_start_passed,
    refuse_unless_of_agency,
    refuse_unless_signer,
    refuse_while_ending,
    refuse_without_evidence,
)
from delivery.services.matches import agree_due_matches
from files.models import Attachment
from households.services.news import tell_of_delegate
from projects.enums import ProjectState
from projects.models import Project
from projects.services import mark_agreed as mark_project_agreed


@transaction.atomic
def open_signing(*, agreement: Agreement, by: User, at: datetime) -> Agreement:
    """The text is fixed and every party is asked to sign it; an entrustment only once its discussion is closed."""
    agreement = lock(agreement)
    refuse_unless_of_agency(agreement.project, by)
    if agreement.kind == AgreementKind.ENTRUSTMENT and agreement.state == AgreementState.DRAFT:
        raise Refused(
            "not_discussed", _("The other parties have not seen this text. Lay it before them first.")
        )
    if open_remarks(agreement).exists():
        raise Refused(
            "remarks_open",
            _("A remark waits for your answer. Write a new version, or say why the text stays."),
        )
    refuse_start_passed(agreement.start, agreement.replaces, at)
    move(agreement, AgreementState.SIGNING, by=by, at=at, hash=agreement.content_hash)
    signals.signing_opened.send(sender=Agreement, agreement=agreement, by=by, at=at)
    return agreement


@transaction.atomic
def sign_agreement(
    *,
    agreement: Agreement,
    signer: str,
    text_hash: str,
    method: str,
    evidence: Attachment | None,
    by: Actor,
    at: datetime,
) -> Signature:
    """A party signs exactly the text it saw; the last signature starts the ten minutes to undo.

    So does each donor whose money is held when a new version changes what it is for (domain §10.6).
    """
    agreement = lock(agreement)
    refuse_unless_signer(agreement, signer, by, at)
    if agreement.state == AgreementState.AMENDED:
        raise Refused("replaced", _("A newer version took its place. Read that one, then sign."))
    if agreement.state != AgreementState.SIGNING:
        raise Refused("not_signing", _("This agreement is not waiting for signatures. Reload the page."))
    if text_hash != agreement.content_hash:
        raise Refused(
            "text_changed", _("The text was changed after you opened it. Read it once more, then sign.")
        )
    if signer == Signer.HOUSEHOLD:
        method = refuse_without_evidence(by, method, evidence)
    donor = asked_donor(agreement, by) if signer == Signer.DONOR else None
    if agreement.signatures.filter(signer=signer, donor=donor, undone_at__isnull=True).exists():
        raise Refused("signed_already", _("This party has signed already."))
    if agreement.signatures.filter(by_ref=by.actor_ref, undone_at__isnull=True).exists():
        raise Refused(
            "signed_for_another",
            _("You signed this agreement for another party. Somebody else has to sign here."),
        )
    if signer == Signer.HOUSEHOLD and agreement.household is not None:
        register_involvement(file=agreement.household, duty=Duty.SPOKESPERSON, by=by, at=at)
        tell_of_delegate(agreement.household, by=by, at=at)
    signature = Signature.objects.create(
        agreement=agreement,
        signer=signer,
        donor=donor,
        by_ref=by.actor_ref,
        text_hash=text_hash,
        method=method,
        evidence=evidence,
        signed_at=at,
        undo_until=at + timedelta(minutes=settings.UNDO_MINUTES),
    )
    record("agreement.signed", agreement, by=by, at=at, signer=signer, hash=text_hash, method=method)
    if everybody_signed(agreement):
        move(agreement, AgreementState.SIGNED, by=by, at=at, also={"signed_at": at})
    return signature


@transaction.atomic
def undo_signature(*, agreement: Agreement, signer: str, by: Actor, at: datetime) -> Agreement:
    """Ten minutes to think again; afterwards an agreement is ended, not unsigned."""
    agreement = lock(agreement)
    refuse_unless_signer(agreement, signer, by, at)
    donor = asked_donor(agreement, by) if signer == Signer.DONOR else None
    signature = own_signature(agreement, signer, donor)
    if agreement.state not in {AgreementState.SIGNING, AgreementState.SIGNED}:
        raise Refused("not_signing", _("This agreement is not waiting for signatures. Reload the page."))
    if signature is None or at >= signature.undo_until:
        raise Refused("too_late_to_undo", _("The ten minutes are over. Please call us."))
    signature.undone_at = at
    signature.save(update_fields=["undone_at"])
    record("agreement.signature_undone", agreement, by=by, at=at, signer=signer)
    if signer == Signer.HOUSEHOLD and agreement.household is not None:
        tell_of_delegate(agreement.household, by=by, at=at)
    if agreement.state == AgreementState.SIGNED:
        move(agreement, AgreementState.SIGNING, by=by, at=at, also={"signed_at": None})
    return agreement


@transaction.atomic
def make_effective(*, agreement: Agreement, by: Actor, at: datetime) -> Agreement:
    """In force once the last signature can no longer be undone; an earlier version gives way."""
    refuse_unless_by_rule(by)
    agreement = lock(agreement)
    if agreement.state != AgreementState.SIGNED or agreement.signed_at is None:
        raise Refused("not_signed", _("Not every party has signed."))
    if at < agreement.signed_at + timedelta(minutes=settings.UNDO_MINUTES):
        raise Refused("undo_running", _("The ten minutes to undo are still running."))
    drawn = 0
    if agreement.replaces is not None:
        earlier = lock(agreement.replaces)
        refuse_while_ending(earlier)
        drawn = earlier.drawn
        if drawn > agreement.amount:
            raise Refused("less_than_drawn", _("More than this has been asked for already."), field="amount")
        if earlier.state == AgreementState.EFFECTIVE:
            move(earlier, AgreementState.AMENDED, by=by, at=at)
    move(
        agreement,
        AgreementState.EFFECTIVE,
        by=by,
        at=at,
        also={"effective_at": at, "drawn": drawn},
        hash=agreement.content_hash,
    )
    project = lock(agreement.project)
    if agreement.kind == AgreementKind.ENTRUSTMENT and project.state == ProjectState.FUNDED:
        mark_project_agreed(project=project, by=by, at=at)
    signals.agreement_effective.send(sender=Agreement, agreement=agreement, by=by, at=at)
    return agreement


@transaction.atomic
def make_due_effective(*, by: Actor, at: datetime) -> int:
    """Every signed agreement whose ten minutes are over comes into force, then the matches that waited for it.

    One that is refused is left as it is and holds up nothing else; rung every minute. A new use of money waits no
    longer for a donor whose money has reached its families meanwhile.
    """
    refuse_unless_by_rule(by)
    waiting = Agreement.objects.filter(state=AgreementState.SIGNING, replaces__isnull=False)
    for agreement in waiting.order_by("pk"):
        if everybody_signed(agreement):
            move(lock(agreement), AgreementState.SIGNED, by=by, at=at, also={"signed_at": at})
    done = 0
    for agreement in due_agreements(at):
        with suppress(Refused):
            make_effective(agreement=agreement, by=by, at=at)
            done += 1
    for project in funded_under_agreement():
        mark_project_agreed(project=project, by=by, at=at)
    agree_due_matches(by=by, at=at)
    return done


def funded_under_agreement() -> list[Project]:
    """Enough was matched after the entrustment came into force."""
    in_force = Agreement.objects.filter(
        project=OuterRef("pk"), kind=AgreementKind.ENTRUSTMENT, state=AgreementState.EFFECTIVE
    )
    return list(Project.objects.filter(Exists(in_force), state=ProjectState.FUNDED).order_by("pk"))


def due_agreements(at: datetime) -> list[Agreement]:
    """Signed by all, and nobody can take it back any more."""
    limit = at - timedelta(minutes=settings.UNDO_MINUTES)
    return list(Agreement.objects.filter(state=AgreementState.SIGNED, signed_at__lte=limit).order_by("pk"))
