"""Writing agreements as data: complete, hashed, one at a time for the same parties."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.exceptions import Refused
from common.locking import lock
from common.numbering import next_number
from common.recording import record
from common.states import move
from delivery import signals
from delivery.enums import (
    ENTRUSTMENT_PARTS,
    SERVICE_PARTS,
    AgreementKind,
    AgreementState,
    RemarkOutcome,
)
from delivery.models import Agreement
from delivery.queries import open_remarks
from delivery.rules import refuse_start_passed, refuse_unless_of_agency, refuse_while_ending
from delivery.services.negotiating import answer_remarks
from households.models import Household
from projects.enums import AnalysisState, Stage
from projects.models import JointAnalysis, Project, StageGate

TRANCHES = "tranche_amounts"
REWRITABLE = frozenset({AgreementState.DRAFT, AgreementState.NEGOTIATING, AgreementState.SIGNING})


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
    analysis, gate = _ground(kind, project, household)
    _refuse_unfit(kind, project, content, amount, start, end, drawn=replaces.drawn if replaces else 0)
    refuse_start_passed(start, replaces, at)
    if replaces is None and _in_force(kind, project, household):
        raise Refused(
            "in_force_already",
            _("An agreement with this party is in force. Write a new version of it instead."),
        )
    agreement = Agreement(
        number=replaces.number if replaces else next_number("E" if gate else "S", project.place, at),
        version=_next_version(replaces) if replaces else 1,
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
            "draft_exists",
            _("An agreement with this party is being written or signed already. Open that one."),
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
def rewrite_agreement(
    *,
    agreement: Agreement,
    content: dict[str, Any],
    amount: int,
    start: date,
    end: date,
    by: User,
    at: datetime,
    answer: str = "",
    seen: Collection[str] = (),
) -> Agreement:
    """A draft nobody else was shown is changed as it stands. What the parties have read gives way to a new version:
    its signatures are void, the remarks `seen` are answered, any other goes along (domain §10.6)."""
    agreement = lock(agreement)
    project = agreement.project
    refuse_unless_of_agency(project, by)
    if agreement.state not in REWRITABLE:
        raise Refused("not_open", _("This text is not open for changes any more. Look for a newer version."))
    drawn = agreement.replaces.drawn if agreement.replaces else 0
    _refuse_unfit(agreement.kind, project, content, amount, start, end, drawn=drawn)
    refuse_start_passed(start, agreement.replaces, at)
    text_hash = hash_of(agreement.kind, project, agreement.household, content, amount, start, end)
    terms = {"content": content, "amount": amount, "start": start, "end": end, "content_hash": text_hash}
    if agreement.state == AgreementState.DRAFT:
        for name, value in terms.items():
            setattr(agreement, name, value)
        agreement.save(update_fields=list(terms))
        record("agreement.edited", agreement, by=by, at=at, hash=text_hash)
        return agreement
    if text_hash == agreement.content_hash:
        raise Refused(
            "nothing_changed", _("The text is the same as before. Change it, or keep it and say why.")
        )
    return _next(agreement, terms, answer, seen, by, at)


def _next(
    earlier: Agreement, terms: dict[str, Any], answer: str, seen: Collection[str], by: User, at: datetime
) -> Agreement:
    """The new version takes the place of the one the parties have read."""
    answer_remarks(earlier, RemarkOutcome.REWRITTEN, answer, seen, by, at)
    earlier.signatures.filter(undone_at__isnull=True).update(undone_at=at)
    move(earlier, AgreementState.AMENDED, by=by, at=at, reason="rewritten")
    discussed = earlier.kind == AgreementKind.ENTRUSTMENT
    agreement = Agreement.objects.create(
        number=earlier.number,
        version=_next_version(earlier),
        kind=earlier.kind,
        project=earlier.project,
        household=earlier.household,
        analysis=earlier.analysis,
        gate=earlier.gate,
        replaces=earlier.replaces,
        created_at=at,
        state=AgreementState.NEGOTIATING if discussed else AgreementState.DRAFT,
        state_since=at,
        **terms,
    )
    open_remarks(earlier).update(agreement=agreement)
    record(
        "agreement.rewritten",
        agreement,
        by=by,
        at=at,
        hash=agreement.content_hash,
        version=agreement.version,
        earlier=earlier.public_id,
    )
    if discussed:
        signals.negotiation_opened.send(sender=Agreement, agreement=agreement, by=by, at=at)
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
    agreement = lock(agreement)
    refuse_unless_of_agency(agreement.project, by)
    if agreement.state != AgreementState.EFFECTIVE:
        raise Refused("not_effective", _("Only an agreement in force is amended."))
    refuse_while_ending(agreement)
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


def _ground(
    kind: str, project: Project, household: Household | None
) -> tuple[JointAnalysis | None, StageGate | None]:
    """What the agreement rests on: the joint analysis, or the gate and a family already served."""
    if kind == AgreementKind.SERVICE:
        found = JointAnalysis.objects.filter(
            project=project, household=household, state=AnalysisState.AGREED
        ).first()
        if found is None or household is None:
            raise Refused(
                "analysis_missing", _("First find the causes together with the family, and both confirm.")
            )
        return found, None
    gate = project.gates.filter(stage=Stage.EX_ANTE).first()
    if gate is None:
        raise Refused("gate_missing", _("The evaluation before the start has not been passed."))
    served = Agreement.objects.filter(
        project=project, kind=AgreementKind.SERVICE, state=AgreementState.EFFECTIVE
    )
    if not served.exists():
        raise Refused("no_service_agreement", _("First agree with at least one family what will be done."))
    return None, gate


def _refuse_unfit(
    kind: str, project: Project, content: dict[str, Any], amount: int, start: date, end: date, *, drawn: int
) -> None:
    """Every part is written, the days are in order, the sum is within the project and above what was asked for."""
    parts = SERVICE_PARTS if kind == AgreementKind.SERVICE else ENTRUSTMENT_PARTS
    for part in parts:
        if not str(content.get(part) or "").strip():
            raise Refused(
                "incomplete", _("One part of the agreement is still empty. Fill it in."), field=part
            )
    if end <= start:
        raise Refused("period", _("The agreement ends before it starts. Look at the two dates."), field="end")
    if kind == AgreementKind.SERVICE:
        return
    if not 0 < amount <= project.funds:
        raise Refused("amount", _("The sum must be within the funds of the project."), field="amount")
    if amount < drawn:
        raise Refused("less_than_drawn", _("More than this has been asked for already."), field="amount")
    _refuse_unfit_tranches(content.get(TRANCHES) or [], amount, drawn)


def _refuse_unfit_tranches(stated: list[int], amount: int, drawn: int) -> None:
    """They add up, and the evaluation midway, which every project has, decides about a part worth deciding about.

    A new version may leave the first tranche as large as what was asked for before it.
    """
    if not stated or sum(stated) != amount or min(stated) < 1:
        raise Refused("tranches", _("The tranches do not add up to the agreed sum."), field="tranche_1")
    share = settings.FIRST_TRANCHE_PERCENT
    if stated[0] > max(amount * share // 100, drawn):
        raise Refused(
            "first_tranche",
            _(
                "At most %(share)s %% may be paid before the evaluation midway. Leave the rest for later tranches."
            )
            % {"share": share},
            field="tranche_1",
        )


def _in_force(kind: str, project: Project, household: Household | None) -> bool:
    rows = Agreement.objects.filter(kind=kind, project=project, state=AgreementState.EFFECTIVE)
    return bool(rows.filter(household=household).exists())


def _next_version(replaced: Agreement) -> int:
    versions = Agreement.objects.filter(number=replaced.number).values_list("version", flat=True)
    return 1 + int(max(versions))
