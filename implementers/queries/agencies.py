"""Agencies and fund holders as the layers above ask for them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef

from implementers.enums import REQUIRED_QUALIFICATIONS, AdmissionState, FundHolderState
from implementers.models import Admission, Agency, FundHolder, Qualification
from implementers.rules import Blocker, project_blockers


def may_take_projects(agency: Agency, on: date, funds: int) -> list[Blocker]:
    """Everything that keeps the agency from a project of this size that day; empty means it may."""
    return project_blockers(agency, on, funds)


def fund_holders_admitted(on: date) -> Any:
    """Who may receive money that day: admitted, with every qualification its kind needs in force."""
    rows = FundHolder.objects.filter(state=FundHolderState.ADMITTED).select_related("organisation")
    fit = FundHolder.objects.none()
    for kind, needed in REQUIRED_QUALIFICATIONS.items():
        of_kind = rows.filter(kind=kind)
        for qualification in sorted(needed):
            held = Qualification.objects.all().in_force(on)
            of_kind = of_kind.filter(Exists(held.filter(fund_holder=OuterRef("pk"), kind=qualification)))
        fit = fit | of_kind
    return fit.order_by("organisation__name", "pk")


def agency_of(user: Any) -> Agency | None:
    """The agency in whose seat the user acts."""
    return Agency.objects.all().own(user.seat).select_related("organisation").first()


def fund_holder_of(user: Any) -> FundHolder | None:
    """The fund holder in whose seat the user acts."""
    return FundHolder.objects.all().own(user.seat).select_related("organisation").first()


def waiting_admission(agency: Agency) -> Admission | None:
    """The proposal that waits for a supervisor, if there is one."""
    return agency.admissions.filter(state=AdmissionState.PROPOSED).select_related("proposed_by").first()
