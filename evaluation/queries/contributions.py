"""What donors contributed up to a day: rows of the ledger with verified values, one query a table (domain §11.1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from common.clock import day_of
from delivery.models import Delivery
from donors.enums import EntryKind, LotKind, PledgeState
from donors.formulas import Contribution
from donors.models import LedgerEntry, Pledge
from evaluation.models import ENDED, Evaluation
from evaluation.queries.results import end_of
from projects.enums import Stage

GOOD = ("excellent", "good")
DELIVERY = Delivery._meta.label_lower


def contributions(as_of: date) -> tuple[dict[int, list[Contribution]], int]:
    """Donor number -> contributions, and how many ledger rows were read; what came back counts no more."""
    rows = list(
        LedgerEntry.objects.filter(
            kind__in=[EntryKind.DISBURSED, EntryKind.CAME_BACK], at__lt=end_of(as_of)
        )
        .order_by("lot_id", "at", "pk")
        .values(
            "public_id", "kind", "quantity", "at", "cause_label", "cause_ref", "lot_id", "lot__donor_id", "lot__kind",
            "lot__quantity", "lot__fair_value",
        )
    )  # fmt: skip
    good = _well_evaluated(as_of)
    found: dict[int, list[Contribution]] = defaultdict(list)
    for row, quantity in _kept(rows):
        evaluated = row["cause_label"] == DELIVERY and row["cause_ref"] in good
        found[row["lot__donor_id"]].append(
            Contribution(
                ref=row["public_id"],
                kind=row["lot__kind"],
                stage="evaluated_good" if evaluated else "delivered",
                value=_value(quantity, row["lot__kind"], row["lot__quantity"], row["lot__fair_value"]),
                on=day_of(row["at"]),
            )
        )
    for donor_id, breach in _breaches(as_of):
        found[donor_id].append(breach)
    return found, len(rows)


def _kept(rows: list[dict[str, Any]]) -> Iterable[tuple[dict[str, Any], int]]:
    """What was handed over and stayed; what came back is taken off its own cause, then off the newest."""
    left: dict[str, int] = {
        row["public_id"]: row["quantity"] for row in rows if row["kind"] == EntryKind.DISBURSED
    }
    by_lot: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if row["kind"] == EntryKind.DISBURSED:
            by_lot[row["lot_id"]].append(row)
            continue
        back = row["quantity"]
        cause = (row["cause_label"], row["cause_ref"])
        earlier = by_lot[row["lot_id"]]
        same = [one for one in earlier if (one["cause_label"], one["cause_ref"]) == cause]
        for one in [*reversed(same), *reversed(earlier)]:
            taken = min(back, left[one["public_id"]])
            left[one["public_id"]] -= taken
            back -= taken
    for row in rows:
        if row["kind"] == EntryKind.DISBURSED and left[row["public_id"]]:
            yield row, left[row["public_id"]]


def _value(quantity: int, kind: str, whole: int, fair_value: int | None) -> int | None:
    """Money at its face, everything else at its share of the value checked with the lot; none when none was stated."""
    if kind == LotKind.MONEY:
        return quantity
    return None if fair_value is None else quantity * fair_value // whole


def _well_evaluated(as_of: date) -> set[str]:
    """Deliveries of projects whose evaluation after the end was good."""
    projects = Evaluation.objects.filter(
        stage=Stage.EX_POST, state__in=ENDED, grade__in=GOOD, final_at__lt=end_of(as_of)
    )
    rows = Delivery.objects.filter(proposal__project__in=projects.values("project_id"))
    return set(rows.values_list("public_id", flat=True))


def _breaches(as_of: date) -> Iterable[tuple[int, Contribution]]:
    """Promises that were not kept count against the donor by what was missing."""
    rows = Pledge.objects.filter(state=PledgeState.BREACHED, state_since__lt=end_of(as_of)).values(
        "public_id",
        "donor_id",
        "state_since",
        "lot__kind",
        "lot__quantity",
        "lot__fair_value",
        "lot__disbursed",
    )
    for row in rows.order_by("pk"):
        missing = max(row["lot__quantity"] - row["lot__disbursed"], 0)
        yield (
            row["donor_id"],
            Contribution(
                ref=row["public_id"],
                kind=row["lot__kind"],
                stage="breached",
                value=_value(missing, row["lot__kind"], row["lot__quantity"], row["lot__fair_value"]),
                on=day_of(row["state_since"]),
            ),
        )
