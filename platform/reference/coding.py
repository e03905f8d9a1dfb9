"""Arithmetic of division codes: plain text rules, no database."""

from __future__ import annotations

from django.db.models import Q

from reference.enums import LENGTHS, Level

LEVELS: dict[int, Level] = {length: Level(level) for level, length in LENGTHS.items()}
FICTIONAL_PREFIX = "99"
TRIAL_PREFIX = (
    "9981"  # the made-up prefecture into which surveys are read; never in ledgers and public figures
)
# Names that only fill a level (municipalities, counties run by a province): left out of labels.
FILLERS = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})


def level_of(code: str) -> Level | None:
    """The level a code belongs to by its length, None for anything else."""
    return LEVELS.get(len(code)) if code.isascii() and code.isdigit() else None


def parent_code(code: str) -> str:
    """The code one level up; empty for a province."""
    level = LEVELS[len(code)]
    return "" if level == Level.PROVINCE else code[: LENGTHS[level - 1]]


def lineage(code: str) -> list[str]:
    """The codes from the province down to the code itself; nothing for what is no code."""
    if level_of(code) is None:
        return []
    return [code[:length] for length in LENGTHS.values() if length <= len(code)]


def is_fictional(code: str) -> bool:
    return code.startswith(FICTIONAL_PREFIX)


def is_trial(code: str) -> bool:
    """A place of the surveys read for trials, whether or not its name is loaded."""
    return level_of(code) is not None and code.startswith(TRIAL_PREFIX)


def subtree_end(prefix: str) -> str:
    """The first code after a subtree; empty when the subtree is the last one ("99")."""
    head = prefix.rstrip("9")
    return head[:-1] + str(int(head[-1]) + 1) if head else ""


def within(field: str, prefix: str) -> Q:
    """A column of codes lies in the subtree of `prefix`; an empty prefix is the whole country."""
    if not prefix:
        return Q()
    condition = Q(**{f"{field}__gte": prefix})
    end = subtree_end(prefix)
    return condition & Q(**{f"{field}__lt": end}) if end else condition


def spellings(code: str) -> list[str]:
    """The codes a text may stand for, the most specific first.

    GB/T 2260 pads to six digits (640000), statistical tables to twelve; padded codes are not unique
    (441900000000 is Dongguan the prefecture and its pseudo-county, 350527000000 Jinmen twice).
    """
    found = [code] if level_of(code) else []
    if len(code) in {6, 12}:
        found += [
            code[:length]
            for length in sorted(LENGTHS.values(), reverse=True)
            if length < len(code) and not code[length:].strip("0")
        ]
    return found
