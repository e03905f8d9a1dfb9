"""What a certified run leaves behind: suggestions, a reason for every unmet need, shortages, the certificate."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from common.actors import SYSTEM, Actor
from common.locking import lock_all
from common.numbering import next_number
from common.recording import record
from common.states import move
from donors.models import Lot
from households.models import Need
from matching.engine import Solution, Unmet
from matching.engine.eligibility import LotTable, open_ledger
from matching.engine.explain import Explainer
from matching.engine.reasons import SHORTAGE_PREFIX, survivors
from matching.enums import Origin, ProposalState, RunState, UnmetKind
from matching.explaining import explanation_of
from matching.models import Override, Proposal, Run, Shortage, UnmetReason
from matching.services.duties import note_decider
from matching.snapshot import Snapshot


@transaction.atomic
def store_solution(*, run: Run, snapshot: Snapshot, solution: Solution, at: datetime) -> Run:
    """Suggestions, a reason for every unmet need, shortages, certificate: earlier suggestions of the area give way."""
    expire_suggestions(prefix=run.prefix, by=SYSTEM, at=at)
    needs = {
        need.pk: need for need in Need.objects.filter(pk__in=list(solution.needs)).select_related("item")
    }
    lots = {lot.pk: lot for lot in Lot.objects.filter(pk__in=list(solution.lots)).select_related("donor")}
    explainer = Explainer(solution)
    kept = {(pin.lot, pin.need) for pin in solution.pins}
    for rank, piece in enumerate(solution.pieces, start=1):
        need, lot = needs[int(piece.need)], lots[int(piece.lot)]
        proposal = Proposal(
            number=next_number("M", need.area, at),
            run=run,
            need=need,
            lot=lot,
            amount=piece.amount,
            origin=_origin(lot, (piece.lot, piece.need) in kept),
            rank=rank,
            explanation=explanation_of(explainer, need.pk, lot.pk),
            created_at=at,
            state=ProposalState.SUGGESTED,
            state_since=at,
        )
        known = _replace_suggestion(proposal)
        proposal.save(force_insert=True)
        if known is not None:
            _carry_overrides(known, proposal)
        record(
            "matching.suggested",
            proposal,
            by=SYSTEM,
            at=at,
            need=need.public_id,
            lot=lot.public_id,
            amount=piece.amount,
        )
    reasons = reasons_by_item(snapshot, solution)
    UnmetReason.objects.bulk_create(_unmet(run, reasons), batch_size=1000)
    Shortage.objects.bulk_create(_shortages(run, snapshot, solution, reasons), batch_size=1000)
    also = {
        "inputs_hash": solution.inputs_hash,
        "certificate": certificate_json(solution),
        "figures": figures_of(solution),
        "excluded": [[problem.kind, problem.id, problem.reason] for problem in solution.excluded],
        "finished_at": at,
    }
    return move(run, RunState.CERTIFIED, by=SYSTEM, at=at, also=also, pieces=len(solution.pieces))


def _origin(lot: Lot, kept: bool) -> Origin:
    if lot.restricted_ref:
        return Origin.DONOR
    return Origin.WORKER if kept else Origin.RUN


@transaction.atomic
def expire_suggestions(*, prefix: str, by: Actor, at: datetime) -> int:
    """Suggestions nobody decided give way to a newer run; those of donors and those under question stay."""
    asked = Override.objects.waiting().filter(proposal=OuterRef("pk"))
    old = Proposal.objects.filter(
        ~Exists(asked), state=ProposalState.SUGGESTED, need__area__startswith=prefix
    ).exclude(origin=Origin.DONOR)
    expired = [move(proposal, ProposalState.EXPIRED, by=by, at=at) for proposal in old.order_by("pk")]
    return len(expired)


def _replace_suggestion(proposal: Proposal) -> Proposal | None:
    """A suggestion for the pair that stayed is already there: the run's confirms it and takes its place."""
    known: Proposal | None = Proposal.objects.filter(
        need=proposal.need, lot=proposal.lot, state=ProposalState.SUGGESTED
    ).first()
    if known is None:
        return None
    proposal.origin = known.origin
    return move(known, ProposalState.EXPIRED, by=SYSTEM, at=proposal.created_at)


def _carry_overrides(known: Proposal, proposal: Proposal) -> None:
    """What a supervisor was asked stays asked, with the amount that was asked for."""
    for override in lock_all(known.overrides.waiting()):
        override.proposal = proposal
        override.save(update_fields=["proposal"])
        at = proposal.created_at
        record("matching.override.carried", override, by=SYSTEM, at=at, proposal=proposal.public_id)
        note_decider(proposal=proposal, project=override.project, by=override.asked_by, at=at)


def reasons_by_item(snapshot: Snapshot, solution: Solution) -> dict[int, Unmet]:
    """The engine's reasons; among tied items the survivors are counted again over the lots of the need's own item."""
    reasons = {int(need): unmet for need, unmet in solution.reasons.items()}
    tied = [
        need
        for need, unmet in reasons.items()
        if isinstance(solution.needs[need].item, str) and unmet.kind.value == UnmetKind.NO_LOT
    ]
    if not tied:
        return reasons
    ledger = open_ledger(solution.needs.values(), solution.pins, solution.bans, solution.held)
    tables: dict[int, LotTable] = {}
    for need in tied:
        item = snapshot.item_of_need[need]
        if item not in tables:
            own = [row for row in solution.lots.values() if item in snapshot.items_of_lot[int(row.id)]]
            tables[item] = LotTable(own, ledger, solution.on)
        counted = survivors(tables[item], solution.needs[need])
        before = reasons[need]
        reasons[need] = Unmet(before.kind, before.missing, counted, counted[-1][0], before.indivisible)
    return reasons


def _unmet(run: Run, reasons: dict[int, Unmet]) -> list[UnmetReason]:
    return [
        UnmetReason(
            run=run,
            need_id=need,
            missing=unmet.missing,
            kind=unmet.kind.value,
            blocker=unmet.blocker,
            detail={"survivors": [list(pair) for pair in unmet.survivors], "indivisible": unmet.indivisible},
        )
        for need, unmet in reasons.items()
    ]


def _shortages(run: Run, snapshot: Snapshot, solution: Solution, reasons: dict[int, Unmet]) -> list[Shortage]:
    """Missing units by the need's own item, county and severity."""
    units: dict[tuple[int, str, int], list[int]] = defaultdict(lambda: [0, 0])
    for need, unmet in reasons.items():
        row = solution.needs[need]
        entry = units[snapshot.item_of_need[need], row.region[:SHORTAGE_PREFIX], row.severity]
        entry[0] += unmet.missing
        entry[1] += 1
    return [
        Shortage(run=run, item_id=item, area=area, severity=severity, missing=missing, needs=needs)
        for (item, area, severity), (missing, needs) in sorted(units.items())
    ]


def certificate_json(solution: Solution) -> dict[str, Any]:
    """The proofs per item and band, as plain data."""
    proofs = solution.certificate.proofs
    names = ("item", "band", "asked", "served", "served_above", "bound_above", "proof")
    return {
        "optimal": solution.certificate.optimal,
        "proofs": [{name: getattr(proof, name) for name in names} for proof in proofs],
    }


def figures_of(solution: Solution) -> dict[str, Any]:
    """How many needs took part, how many units each severity got of what it asked for."""
    return {
        "needs": len(solution.needs),
        "lots": len(solution.lots),
        "pieces": len(solution.pieces),
        "asked": {str(band): units for band, units in solution.asked.items()},
        "served": {str(band): units for band, units in solution.served.items()},
        "unmet": len(solution.reasons),
        "excluded": len(solution.excluded),
    }
