"""A run: frozen snapshot, phased max-flow, independent check, suggestions that reserve nothing."""

from __future__ import annotations

from collections.abc import Generator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import User
from common import clock
from common.actors import SYSTEM, Actor
from common.clock import day_of
from common.exceptions import Refused
from common.locking import lock
from common.numbering import next_number
from common.recording import record
from common.states import move
from donors.models import Lot
from households.models import Need
from jobs.models import Job
from jobs.registry import Step, handler
from jobs.services import enqueue
from matching.engine import CheckFailed, Solution, check, solve
from matching.engine.explain import Explainer
from matching.enums import Origin, ProposalState, RunState
from matching.explaining import explanation_of
from matching.models import Proposal, Run, Shortage, UnmetReason
from matching.snapshot import Snapshot, take_snapshot


@transaction.atomic
def start_run(*, prefix: str, by: Actor, at: datetime, listed: bool = True) -> Run:
    """Ask for a run over an area; one at a time per area."""
    if isinstance(by, User) and (
        by.seat is None
        or by.seat.role not in {Role.SOCIAL_WORKER, Role.SUPERVISOR}
        or not by.seat.covers(prefix)
    ):
        raise Refused("not_your_area", _("Matching runs are started by the workers of the area."))
    busy = Run.objects.filter(prefix=prefix, state__in=[RunState.QUEUED, RunState.RUNNING]).first()
    if busy is not None:
        return busy
    run = Run(
        prefix=prefix,
        on=day_of(at),
        started_by=by.actor_ref,
        created_at=at,
        listed=listed,
        state=RunState.QUEUED,
        state_since=at,
    )
    run.save(force_insert=True)
    record("matching.run_asked", run, by=by, at=at, prefix=prefix)
    enqueue("matching.run", key=f"matching.run:{run.public_id}", params={"run": run.public_id}, by=by, at=at)
    return run


@transaction.atomic
def cancel_run(*, run: Run, by: User, at: datetime) -> Run:
    """Stop a run that is not finished; nothing of it is kept."""
    return move(lock(run), RunState.CANCELLED, by=by, at=at)


@handler("matching.run", lease=600)
def perform_run(job: Job) -> Generator[Step, None, dict[str, Any]]:
    """Compute, check, and only then store: a run whose check fails is refused and shows nothing."""
    run = lock(Run.objects.get(public_id=job.params["run"]))
    if run.state == RunState.CANCELLED:
        return {"run": run.public_id}
    at = clock.now()
    if run.state == RunState.QUEUED:
        move(run, RunState.RUNNING, by=SYSTEM, at=at)
    yield Step(done=1, total=3)
    snapshot = take_snapshot(prefix=run.prefix, on=run.on, listed=run.listed)
    solution = solve(snapshot.needs, snapshot.lots, pins=snapshot.pins, bans=snapshot.bans, on=snapshot.on)
    try:
        check(solution, snapshot.needs, snapshot.lots, pins=snapshot.pins, bans=snapshot.bans, on=snapshot.on)
    except CheckFailed as failure:
        figures = {"check": str(failure)}
        move(
            run,
            RunState.REFUSED,
            by=SYSTEM,
            at=clock.now(),
            also={"figures": figures, "finished_at": clock.now()},
        )
        return {"run": run.public_id, "refused": str(failure)}
    yield Step(done=2, total=3)
    store_solution(run=lock(run), snapshot=snapshot, solution=solution, at=clock.now())
    return {"run": run.public_id, "pieces": len(solution.pieces)}


@transaction.atomic
def store_solution(*, run: Run, snapshot: Snapshot, solution: Solution, at: datetime) -> Run:
    """Suggestions, a reason for every unmet need, shortages, certificate: earlier suggestions of the area give way."""
    expire_suggestions(prefix=run.prefix, by=SYSTEM, at=at)
    needs = {
        need.pk: need for need in Need.objects.filter(pk__in=list(solution.needs)).select_related("item")
    }
    lots = {lot.pk: lot for lot in Lot.objects.filter(pk__in=list(solution.lots)).select_related("donor")}
    explainer = Explainer(solution)
    for rank, piece in enumerate(solution.pieces, start=1):
        need, lot = needs[int(piece.need)], lots[int(piece.lot)]
        proposal = Proposal(
            number=next_number("M", need.area, at),
            run=run,
            need=need,
            lot=lot,
            amount=piece.amount,
            origin=Origin.DONOR if lot.restricted_ref else Origin.RUN,
            rank=rank,
            explanation=explanation_of(explainer, need.pk, lot.pk),
            created_at=at,
            state=ProposalState.SUGGESTED,
            state_since=at,
        )
        _replace_donor_suggestion(proposal)
        proposal.save(force_insert=True)
        record(
            "matching.suggested",
            proposal,
            by=SYSTEM,
            at=at,
            need=need.public_id,
            lot=lot.public_id,
            amount=piece.amount,
        )
    UnmetReason.objects.bulk_create(_unmet(run, solution), batch_size=1000)
    Shortage.objects.bulk_create(_shortages(run, solution), batch_size=1000)
    also = {
        "inputs_hash": solution.inputs_hash,
        "certificate": certificate_json(solution),
        "figures": figures_of(solution),
        "excluded": [[problem.kind, problem.id, problem.reason] for problem in solution.excluded],
        "finished_at": at,
    }
    return move(run, RunState.CERTIFIED, by=SYSTEM, at=at, also=also, pieces=len(solution.pieces))


@transaction.atomic
def expire_suggestions(*, prefix: str, by: Actor, at: datetime) -> int:
    """Suggestions nobody decided give way to a newer run; those of donors stay."""
    old = Proposal.objects.filter(state=ProposalState.SUGGESTED, need__area__startswith=prefix).exclude(
        origin=Origin.DONOR
    )
    expired = [move(proposal, ProposalState.EXPIRED, by=by, at=at) for proposal in old.order_by("pk")]
    return len(expired)


def _replace_donor_suggestion(proposal: Proposal) -> None:
    """A donor's own suggestion for the pair is already there: the run's confirms it and takes its place."""
    known = Proposal.objects.filter(
        need=proposal.need, lot=proposal.lot, state__in=[ProposalState.SUGGESTED, ProposalState.PROPOSED]
    ).first()
    if known is not None:
        proposal.origin = known.origin
        move(known, ProposalState.EXPIRED, by=SYSTEM, at=proposal.created_at)


def _unmet(run: Run, solution: Solution) -> list[UnmetReason]:
    return [
        UnmetReason(
            run=run,
            need_id=int(need),
            missing=unmet.missing,
            kind=unmet.kind.value,
            blocker=unmet.blocker,
            detail={"survivors": [list(pair) for pair in unmet.survivors], "indivisible": unmet.indivisible},
        )
        for need, unmet in solution.reasons.items()
    ]


def _shortages(run: Run, solution: Solution) -> list[Shortage]:
    return [
        Shortage(
            run=run,
            item_id=int(row.item),
            area=row.region,
            severity=row.band,
            missing=row.missing,
            needs=row.needs,
        )
        for row in solution.shortages
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
