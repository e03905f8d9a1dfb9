"""An entrustment is discussed before it is signed: shown, asked to be changed, answered (domain §10.6)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.exceptions import Refused
from common.locking import lock
from common.recording import record
from common.states import move
from delivery import signals
from delivery.enums import AgreementKind, AgreementState, Party, RemarkKind, RemarkOutcome
from delivery.models import Agreement, Remark
from delivery.queries import open_remarks
from delivery.rules import (
    asked_donor,
    may_ask_for_change,
    may_decline,
    refuse_unless_of_agency,
    refuse_unless_party,
)


@transaction.atomic
def open_negotiation(*, agreement: Agreement, by: User, at: datetime) -> Agreement:
    """The agency lays its draft before the fund holder, the platform and the donors; from now on each text is kept."""
    agreement = lock(agreement)
    refuse_unless_of_agency(agreement.project, by)
    if agreement.kind != AgreementKind.ENTRUSTMENT:
        raise Refused(
            "no_negotiation",
            _("With a family you talk in the joint analysis. Open the agreement for signing."),
        )
    if agreement.state != AgreementState.DRAFT:
        raise Refused("not_a_draft", _("The parties have this text already. Reload the page."))
    move(agreement, AgreementState.NEGOTIATING, by=by, at=at, hash=agreement.content_hash)
    signals.negotiation_opened.send(sender=Agreement, agreement=agreement, by=by, at=at)
    return agreement


@transaction.atomic
def ask_for_change(*, agreement: Agreement, kind: str, text: str, by: User, at: datetime) -> Remark:
    """A party says what should be changed; one that signs may still say so while signatures are collected, which voids
    them and takes the agreement back into discussion."""
    agreement = lock(agreement)
    party = refuse_unless_party(agreement, by)
    if not may_ask_for_change(agreement, party):
        raise Refused(
            "not_open_for_remarks",
            _("This text cannot be discussed now. Look whether there is a newer version."),
        )
    if kind not in RemarkKind.values or kind == RemarkKind.DECLINED:
        raise Refused("kind", _("Choose what your remark is about."), field="kind")
    if not text.strip():
        raise Refused("text_missing", _("Write what should be changed."), field="text")
    return _remark(agreement, party, kind, text, by, at)


@transaction.atomic
def decline_use(*, agreement: Agreement, reason: str, by: User, at: datetime) -> Remark:
    """A donor says no to another use of its money, and why: this version is not signed any more, its author is told,
    and the one in force stays (domain §10.6). Only a new version, or the donor, undoes that no."""
    agreement = lock(agreement)
    if asked_donor(agreement, by) is None:
        raise Refused("not_a_signer", _("Another party signs here."))
    if not may_decline(agreement, by):
        raise Refused("not_signing", _("This agreement is not waiting for signatures. Reload the page."))
    if not reason.strip():
        raise Refused("reason_missing", _("Say why, in a sentence."), field="reason")
    return _remark(agreement, Party.DONOR, RemarkKind.DECLINED, reason, by, at)


def _remark(agreement: Agreement, party: Party, kind: str, text: str, by: User, at: datetime) -> Remark:
    """One word of a party; given while signatures are collected, it voids them."""
    remark = Remark(
        agreement=agreement, party=party, kind=kind, text=text.strip(), by_ref=by.actor_ref, at=at
    )
    try:
        with transaction.atomic():
            remark.save(force_insert=True)
    except IntegrityError:
        raise Refused(
            "asked_already",
            _("You asked for a change of this point already. Wait for the answer, or take your remark back."),
            field="kind",
        ) from None
    record(
        "agreement.change_asked", agreement, by=by, at=at, party=party, kind=kind, version=agreement.version
    )
    if agreement.state == AgreementState.SIGNING:
        agreement.signatures.filter(undone_at__isnull=True).update(undone_at=at)
        move(agreement, AgreementState.NEGOTIATING, by=by, at=at, reason="change_asked")
    signals.remark_made.send(sender=Remark, remark=remark, by=by, at=at)
    return remark


@transaction.atomic
def withdraw_remarks(*, agreement: Agreement, by: User, at: datetime) -> int:
    """A person takes back what they asked for and nobody has answered."""
    agreement = lock(agreement)
    own = open_remarks(agreement).filter(by_ref=by.actor_ref)
    if refuse_unless_party(agreement, by) and not own.exists():
        raise Refused("no_remark", _("None of your remarks waits for an answer."))
    count: int = own.update(outcome=RemarkOutcome.WITHDRAWN, closed_at=at)
    record("agreement.remarks_withdrawn", agreement, by=by, at=at, count=count)
    return count


@transaction.atomic
def keep_text(
    *, agreement: Agreement, answer: str, seen: Collection[str], by: User, at: datetime
) -> Agreement:
    """The agency leaves the text as it is and says why; only the remarks it has seen are answered by that."""
    agreement = lock(agreement)
    refuse_unless_of_agency(agreement.project, by)
    if agreement.state != AgreementState.NEGOTIATING:
        raise Refused("not_discussed", _("This text is not being discussed. Reload the page."))
    if open_remarks(agreement).filter(kind=RemarkKind.DECLINED).exists():
        raise Refused(
            "use_declined",
            _("A donor does not agree to this use of its money. Write a new version, or end this one."),
        )
    if not answer_remarks(agreement, RemarkOutcome.KEPT, answer, seen, by, at):
        raise Refused("no_remark", _("No remark waits for an answer. Reload the page."))
    signals.remarks_answered.send(sender=Agreement, agreement=agreement, by=by, at=at)
    return agreement


def answer_remarks(
    agreement: Agreement, outcome: RemarkOutcome, answer: str, seen: Collection[str], by: User, at: datetime
) -> int:
    """Close what was seen with one answer, which may not be empty."""
    remarks = open_remarks(agreement).filter(public_id__in=list(seen))
    if remarks.exists() and not answer.strip():
        raise Refused("answer_missing", _("Say what you changed, and what not and why."), field="answer")
    count: int = remarks.update(outcome=outcome, answer=answer.strip(), closed_at=at)
    if count:
        record("agreement.remarks_answered", agreement, by=by, at=at, outcome=outcome, count=count)
    return count
