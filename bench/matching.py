"""The matching engine beside its peers, in one run: OR-Tools min-cost flow on explicit pairs, and greedy.

Synthetic needs (N) and lots (N / 10), supply 75 % of demand. "local": lots bound to a prefecture, a county or a
village; "mixed": 3 % national and 12 % provincial lots besides. 832 counties at a million needs.
"""

import datetime as dt
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from matching.engine import LotRow, NeedRow, check, solve

ON = dt.date(2026, 11, 23)
ITEMS = 12
GROUPS = ("elderly", "children", "disabled", "single_parent", "student", "patient")
COUNTIES_PER_MILLION = 832
WEIGHT = (0, 1, 10, 100, 1_000, 10_000)


def generate(kind: str, size: int, seed: int = 1) -> tuple[list[NeedRow], list[LotRow]]:
    """A national-shaped instance: counties in prefectures in provinces, villages in townships, all fictional codes."""
    random = np.random.default_rng(seed)
    counties = max(2, size * COUNTIES_PER_MILLION // 1_000_000)
    county = [
        f"{10 + index // 38:02d}{index // 6 % 7 + 1:02d}{index % 6 + 1:02d}" for index in range(counties)
    ]
    villages = [
        f"{county[c]}{t:03d}{v:03d}" for c in range(counties) for t in range(1, 11) for v in range(1, 16)
    ]
    groups = [
        frozenset(random.choice(GROUPS, random.integers(0, 3), replace=False).tolist()) for _ in range(64)
    ]
    place, amount = random.integers(0, len(villages), size), random.integers(1, 11, size)
    severity = random.choice([1, 2, 3, 4, 5], size, p=[0.3, 0.25, 0.2, 0.15, 0.1])
    item, group, waited = (
        random.integers(0, ITEMS, size),
        random.integers(0, 64, size),
        random.integers(0, 365, size),
    )
    needs = [
        NeedRow(
            id=index,
            item=int(item[index]),
            region=villages[place[index]],
            severity=int(severity[index]),
            amount=int(amount[index]),
            waiting_since=ON - dt.timedelta(days=int(waited[index])),
            earliest=ON,
            latest=ON + dt.timedelta(days=90),
            groups=groups[group[index]],
        )
        for index in range(size)
    ]
    return needs, _lots(kind, random, villages, size // 10, int(amount.sum() * 3 // 4))


def _lots(
    kind: str, random: np.random.Generator, villages: list[str], size: int, supply: int
) -> list[LotRow]:
    lengths = [0, 2, 4, 6, 12]
    shares = {"local": [0.0, 0.0, 0.3, 0.5, 0.2], "mixed": [0.03, 0.12, 0.25, 0.42, 0.18]}[kind]
    length, place = random.choice(lengths, size, p=shares), random.integers(0, len(villages), size)
    borders = np.sort(random.integers(0, supply + 1, size - 1))
    quantity = np.diff(np.concatenate([[0], borders, [supply]]))
    narrow, item = random.random(size) < 0.4, random.integers(0, ITEMS, size)
    floor = random.choice([1, 2, 3], size, p=[0.7, 0.2, 0.1])
    days = random.integers(5, 365, size)
    return [
        LotRow(
            id=index,
            item=int(item[index]),
            quantity=max(1, int(quantity[index])),
            region_prefix=villages[place[index]][: length[index]],
            groups=frozenset([GROUPS[index % len(GROUPS)]]) if narrow[index] else frozenset(),
            min_severity=int(floor[index]),
            start=ON,
            until=ON + dt.timedelta(days=int(days[index])),
        )
        for index in range(size)
    ]


def eligible_lots(needs: list[NeedRow], lots: list[LotRow]) -> list[list[int]]:
    """For each need, the lots that may serve it: what both peers are given for free."""
    at: dict[tuple[Any, str], list[int]] = defaultdict(list)
    for index, lot in enumerate(lots):
        at[lot.item, lot.region_prefix].append(index)
    found = []
    for need in needs:
        near = [lot for cut in (12, 6, 4, 2, 0) for lot in at.get((need.item, need.region[:cut]), ())]
        found.append(
            [
                lot
                for lot in near
                if need.severity >= lots[lot].min_severity
                and (not lots[lot].groups or lots[lot].groups & need.groups)
            ]
        )
    return found


def min_cost_flow(needs: list[NeedRow], lots: list[LotRow], eligible: list[list[int]]) -> int:
    """OR-Tools on explicit pairs: the most severity-weighted coverage (weights ten apart). Returns the weighted sum."""
    count = np.array([len(row) for row in eligible])
    tail = (
        np.concatenate([np.array(row, np.int64) for row in eligible])
        if count.sum()
        else np.zeros(0, np.int64)
    )
    need_node = len(lots) + np.arange(len(needs))
    source, sink = len(lots) + len(needs), len(lots) + len(needs) + 1
    quantity = np.array([lot.quantity for lot in lots], np.int64)
    amount = np.array([need.amount for need in needs], np.int64)
    weight = np.array([WEIGHT[need.severity] for need in needs], np.int64)
    solver = SimpleMinCostFlow()
    all_to = np.full(len(needs), sink)
    from_all = np.full(len(lots), source)
    none = np.zeros(0, np.int64)
    for tails, heads, room, cost in (
        (tail, np.repeat(need_node, count), np.repeat(amount, count), none),
        (from_all, np.arange(len(lots)), quantity, none),
        (need_node, all_to, amount, -weight),
    ):
        prices = cost if cost.size else np.zeros(tails.size, np.int64)
        solver.add_arcs_with_capacity_and_unit_cost(tails, heads, room, prices)
    most = min(int(quantity.sum()), int(amount.sum()))
    solver.add_arc_with_capacity_and_unit_cost(source, sink, most, 0)
    solver.set_node_supply(source, most)
    solver.set_node_supply(sink, -most)
    if solver.solve() != SimpleMinCostFlow.OPTIMAL:
        raise SystemExit("the peer found no optimum")
    return -int(solver.optimal_cost())


def greedy(needs: list[NeedRow], lots: list[LotRow], eligible: list[list[int]]) -> int:
    """Most severe first, narrowest lot first. Returns the weighted sum."""
    left = [lot.quantity for lot in lots]
    total = 0
    for index in sorted(range(len(needs)), key=lambda n: (-needs[n].severity, needs[n].waiting_since)):
        open_amount = needs[index].amount
        for lot in eligible[index]:
            take = min(open_amount, left[lot])
            left[lot] -= take
            open_amount -= take
            total += take * WEIGHT[needs[index].severity]
            if not open_amount:
                break
    return total


def run(size: int = 10_000) -> list[dict[str, object]]:
    """Local and mixed instances, each beside both peers."""
    return [row for kind in ("local", "mixed") for row in compare(kind, size)]


def compare(kind: str, size: int) -> Iterator[dict[str, object]]:
    """One line for each peer. The coverage ratio against the exact peer must be 1, and the check must pass."""
    needs, lots = generate(kind, size)
    solution, seconds, peak = _measured(lambda: solve(needs, lots, on=ON))
    weighted = sum(units * WEIGHT[band] for band, units in solution.served.items())
    served_needs = len({piece.need for piece in solution.pieces})
    _, check_seconds, _ = _measured(lambda: check(solution, needs, lots, on=ON))
    eligible = eligible_lots(needs, lots)
    for peer in (min_cost_flow, greedy):
        reached, peer_seconds, _ = _measured(partial(peer, needs, lots, eligible))
        yield {
            "name": f"matching.{kind}",
            "n": size,
            "seconds": round(seconds, 3),
            "peer": peer.__name__,
            "peer_seconds": round(peer_seconds, 3),
            "ratio": round(peer_seconds / seconds, 3),
            "peak_mb": round(peak),
            "coverage_ratio": round(weighted / max(1, reached), 6),
            "optimal": solution.certificate.optimal,
            "lots_per_need": round(len(solution.pieces) / max(1, served_needs), 3),
            "check_seconds": round(check_seconds, 3),
        }


def _measured(act: Callable[[], Any]) -> tuple[Any, float, float]:
    """Result, seconds, and the most resident megabytes above the start, sampled from the outside."""
    before = _resident()
    samples, stop = [before], threading.Event()

    def sample() -> None:
        while not stop.wait(0.02):
            samples.append(_resident())

    watcher = threading.Thread(target=sample, daemon=True)
    watcher.start()
    started = time.perf_counter()
    result = act()
    seconds = time.perf_counter() - started
    stop.set()
    watcher.join()
    return result, seconds, max(samples) - before


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 2**20
