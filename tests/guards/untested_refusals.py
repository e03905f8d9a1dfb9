"""Refusals no test reaches yet; this list only grows shorter."""

UNTESTED = frozenset(
    {
    }
)
