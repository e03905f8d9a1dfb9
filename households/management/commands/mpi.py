"""manage.py mpi [FILE.csv] --indicators a,b,c [--weights …] --k 1/3 [--by col] [--weight col] [--json]

Without FILE the register is measured by area. Without --indicators every source of households (the applications, each
kind of file) is measured on its own, by the indicators that some household of it was asked about; the others are listed
as `not_asked`, and what is left of their dimension carries its weight (`without` in households.measures.alkire_foster).
Two sources asked different things, and one table over both would score nobody. An answer that is missing stays missing.
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from django.utils.translation import gettext

from households.commands import Fault, MeasureCommand, fraction, rows_of, weight_of
from households.imports.rules import NO, YES
from households.measures.alkire_foster import (
    CHINA_DIMENSIONS,
    CHINA_FOUR_DIMENSIONS,
    Profile,
    Scheme,
    measure,
    scheme_of,
    without,
)
from households.queries.deprivation import LEVELS, PLATFORM, register_profiles, register_sources
from reference.coding import is_trial, level_of
from reference.queries import path_labels

CHUNK = 500  # parameters of one IN


class Command(MeasureCommand):
    help = (
        "Multidimensional poverty after Alkire and Foster: headcount H, intensity A, M0 = H × A, censored headcounts "
        "and contributions. With FILE the cells say 1 or 0; an empty one is not known. Without FILE: every household "
        "of the register with its newest year, by county or by the division --level names, each source of households "
        "on its own; indicators that no household of it was asked about are left out and listed. With several sources "
        "--json holds them as the list `sources`; --source chooses one."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, metavar="FILE.csv")
        parser.add_argument(
            "--indicators", metavar="a,b,c", help="columns; of the register: all that were asked"
        )
        parser.add_argument("--weights", metavar="1,1,2 or a=1,b=2", help="equal without it")
        parser.add_argument("--k", default="1/3", help="the poverty cutoff, a share of all weight")
        parser.add_argument("--by", metavar="COLUMN", help="a group; the register goes by area")
        parser.add_argument("--weight", metavar="COLUMN", help="how many a row stands for; register: persons")
        parser.add_argument("--level", default="county", choices=list(LEVELS), help="of --by area")
        parser.add_argument(
            "--source",
            metavar="NAME",
            help=f"register: only what came from there, such as cr-2011 or {PLATFORM}",
        )
        parser.add_argument("--region", default="", metavar="CODE", help="register: only this area")
        parser.add_argument("--year", type=int, help="register: this year instead of each household's newest")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def compute(self, options: Mapping[str, Any]) -> dict[str, Any]:
        scheme = self._scheme(options)
        if options["file"]:
            return measure(self._file(options, scheme), unit="households", scheme=scheme).as_json()
        self._refuse_unknown(options, scheme)
        sources = self._sources(options)
        if options["indicators"]:
            return self._measured(options, scheme, options["source"])
        if len(sources) < 2:
            return self._measured(options, scheme, next(iter(sources), None))
        return {"sources": [self._measured(options, scheme, source) for source in sources]}

    def _measured(self, options: Mapping[str, Any], scheme: Scheme, source: str | None) -> dict[str, Any]:
        profiles = list(self._register(options, scheme, source))
        not_asked: list[str] = []
        if not options["indicators"]:
            not_asked = [
                name for name in scheme.weights if all(row.deprived[name] is None for row in profiles)
            ]
            if len(not_asked) < len(scheme.weights):
                scheme = without(scheme, not_asked, CHINA_DIMENSIONS)
        figures = measure(profiles, unit="households", scheme=scheme).as_json() | {"not_asked": not_asked}
        return {"source": source} | figures if source else figures

    def _sources(self, options: Mapping[str, Any]) -> list[str]:
        """The sources to measure: the one asked for, or all of the area and year."""
        found = register_sources(region=options["region"], year=options["year"])
        if options["source"] is None:
            return found
        if options["source"] not in found:
            raise Fault(
                f"no household here is from {options['source']}; there are: {', '.join(found) or 'none'}"
            )
        return [options["source"]]

    def group_names(self, options: Mapping[str, Any], groups: Collection[str]) -> Mapping[str, str]:
        if options["file"]:
            return {}
        codes, names = list(groups), dict[str, str]()
        for start in range(0, len(codes), CHUNK):
            names |= path_labels(codes[start : start + CHUNK])
        known = {code: name for code, name in names.items() if not name.endswith(code)}
        trial = {code: gettext("trial area %(code)s") % {"code": code} for code in groups if is_trial(code)}
        return trial | known

    def _scheme(self, options: Mapping[str, Any]) -> Scheme:
        k = fraction(options["k"], "--k")
        try:
            if not options["indicators"]:
                if options["file"]:
                    raise Fault("--indicators names the columns to count, such as --indicators water,toilet")
                if options["weights"]:
                    raise Fault("--weights needs --indicators")
                base = CHINA_FOUR_DIMENSIONS
                return Scheme(base.version, base.weights, k, base.max_missing)
            names = [name.strip() for name in options["indicators"].split(",") if name.strip()]
            if len(set(names)) < len(names):
                raise Fault("--indicators names a column twice")
            weights = _weights(options["weights"], names)
            return scheme_of("given", weights, k=k)
        except ValueError as error:
            raise Fault(str(error)) from error

    def _file(self, options: Mapping[str, Any], scheme: Scheme) -> Iterator[Profile]:
        by, weight = options["by"], options["weight"]
        names = list(scheme.weights)
        for line, row in rows_of(options["file"], [*names, *filter(None, (by, weight))]):
            yield Profile(
                deprived={name: _answer(row[name], line, name) for name in names},
                households=weight_of(row, weight, line),
                group=row[by] if by else None,
            )

    def _refuse_unknown(self, options: Mapping[str, Any], scheme: Scheme) -> None:
        """What the register cannot be asked for, before it is read."""
        by, weight = options["by"], options["weight"]
        if by not in {None, "area"}:
            raise Fault("the register can be grouped by area")
        if weight not in {None, "persons"}:
            raise Fault("the register can be weighted by persons")
        unknown = set(scheme.weights) - set(CHINA_FOUR_DIMENSIONS.weights)
        if unknown:
            known = ", ".join(CHINA_FOUR_DIMENSIONS.weights)
            raise Fault(f"the register has no indicator {', '.join(sorted(unknown))}; it has {known}")
        if options["region"] and level_of(options["region"]) is None:
            raise Fault(f"--region: “{options['region']}” is no code of an area")

    def _register(self, options: Mapping[str, Any], scheme: Scheme, source: str | None) -> Iterator[Profile]:
        return register_profiles(
            list(scheme.weights),
            persons=options["weight"] == "persons",
            level=options["level"],
            year=options["year"],
            source=source,
            region=options["region"],
        )


def _weights(text: str | None, names: list[str]) -> dict[str, Fraction]:
    if not text:
        return dict.fromkeys(names, Fraction(1))
    parts = [part.strip() for part in text.split(",") if part.strip()]
    pairs = [part.partition("=") for part in parts]
    if all(equals for _name, equals, _value in pairs):
        given = {name.strip(): fraction(value, "--weights") for name, _equals, value in pairs}
        if set(given) != set(names):
            raise Fault("--weights names other columns than --indicators")
        return {name: given[name] for name in names}
    if len(parts) != len(names):
        raise Fault(f"--weights has {len(parts)} numbers for {len(names)} indicators")
    return {name: fraction(part, "--weights") for name, part in zip(names, parts, strict=True)}


def _answer(text: str, line: int, column: str) -> bool | None:
    cell = text.lower()
    if cell == "":
        return None
    if cell in YES:
        return True
    if cell in NO:
        return False
    raise Fault(f"row {line}, column {column}: “{text}” is neither 1 nor 0")
