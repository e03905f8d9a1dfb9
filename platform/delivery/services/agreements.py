"""Agreements: written as data, hashed, signed by every party, in force after the ten minutes to undo."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.actors import Actor
from common.exceptions import Refused
from common.locking import lock
from common.numbering import next_number
from common.recording import record
from common.states import move
from delivery import signals
from delivery.enums import AgreementKind, AgreementState, Signer
from delivery.models import Agreement, Signature
from delivery.rules import SIGNERS, refuse_unless_of_agency, refuse_unless_signer
from files.models import Attachment
from households.models import Household
from projects.enums import AnalysisState, ProjectState, Stage
from projects.models import JointAnalysis, Project
from projects.services import mark_agreed as mark_project_agreed

SERVICE_PARTS = frozenset(
    {"causes", "goals", "agency_duties", "household_duties", "privacy", "complaints", "withdrawal"}
)
ENTRUSTMENT_PARTS = frozenset(
    {"purpose", "use_of_funds", "tranches", "duties", "reporting", "leftover", "liability"}
)
ASSISTED = frozenset({"worker", "delegate"})


@transaction.atomic
def draft_agreement(
    *,
    kind: str,
    project: Project,
    household: Household | None,
    content: dict[str, Any],
    amount: int,
    start: date,
    end: date,
    by: User,
    at: datetime,
    replaces: Agreement | None = None,
) -> Agreement:
    """The agency writes it. A service agreement needs the joint analysis both sides agreed on; an entrustment needs the
    gate before the start and at least one household's service agreement in force (R28, R29, R37, R38)."""
    refuse_unless_of_agency(project, by)
    _refuse_incomplete(kind, content)
    if end <= start:
        raise Refused("period", _("The agreement ends before it starts. Look at the two dates."), field="end")
    analysis, gate = None, None
    if kind == AgreementKind.SERVICE:
        analysis = JointAnalysis.objects.filter(
            project=project, household=household, state=AnalysisState.AGREED
        ).first()
        if analysis is None or household is None:
            raise Refused(
                "analysis_missing", _("First find the causes together with the family, and both confirm.")
            )
    else:
        gate = project.gates.filter(stage=Stage.EX_ANTE).first()
        if gate is None:
            raise Refused("gate_missing", _("The evaluation before the start has not been passed."))
        served = Agreement.objects.filter(
            project=project, kind=AgreementKind.SERVICE, state=AgreementState.EFFECTIVE
        )
        if not served.exists():
            raise Refused(
                "no_service_agreement", _("First agree with at least one family what will be done.")
            )
        if not 0 < amount <= project.funds:
            raise Refused("amount", _("The sum must be within the funds of the project."), field="amount")
    agreement = Agreement(
        number=replaces.number if replaces else next_number("E" if gate else "S", project.place, at),
        version=replaces.version + 1 if replaces else 1,
        kind=kind,
        project=project,
        household=household,
        analysis=analysis,
        gate=gate,
        replaces=replaces,
        content=content,
        content_hash=hash_of(kind, project, household, content, amount, start, end),
        amount=amount,
        start=start,
        end=end,
        created_at=at,
        state=AgreementState.DRAFT,
        state_since=at,
    )
    try:
        with transaction.atomic():
            agreement.save(force_insert=True)
    except IntegrityError:
        raise Refused(
            "draft_exists", _("A new version of this agreement is being written already.")
        ) from None
    record(
        "agreement.drafted",
        agreement,
        by=by,
        at=at,
        kind=kind,
        project=project.public_id,
        hash=agreement.content_hash,
    )
    return agreement


@transaction.atomic
def open_signing(*, agreement: Agreement, by: User, at: datetime) -> Agreement:
    """The text is fixed and every party is asked to sign it."""
    agreement = lock(agreement)
    refuse_unless_of_agency(agreement.project, by)
    move(agreement, AgreementState.SIGNING, by=by, at=at, hash=agreement.content_hash)
    signals.signing_opened.send(sender=Agreement, agreement=agreement, by=by, at=at)
    return agreement


@transaction.atomic
def reopen_agreement(
    *,
    agreement: Agreement,
    content: dict[str, Any],
    amount: int,
    start: date,
    end: date,
    by: User,
    at: datetime,
) -> Agreement:
    """Back to writing: the text changes, so every signature given so far is void."""
    agreement = lock(agreement)
    refuse_unless_of_agency(agreement.project, by)
    _refuse_incomplete(agreement.kind, content)
    agreement.signatures.filter(undone_at__isnull=True).update(undone_at=at)
    text_hash = hash_of(agreement.kind, agreement.project, agreement.household, content, amount, start, end)
    also = {"content": content, "amount": amount, "start": start, "end": end, "content_hash": text_hash}
    if agreement.state == AgreementState.DRAFT:
        for name, value in also.items():
            setattr(agreement, name, value)
        agreement.save(update_fields=list(also))
        record("agreement.edited", agreement, by=by, at=at, hash=text_hash)
        return agreement
    return move(agreement, AgreementState.DRAFT, by=by, at=at, also=also, hash=text_hash)


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
    """A party signs exactly the text it saw; the last signature starts the ten minutes to undo."""
    agreement = lock(agreement)
    refuse_unless_signer(agreement, signer, by)
    if agreement.state != AgreementState.SIGNING:
        raise Refused("not_signing", _("This agreement is not waiting for signatures. Reload the page."))
    if text_hash != agreement.content_hash:
        raise Refused(
            "text_changed", _("The text was changed after you opened it. Read it once more, then sign.")
        )
    if signer == Signer.HOUSEHOLD and method in ASSISTED and evidence is None:
        raise Refused("evidence_missing", _("Add the photo of the family's own signature."), field="evidence")
    if agreement.signatures.filter(signer=signer, undone_at__isnull=True).exists():
        raise Refused("signed_already", _("This party has signed already."))
    signature = Signature.objects.create(
        agreement=agreement,
        signer=signer,
        by_ref=by.actor_ref,
        text_hash=text_hash,
        method=method,
        evidence=evidence,
        signed_at=at,
        undo_until=at + timedelta(minutes=settings.UNDO_MINUTES),
    )
    record("agreement.signed", agreement, by=by, at=at, signer=signer, hash=text_hash, method=method)
    signed = set(agreement.signatures.filter(undone_at__isnull=True).values_list("signer", flat=True))
    if set(SIGNERS[AgreementKind(agreement.kind)]) <= signed:
        move(agreement, AgreementState.SIGNED, by=by, at=at, also={"signed_at": at})
    return signature


@transaction.atomic
def undo_signature(*, agreement: Agreement, signer: str, by: Actor, at: datetime) -> Agreement:
    """Ten minutes to think again; afterwards an agreement is ended, not unsigned."""
    agreement = lock(agreement)
    refuse_unless_signer(agreement, signer, by)
    signature = agreement.signatures.filter(signer=signer, undone_at__isnull=True).first()
    if signature is None or at > signature.undo_until:
        raise Refused("too_late_to_undo", _("The ten minutes are over. Please call us."))
    signature.undone_at = at
    signature.save(update_fields=["undone_at"])
    record("agreement.signature_undone", agreement, by=by, at=at, signer=signer)
    if agreement.state == AgreementState.SIGNED:
        move(agreement, AgreementState.SIGNING, by=by, at=at, also={"signed_at": None})
    return agreement


@transaction.atomic
def make_effective(*, agreement: Agreement, by: Actor, at: datetime) -> Agreement:
    """In force once the last signature can no longer be undone; an earlier version gives way."""
    agreement = lock(agreement)
    if agreement.state != AgreementState.SIGNED or agreement.signed_at is None:
        raise Refused("not_signed", _("Not every party has signed."))
    if at < agreement.signed_at + timedelta(minutes=settings.UNDO_MINUTES):
        raise Refused("undo_running", _("The ten minutes to undo are still running."))
    if agreement.replaces is not None and agreement.replaces.state == AgreementState.EFFECTIVE:
        move(lock(agreement.replaces), AgreementState.AMENDED, by=by, at=at)
    move(
        agreement,
        AgreementState.EFFECTIVE,
        by=by,
        at=at,
        also={"effective_at": at},
        hash=agreement.content_hash,
    )
    project = lock(agreement.project)
    if agreement.kind == AgreementKind.ENTRUSTMENT and project.state == ProjectState.FUNDED:
        mark_project_agreed(project=project, by=by, at=at)
    signals.agreement_effective.send(sender=Agreement, agreement=agreement, by=by, at=at)
    return agreement


@transaction.atomic
def amend_agreement(
    *,
    agreement: Agreement,
    content: dict[str, Any],
    amount: int,
    start: date,
    end: date,
    by: User,
    at: datetime,
) -> Agreement:
    """An agreement in force never changes: a new version is written and signed by the same parties."""
    if agreement.state != AgreementState.EFFECTIVE:
        raise Refused("not_effective", _("Only an agreement in force is amended."))
    return draft_agreement(
        kind=agreement.kind,
        project=agreement.project,
        household=agreement.household,
        content=content,
        amount=amount,
        start=start,
        end=end,
        by=by,
        at=at,
        replaces=agreement,
    )


@transaction.atomic
def terminate_agreement(*, agreement: Agreement, reason: str, by: Actor, at: datetime) -> Agreement:
    """Ended early; the household may leave at any time, the agency needs a reason."""
    agreement = lock(agreement)
    if isinstance(by, User):
        refuse_unless_of_agency(agreement.project, by)
        if not reason.strip():
            raise Refused("reason_missing", _("Say why the agreement ends."), field="reason")
    else:
        refuse_unless_signer(agreement, Signer.HOUSEHOLD, by)
    move(agreement, AgreementState.TERMINATED, by=by, at=at, reason="ended", also={"reason": reason})
    signals.agreement_ended.send(sender=Agreement, agreement=agreement, by=by, at=at)
    return agreement


@transaction.atomic
def fulfil_agreement(*, agreement: Agreement, by: User, at: datetime) -> Agreement:
    """Everything agreed was done."""
    agreement = lock(agreement)
    refuse_unless_of_agency(agreement.project, by)
    return move(agreement, AgreementState.FULFILLED, by=by, at=at)


@transaction.atomic
def make_due_effective(*, by: Actor, at: datetime) -> int:
    """Every signed agreement whose ten minutes are over comes into force; rung every minute."""
    limit = at - timedelta(minutes=settings.UNDO_MINUTES)
    due = Agreement.objects.filter(state=AgreementState.SIGNED, signed_at__lte=limit).order_by("pk")
    return len([make_effective(agreement=agreement, by=by, at=at) for agreement in due])


def hash_of(
    kind: str,
    project: Project,
    household: Household | None,
    content: dict[str, Any],
    amount: int,
    start: date,
    end: date,
) -> str:
    """SHA-256 over everything that is agreed, in canonical JSON."""
    household_ref = household.public_id if household else ""
    whole = [kind, project.public_id, household_ref, content, amount, start.isoformat(), end.isoformat()]
    return hashlib.sha256(json.dumps(whole, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _refuse_incomplete(kind: str, content: dict[str, Any]) -> None:
    parts = SERVICE_PARTS if kind == AgreementKind.SERVICE else ENTRUSTMENT_PARTS
    for part in sorted(parts):
        if not content.get(part):
            raise Refused(
                "incomplete", _("One part of the agreement is still empty. Fill it in."), field=part
            )
