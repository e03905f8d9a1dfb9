"""The checker accepts what is right (see test_solve) and refuses everything that is not."""

from dataclasses import replace

import pytest

from matching.engine import CheckFailed, Held, LotRow, NeedRow, Piece, UnmetKind, check, solve

from .instances import TODAY


def need(key, amount, severity, region="990101001001", **values):
    return NeedRow(
        id=key, item="quilt", region=region, severity=severity, amount=amount, waiting_since=TODAY, **values
    )


NEEDS = [
    need("severe", 6, 5, household="h"),
    need("mild", 6, 2),
    need("far", 4, 3, region="980101001001"),
    need("refused", 2, 4, consent=False),
    need("capped", 5, 4, region="970101001001", household="k"),
    need("faulty", 1, 1, region=""),
]
LOTS = [
    LotRow(id="county", item="quilt", quantity=8, region_prefix="990101"),
    LotRow(id="elderly", item="quilt", quantity=9, region_prefix="99", groups=frozenset({"elderly"})),
    LotRow(id="distant", item="quilt", quantity=9, region_prefix="97", household_cap=3),
    LotRow(id="rice", item="rice", quantity=9),
]


@pytest.fixture
def solution():
    return solve(NEEDS, LOTS, on=TODAY)


def with_pieces(solution, **amounts):
    """The solution with some pieces (lot__need) changed, added or, at 0, taken away; the sums follow."""
    pieces: dict[tuple, int] = {(piece.lot, piece.need): piece.amount for piece in solution.pieces}
    pieces |= {tuple(pair.split("__")): amount for pair, amount in amounts.items()}
    kept = tuple(Piece(pair[0], pair[1], amount) for pair, amount in pieces.items() if amount)
    served = dict.fromkeys(solution.served, 0)
    for piece in kept:
        served[solution.needs[piece.need].severity] += piece.amount
    return replace(solution, pieces=kept, served=served)


def refused(solution, line):
    with pytest.raises(CheckFailed, match=line) as refusal:
        check(solution, NEEDS, LOTS, on=TODAY)
    assert "\n" not in str(refusal.value)


def test_honest_solution_is_accepted(solution):
    check(solution, NEEDS, LOTS, on=TODAY)
    assert solution.served == {5: 6, 4: 3, 3: 0, 2: 2, 1: 0}


@pytest.mark.parametrize(
    ("amounts", "line"),
    [
        ({"county__severe": 7}, "need severe asked 6 and receives 7"),
        ({"county__mild": 3}, "lot county has 8 and gives 9"),
        ({"county__far": 1, "county__mild": 1}, "outside 990101"),
        ({"elderly__mild": 4}, "group does not hold"),
        ({"rice__mild": 4}, "item rice is not quilt"),
        ({"county__refused": 1, "county__mild": 1}, "consent does not hold"),
        ({"distant__capped": 4}, "more than its cap 3"),
        ({"county__nobody": 1}, "no such need"),
        ({"nothing__mild": 1}, "no such lot"),
        ({"county__severe": 4, "county__mild": 4}, "wrong sums"),
        ({"county__mild": 1}, "wrong sums"),
    ],
)
def test_broken_pieces_are_refused(solution, amounts, line):
    pieces: dict[tuple, int] = {(piece.lot, piece.need): piece.amount for piece in solution.pieces}
    pieces |= {tuple(pair.split("__")): amount for pair, amount in amounts.items()}
    known = {pair: amount for pair, amount in pieces.items() if pair[1] in solution.needs}
    honest = with_pieces(solution, **{f"{lot}__{key}": amount for (lot, key), amount in known.items()})
    refused(
        replace(honest, pieces=tuple(Piece(pair[0], pair[1], amount) for pair, amount in pieces.items())),
        line,
    )


def test_zero_piece_and_double_piece_are_refused(solution):
    refused(replace(solution, pieces=(*solution.pieces, Piece("county", "far", 0))), "amount 0")
    refused(replace(solution, pieces=(*solution.pieces, solution.pieces[0])), "appears twice")


def test_claimed_coverage_must_be_the_sum(solution):
    refused(replace(solution, served=dict(solution.served) | {1: 5}), "0 served, 5 claimed")
    refused(replace(solution, asked=dict(solution.asked) | {1: 5}), "0 asked, 5 claimed")


def forged(solution, band, **values):
    proofs = tuple(
        replace(proof, **values) if proof.band == band else proof for proof in solution.certificate.proofs
    )
    return replace(solution, certificate=replace(solution.certificate, proofs=proofs))


def test_less_than_optimal_plan_cannot_be_certified(solution):
    """Two quilts taken back from the severe need and handed to the mild one, with all sums told honestly."""
    worse = with_pieces(solution, county__severe=4, county__mild=4)
    for band, (served, above) in {5: (4, 4), 4: (3, 7), 3: (0, 7), 2: (4, 11), 1: (0, 11)}.items():
        worse = forged(worse, band, served=served, served_above=above)
    refused(worse, "4 served, but the cut allows 6")
    refused(forged(worse, 5, served=4, served_above=4, bound_above=4), "the cut holds 6, 4 claimed")
    refused(forged(worse, 5, served=4, served_above=4, proof="search"), "nothing indivisible")


def test_forged_cut_is_refused(solution):
    certificate = solution.certificate
    without = replace(certificate, lot_level={})
    refused(replace(solution, certificate=without), "around the cut")
    wide = replace(certificate, lot_level=dict(certificate.lot_level) | {"elderly": 5})
    refused(replace(solution, certificate=wide), "the cut holds")
    refused(
        replace(solution, certificate=replace(certificate, proofs=certificate.proofs[1:])),
        "other items or bands",
    )
    doubled = replace(certificate, proofs=(*certificate.proofs, certificate.proofs[0]))
    refused(replace(solution, certificate=doubled), "proven twice")


def with_reason(solution, key, **values):
    unmet = replace(solution.reasons[key], **values)
    return replace(solution, reasons=dict(solution.reasons) | {key: unmet})


def test_wrong_reasons_are_refused(solution):
    assert {key: unmet.blocker for key, unmet in solution.reasons.items()} == {
        "mild": "", "far": "region", "refused": "consent", "capped": "",
    }  # fmt: skip
    refused(with_reason(solution, "far", blocker="date"), "blocked by 'region'")
    refused(with_reason(solution, "far", kind=UnmetKind.EXHAUSTED), "the reason is no_eligible_lot")
    refused(with_reason(solution, "far", kind=UnmetKind.AGENCY_CAPACITY), "the reason is no_eligible_lot")
    refused(with_reason(solution, "far", survivors=(("item", 9),)), "survivors are")
    refused(with_reason(solution, "mild", missing=1), "misses 4, 1 claimed")
    refused(with_reason(solution, "mild", indivisible=True), "nothing is indivisible")
    missing = {key: unmet for key, unmet in solution.reasons.items() if key != "mild"}
    refused(replace(solution, reasons=missing), "without a reason")
    added = dict(solution.reasons) | {"severe": solution.reasons["mild"]}
    refused(replace(solution, reasons=added), "misses nothing")


def test_wrong_shortages_and_exclusions_are_refused(solution):
    refused(replace(solution, shortages=solution.shortages[1:]), "shortage map")
    refused(replace(solution, excluded=()), "excluded rows differ")


def test_lost_pin_and_banned_piece_are_refused(solution):
    with pytest.raises(CheckFailed, match="pin elderly→mild is lost"):
        check(solution, NEEDS, LOTS, pins=[Piece("elderly", "mild", 1)], on=TODAY)
    with pytest.raises(CheckFailed, match="county→severe: ban does not hold"):
        check(solution, NEEDS, LOTS, bans=[("county", "severe")], on=TODAY)


def test_broken_smallest_parts_are_refused():
    needs, lots = [need("all", 4, 5, smallest=4)], [LotRow(id=1, item="quilt", quantity=9, smallest=2)]
    whole = solve(needs, lots, on=TODAY)
    with pytest.raises(CheckFailed, match="below its smallest useful part 4"):
        check(replace(whole, pieces=(Piece(1, "all", 3),)), needs, lots, on=TODAY)
    with pytest.raises(CheckFailed, match="below the lot's smallest piece 2"):
        check(replace(whole, pieces=(Piece(1, "all", 1),)), needs, lots, on=TODAY)


def test_indivisible_excuse_is_refused_when_something_fits():
    """Two units are left and would do: the search is not to be believed."""
    needs = [need("a", 2, 5, smallest=2), need("b", 2, 4)]
    lots = [LotRow(id=1, item="quilt", quantity=4)]
    honest = solve(needs, lots, on=TODAY)
    excuse = dict(honest.reasons) | {"b": _unmet(2)}
    proofs = [
        replace(p, served_above=min(2, p.served_above), proof="search") for p in honest.certificate.proofs
    ]
    proofs = [replace(p, served=2 if p.band == 5 else 0) for p in proofs]
    lazy = replace(
        honest,
        pieces=honest.pieces[:1],
        served=dict(honest.served) | {4: 0},
        reasons=excuse,
        certificate=replace(honest.certificate, proofs=tuple(proofs)),
    )
    with pytest.raises(CheckFailed, match="lot 1 could still give 2"):
        check(lazy, needs, lots, on=TODAY)


def _unmet(missing):
    from matching.engine import Unmet

    return Unmet(UnmetKind.EXHAUSTED, missing, indivisible=True)


def test_plan_that_forgets_what_a_household_had_is_refused():
    needs, lots = [need("a", 3, 3, household="k")], [LotRow(id=1, item="quilt", quantity=6, household_cap=3)]
    forgetful = solve(needs, lots, on=TODAY)
    check(forgetful, needs, lots, on=TODAY)

    with pytest.raises(CheckFailed, match="gives household k 3 after 1, more than its cap 3"):
        check(forgetful, needs, lots, held=[Held(1, "k", 1)], on=TODAY)
