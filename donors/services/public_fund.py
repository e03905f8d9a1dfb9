"""Public funds as lots: an office enters its budget money for its own area (domain §6.1, §16)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import OrganisationKind, Role
from accounts.models import Organisation, User
from common.actors import Actor
from common.exceptions import Refused
from common.states import move
from donors.enums import ConditionField, DonorKind, DonorState, LotKind, LotOrigin
from donors.models import Donor, Lot
from donors.services.lots import draft_lot, submit_lot
from journal.services import record


@transaction.atomic
def register_public_fund(
    *,
    officer: User,
    title: str,
    department: str,
    document_no: str,
    budget_line: str,
    items: Sequence[Any],
    amount: int,
    fair_value: int | None = None,
    area: str,
    fund_holder: Organisation | None = None,
    policy: Any = None,
    conditions: Iterable[Mapping[str, Any]] = (),
    valid_from: date | None = None,
    by: Actor,
    at: datetime,
) -> Lot:
    """A lot of public money or goods with its document and budget line, for a place in the officer's own area alone."""
    seat = officer.seat
    if (
        by != officer
        or seat is None
        or seat.role != Role.OFFICER
        or seat.organisation is None
        or seat.organisation.kind != OrganisationKind.GOVERNMENT
    ):
        raise Refused(
            "officers_only", _("Public funds are entered by an officer of the office that holds them.")
        )
    if not area or not area.startswith(seat.prefix):
        raise Refused(
            "area_outside", _("This area is not served by your office. Choose one within it."), field="area"
        )
    if not document_no.strip() or not budget_line.strip():
        raise Refused(
            "document_missing",
            _("Write the number of the document and the budget line."),
            field="document_no",
        )
    donor = _office_donor(seat.organisation, by=by, at=at)
    stated = [one for one in conditions if one.get("field") != ConditionField.REGION]
    lot = draft_lot(
        donor=donor,
        title=title,
        items=items,
        quantity=amount,
        fair_value=fair_value,
        conditions=[{"field": ConditionField.REGION, "value": area}, *stated],
        valid_from=valid_from,
        origin=LotOrigin.PUBLIC_FUND,
        department=department.strip(),
        document_no=document_no.strip(),
        budget_line=budget_line.strip(),
        policy=policy,
        fund_holder=fund_holder,
        goods_condition="new" if items and items[0].kind == LotKind.GOODS else "",
        by=by,
        at=at,
    )
    return submit_lot(lot=lot, by=by, at=at)


def _office_donor(office: Organisation, *, by: Actor, at: datetime) -> Donor:
    """The office's face as a donor: known through its official account, so it needs no further check."""
    donor, is_new = Donor.objects.get_or_create(
        organisation=office,
        defaults={
            "kind": DonorKind.GOVERNMENT,
            "display_name": office.name,
            "show_name": True,
            "state": DonorState.REGISTERED,
            "state_since": at,
            "registered_at": at,
        },
    )
    if is_new:
        record("donors.donor.registered", donor, by=by, at=at, kind=DonorKind.GOVERNMENT.value)
        move(donor, DonorState.VERIFIED, by=by, at=at, reason="official_account", also={"verified_at": at})
    return donor
