"""The matching engine: plain records in, a certified plan out. Nothing of Django in here."""

from .checker import CheckFailed, check
from .explain import Explanation, explain
from .hashing import inputs_hash
from .rows import Held, InstanceError, LotRow, NeedRow, Piece, Problem
from .solution import BandProof, Certificate, Shortage, Solution, Unmet, UnmetKind
from .solve import solve

__all__ = [
    "BandProof",
    "Certificate",
    "CheckFailed",
    "Explanation",
    "Held",
    "InstanceError",
    "LotRow",
    "NeedRow",
    "Piece",
    "Problem",
    "Shortage",
    "Solution",
    "Unmet",
    "UnmetKind",
    "check",
    "explain",
    "inputs_hash",
    "solve",
]
