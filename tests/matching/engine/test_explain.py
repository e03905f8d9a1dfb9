"""What the desk is told about one need."""

import datetime as dt
from time import perf_counter

import pytest

from bench.matching import generate
from matching.engine import LotRow, NeedRow, explain, solve
from matching.engine.explain import Explainer

from .instances import TODAY


def need(key, amount, severity, waiting=0, **values):
    since = TODAY - dt.timedelta(days=waiting)
    return NeedRow(
        id=key,
        item="quilt",
        region="990101001001",
        severity=severity,
        amount=amount,
        waiting_since=since,
        **values,
    )


NEEDS = [need("old", 6, 4, waiting=9), need("new", 6, 4), need("mild", 3, 1)]
LOTS = [
    LotRow(id="county", item="quilt", quantity=8, region_prefix="990101"),
    LotRow(id="wide", item="quilt", quantity=3),
    LotRow(id="elsewhere", item="quilt", quantity=5, region_prefix="98"),
    LotRow(id="two reasons", item="quilt", quantity=5, region_prefix="98", min_severity=5),
]


def test_explanation_ranks_and_compares():
    told = explain(solve(NEEDS, LOTS, on=TODAY), "new")
    assert (told.rank, told.peers, told.served) == (2, 2, 5)
    assert {candidate.lot for candidate in told.matched} | {candidate.lot for candidate in told.next} == {
        "county",
        "wide",
    }
    region = told.matched[0].comparisons[1]
    assert (region.condition, region.need, region.holds) == ("region", "990101001001", True)


def test_explanation_names_holders_and_what_relaxing_would_add():
    told = explain(solve(NEEDS, LOTS, on=TODAY), "mild")
    assert told.served == 0
    assert told.unmet is not None
    assert told.unmet.missing == 3
    assert {holder for candidate in told.next for holder, _ in candidate.holders} == {"old", "new"}
    assert told.relaxing == (("region", ("elsewhere",)),)


def test_explanation_of_an_unknown_need_is_refused():
    with pytest.raises(KeyError):
        explain(solve(NEEDS, LOTS, on=TODAY), "nobody")


def test_explanation_of_one_need_takes_milliseconds():
    needs, lots = generate("mixed", 5_000)
    explainer = Explainer(solve(needs, lots, on=TODAY))
    times = []
    for row in needs[:100]:
        started = perf_counter()
        explainer.explain(row.id)
        times.append(perf_counter() - started)
    assert sorted(times)[94] < 0.05
