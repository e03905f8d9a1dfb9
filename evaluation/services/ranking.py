"""Boards of donors from the ledger alone; a supervisor puts them into force (domain §11.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import User
from accounts.rules import refuse_own_employer, refuse_unless_by_rule
from common.actors import Actor
from common.exceptions import Refused
from common.locking import lock
from common.recording import record
from common.states import move
from donors.enums import DonorKind
from donors.formulas import Contribution, ContributionScore, Stars, contribution_score, rank, star_level
from donors.formulas import DonorKind as FormulaKind
from donors.formulas import Policy as DonorPolicy
from donors.models import Donor
from donors.services import set_donor_standing
from evaluation.enums import RankingState
from evaluation.hashing import digest
from evaluation.models import Ranking, RankingRow
from evaluation.queries import parameters_of, policy_on
from evaluation.queries.contributions import contributions
from evaluation.rules import refuse_unless_worker
from jobs.models import Job
from jobs.services import enqueue


@dataclass(frozen=True)
class Board:
    """One kind of donor, scored."""

    kind: str
    rows: list[RankingRow]
    hashed: str
    ledger_rows: int


@transaction.atomic
def start_ranking(*, as_of: date, by: Actor, at: datetime) -> Job:
    """Ask for the boards of a day; one live job for a day and a policy version."""
    refuse_unless_worker(by)
    policy = policy_on(as_of)
    return enqueue(
        "evaluation.rank",
        key=f"evaluation.rank:{as_of.isoformat()}:{policy.version}",
        by=by,
        at=at,
        params={"as_of": as_of.isoformat()},
    )


@transaction.atomic
def compute_rankings(*, as_of: date, by: Actor, at: datetime) -> dict[str, Any]:
    """Write a draft board for each kind of donor; a second run changes nothing unless the ledger of the day did."""
    refuse_unless_by_rule(by)
    policy = policy_on(as_of)
    found, read = contributions(as_of)
    boards = _boards(found, as_of, parameters_of(policy).donors)
    known = {
        ranking.board: ranking
        for ranking in Ranking.objects.filter(as_of=as_of, policy=policy).exclude(
            state=RankingState.SET_ASIDE
        )
    }
    new = changed = 0
    for board in boards:
        ranking = known.get(board.kind)
        if ranking is None:
            _write(Ranking(board=board.kind, policy=policy, as_of=as_of), board, at)
            new += 1
        elif ranking.state == RankingState.DRAFT and ranking.inputs_hash != board.hashed:
            ranking.rows.all().delete()
            _write(ranking, board, at)
            changed += 1
    done = {"as_of": as_of.isoformat(), "policy": policy.version, "ledger_rows": read, "boards": len(boards),
            "new": new, "changed": changed, "inputs_hash": digest([board.hashed for board in boards])}  # fmt: skip
    record("evaluation.rankings_computed", policy, by=by, at=at, **done)
    return done


def _boards(found: dict[int, list[Contribution]], as_of: date, policy: DonorPolicy) -> list[Board]:
    donors = {donor.pk: donor for donor in Donor.objects.filter(pk__in=found)}
    earlier = _earlier_stars(as_of)
    boards = []
    for kind in DonorKind.values:
        ours = {pk: found[pk] for pk, donor in donors.items() if donor.kind == kind}
        scores = {
            donors[pk].public_id: contribution_score(rows, as_of=as_of, policy=policy)
            for pk, rows in ours.items()
        }
        by_ref = {donors[pk].public_id: donors[pk] for pk in ours}
        given = {donors[pk].public_id: _received(rows) for pk, rows in ours.items()}
        rows = [
            _row(place, by_ref[ref], score, given[ref], earlier.get(by_ref[ref].pk, Stars()), policy)
            for place, ref, score in rank(scores)
        ]
        if rows:
            plain = sorted(
                [donors[pk].public_id, one.ref, one.kind, one.stage, one.value, one.on.isoformat()]
                for pk, list_of in ours.items()
                for one in list_of
            )
            count = sum(len(list_of) for list_of in ours.values())
            boards.append(Board(kind=str(kind), rows=rows, hashed=digest(plain), ledger_rows=count))
    return boards


def _row(
    place: int,
    donor: Donor,
    score: ContributionScore,
    given: list[Contribution],
    before: Stars,
    policy: DonorPolicy,
) -> RankingRow:
    kind = cast(FormulaKind, donor.kind)
    valued = [one.value for one in given if one.value is not None]
    stars = star_level(score, donor_kind=kind, previous=before, policy=policy)
    return RankingRow(
        donor=donor,
        place=place,
        score=score.score,
        stars=stars.level,
        periods_below=stars.periods_below,
        contributions=score.delivered,
        value=sum(valued) if valued else None,
        unvalued=len(given) - len(valued),
    )


def _received(rows: list[Contribution]) -> list[Contribution]:
    return [row for row in rows if row.stage != "breached"]


def _earlier_stars(as_of: date) -> dict[int, Stars]:
    """Stars and periods below of the last board of an earlier day that was put into force."""
    rows = RankingRow.objects.filter(
        ranking__state__in=[RankingState.EFFECTIVE, RankingState.SUPERSEDED], ranking__as_of__lt=as_of
    ).order_by("ranking__as_of", "pk")
    return {
        donor: Stars(level, below)
        for donor, level, below in rows.values_list("donor_id", "stars", "periods_below")
    }


def _write(ranking: Ranking, board: Board, at: datetime) -> None:
    ranking.ledger_rows, ranking.inputs_hash, ranking.computed_at = board.ledger_rows, board.hashed, at
    if ranking._state.adding:
        ranking.state, ranking.state_since = RankingState.DRAFT, at
    ranking.save()
    for row in board.rows:
        row.ranking = ranking
    RankingRow.objects.bulk_create(board.rows, batch_size=500)


@transaction.atomic
def approve_ranking(*, ranking: Ranking, by: User, at: datetime) -> Ranking:
    """Into force, by a supervisor whose employer is not on the board; each donor's stars and score follow."""
    ranking = lock(ranking)
    _refuse_unfit(ranking, by)
    newer = Ranking.objects.filter(board=ranking.board, state=RankingState.EFFECTIVE, as_of__gt=ranking.as_of)
    if newer.exists():
        raise Refused("older_ranking", _("A board of a later day is in force. Set this one aside."))
    for earlier in Ranking.objects.filter(board=ranking.board, state=RankingState.EFFECTIVE):
        move(lock(earlier), RankingState.SUPERSEDED, by=by, at=at)
    ranking = move(
        ranking, RankingState.EFFECTIVE, by=by, at=at, also={"approved_by": by}, board=ranking.board
    )
    for row in ranking.rows.select_related("donor").order_by("donor_id"):
        set_donor_standing(donor=row.donor, star=row.stars, score=row.score, since=at, by=by, at=at)
    return ranking


@transaction.atomic
def set_ranking_aside(*, ranking: Ranking, reason: str, by: User, at: datetime) -> Ranking:
    """Not put into force, with the reason."""
    ranking = lock(ranking)
    _refuse_unfit(ranking, by)
    if not reason.strip():
        raise Refused("reason_missing", _("Say why this board is set aside."), field="reason")
    return move(ranking, RankingState.SET_ASIDE, by=by, at=at, reason="set_aside")


def may_decide_ranking(ranking: Ranking, by: User) -> bool:
    """Whether the desk offers somebody to put a board into force or aside."""
    try:
        _refuse_unfit(ranking, by)
    except Refused:
        return False
    return True


def _refuse_unfit(ranking: Ranking, by: User) -> None:
    seat = getattr(by, "seat", None)
    if seat is None or seat.role != Role.SUPERVISOR:
        raise Refused("supervisors_only", _("A supervisor does this step."))
    organisations = ranking.rows.values_list("donor__organisation_id", flat=True)
    refuse_own_employer(by=by, organisation_ids=set(organisations))
