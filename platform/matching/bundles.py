"""Items that one lot ties together are computed as one, exactly (docs/decisions/0010-lots-of-several-items.md).

A lot may serve several items of one unit, while the engine solves each item for itself. Items tied by such a lot become
one item of the engine, and who fits whom moves into the groups: a need of item 12 of the elderly carries `12|*` and
`12|elderly`, a lot for items 12 and 15 and any group carries `12|*` and `15|*`. Two sets of tags meet exactly when
item and group both fit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from matching.engine.rows import LotRow, NeedRow

ANY = "*"
SEPARATOR = "|"


@dataclass(frozen=True)
class Bundles:
    """The engine's item of every item that some lot ties to another; all other items stand for themselves."""

    name_of: Mapping[int, str]

    def need(self, row: NeedRow) -> NeedRow:
        """The need among the tied items; unchanged when nothing is tied to its item."""
        name = self.name_of.get(int(row.item))
        if name is None:
            return row
        return replace(row, item=name, groups=frozenset(tag(row.item, group) for group in (ANY, *row.groups)))

    def lot(self, row: LotRow, items: Iterable[int]) -> LotRow:
        """The lot among the tied items; unchanged when nothing is tied to its item."""
        name = self.name_of.get(int(row.item))
        if name is None:
            return row
        groups = row.groups or {ANY}
        return replace(
            row, item=name, groups=frozenset(tag(item, group) for item in items for group in groups)
        )


def bundles_of(lots: Iterable[Iterable[int]]) -> Bundles:
    """Tie together what any lot serves together, and what that is tied to in turn."""
    leader: dict[int, int] = {}

    def find(item: int) -> int:
        while leader.setdefault(item, item) != item:
            item = leader[item]
        return item

    for first, *others in (sorted(items) for items in lots):
        for other in others:
            low, high = sorted((find(first), find(other)))
            leader[high] = low
    members: dict[int, list[int]] = {}
    for item in sorted(leader):
        members.setdefault(find(item), []).append(item)
    names = {low: "+".join(map(str, items)) for low, items in members.items() if len(items) > 1}
    return Bundles({item: names[find(item)] for item in leader if find(item) in names})


def tag(item: object, group: str) -> str:
    return f"{item}{SEPARATOR}{group}"


def untagged(groups: Iterable[str]) -> list[str]:
    """The groups of people behind the tags, for those who read an explanation."""
    return sorted({group.rpartition(SEPARATOR)[2] for group in groups} - {ANY})
