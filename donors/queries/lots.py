"""Lots, pledges, ledger and feedback in the orders the pages and the layers above read them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from donors.enums import FeedbackKind, LotState
from donors.models import Donor, FeedbackDue, LedgerEntry, Lot, Pledge
from donors.models.donor import own_donor


def donor_of(user: Any) -> Donor | None:
    """The donor in whose seat the user acts."""
    seat = user.seat
    return None if seat is None else Donor.objects.filter(own_donor(user, seat)).first()


def donor_users(donor: Donor) -> list[User]:
    """The accounts to whom news for this donor goes."""
    if donor.user_id is not None:
        return [User.objects.get(pk=donor.user_id)]
    return list(
        User.objects.filter(
            is_active=True, memberships__organisation_id=donor.organisation_id, memberships__state="active",
            memberships__role__in=["donor", "officer"],
        ).distinct()
    )  # fmt: skip


def lots_listed(on: date) -> Any:
    """What may be matched that day: listed, something free, within its dates."""
    return Lot.objects.all().listed_on(on)


def lots_of(donor: Donor) -> Any:
    """A donor's lots, newest first."""
    return Lot.objects.filter(donor=donor).prefetch_related("items").order_by("-created_at", "-id")


def ledger_of(lot: Lot) -> Any:
    """Every movement of a lot, oldest first."""
    return LedgerEntry.objects.filter(lot=lot).order_by("at", "id")


def pledges_of(donor: Donor) -> Any:
    """A donor's pledges with their lots, newest first."""
    rows = Pledge.objects.filter(donor=donor).select_related("lot", "lot__fund_holder")
    return rows.prefetch_related("lot__items").order_by("-made_at", "-id")


def lots_to_report_on() -> Any:
    """Offers on their way of which something was handed over and no report is owed just now."""
    told = FeedbackDue.objects.filter(lot=OuterRef("pk"))
    rows = Lot.objects.filter(
        Exists(told.filter(kind=FeedbackKind.ALLOCATION)),
        ~Exists(told.filter(kind=FeedbackKind.PROGRESS, done_at__isnull=True)),
        Q(reserved__gt=0) | Q(state=LotState.LISTED),
    )
    return rows.order_by("pk")


def feedback_open(organisation_id: int) -> Any:
    """What an organisation still owes donors, most urgent first."""
    rows = FeedbackDue.objects.all().open().filter(responsible_id=organisation_id)
    return rows.select_related("lot", "donor").order_by("due", "id")


def feedback_overdue(at: datetime) -> Any:
    """Everything owed and late."""
    rows = FeedbackDue.objects.all().open().filter(due__lt=at)
    return rows.select_related("lot", "donor", "responsible").order_by("due", "id")
