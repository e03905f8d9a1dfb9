"""What a run proved and left open, in lines people can read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.templatetags.ui import amount
from donors.models import Lot
from households.models import Need
from matching.enums import UnmetKind
from matching.models import Run, UnmetReason
from matching.queries.words import reason_words
from reference.models import Item
from reference.queries import path_labels

BANDS = ("5", "4", "3", "2", "1")

FAULTS = {
    "no_region": gettext_lazy("no place is known"),
    "bad_region": gettext_lazy("the place cannot be read"),
    "bad_severity": gettext_lazy("the severity is not 1 to 5"),
    "no_amount": gettext_lazy("nothing is missing"),
    "bad_smallest": gettext_lazy("the smallest part cannot be right"),
    "reversed_window": gettext_lazy("it ends before it begins"),
    "zero_quantity": gettext_lazy("nothing is left of it"),
    "bad_quantity": gettext_lazy("the quantity cannot be right"),
    "bad_household_cap": gettext_lazy("the limit per family cannot be right"),
    "row_left_out": gettext_lazy("it hangs on something that was left out"),
}


@dataclass(frozen=True)
class UnmetLine:
    """One need without help: which family, what is missing, why."""

    row: UnmetReason
    place: str
    missing: str
    words: str


def unmet_lines(rows: Iterable[UnmetReason], *, user: Any) -> list[UnmetLine]:
    """The page's reasons in words; two queries for all places."""
    listed = list(rows)
    places = path_labels({row.need.area for row in listed})
    lines = []
    for row in listed:
        names = places[row.need.area].split(" / ")
        words = reason_words(
            kind=row.kind,
            blocker=row.blocker,
            detail=row.detail,
            item=row.need.item,
            place=names[2] if len(names) > 2 else names[-1],
        )
        lines.append(UnmetLine(row, " ".join(names[3:]), amount(row.missing, row.need.item), words))
    return lines


def figure_rows(run: Run) -> list[dict[str, Any]]:
    """Units asked for and served in each severity; units of different things are not added up across items."""
    asked, served = run.figures.get("asked", {}), run.figures.get("served", {})
    return [
        {"severity": int(band), "asked": asked.get(band, 0), "served": served.get(band, 0)}
        for band in BANDS
        if asked.get(band, 0)
    ]


def proof_rows(run: Run) -> list[dict[str, Any]]:
    """Per thing and severity: asked, served, and by what it is proven that no plan serves more."""
    proofs = [proof for proof in run.certificate.get("proofs", []) if proof["asked"]]
    parts = {int(part) for proof in proofs for part in str(proof["item"]).split("+")}
    known = {item.pk: item for item in Item.objects.filter(pk__in=parts)}
    reasons = _reasons(run)
    words = {
        "cut": _("recounted: everything that fits is used up"),
        "nothing": _("recounted: nothing on offer fits"),
        "search": _("searched through to the end"),
        "open": _("not proven"),
    }
    return [
        {
            "item": _(" or ").join(known[int(part)].label for part in str(proof["item"]).split("+")),
            "severity": proof["band"],
            "asked": amount(proof["asked"], known[int(str(proof["item"]).split("+")[0])]),
            "served": amount(proof["served"], known[int(str(proof["item"]).split("+")[0])]),
            "full": proof["asked"] == proof["served"],
            "proof": words[_limit(proof, reasons)],
        }
        for proof in proofs
    ]


def _reasons(run: Run) -> dict[tuple[str, int], set[str]]:
    """By thing and severity, the kinds of reasons why needs go without."""
    found: dict[tuple[str, int], set[str]] = defaultdict(set)
    rows = UnmetReason.objects.filter(run=run).values_list("need__item", "need__severity", "kind")
    for item, severity, kind in rows.distinct():
        found[str(item), severity].add(kind)
    return found


def _limit(proof: dict[str, Any], reasons: dict[tuple[str, int], set[str]]) -> str:
    """What kept a line from more: where no offer fits any of its needs, nothing can be used up."""
    kinds = {kind for part in str(proof["item"]).split("+") for kind in reasons[part, proof["band"]]}
    return "nothing" if proof["proof"] == "cut" and kinds == {UnmetKind.NO_LOT} else str(proof["proof"])


def excluded_rows(run: Run, user: Any) -> list[tuple[str, str]]:
    """Rows that could not take part, named by their number when this reader may see them."""
    needs = {pk for kind, pk, _reason in run.excluded if kind == "need"}
    lots = {pk for kind, pk, _reason in run.excluded if kind == "lot"}
    names: dict[tuple[str, int], str] = {
        ("need", row.pk): row.number for row in Need.objects.visible_to(user).filter(pk__in=needs)
    }
    names |= {("lot", row.pk): row.title for row in Lot.objects.all().visible_to(user).filter(pk__in=lots)}
    return [
        (names[kind, pk], str(FAULTS.get(reason, reason)))
        for kind, pk, reason in run.excluded
        if (kind, pk) in names
    ]
