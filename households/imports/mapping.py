"""A mapping file: which columns a file has, and how households, members, facts and needs are read from them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from common.exceptions import Refused
from households.imports.reading import named
from households.imports.rules import MappingFault, Rule, compile_rule
from households.services.facts import DEPRIVATIONS
from reference.models import Item
from reference.queries import get_item

SHIPPED = Path(__file__).parent / "mappings"
DAY = timedelta(days=1)
MARK = re.compile(r"模板第(\w+)版")  # over the last, empty column of a table that was handed out
ANNOTATION = "What was found"  # over the column of the annotated copy, in either language
DERIVED = frozenset({*DEPRIVATIONS, "below_line"})


@dataclass(frozen=True)
class Deprivation:
    """How one yearly fact follows from the rows of a household; only one of the ways is used.

    `any_of`: one of these columns says yes. `at_most`: no more than so many of `any_of` say yes. `map`: by the word
    in `column`. `anybody`: some member's column says yes. `all_below`: every member from `age_from` on stands below.
    """

    name: str
    any_of: tuple[str, ...] = ()
    at_most: int | None = None
    column: str = ""
    map: Mapping[str, bool] = field(default_factory=dict)
    anybody: str = ""
    all_below: float | None = None
    age_from: int = 0


@dataclass(frozen=True)
class NeedRule:
    """A need that follows from a recorded deprivation, or that the row names itself."""

    item: Item
    quantity: int
    when: str
    grade: int


@dataclass(frozen=True)
class HouseholdMapping:
    """The whole mapping, compiled."""

    name: str
    version: str
    source: str
    key: str
    area: Rule
    person: Mapping[str, Rule]
    household: Mapping[str, Rule]
    same: tuple[str, ...]
    watched: tuple[str, ...]
    filed: bool
    classified: bool  # what is filed carries a category and a standard; a survey classifies nobody
    age_column: str
    asks_period: bool  # its facts speak of the year the sender names
    year: int  # 0 with no period: the file states no year
    period: tuple[date, date] | None  # half open
    deprivations: tuple[Deprivation, ...]
    needs: tuple[NeedRule, ...]
    consent_method: str
    known: frozenset[str]
    required: frozenset[str]

    def fits(self, headers: list[str]) -> bool:
        return self.required <= answering(headers) <= self.known

    def speaking_of(self, period: tuple[date, date] | None) -> HouseholdMapping:
        """The same with its facts in a period; the year is that of its last day."""
        if period is None:
            return self
        return replace(self, period=period, year=(period[1] - DAY).year)

    def refuse_headers(self, headers: list[str], file: str) -> None:
        """Columns may stand in any order; a missing or an unknown one stops the file before anything is stored.

        So does the mark of another version of the template: it asked for something else.
        """
        self._refuse_version(headers, file)
        missing = sorted(self.required - set(headers))
        unknown = sorted(answering(headers) - self.known)
        parts = []
        if missing:
            parts.append(
                _("These columns are missing: %(names)s. Add them under these very names.")
                % {"names": named(missing)}
            )
        if unknown:
            parts.append(
                _("These columns are not known: %(names)s. Rename them as in the template, or remove them.")
                % {"names": named(unknown)}
            )
        if parts:
            raise Refused("headers", f"{file}: " + " ".join(parts))

    def _refuse_version(self, headers: list[str], file: str) -> None:
        found = next(filter(None, map(MARK.fullmatch, headers)), None)
        if found is not None and found.group(1) != self.version:
            raise Refused(
                "template_old",
                _(
                    "%(file)s was made with version %(old)s of the template; version %(new)s is in force. Download the"
                    " new template, where files are sent, and copy the rows into it."
                )
                % {"file": file, "old": found.group(1), "new": self.version},
            )


def mark_of(version: str) -> str:
    return f"模板第{version}版"


def answering(headers: Iterable[str]) -> set[str]:
    """The columns people fill in: not the mark of the template, and not what a check wrote behind them."""
    found = set()
    for language, _name in settings.LANGUAGES:
        with override(language):
            found.add(_(ANNOTATION))
    return {header for header in headers if header not in found and not MARK.fullmatch(header)}


def fitting_mapping(headers: list[str], file: str) -> HouseholdMapping:
    """The shipped mapping these columns belong to; the nearest one says what is wrong when none fits whole."""
    shipped = [load_mapping(SHIPPED / f"{name}.toml") for name in shipped_names()]
    found = next((mapping for mapping in shipped if mapping.fits(headers)), None)
    if found is not None:
        found.refuse_headers(headers, file)
        return found
    nearest = max(shipped, key=lambda mapping: len(mapping.required & set(headers)) / len(mapping.required))
    if not _is_meant(nearest, headers) and answering(headers) == set(headers):
        raise Refused(
            "no_mapping_fits",
            _(
                "%(file)s: its columns belong to none of the known mappings (%(shipped)s). "
                "Use the columns of one of them."
            )
            % {"file": file, "shipped": ", ".join(shipped_names())},
        )
    nearest.refuse_headers(headers, file)
    return nearest


def _is_meant(mapping: HouseholdMapping, headers: list[str]) -> bool:
    """Half of what it needs is there: the file was made for it, and something slipped."""
    return 2 * len(mapping.required & set(headers)) >= len(mapping.required)


def shipped_names() -> list[str]:
    return sorted(entry.stem for entry in SHIPPED.glob("*.toml"))


def load_mapping(path: Path) -> HouseholdMapping:
    """Read a mapping by its path, or a shipped one by its name."""
    place = path if path.exists() else SHIPPED / f"{path.stem}.toml"
    try:
        plain = tomllib.loads(place.read_text(encoding="utf-8"))
        return _mapping(place.stem, plain)
    except OSError:
        raise Refused(
            "mapping_missing",
            _("There is no mapping %(name)s; the shipped ones are: %(shipped)s")
            % {"name": path, "shipped": ", ".join(shipped_names())},
        ) from None
    except (
        tomllib.TOMLDecodeError,
        MappingFault,
        KeyError,
        TypeError,
        ValueError,
        Item.DoesNotExist,
    ) as fault:
        raise Refused(
            "mapping_fault",
            _("The mapping %(name)s has a fault: %(why)s") % {"name": place.name, "why": fault},
        ) from fault


def _mapping(stem: str, plain: dict[str, Any]) -> HouseholdMapping:
    household = dict(plain["household"])
    person = {name: compile_rule(spec) for name, spec in plain["person"].items()}
    area = compile_rule(plain["area"])
    key = household.pop("key")
    same, watched = tuple(household.pop("same", ())), tuple(household.pop("watched", ()))
    filed = bool(household.pop("filed", False))
    classified = bool(household.pop("classified", True))
    rules = {name: compile_rule(spec) for name, spec in household.items()}
    year = plain.get("year", {})
    age = year.get("age", "")
    deprivations = tuple(_deprivation(name, spec) for name, spec in plain.get("deprivation", {}).items())
    used = {key, *same, *watched, *area.columns, *([age] if age else ())}
    for rule in (*person.values(), *rules.values()):
        used |= set(rule.columns)
    for fact in deprivations:
        used |= {*fact.any_of, *filter(None, (fact.column, fact.anybody))}
    optional = set(plain.get("optional", ()))
    return HouseholdMapping(
        name=f"{stem}-{plain['version']}",
        version=str(plain["version"]),
        source=plain["source"],
        key=key,
        area=area,
        person=person,
        household=rules,
        same=same,
        watched=watched,
        filed=filed,
        classified=classified,
        age_column=age,
        asks_period=year.get("asked", False),
        year=year.get("year", 0),
        period=(year["from"], year["to"]) if "from" in year else None,
        deprivations=deprivations,
        needs=tuple(_need(spec, {fact.name for fact in deprivations}) for spec in plain.get("need", ())),
        consent_method=plain.get("consent", {}).get("method", ""),
        known=frozenset(used | set(plain.get("ignored", ()))),
        required=frozenset(used - optional),
    )


def _deprivation(name: str, spec: Mapping[str, Any]) -> Deprivation:
    if name not in DERIVED:
        raise MappingFault(f"{name!r} is no yearly fact")
    given = dict(spec)
    given["any_of"] = tuple(given.get("any_of", ()))
    return Deprivation(name, **given)


def _need(spec: Mapping[str, Any], facts: set[str]) -> NeedRule:
    if spec["when"] not in facts:
        raise MappingFault(f"a need follows from {spec['when']!r}, which this mapping does not read")
    item = get_item(spec["item"])
    return NeedRule(item=item, quantity=int(spec["quantity"]), when=spec["when"], grade=int(spec["grade"]))
