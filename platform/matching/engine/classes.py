"""Classes: the needs of one item that no hub can tell apart; needs that some lot must treat on its own stand alone."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .columns import combine, first_days, last_days
from .eligibility import LotTable, household_of
from .flow import Flags, Ints
from .hubs import Hubs
from .rows import Key, NeedRow


@dataclass(frozen=True, slots=True)
class Classes:
    """Each need's class (-1: wants nothing more), and per class one member with the values that decide eligibility."""

    of: Ints
    first: Ints
    single: Flags
    prefix: Ints
    household_total: Ints
    group_sets: list[frozenset[str]]
    groups: Ints
    severity: Ints
    latest: Ints
    earliest: Ints
    reachable: Flags
    public_measure: Flags

    def accepts(self, condition: int, hubs: Hubs) -> Flags:
        """Which classes meet a hub condition; needs that stand alone are joined one by one instead."""
        wanted = hubs.group_set[condition]
        fits = np.array([not wanted or bool(wanted & groups) for groups in self.group_sets], np.bool_)
        accepted: Flags = (
            self.reachable
            & ~self.single
            & fits[self.groups]
            & (self.severity >= hubs.min_severity[condition])
            & (self.latest >= hubs.begins[condition])
            & (self.earliest < hubs.ends[condition])
            & ~(self.public_measure & hubs.public[condition])
        )
        return accepted


def classify(needs: Sequence[NeedRow], open_amounts: Ints, table: LotTable, hubs: Hubs) -> Classes:
    """Group the needs that still want something by everything a hub looks at."""
    active = np.flatnonzero(open_amounts > 0)
    rows = [needs[index] for index in active.tolist()]
    prefix = np.array([table.deepest_prefix(need.region) for need in rows], np.int64)
    group_number: dict[frozenset[str], int] = {}
    groups = np.array([group_number.setdefault(need.groups, len(group_number)) for need in rows], np.int64)
    severity = np.array([need.severity for need in rows], np.int64)
    from_day, to_day = np.maximum(first_days(rows), table.on), last_days(rows)
    latest = np.searchsorted(hubs.latest_known, to_day)
    earliest = np.searchsorted(hubs.earliest_known, from_day)
    consent = np.array([need.consent for need in rows], np.bool_)
    reachable = consent & (from_day <= to_day)
    public_measure = np.array([need.public_measure for need in rows], np.bool_)
    totals = _household_totals(needs)
    household_total = np.array([totals[household_of(need)] for need in rows], np.int64)
    single = _stand_alone(rows, household_total, table)
    begins, ends = np.unique(hubs.begins), np.unique(hubs.ends)
    alone = np.where(single, np.arange(1, active.size + 1), 0)
    keys = combine(
        [
            prefix,
            groups,
            severity,
            np.searchsorted(begins, latest, "right"),
            np.searchsorted(ends, earliest, "right"),
            reachable.astype(np.int64),
            public_measure.astype(np.int64),
            alone,
        ]
    )
    _, first, member = np.unique(keys, return_index=True, return_inverse=True)
    of = np.full(len(needs), -1, np.int64)
    of[active] = member
    return Classes(
        of=of,
        first=active[first],
        single=single[first],
        prefix=prefix[first],
        household_total=household_total[first],
        group_sets=list(group_number),
        groups=groups[first],
        severity=severity[first],
        latest=latest[first],
        earliest=earliest[first],
        reachable=reachable[first],
        public_measure=public_measure[first],
    )


def _household_totals(needs: Sequence[NeedRow]) -> dict[tuple[str, Key], int]:
    totals: dict[tuple[str, Key], int] = defaultdict(int)
    for need in needs:
        totals[household_of(need)] += need.amount
    return totals


def _stand_alone(needs: Sequence[NeedRow], household_total: Ints, table: LotTable) -> Flags:
    """A cap that can bind, something had before, a ban, a tie, a reserved or indivisible lot: the need stands alone."""
    if (table.smallest > 1).any():
        return np.ones(len(needs), np.bool_)
    reserved_for = {lot.restricted_to_need for lot in table.lots if lot.restricted_to_need is not None}
    donors = {lot.donor for lot in table.lots if lot.donor is not None}
    odd = np.array(
        [
            need.id in reserved_for
            or not donors.isdisjoint(need.donors_related)
            or any(lot in table.index for lot in table.ledger.banned.get(need.id, ()))
            or any(lot in table.index for lot in table.ledger.had.get(household_of(need), ()))
            for need in needs
        ],
        np.bool_,
    )
    return odd | (household_total > int(table.cap.min(initial=np.iinfo(np.int64).max)))
