"""Money and quantities recomputed from the rows they count, and from the journal (design §4.3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db.models import F, Sum
from django.db.models.query import QuerySet

from delivery.enums import BINDING
from delivery.models import Agreement, Delivery, Disbursement, Transfer, Voucher
from households.models import Need
from journal.models import Entry
from journal.queries import Fault
from matching.enums import HELD, LIVE
from matching.models import Proposal
from projects.models import ProjectItem

JOURNALED: dict[str, type[Any]] = {
    "transfer.declared": Transfer,
    "disbursement.requested": Disbursement,
    "voucher.recorded": Voucher,
    "delivery.planned": Delivery,
}
CHUNK = 2000


def faults() -> Iterator[Fault]:
    yield from _amounts()
    yield from _drawn()
    yield from _vouchered()
    yield from _needs()
    yield from _capacities()


def _amounts() -> Iterator[Fault]:
    """Nobody changes the sum of a transfer, payment, voucher or delivery once it is written."""
    for action, model in JOURNALED.items():
        entries = Entry.objects.filter(action=action).values_list("object_ref", "parameters")
        written = {ref: parameters["amount"] for ref, parameters in entries.iterator(chunk_size=CHUNK)}
        rows = model._base_manager.order_by("pk").values_list("public_id", "amount")
        for ref, amount in rows.iterator(chunk_size=CHUNK):
            if written.get(ref) != amount:
                said = (
                    f"the journal says {written[ref]}" if ref in written else "the journal does not know it"
                )
                yield Fault(f"{model._meta.label_lower} {ref}", f"amount {amount}, {said}")


def _drawn() -> Iterator[Fault]:
    """The newest version that came into force carries what was asked for and not freed again."""
    bound: Counter[str] = Counter()
    for number, state, amount, kept in Disbursement._base_manager.values_list(
        "agreement__number", "state", "amount", "kept"
    ).iterator(chunk_size=CHUNK):
        bound[number] += amount if state in BINDING else kept
    newest: dict[str, tuple[str, int]] = {}
    rows = Agreement._base_manager.filter(effective_at__isnull=False).order_by("version")
    for number, ref, drawn in rows.values_list("number", "public_id", "drawn").iterator(chunk_size=CHUNK):
        newest[number] = (ref, drawn)
    for number, (ref, drawn) in newest.items():
        if drawn != bound[number]:
            yield Fault(f"delivery.agreement {ref}", f"{drawn} drawn, its payments say {bound[number]}")


def _vouchered() -> Iterator[Fault]:
    found = _sums(Voucher._base_manager.all(), "disbursement_id")
    rows = Disbursement._base_manager.order_by("pk").values_list("pk", "public_id", "vouchered")
    for pk, ref, vouchered in rows.iterator(chunk_size=CHUNK):
        if vouchered != found[pk]:
            yield Fault(
                f"delivery.disbursement {ref}", f"{vouchered} vouchered, its vouchers say {found[pk]}"
            )


def _needs() -> Iterator[Fault]:
    """Reserved is what live matches still owe, delivered what settled receipts brought."""
    settled = Delivery._base_manager.filter(settled_at__isnull=False)
    delivered = _sums(settled, "proposal__need_id")
    reserved = _sums(Proposal._base_manager.filter(state__in=LIVE), "need_id")
    reserved.subtract(_sums(settled.filter(proposal__state__in=LIVE), "proposal__need_id"))
    rows = Need._base_manager.order_by("pk").values_list("pk", "public_id", "reserved", "delivered")
    for pk, ref, held, brought in rows.iterator(chunk_size=CHUNK):
        if (held, brought) != (reserved[pk], delivered[pk]):
            what = (
                f"{held} reserved and {brought} delivered, its matches say {reserved[pk]} and {delivered[pk]}"
            )
            yield Fault(f"households.need {ref}", what)


def _capacities() -> Iterator[Fault]:
    """What a project holds or brought for its matches, item by item."""
    rows = Proposal._base_manager.filter(state__in=HELD, project__isnull=False).values_list(
        "project_id", "need__item_id"
    )
    totals = rows.order_by().annotate(total=Sum("amount"))
    used = {(project, item): total for project, item, total in totals}
    items = ProjectItem._base_manager.order_by("pk").annotate(ref=F("project__public_id"))
    for project, item, ref, slug, reserved in items.values_list(
        "project_id", "item_id", "ref", "item__slug", "reserved"
    ).iterator(chunk_size=CHUNK):
        expected = used.get((project, item), 0)
        if reserved != expected:
            yield Fault(f"projects.project {ref}", f"{slug}: {reserved} reserved, its matches say {expected}")


def _sums(rows: QuerySet[Any], key: str) -> Counter[int]:
    return Counter(dict(rows.order_by().values_list(key).annotate(total=Sum("amount"))))
