"""Suspicions become groups of files, and people say which of them are another household."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.enums import Duty, Role
from accounts.models import User
from accounts.services import register_involvement
from common.actors import Actor
from common.clock import day_of
from common.exceptions import Refused
from common.locking import lock
from common.recording import record
from common.states import move
from households.enums import VisitKind, VisitState
from households.models import DuplicateCluster, DuplicateFile, Household
from households.models.duplicate import DuplicateState, Verdict
from households.queries.suspicions import Suspicion, near_people
from households.rules import refuse_unless_case_role
from households.services.visits import open_visit_task
from jobs.models import Job
from jobs.services import enqueue
from reference.queries import add_working_days

FIND = "households.find_duplicates"
VISIT_DAYS = 10


@transaction.atomic
def begin_search(*, by: User, at: datetime) -> Job:
    """A supervisor has the own area looked through; one search of an area runs at a time."""
    seat = by.seat
    if seat is None or seat.role != Role.SUPERVISOR:
        raise Refused("supervisor_needed", _("A supervisor of the area starts this search."))
    return enqueue(FIND, key=f"{FIND}:{seat.prefix}", params={"area": seat.prefix}, by=by, at=at)


@transaction.atomic
def keep_suspicions(*, found: Sequence[Suspicion], by: Actor, at: datetime) -> dict[str, int]:
    """What was found becomes groups of files: a new one, or more of one that waits; the same again changes nothing.

    Two people of whom it was decided that their files are different are not asked about again while every field of
    them agrees as it did then.
    """
    decided = _decided({home for one in found for home in one.homes})
    left = [one for one in found if decided.get(one.pair) != one.agree]
    counts = {"opened": 0, "grown": 0}
    for homes, pairs in _connected(left):
        waiting = _waiting(homes)
        if not waiting:
            _open(homes, pairs, by, at)
            counts["opened"] += 1
        else:
            counts["grown"] += _grow(waiting, homes, pairs, by, at)
    return counts


def suspect_at_intake(*, household: Household, by: Actor, at: datetime) -> None:
    """A new file is held against its village at once; another search at this very moment keeps what it found itself."""
    found = near_people(household, list(household.members.filter(live=True).order_by("pk")))
    try:
        with transaction.atomic():
            keep_suspicions(found=found, by=by, at=at)
    except IntegrityError:
        return  # the next search of the area finds it again


@transaction.atomic
def decide_files(
    *,
    cluster: DuplicateCluster,
    version: int,
    verdicts: Mapping[str, str],
    reason: str,
    by: User,
    at: datetime,
) -> DuplicateCluster:
    """A worker says of files of the group that they are other households, or that a visit must show it.

    Who may not open every file of the group leaves it to a supervisor over all its places. A group with at most one
    file left is settled.
    """
    cluster = lock(cluster)
    files = list(cluster.files.filter(open=True).select_related("household").order_by("pk"))
    refuse_unless_as_seen(cluster, version)
    refuse_unless_over_all(files, by)
    if not reason.strip():
        raise Refused("reason_missing", _("Write down what you saw, in a sentence."), field="reason")
    said = [(file, verdicts[file.public_id]) for file in files if verdicts.get(file.public_id)]
    if not said:
        raise Refused("nothing_decided", _("Say of at least one file what it is."))
    for file, verdict in said:
        register_involvement(file=file.household, duty=Duty.HANDLER, by=by, at=at)
        file.verdict, file.reason, file.decided_by, file.decided_at = verdict, reason.strip(), by, at
        file.open = verdict != Verdict.DIFFERENT
        file.save(update_fields=["verdict", "reason", "decided_by", "decided_at", "open"])
        record(
            "duplicate.decided", cluster, by=by, at=at, household=file.household.public_id, verdict=verdict
        )
        if verdict == Verdict.VISIT:
            _plan_visit(cluster, file, by, at)
    return settle_if_over(cluster, by=by, at=at)


def refuse_unless_as_seen(cluster: DuplicateCluster, version: int) -> None:
    """A decision is about the group as it stood on the page."""
    if cluster.state != DuplicateState.OPEN:
        raise Refused("settled_already", _("This group is settled already. Reload the page to see how."))
    if cluster.version != version:
        raise Refused(
            "group_changed", _("The group has changed since you opened it. Open the page anew, then decide.")
        )


def refuse_unless_over_all(files: Iterable[DuplicateFile], by: User) -> None:
    """Nobody decides on a file that stays closed to the own seat."""
    homes = [file.household for file in files]
    seen = set(
        Household.objects.visible_to(by)
        .filter(pk__in=[home.pk for home in homes])
        .values_list("pk", flat=True)
    )
    if any(home.pk not in seen for home in homes):
        raise Refused(
            "file_elsewhere",
            _(
                "A file of this group is in another place or with a colleague. A supervisor who is over all of them "
                "decides."
            ),
        )
    for home in homes:
        refuse_unless_case_role(by, home)


def settle_if_over(cluster: DuplicateCluster, *, by: Actor, at: datetime) -> DuplicateCluster:
    """With one file left there is nothing to compare."""
    cluster.version += 1
    cluster.save(update_fields=["version"])
    if cluster.files.filter(open=True).count() > 1:
        return cluster
    cluster.files.filter(open=True).update(open=False)
    return move(cluster, DuplicateState.SETTLED, by=by, at=at, also={"settled_at": at})


def _plan_visit(cluster: DuplicateCluster, file: DuplicateFile, by: User, at: datetime) -> None:
    """One visit shows it; where one is planned to see the family anyway, there is no second."""
    if file.household.visits.filter(kind=VisitKind.VERIFICATION, state=VisitState.PLANNED).exists():
        return
    open_visit_task(
        household=file.household,
        kind=VisitKind.VERIFICATION,
        due=add_working_days(day_of(at), VISIT_DAYS),
        cause_ref=cluster.public_id,
        by=by,
        at=at,
    )


def _decided(homes: set[int]) -> dict[frozenset[str], dict[str, int]]:
    """Pairs of people whose files were found different, with how their fields agreed then."""
    apart = DuplicateFile.objects.filter(household_id__in=homes, verdict=Verdict.DIFFERENT)
    rows = apart.order_by("pk").values_list("household__public_id", "cluster__evidence")
    return {
        frozenset(pair["people"]): pair["agree"]
        for home, evidence in rows
        for pair in evidence
        if home in pair["homes"]
    }


def _connected(found: Iterable[Suspicion]) -> list[tuple[list[int], list[Suspicion]]]:
    """Files that hang together by pairs, with their pairs."""
    above: dict[int, int] = {}

    def top(home: int) -> int:
        while above.setdefault(home, home) != home:
            above[home] = home = above[above[home]]
        return home

    found = list(found)
    for one in found:
        first, second = sorted((top(one.homes[0]), top(one.homes[1])))
        above[second] = first
    pairs: dict[int, list[Suspicion]] = defaultdict(list)
    for one in found:
        pairs[top(one.homes[0])].append(one)
    return [
        (sorted({home for one in group for home in one.homes}), group)
        for _first, group in sorted(pairs.items())
    ]


def _waiting(homes: Iterable[int]) -> list[DuplicateCluster]:
    files = DuplicateFile.objects.filter(open=True, household_id__in=homes)
    clusters = DuplicateCluster.objects.filter(pk__in=files.values("cluster_id"))
    return list(clusters.select_for_update(of=("self",)).order_by("pk"))


def _open(homes: Sequence[int], pairs: Sequence[Suspicion], by: Actor, at: datetime) -> None:
    cluster = DuplicateCluster(
        evidence=_merged([], pairs), found_at=at, state=DuplicateState.OPEN, state_since=at
    )
    cluster.save(force_insert=True)
    DuplicateFile.objects.bulk_create(DuplicateFile(cluster=cluster, household_id=home) for home in homes)
    record("duplicate.found", cluster, by=by, at=at, files=len(homes), pairs=len(pairs))


def _grow(
    waiting: Sequence[DuplicateCluster],
    homes: Iterable[int],
    pairs: Sequence[Suspicion],
    by: Actor,
    at: datetime,
) -> bool:
    """The oldest group takes in what is new; groups that a new pair connects become one."""
    cluster, *others = waiting
    evidence = cluster.evidence
    for other in others:
        evidence = [*evidence, *other.evidence]
        standing = list(other.files.filter(open=True).values_list("household_id", flat=True))
        other.files.filter(open=True).update(open=False)
        move(other, DuplicateState.JOINED, by=by, at=at, into=cluster.public_id)
        homes = [*homes, *standing]
    inside = dict(cluster.files.values_list("household_id", "open"))
    fresh = sorted(set(homes) - set(inside))
    back = [home for home in set(homes) if inside.get(home) is False]
    merged = _merged(evidence, pairs)
    changed = bool(fresh or back) or _told(merged) != _told(cluster.evidence)
    if not changed and merged == cluster.evidence:
        return False
    cluster.evidence = merged
    cluster.version += changed
    cluster.save(update_fields=["evidence", "version"])
    cluster.files.filter(household_id__in=back).update(open=True, verdict="")
    DuplicateFile.objects.bulk_create(DuplicateFile(cluster=cluster, household_id=home) for home in fresh)
    if changed:
        record("duplicate.grown", cluster, by=by, at=at, files=len(fresh) + len(back), pairs=len(pairs))
    return changed


def _merged(evidence: list[dict[str, Any]], pairs: Iterable[Suspicion]) -> list[dict[str, Any]]:
    """One entry a pair; the newest look at it counts, and a look without a weight keeps the weight before."""
    known = {frozenset(entry["people"]): entry for entry in evidence}
    for one in pairs:
        entry, before = one.as_json(), known.get(one.pair)
        if entry["percent"] is None and before is not None:
            entry["percent"] = before["percent"]
        known[one.pair] = entry
    return sorted(known.values(), key=lambda entry: entry["people"])


def _told(evidence: list[dict[str, Any]]) -> list[tuple[Any, Any]]:
    return [(entry["people"], entry["agree"]) for entry in evidence]
