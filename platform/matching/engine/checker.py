"""Judge a solution from the plain records alone.

Nothing here comes from the solver: rows are read again, every piece is compared with the conditions, every
amount is added up, every cut is recounted and every reason is derived anew. The first thing that does not hold
raises `CheckFailed` with one line.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from .rows import Held, Key, LotRow, NeedRow, Piece
from .solution import BandProof, Solution, Unmet, UnmetKind

Who = tuple[bool, Key]
Counted = tuple[tuple[tuple[str, int], ...], list[LotRow]]


class CheckFailed(Exception):
    """The solution is not what it says it is."""


def check(
    solution: Solution,
    needs: Iterable[NeedRow],
    lots: Iterable[LotRow],
    *,
    pins: Iterable[Piece] = (),
    bans: Iterable[tuple[Key, Key]] = (),
    held: Iterable[Held] = (),
    on: dt.date,
) -> None:
    """Raise `CheckFailed` unless pieces, coverage, certificate, reasons and shortages all follow from the records."""
    judge = _Judge(solution, list(needs), list(lots), list(pins), set(bans), list(held), on)
    judge.rows()
    judge.pieces()
    judge.coverage()
    judge.certificate()
    judge.reasons()
    judge.shortages()


def _who(need: NeedRow) -> Who:
    return (True, need.household) if need.household is not None else (False, need.id)


def _require(holds: bool, line: str) -> None:
    if not holds:
        raise CheckFailed(line)


def _sound_need(need: NeedRow) -> bool:
    region = need.region.isascii() and need.region.isdigit() and 2 <= len(need.region) <= 12
    window = need.earliest is None or need.latest is None or need.earliest <= need.latest
    return region and window and need.severity in range(1, 6) and 1 <= need.smallest <= need.amount


def _sound_lot(lot: LotRow) -> bool:
    prefix = lot.region_prefix
    region = not prefix or (prefix.isascii() and prefix.isdigit() and 2 <= len(prefix) <= 12)
    window = lot.start is None or lot.until is None or lot.start <= lot.until
    cap = lot.household_cap is None or lot.household_cap >= 0
    return region and window and cap and 1 <= lot.smallest <= lot.quantity


class _Judge:
    def __init__(
        self,
        solution: Solution,
        needs: list[NeedRow],
        lots: list[LotRow],
        pins: list[Piece],
        bans: set[tuple[Key, Key]],
        held: list[Held],
        on: dt.date,
    ) -> None:
        self.solution = solution
        self.all_needs, self.all_lots, self.all_pins = needs, lots, pins
        self.needs = {need.id: need for need in needs if _sound_need(need)}
        self.lots = {lot.id: lot for lot in lots if _sound_lot(lot)}
        self.bans = bans
        self.on = on
        self.pinned: dict[tuple[Key, Key], int] = defaultdict(int)
        self.pinned_need: dict[Key, int] = defaultdict(int)
        self.pinned_lot: dict[Key, int] = defaultdict(int)
        self.pinned_household: dict[tuple[Key, Who], int] = defaultdict(int)
        for pin in pins:
            if pin.need in self.needs and pin.lot in self.lots:
                self.pinned[pin.lot, pin.need] += pin.amount
                self.pinned_need[pin.need] += pin.amount
                self.pinned_lot[pin.lot] += pin.amount
                self.pinned_household[pin.lot, _who(self.needs[pin.need])] += pin.amount
        self.had: dict[tuple[Key, Who], int] = defaultdict(int)
        for row in held:
            self.had[row.lot, (True, row.household)] += row.amount
        self.to_need: dict[Key, int] = defaultdict(int)
        self.from_lot: dict[Key, int] = defaultdict(int)
        self.to_household: dict[tuple[Key, Who], int] = defaultdict(int)
        self.holders: dict[Key, list[Key]] = defaultdict(list)
        self.lots_at: dict[Key, dict[str, list[LotRow]]] = defaultdict(lambda: defaultdict(list))
        self.lots_of_item: dict[Key, int] = defaultdict(int)
        for lot in self.lots.values():
            self.lots_at[lot.item][lot.region_prefix].append(lot)
            self.lots_of_item[lot.item] += 1
        self.known: dict[tuple[object, ...], Counted] = {}
        self.special = {need for _, need in bans} | {need for _, need in self.pinned}
        self.special |= {lot.restricted_to_need for lot in lots if lot.restricted_to_need is not None}
        self.known_who = {who for _, who in (*self.pinned_household, *self.had)}
        self.indivisible = {need.item for need in self.needs.values() if need.smallest > 1}
        self.indivisible |= {lot.item for lot in self.lots.values() if lot.smallest > 1}

    def rows(self) -> None:
        """Exactly the unsound rows are named as excluded."""
        named = {(problem.kind, problem.id) for problem in self.solution.excluded if problem.kind != "pin"}
        found = {("need", need.id) for need in self.all_needs if need.id not in self.needs}
        found |= {("lot", lot.id) for lot in self.all_lots if lot.id not in self.lots}
        _require(named == found, f"excluded rows differ: {sorted(map(str, named ^ found))[:3]}")

    # -- pieces ---------------------------------------------------------------------------------------------

    def pieces(self) -> None:
        """Every piece is new and allowed, or pinned; nothing is given twice and nothing beyond what there is."""
        seen: dict[tuple[Key, Key], int] = {}
        for piece in self.solution.pieces:
            name = f"piece {piece.lot}→{piece.need}"
            pair = (piece.lot, piece.need)
            _require(pair not in seen, f"{name} appears twice")
            _require(piece.need in self.needs, f"{name}: no such need")
            _require(piece.lot in self.lots, f"{name}: no such lot")
            _require(piece.amount > 0, f"{name}: amount {piece.amount}")
            seen[pair] = piece.amount
            self._piece(piece, name)
        for pair, amount in self.pinned.items():
            _require(seen.get(pair, 0) >= amount, f"pin {pair[0]}→{pair[1]} is lost")
        for key, total in self.to_need.items():
            need = self.needs[key]
            _require(total <= need.amount, f"need {key} asked {need.amount} and receives {total}")
            floor = total >= need.smallest or total == self.pinned_need[key]
            _require(floor, f"need {key} receives {total}, below its smallest useful part {need.smallest}")
        for key, total in self.from_lot.items():
            lot = self.lots[key]
            _require(total <= lot.quantity, f"lot {key} has {lot.quantity} and gives {total}")
        for (key, who), total in self.to_household.items():
            cap = self.lots[key].household_cap
            before = self.had.get((key, who), 0)
            fine = cap is None or total + before <= max(cap, self.pinned_household[key, who] + before)
            _require(
                fine, f"lot {key} gives household {who[1]} {total} after {before}, more than its cap {cap}"
            )

    def _piece(self, piece: Piece, name: str) -> None:
        need, lot = self.needs[piece.need], self.lots[piece.lot]
        pinned = self.pinned.get((piece.lot, piece.need), 0)
        if piece.amount > pinned:
            _require(lot.item == need.item, f"{name}: item {lot.item} is not {need.item}")
            _require(
                need.region.startswith(lot.region_prefix),
                f"{name}: region {need.region} is outside {lot.region_prefix}",
            )
            for condition, holds in self._conditions():
                _require(holds(lot, need), f"{name}: {condition} does not hold")
        self.to_need[need.id] += piece.amount
        self.from_lot[lot.id] += piece.amount
        self.to_household[lot.id, _who(need)] += piece.amount
        self.holders[lot.id].append(need.id)
        small = piece.amount >= lot.smallest or pinned > 0
        _require(small, f"{name}: {piece.amount} is below the lot's smallest piece {lot.smallest}")

    def _conditions(self) -> Iterator[tuple[str, Callable[[LotRow, NeedRow], bool]]]:
        yield "group", lambda lot, need: not lot.groups or not lot.groups.isdisjoint(need.groups)
        yield "severity", lambda lot, need: need.severity >= lot.min_severity
        yield "date", self._on_date
        yield "reserved", lambda lot, need: lot.restricted_to_need in (None, need.id)
        yield "consent", lambda lot, need: need.consent
        yield "duplicate_measure", lambda lot, need: not (lot.public and need.public_measure)
        yield "related_party", lambda lot, need: lot.donor is None or lot.donor not in need.donors_related
        yield "ban", lambda lot, need: (lot.id, need.id) not in self.bans
        yield "household_cap", lambda lot, need: self._cap(lot, need) is None or self._cap(lot, need) != 0
        yield "smallest_part", self._part_fits

    def _on_date(self, lot: LotRow, need: NeedRow) -> bool:
        begins = [day for day in (lot.start, need.earliest, self.on) if day is not None]
        ends = [day for day in (lot.until, need.latest) if day is not None]
        return not ends or max(begins) <= min(ends)

    def _cap(self, lot: LotRow, need: NeedRow) -> int | None:
        """What the cap leaves this household beside its pins and what it had before; None without a cap."""
        if lot.household_cap is None:
            return None
        pair = (lot.id, _who(need))
        return max(0, lot.household_cap - self.pinned_household.get(pair, 0) - self.had.get(pair, 0))

    def _part_fits(self, lot: LotRow, need: NeedRow) -> bool:
        least = 1 if (lot.id, need.id) in self.pinned else lot.smallest
        cap = self._cap(lot, need)
        return least <= need.amount - self.pinned_need.get(need.id, 0) and (cap is None or least <= cap)

    def _counted(self, need: NeedRow) -> Counted:
        """Lots left after each condition; needs that differ in nothing a condition reads are counted once."""
        places = self.lots_at[need.item]
        place = max((cut for cut in range(len(need.region) + 1) if need.region[:cut] in places), default=-1)
        where = need.region[:place] if place >= 0 else None
        alike = (where, need.groups, need.severity, need.earliest, need.latest)
        own = need.id if need.id in self.special or need.item in self.indivisible else None
        pinned = _who(need) if _who(need) in self.known_who else None
        key = (need.item, *alike, need.consent, need.public_measure, need.donors_related, own, pinned)
        if key not in self.known:
            self.known[key] = self._count(need)
        return self.known[key]

    def _count(self, need: NeedRow) -> Counted:
        """Lots left after each condition, up to the first that leaves none, and the lots left in the end."""
        counts = [("item", self.lots_of_item.get(need.item, 0))]
        if not counts[0][1]:
            return tuple(counts), []
        places = self.lots_at[need.item]
        left = [lot for cut in range(len(need.region) + 1) for lot in places.get(need.region[:cut], ())]
        counts.append(("region", len(left)))
        for condition, holds in self._conditions():
            if not left:
                break
            left = [lot for lot in left if holds(lot, need)]
            counts.append((condition, len(left)))
        return tuple(counts), left

    # -- coverage and certificate ---------------------------------------------------------------------------

    def coverage(self) -> None:
        """The run's own sums are the sums of its pieces."""
        served: dict[int, int] = defaultdict(int)
        asked: dict[int, int] = defaultdict(int)
        for need in self.needs.values():
            served[need.severity] += self.to_need.get(need.id, 0)
            asked[need.severity] += need.amount
        for band in range(5, 0, -1):
            said = self.solution.served.get(band, 0)
            _require(said == served[band], f"band {band}: {served[band]} served, {said} claimed")
            said = self.solution.asked.get(band, 0)
            _require(said == asked[band], f"band {band}: {asked[band]} asked, {said} claimed")

    def certificate(self) -> None:
        """Each item and band has one proof, and its bound is the capacity of the cut, recounted in whole units."""
        proofs = {(proof.item, proof.band): proof for proof in self.solution.certificate.proofs}
        _require(len(proofs) == len(self.solution.certificate.proofs), "an item's band is proven twice")
        of_item: dict[Key, list[NeedRow]] = defaultdict(list)
        for need in self.needs.values():
            of_item[need.item].append(need)
        expected = {(item, band) for item in of_item for band in range(1, 6)}
        _require(set(proofs) == expected, "the certificate covers other items or bands than the needs")
        for proof in self.solution.certificate.proofs:
            self._proof(proof, of_item[proof.item])

    def _proof(self, proof: BandProof, needs: list[NeedRow]) -> None:
        name = f"certificate of item {proof.item}, band {proof.band}"
        served = sum(self.to_need.get(need.id, 0) for need in needs if need.severity == proof.band)
        asked = sum(need.amount for need in needs if need.severity == proof.band)
        above = sum(self.to_need.get(need.id, 0) for need in needs if need.severity >= proof.band)
        _require(
            (served, asked, above) == (proof.served, proof.asked, proof.served_above), f"{name}: wrong sums"
        )
        bound = self._cut_capacity(proof, needs)
        _require(bound == proof.bound_above, f"{name}: the cut holds {bound}, {proof.bound_above} claimed")
        _require(above <= bound, f"{name}: {above} served beyond the bound {bound}")
        if proof.proof == "cut":
            _require(above == bound, f"{name}: {above} served, but the cut allows {bound}")
        else:
            _require(proof.proof in ("search", "open"), f"{name}: unknown proof {proof.proof}")
            _require(proof.item in self.indivisible, f"{name}: nothing indivisible, yet no cut")

    def _cut_capacity(self, proof: BandProof, needs: list[NeedRow]) -> int:
        """Pins, the cut's lots, the needs outside the cut, and the caps of lots outside it."""
        levels, lots_in = self.solution.certificate.need_level, self.solution.certificate.lot_level
        capacity, inside = 0, []
        for need in needs:
            if need.severity < proof.band:
                continue
            pinned = self.pinned_need.get(need.id, 0)
            if levels.get(need.id, 0) >= proof.band and need.amount > pinned:
                inside.append(need)
                capacity += pinned
            else:
                capacity += need.amount
        for at in self.lots_at[proof.item].values():
            for lot in at:
                if lots_in.get(lot.id, 0) >= proof.band:
                    capacity += lot.quantity - self.pinned_lot.get(lot.id, 0)
        caps: dict[tuple[Key, Who], int] = {}
        for need in inside:
            for lot in self._counted(need)[1]:
                if lots_in.get(lot.id, 0) < proof.band:
                    cap = self._cap(lot, need)
                    if cap is None:
                        raise CheckFailed(
                            f"certificate: lot {lot.id} reaches need {need.id} around the cut of band {proof.band}"
                        )
                    caps[lot.id, _who(need)] = cap
        return capacity + sum(caps.values())

    # -- reasons --------------------------------------------------------------------------------------------

    def reasons(self) -> None:
        """Exactly the needs that miss something carry a reason, and it is the right one."""
        missing = {
            key: need.amount - self.to_need.get(key, 0)
            for key, need in self.needs.items()
            if need.amount > self.to_need.get(key, 0)
        }
        given = self.solution.reasons
        for key in missing:
            _require(key in given, f"need {key} misses {missing[key]} without a reason")
        for key, unmet in given.items():
            _require(key in missing, f"need {key} has a reason but misses nothing")
            _require(
                unmet.missing == missing[key], f"need {key} misses {missing[key]}, {unmet.missing} claimed"
            )
            self._reason(self.needs[key], unmet)

    def _reason(self, need: NeedRow, unmet: Unmet) -> None:
        counts, eligible = self._counted(need)
        blocker = "" if eligible else counts[-1][0]
        counted = () if eligible else counts
        _require(
            unmet.survivors == counted, f"need {need.id}: survivors are {counted}, {unmet.survivors} claimed"
        )
        kind = UnmetKind.EXHAUSTED if eligible else UnmetKind.NO_ELIGIBLE_LOT
        _require(unmet.kind == kind, f"need {need.id}: the reason is {kind}, {unmet.kind} claimed")
        _require(
            unmet.blocker == blocker, f"need {need.id}: blocked by {blocker!r}, {unmet.blocker!r} claimed"
        )
        if unmet.indivisible:
            _require(need.item in self.indivisible, f"need {need.id}: nothing is indivisible here")
            self._nothing_fits(need, eligible)
        else:
            for lot in eligible:
                self._held(lot, need)

    def _held(self, lot: LotRow, need: NeedRow) -> None:
        """This lot cannot help: its cap for the household is reached, or it is used up by needs at least as severe."""
        cap = lot.household_cap
        pair = (lot.id, _who(need))
        if cap is not None and self.to_household.get(pair, 0) + self.had.get(pair, 0) >= cap:
            return
        level = self.solution.certificate.lot_level.get(lot.id, 0)
        _require(level >= need.severity, f"need {need.id}: lot {lot.id} is not in the cut of its band")
        used = self.from_lot.get(lot.id, 0)
        _require(used == lot.quantity, f"need {need.id}: lot {lot.id} still has {lot.quantity - used}")
        for holder in self.holders[lot.id]:
            pinned = (lot.id, holder) in self.pinned
            fine = pinned or self.needs[holder].severity >= need.severity
            _require(fine, f"need {need.id}: lot {lot.id} serves the less severe need {holder}")

    def _nothing_fits(self, need: NeedRow, eligible: list[LotRow]) -> None:
        """What is left, from one lot or from all lots without a smallest piece, is below what the need could use."""
        got = self.to_need.get(need.id, 0)
        least, most = max(1, need.smallest - got), need.amount - got
        loose = 0
        for lot in eligible:
            free = lot.quantity - self.from_lot.get(lot.id, 0)
            if lot.household_cap is not None:
                pair = (lot.id, _who(need))
                taken = self.to_household.get(pair, 0) + self.had.get(pair, 0)
                free = min(free, lot.household_cap - taken)
            part = 1 if need.id in self.holders[lot.id] else lot.smallest
            loose += max(0, free) if part == 1 else 0
            fits = max(part, least) <= min(free, most)
            _require(not fits, f"need {need.id}: lot {lot.id} could still give {min(free, most)}")
        _require(loose < least, f"need {need.id}: {loose} loose units would reach its smallest part {least}")

    def shortages(self) -> None:
        """The shortage map is the sum of the reasons, by item, county and band."""
        units: dict[tuple[Key, str, int], tuple[int, int]] = {}
        for key, unmet in self.solution.reasons.items():
            need = self.needs[key]
            place = (need.item, need.region[:6], need.severity)
            total, count = units.get(place, (0, 0))
            units[place] = (total + unmet.missing, count + 1)
        said = {(row.item, row.region, row.band): (row.missing, row.needs) for row in self.solution.shortages}
        _require(said == units, "the shortage map does not add up to the reasons")
