"""Loading code lists, codes, items and designations."""

from __future__ import annotations

from django.utils.translation import gettext as _

from reference.enums import ItemKind
from reference.models import Code, CodeList, Designation, Division, Item
from reference.services.tables import Line, Table
from reference.services.upsert import Tally, upsert

LIST_HEADERS = frozenset(
    {"list", "version", "label_zh", "label_en", "jurisdiction", "valid_from", "valid_to", "source"}
)
CODE_HEADERS = frozenset(
    {
        "list", "version", "slug", "label_zh", "label_en", "parent", "valid_from", "valid_to", "jurisdiction",
        "staff_only", "external",
    }
)  # fmt: skip
ITEM_HEADERS = frozenset(
    {
        "slug", "category", "sub_type", "label_zh", "label_en", "kind", "unit_zh", "unit_en", "unit_factor",
        "divisible", "smallest_part",
    }
)  # fmt: skip
DESIGNATION_HEADERS = frozenset({"division", "list", "name", "valid_from", "valid_to", "document"})


def load_lists(table: Table) -> Tally:
    """Versions of vocabularies, each with its period and jurisdiction."""
    rows = [
        CodeList(
            slug=_present(line, "list"),
            version=_present(line, "version"),
            label_zh=_present(line, "label_zh"),
            label_en=_present(line, "label_en"),
            jurisdiction=line["jurisdiction"],
            valid_from=line.day("valid_from"),
            valid_to=line.day("valid_to"),
            source=line["source"],
        )
        for line in table.lines()
    ]
    fields = ("label_zh", "label_en", "jurisdiction", "valid_from", "valid_to", "source")
    return upsert(CodeList.objects.all(), rows, key=("slug", "version"), fields=fields)


def load_codes(table: Table) -> Tally:
    """Values of code lists in their order; `external` is `system:number` pairs separated by spaces."""
    lists = {(row.slug, row.version): row for row in CodeList.objects.all()}
    rows = []
    for position, line in enumerate(table.lines(), start=1):
        owner = lists.get((line["list"], line["version"]))
        if owner is None:
            raise line.refuse(
                _("there is no code list “%(list)s” version “%(version)s”. Load the lists first.")
                % {"list": line["list"], "version": line["version"]}
            )
        rows.append(
            Code(
                code_list=owner,
                slug=_present(line, "slug"),
                label_zh=_present(line, "label_zh"),
                label_en=_present(line, "label_en"),
                parent_slug=line["parent"],
                position=position,
                valid_from=line.day("valid_from"),
                valid_to=line.day("valid_to"),
                jurisdiction=line["jurisdiction"],
                staff_only=line.yes("staff_only"),
                external_codes=dict(_pair(line, text) for text in line["external"].split()),
            )
        )
    fields = (
        "label_zh", "label_en", "parent_slug", "position", "valid_from", "valid_to", "jurisdiction", "staff_only",
        "external_codes",
    )  # fmt: skip
    return upsert(Code.objects.all(), rows, key=("code_list_id", "slug"), fields=fields)


def load_items(table: Table) -> Tally:
    """Items, each in a known sub-type of its category."""
    sub_types = dict(Code.objects.filter(code_list__slug="need_subtype").values_list("slug", "parent_slug"))
    rows = []
    for line in table.lines():
        if sub_types.get(line["sub_type"]) != line["category"] or line["kind"] not in ItemKind.values:
            raise line.refuse(
                _("“%(item)s” needs a known sub-type of category %(category)s and a known kind.")
                % {"item": line["slug"], "category": line["category"]}
            )
        factor = line.whole("unit_factor")
        if (
            factor < 1
            or line.whole("smallest_part") < 1
            or (line["kind"] == ItemKind.MONEY and factor != 100)
        ):
            raise line.refuse(_("quantities start at 1, and money is counted in fen (unit_factor 100)."))
        rows.append(
            Item(
                slug=_present(line, "slug"),
                category=line["category"],
                sub_type=line["sub_type"],
                label_zh=_present(line, "label_zh"),
                label_en=_present(line, "label_en"),
                kind=line["kind"],
                unit_zh=_present(line, "unit_zh"),
                unit_en=_present(line, "unit_en"),
                unit_factor=factor,
                divisible=line.yes("divisible"),
                smallest_part=line.whole("smallest_part"),
            )
        )
    fields = (
        "category", "sub_type", "label_zh", "label_en", "kind", "unit_zh", "unit_en", "unit_factor", "divisible",
        "smallest_part",
    )  # fmt: skip
    return upsert(Item.objects.all(), rows, key=("slug",), fields=fields)


def load_designations(table: Table) -> Tally:
    """Divisions on public lists; the name is for the reader of the file and must be the division's."""
    names = dict(Division.objects.current().values_list("code", "name").filter(level__lte=3))
    rows = []
    for line in table.lines():
        start = line.day("valid_from")
        known = names.get(line["division"])
        if len(line["division"]) > 6:
            known = (
                Division.objects.current()
                .filter(code=line["division"])
                .values_list("name", flat=True)
                .first()
            )
        if known is None or known != line["name"] or start is None:
            raise line.refuse(
                _("%(code)s is not the division “%(name)s” in force today, or the first day is missing.")
                % {"code": line["division"], "name": line["name"]}
            )
        rows.append(
            Designation(
                division_code=line["division"],
                list_slug=_present(line, "list"),
                valid_from=start,
                valid_to=line.day("valid_to"),
                document=line["document"],
            )
        )
    key = ("division_code", "list_slug", "valid_from")
    return upsert(Designation.objects.all(), rows, key=key, fields=("valid_to", "document"))


def _present(line: Line, name: str) -> str:
    if not line[name]:
        raise line.refuse(_("column %(column)s is empty.") % {"column": name})
    return line[name]


def _pair(line: Line, text: str) -> tuple[str, str]:
    system, colon, number = text.partition(":")
    if not (system and colon and number):
        raise line.refuse(_("“%(text)s” is not a pair like system:number.") % {"text": text})
    return system, number
