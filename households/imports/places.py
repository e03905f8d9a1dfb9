"""Place codes nobody has heard of, or that have ended: named in the report, and no reason to keep a family out."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from reference.coding import is_trial, lineage, within
from reference.models import Division
from reference.queries import resolve

LEAST = 6  # digits: nothing above a county is a place a family lives in


class Places:
    """What is odd about place codes, each looked up once a file (decision 0003: an unknown code is a warning)."""

    def __init__(self) -> None:
        self._odd: dict[str, tuple[str, str]] = {}
        self._lists_more: dict[str, bool] = {}

    def odd(self, codes: Iterable[str]) -> dict[str, tuple[str, str]]:
        """Code -> the finding and what it names; a code in force is not in it."""
        asked = set(codes)
        new = {code for code in asked if code not in self._odd and not is_trial(code)}
        known = _known({part for code in new for part in lineage(code)})
        self._odd |= {code: self._look_at(code, known) for code in new}
        return {code: said for code in asked if (said := self._odd.get(code, ("", "")))[0]}

    def _look_at(self, code: str, known: dict[str, bool]) -> tuple[str, str]:
        nearest = next((part for part in reversed(lineage(code)) if part in known), "")
        if not nearest or len(nearest) < LEAST:
            return "place_unknown", code
        if not known[nearest]:
            today = resolve(nearest)
            now = today[0].code + code[len(nearest) :] if len(today) == 1 else ""
            return "place_retired", f"{code} → {now}" if now else code
        if nearest == code or not self._listed_inside(nearest):
            return "", ""
        return "place_unknown", code

    def _listed_inside(self, code: str) -> bool:
        """Whether the divisions inside it are on our list; of many townships the villages are not loaded."""
        if code not in self._lists_more:
            inside: Q = within("code", code) & ~Q(code=code)
            self._lists_more[code] = Division.objects.current().filter(inside).exists()
        return self._lists_more[code]


def _known(codes: set[str]) -> dict[str, bool]:
    """Code -> whether it is in force; codes that were never listed are missing."""
    found: dict[str, bool] = {}
    ordered = sorted(codes)
    for start in range(0, len(ordered), 500):
        rows = Division.objects.filter(code__in=ordered[start : start + 500])
        for code, ended in rows.values_list("code", "valid_to"):
            found[code] = found.get(code, False) or ended is None
    return found
