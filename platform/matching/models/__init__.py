"""Runs, proposals, decisions and confirmations."""

from matching.models.confirmations import Confirmation
from matching.models.decisions import Decision
from matching.models.overrides import Override, OverrideQuerySet
from matching.models.pairs import Ban, Pair, PairQuerySet, Pin
from matching.models.proposals import Proposal, ProposalPartQuerySet, ProposalQuerySet
from matching.models.runs import AreaQuerySet, Run, RunPartQuerySet
from matching.models.unmet import Shortage, UnmetReason

__all__ = [
    "AreaQuerySet",
    "Ban",
    "Confirmation",
    "Decision",
    "Override",
    "OverrideQuerySet",
    "Pair",
    "PairQuerySet",
    "Pin",
    "Proposal",
    "ProposalPartQuerySet",
    "ProposalQuerySet",
    "Run",
    "RunPartQuerySet",
    "Shortage",
    "UnmetReason",
]
