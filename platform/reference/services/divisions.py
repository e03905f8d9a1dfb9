"""Loading divisions from tables in the shape of the national statistics office."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.translation import gettext as _

from reference import coding
from reference.enums import LENGTHS, Level
from reference.models import Division
from reference.services.tables import Table, bad_file
from reference.services.upsert import Tally, upsert

# The five published shapes; the first also carries all levels at once. Parent columns repeat the code's own prefix.
SHAPES: dict[frozenset[str], Level | None] = {
    frozenset({"code", "name"}): None,
    frozenset({"code", "name", "provinceCode"}): Level.PREFECTURE,
    frozenset({"code", "name", "provinceCode", "cityCode"}): Level.COUNTY,
    frozenset({"code", "name", "provinceCode", "cityCode", "areaCode"}): Level.TOWNSHIP,
    frozenset({"code", "name", "provinceCode", "cityCode", "areaCode", "streetCode"}): Level.VILLAGE,
}
PARENTS = {"provinceCode": 2, "cityCode": 4, "areaCode": 6, "streetCode": 9}
CHUNK = 5000


def load_divisions(table: Table, *, edition: str) -> Tally:
    """Every row is new, renamed or known; a row without its parent division refuses the whole file."""
    stated = _read(table)
    _refuse_orphans(stated, table)
    tally = Tally()
    codes = sorted(stated)
    for start in range(0, len(codes), CHUNK):
        part = codes[start : start + CHUNK]
        tally += _bring_in({code: stated[code] for code in part}, edition)
    return tally


def _read(table: Table) -> dict[str, str]:
    """Code to name; all villages of the country fit, so that nothing is written before all is checked."""
    level = SHAPES[frozenset(table.headers)]
    parents = [(name, PARENTS[name]) for name in table.headers if name in PARENTS]
    stated: dict[str, str] = {}
    for line in table.lines():
        code = line["code"]
        found = coding.level_of(code)
        if found is None or (level is not None and found != level):
            wanted = LENGTHS[level] if level is not None else "2, 4, 6, 9, 12"
            raise line.refuse(
                _("code “%(code)s” must have %(length)s digits.") % {"code": code, "length": wanted}
            )
        for name, length in parents:
            if line[name] != code[:length]:
                raise line.refuse(
                    _("%(column)s “%(value)s” is not the beginning of code %(code)s.")
                    % {"column": name, "value": line[name], "code": code}
                )
        if not line["name"] or len(line["name"]) > 60:
            raise line.refuse(
                _("the name of %(code)s is missing or longer than 60 characters.") % {"code": code}
            )
        if code in stated:
            raise line.refuse(_("code %(code)s stands in the file twice.") % {"code": code})
        stated[code] = line["name"]
    if not stated:
        raise bad_file(_("%(file)s has no rows.") % {"file": table.path.name})
    return stated


def _refuse_orphans(stated: dict[str, str], table: Table) -> None:
    wanted = {
        parent: code for code in stated if (parent := coding.parent_code(code)) and parent not in stated
    }
    known: set[str] = set()
    parents = sorted(wanted)
    for start in range(0, len(parents), 500):
        part = parents[start : start + 500]
        known.update(Division.objects.current().filter(code__in=part).values_list("code", flat=True))
    if missing := sorted(set(wanted) - known):
        code = wanted[missing[0]]
        raise bad_file(
            _("%(file)s: %(name)s (%(code)s) has no parent division %(parent)s. Load the level above first.")
            % {"file": table.path.name, "name": stated[code], "code": code, "parent": missing[0]}
        )


def _bring_in(names: dict[str, str], edition: str) -> Tally:
    """One stretch of codes in order, so that what is stored is read as one range."""
    stored = Division.objects.current().filter(code__gte=min(names), code__lte=max(names))
    known = dict(stored.values_list("code", "name"))
    renamed = {code: name for code, name in names.items() if known.get(code, name) != name}
    if renamed:
        _close_older(stored.filter(code__in=renamed).exclude(edition=edition), edition)
    new = [
        Division(
            level=coding.LEVELS[len(code)],
            code=code,
            edition=edition,
            name=name,
            fictional=coding.is_fictional(code),
        )
        for code, name in names.items()
        if code not in known or code in renamed
    ]
    tally = upsert(stored.filter(code__in=renamed), new, key=("code",), fields=("name",))
    tally.unchanged += len(names) - len(new)
    return tally


def _close_older(rows: models.QuerySet[Division], edition: str) -> None:
    """A newer edition with another name ends the older row, which then points to its successor of the same code."""
    year = int(edition)
    ended = list(rows)
    for row in ended:
        if row.edition > edition:
            raise bad_file(
                _("%(division)s is stated by the newer edition %(edition)s. Give the edition of this file.")
                % {"division": row, "edition": row.edition}
            )
        row.valid_to = date(year, 1, 1)
        row.successors = [*row.successors, {"code": row.code, "year": year}]
    Division.objects.bulk_update(ended, ["valid_to", "successors"])
