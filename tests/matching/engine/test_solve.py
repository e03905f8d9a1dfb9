"""The engine against the slow plain way, on instances small enough to try every plan."""

import datetime as dt
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings

from matching.engine import Held, InstanceError, LotRow, NeedRow, Piece, UnmetKind, check, inputs_hash, solve

from .instances import TODAY, best_coverage, instances, may, with_history


def need(key, amount, severity=3, region="990101001001", waiting=0, **values):
    since = TODAY - dt.timedelta(days=waiting)
    return NeedRow(
        id=key, item="quilt", region=region, severity=severity, amount=amount, waiting_since=since, **values
    )


def lot(key, quantity, **values):
    return LotRow(id=key, item="quilt", quantity=quantity, **values)


def received(solution):
    total: dict[int | str, int] = {}
    for piece in solution.pieces:
        total[piece.need] = total.get(piece.need, 0) + piece.amount
    return total


@settings(max_examples=300, deadline=None)
@given(instances())
def test_coverage_is_lexicographically_best(instance):
    needs, lots, pins, bans = instance
    solution = solve(needs, lots, pins=pins, bans=bans, on=TODAY)
    check(solution, needs, lots, pins=pins, bans=bans, on=TODAY)
    assert solution.served == best_coverage(needs, lots, pins, bans)
    assert {proof.proof for proof in solution.certificate.proofs} <= {"cut"}


@settings(max_examples=150, deadline=None)
@given(instances(pinned=True))
def test_coverage_beside_pins_is_best(instance):
    needs, lots, pins, bans = instance
    solution = solve(needs, lots, pins=pins, bans=bans, on=TODAY)
    check(solution, needs, lots, pins=pins, bans=bans, on=TODAY)
    assert solution.served == best_coverage(needs, lots, pins, bans)


@settings(max_examples=150, deadline=None)
@given(instances(indivisible=True, pinned=True))
def test_coverage_with_smallest_parts_is_best(instance):
    needs, lots, pins, bans = instance
    solution = solve(needs, lots, pins=pins, bans=bans, on=TODAY)
    check(solution, needs, lots, pins=pins, bans=bans, on=TODAY)
    assert solution.served == best_coverage(needs, lots, pins, bans)
    assert solution.certificate.optimal


@settings(max_examples=300, deadline=None)
@given(with_history(pinned=True))
def test_coverage_after_earlier_matches_is_best(instance):
    needs, lots, pins, bans, held = instance
    solution = solve(needs, lots, pins=pins, bans=bans, held=held, on=TODAY)
    check(solution, needs, lots, pins=pins, bans=bans, held=held, on=TODAY)
    assert solution.served == best_coverage(needs, lots, pins, bans, held)
    assert {proof.proof for proof in solution.certificate.proofs} <= {"cut"}


@settings(max_examples=150, deadline=None)
@given(with_history(indivisible=True, pinned=True))
def test_coverage_after_earlier_matches_with_smallest_parts_is_best(instance):
    needs, lots, pins, bans, held = instance
    solution = solve(needs, lots, pins=pins, bans=bans, held=held, on=TODAY)
    check(solution, needs, lots, pins=pins, bans=bans, held=held, on=TODAY)
    assert solution.served == best_coverage(needs, lots, pins, bans, held)
    assert solution.certificate.optimal


def test_what_a_household_had_before_counts_towards_the_cap():
    needs = [need("a", 3, household="h1"), need("b", 3, household="h2")]
    lots = [lot(1, 6, household_cap=3)]
    held = [Held(1, "h1", 2)]

    solution = solve(needs, lots, held=held, on=TODAY)

    check(solution, needs, lots, held=held, on=TODAY)
    assert received(solution) == {"a": 1, "b": 3}
    assert solution.reasons["a"].kind == UnmetKind.EXHAUSTED
    assert solution.inputs_hash != solve(needs, lots, on=TODAY).inputs_hash


def test_household_that_had_all_it_may_is_told_of_the_cap():
    needs, lots, held = [need("a", 3, household="h1")], [lot(1, 6, household_cap=2)], [Held(1, "h1", 2)]

    solution = solve(needs, lots, held=held, on=TODAY)

    check(solution, needs, lots, held=held, on=TODAY)
    assert solution.pieces == ()
    assert solution.reasons["a"].blocker == "household_cap"


def test_nothing_had_before_is_no_history():
    with pytest.raises(InstanceError):
        solve([need("a", 1)], [lot(1, 1)], held=[Held(1, "h1", 0)], on=TODAY)


@settings(max_examples=60, deadline=None)
@given(instances(indivisible=True))
def test_solution_does_not_depend_on_input_order(instance):
    needs, lots, pins, bans = instance
    first = solve(needs, lots, pins=pins, bans=bans, on=TODAY)
    random.Random(1).shuffle(needs)
    second = solve(needs, lots[::-1], pins=pins, bans=sorted(bans, reverse=True), on=TODAY)
    assert first == second
    assert first.inputs_hash == second.inputs_hash


def test_inputs_hash_changes_with_every_value():
    base = inputs_hash([need("a", 5)], [lot(1, 5)], on=TODAY)
    assert base != inputs_hash([need("a", 6)], [lot(1, 5)], on=TODAY)
    assert base != inputs_hash([need("a", 5)], [lot("1", 5)], on=TODAY)
    assert base != inputs_hash([need("a", 5)], [lot(1, 5)], bans=[(1, "a")], on=TODAY)
    assert base != inputs_hash([need("a", 5)], [lot(1, 5)], on=TODAY + dt.timedelta(days=1))


def test_need_closes_exactly_at_its_quantity():
    """500 quilts asked, 5,000 arrived: the next village gets the rest."""
    needs = [need("village-a", 500, severity=5), need("village-b", 500, severity=1, region="990101001002")]
    solution = solve(needs, [lot(1, 5000)], on=TODAY)
    assert received(solution) == {"village-a": 500, "village-b": 500}
    assert not solution.reasons


def test_scarce_stock_is_shared_in_tenths():
    needs = [need("a", 100, waiting=9), need("b", 100), need("c", 10)]
    solution = solve(needs, [lot(1, 105)], on=TODAY)
    assert received(solution) == {"a": 50, "b": 50, "c": 5}


def test_last_tenth_goes_to_the_longest_waiting():
    needs = [need("young", 10, waiting=1), need("old", 10, waiting=9), need("older", 10, waiting=10)]
    solution = solve(needs, [lot(1, 17)], on=TODAY)
    assert received(solution) == {"young": 5, "old": 6, "older": 6}


def test_waiting_decides_between_needs_of_different_lots():
    needs = [
        need("here", 10, region="990101001001", waiting=1),
        need("there", 10, region="990102001001", waiting=5),
    ]
    lots = [lot("narrow", 3, region_prefix="990101"), lot("wide", 10)]
    assert received(solve(needs, lots, on=TODAY)) == {"here": 6, "there": 7}


def test_smallest_part_opts_out_of_sharing():
    needs = [
        need("a", 4, waiting=3, smallest=4),
        need("b", 4, waiting=2, smallest=4),
        need("c", 4, smallest=4),
    ]
    solution = solve(needs, [lot(1, 8)], on=TODAY)
    assert received(solution) == {"a": 4, "b": 4}
    assert solution.certificate.optimal


def test_indivisible_lot_goes_whole_to_one_need():
    needs = [need("small", 3, severity=5), need("large", 10, severity=3)]
    lots = [lot("class", 8, smallest=8)]
    solution = solve(needs, lots, on=TODAY)
    check(solution, needs, lots, on=TODAY)
    assert received(solution) == {"large": 8}
    assert solution.reasons["small"].blocker == "smallest_part"


def test_expiring_lot_is_used_first_then_the_restricted():
    lots = [
        lot("free", 5),
        lot("county", 5, region_prefix="990101"),
        lot("soon", 5, until=TODAY + dt.timedelta(days=9)),
        lot("sooner", 5, until=TODAY + dt.timedelta(days=3)),
    ]
    solution = solve([need("a", 12)], lots, on=TODAY)
    assert {piece.lot: piece.amount for piece in solution.pieces} == {"sooner": 5, "soon": 5, "county": 2}


def test_household_cap_counts_over_all_needs_of_the_household():
    needs = [need("coat", 2, household="h"), need("coat2", 2, household="h"), need("other", 2, household="k")]
    lots = [lot(1, 10, household_cap=3)]
    solution = solve(needs, lots, on=TODAY)
    check(solution, needs, lots, on=TODAY)
    assert solution.served[3] == 5


def test_zero_lots_and_faulty_needs_are_named_and_left_out():
    reversed_window = {"earliest": TODAY, "latest": TODAY - dt.timedelta(days=1)}
    needs = [
        need("nowhere", 1, region=""),
        need("letters", 1, region="county"),
        need("backwards", 1, **reversed_window),
        need("nothing", 0),
        need("mild", 1, severity=0),
        need("good", 1),
    ]
    lots = [lot("empty", 0), lot("late", 1, start=TODAY, until=TODAY - dt.timedelta(days=1)), lot("good", 1)]
    solution = solve(needs, lots, on=TODAY)
    check(solution, needs, lots, on=TODAY)
    assert {(row.kind, row.id): row.reason for row in solution.excluded} == {
        ("need", "nowhere"): "no_region",
        ("need", "letters"): "bad_region",
        ("need", "backwards"): "reversed_window",
        ("need", "nothing"): "no_amount",
        ("need", "mild"): "bad_severity",
        ("lot", "empty"): "zero_quantity",
        ("lot", "late"): "reversed_window",
    }
    assert solution.pieces == (Piece("good", "good", 1),)


@pytest.mark.parametrize(
    ("values", "changes", "blocker"),
    [
        ({}, {"item": "rice"}, "item"),
        ({}, {"region_prefix": "9902"}, "region"),
        ({}, {"groups": frozenset({"elderly"})}, "group"),
        ({}, {"min_severity": 4}, "severity"),
        ({}, {"until": TODAY - dt.timedelta(days=1)}, "date"),
        ({}, {"restricted_to_need": "other"}, "reserved"),
        ({"consent": False}, {}, "consent"),
        ({"public_measure": True}, {"public": True}, "duplicate_measure"),
        ({"donors_related": frozenset({"mill"})}, {"donor": "mill"}, "related_party"),
        ({}, {"id": "banned"}, "ban"),
        ({}, {"household_cap": 0}, "household_cap"),
        ({}, {"smallest": 3, "household_cap": 2}, "smallest_part"),
    ],
)
def test_blocker_is_the_first_condition_that_leaves_no_lot(values, changes, blocker):
    needs, lots = [need("a", 5, **values)], [replace(lot(1, 9), **changes)]
    solution = solve(needs, lots, bans=[("banned", "a")], on=TODAY)
    check(solution, needs, lots, bans=[("banned", "a")], on=TODAY)
    assert solution.reasons["a"].kind is UnmetKind.NO_ELIGIBLE_LOT
    assert solution.reasons["a"].blocker == blocker
    assert solution.reasons["a"].survivors[-1] == (blocker, 0)


def test_pins_stay_and_are_counted():
    needs = [need("urgent", 5, severity=5), need("pinned", 5, severity=1)]
    pins = [Piece(1, "pinned", 4)]
    solution = solve(needs, [lot(1, 6)], pins=pins, on=TODAY)
    assert received(solution) == {"urgent": 2, "pinned": 4}
    check(solution, needs, [lot(1, 6)], pins=pins, on=TODAY)


def test_pin_on_a_row_left_out_is_named():
    solution = solve([need("a", 1)], [lot(1, 1)], pins=[Piece("gone", "a", 1)], on=TODAY)
    assert [(row.kind, row.reason) for row in solution.excluded] == [("pin", "row_left_out")]


@pytest.mark.parametrize(
    ("needs", "lots", "pins", "line"),
    [
        ([need("a", 1), need("a", 2)], [], [], "need a appears twice"),
        ([], [lot(1, 1), lot(1, 1)], [], "lot 1 appears twice"),
        ([need("a", 2**60), need("b", 1)], [], [], "amounts add up to more than"),
        ([need("a", 1)], [lot(1, 9)], [Piece(1, "a", 2)], "pins of need a exceed its amount"),
        ([need("a", 9)], [lot(1, 1)], [Piece(1, "a", 2)], "pins of lot 1 exceed its quantity"),
        ([need("a", 9)], [lot(1, 1)], [Piece(1, "a", 0)], "has no amount"),
    ],
)
def test_impossible_instance_is_refused_in_one_line(needs, lots, pins, line):
    with pytest.raises(InstanceError, match=line) as refusal:
        solve(needs, lots, pins=pins, on=TODAY)
    assert "\n" not in str(refusal.value)


def test_shortages_add_up_by_county_and_band():
    needs = [need("a", 5, severity=5), need("b", 4, severity=5), need("c", 3, region="990102001001")]
    solution = solve(needs, [lot(1, 2)], on=TODAY)
    rows = [(row.item, row.region, row.band, row.missing, row.needs) for row in solution.shortages]
    assert rows == [("quilt", "990101", 5, 7, 2), ("quilt", "990102", 3, 3, 1)]


def test_large_amounts_of_money_stay_exact():
    needs = [need("a", 10**15 + 7, severity=5), need("b", 10**15 + 9)]
    solution = solve(needs, [lot(1, 2 * 10**15 + 11)], on=TODAY)
    assert received(solution) == {"a": 10**15 + 7, "b": 10**15 + 4}


def ordered_by_hand(needs, lots, bans):
    """Units per (band, tenth, waiting) when slices are granted one after another by augmenting paths over pairs."""
    stock = {row.id: row.quantity for row in lots}
    room: dict[tuple, int] = {}
    given: dict[tuple, int] = {}

    def augment(key, seen):
        row = by_id[key]
        home = row.household or row.id
        for row_lot in lots:
            if not may(row_lot, row, bans):
                continue
            cap = row_lot.household_cap
            pair, where = (row_lot.id, key), (row_lot.id, home)
            if pair in seen:
                continue
            seen.add(pair)
            if cap is None or room.get(where, 0) < cap:
                if stock[row_lot.id] > 0:
                    stock[row_lot.id] -= 1
                    take(pair, where, 1)
                    return True
                rivals = [other for (lot_id, other), units in given.items() if lot_id == row_lot.id and units]
            else:
                rivals = [
                    other
                    for (lot_id, other), units in given.items()
                    if lot_id == row_lot.id and units and (by_id[other].household or other) == home
                ]
            for other in rivals:
                if other != key and augment(other, seen):
                    rival = (row_lot.id, by_id[other].household or other)
                    take((row_lot.id, other), rival, -1)
                    take(pair, where, 1)
                    return True
        return False

    def take(pair, where, units):
        given[pair] = given.get(pair, 0) + units
        room[where] = room.get(where, 0) + units

    by_id = {row.id: row for row in needs}
    slices = sorted(slice_ for row in needs for slice_ in tenths_of(row))
    totals: dict[tuple, int] = {}
    for place, key, size in slices:
        for _ in range(size):
            totals[place] = totals.get(place, 0) + augment(key, set())
    return {place: units for place, units in totals.items() if units}


def tenths_of(row):
    before = 0
    for tenth in range(1, 11):
        level = -(-row.amount * tenth // 10)
        if level > before:
            yield (-row.severity, tenth, row.waiting_since), row.id, level - before
        before = level


@settings(max_examples=150, deadline=None)
@given(instances())
def test_order_inside_a_band_is_exact(instance):
    needs, lots, _, bans = instance
    got = received(solve(needs, lots, bans=bans, on=TODAY))
    totals: dict[tuple, int] = {}
    for row in needs:
        left = got.get(row.id, 0)
        for place, _, size in tenths_of(row):
            totals[place] = totals.get(place, 0) + min(left, size)
            left -= min(left, size)
    assert {place: units for place, units in totals.items() if units} == ordered_by_hand(needs, lots, bans)


def test_search_stopped_early_is_open_and_never_called_optimal():
    needs = [
        need(index, 7 + index % 5, severity=1 + index % 5, smallest=7 + index % 5) for index in range(40)
    ]
    lots = [lot(index, 13 + index, smallest=3) for index in range(8)]
    solution = solve(needs, lots, on=TODAY, effort=1e-6)
    check(solution, needs, lots, on=TODAY)
    proofs = solution.certificate.proofs
    assert "open" in {proof.proof for proof in proofs}
    assert not solution.certificate.optimal
    assert all(proof.served_above <= proof.bound_above for proof in proofs)
