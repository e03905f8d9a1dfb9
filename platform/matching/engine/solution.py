"""What a run hands back: pieces, coverage, certificate, reasons, shortages."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from .rows import Held, Key, LotRow, NeedRow, Piece, Problem


class UnmetKind(StrEnum):
    """Why a need did not receive all it asked for."""

    NO_ELIGIBLE_LOT = "no_eligible_lot"
    EXHAUSTED = "exhausted"
    AGENCY_CAPACITY = "agency_capacity"


@dataclass(frozen=True, slots=True)
class Unmet:
    """The one reason for the units a need is still missing.

    Without an eligible lot, `survivors` counts the lots left after each condition in order, and `blocker` is the first
    that leaves none. Exhausted: the cut of the need's band holds every lot it could use or, when `indivisible`, what
    is left is smaller than a smallest useful part.
    """

    kind: UnmetKind
    missing: int
    survivors: tuple[tuple[str, int], ...] = ()
    blocker: str = ""
    indivisible: bool = False


@dataclass(frozen=True, slots=True)
class BandProof:
    """One item, one band: units served to this band and those above, and the bound no plan can exceed.

    `proof` is "cut" when the two are equal by a cut anybody can recount, "search" when indivisible parts leave a gap
    that an exhaustive search has closed, and "open" when it has not.
    """

    item: Key
    band: int
    asked: int
    served: int
    served_above: int
    bound_above: int
    proof: str


@dataclass(frozen=True, slots=True)
class Certificate:
    """Proofs per item and band, and the cuts behind them.

    A lot is in the cut of band v when its level is at least v; so is a need of severity v or more. Rows without a level
    are in no cut. Every lot of a cut is used up, and only by needs of that band or above.
    """

    proofs: tuple[BandProof, ...]
    lot_level: Mapping[Key, int]
    need_level: Mapping[Key, int]

    @property
    def optimal(self) -> bool:
        """Whether every band of every item is proven."""
        return all(proof.proof != "open" for proof in self.proofs)


@dataclass(frozen=True, slots=True)
class Shortage:
    """What the next units would unlock: units missing in one area and band, and the needs that miss them."""

    item: Key
    region: str
    band: int
    missing: int
    needs: int


@dataclass(frozen=True, slots=True)
class Solution:
    """A whole run. `needs` and `lots` are the rows that took part; `excluded` names those that could not."""

    on: dt.date
    inputs_hash: str
    needs: Mapping[Key, NeedRow]
    lots: Mapping[Key, LotRow]
    pins: Sequence[Piece]
    bans: frozenset[tuple[Key, Key]]
    pieces: tuple[Piece, ...]
    served: Mapping[int, int]
    asked: Mapping[int, int]
    certificate: Certificate
    reasons: Mapping[Key, Unmet]
    shortages: tuple[Shortage, ...]
    excluded: tuple[Problem, ...]
    held: tuple[Held, ...] = ()
