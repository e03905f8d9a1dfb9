"""What an agency or a fund holder is told when its papers or its people cannot be taken as they are."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import Organisation, User
from common.actors import SYSTEM
from implementers import services
from implementers.enums import Heading
from implementers.models import Agency, FundHolder, Staff
from tests.cast import credit_code
from tests.donors.conftest import COUNTY, NOW
from tests.implementers.conftest import SCORES, picture
from tests.refusing import refuses

BACKWARDS = {"valid_from": date(2026, 5, 1), "valid_to": date(2026, 4, 30)}


def applies(leader: User, **changes: Any) -> Agency:
    given: dict[str, Any] = {
        "user": leader, "name": "Qinghe helpers", "uscc": credit_code(5, "service_organisation"),
        "kind": "service_organisation",
        "area": COUNTY, "licensed_workers": 3, "contact_phone": "13800005678", "by": leader, "at": NOW,
    }  # fmt: skip
    return services.register_agency(**given | changes)


def offers(treasurer: User, **changes: Any) -> FundHolder:
    given: dict[str, Any] = {
        "user": treasurer, "name": "Qinghe foundation", "uscc": credit_code(6, "foundation"),
        "kind": "charity",
        "contact_phone": "13800009999", "by": treasurer, "at": NOW,
    }  # fmt: skip
    return services.register_fund_holder(**given | changes)


def test_agency_applies_once(agency: Agency, leader: User) -> None:
    with refuses("agency_known"):
        applies(leader)


def test_fund_holder_applies_once(holder: FundHolder, treasurer: User) -> None:
    with refuses("fund_holder_known"):
        offers(treasurer)


def test_agency_can_be_reached_by_telephone(leader: User) -> None:
    with refuses("phone_missing"):
        applies(leader, contact_phone=" ")

    assert not Organisation.objects.exists()


def test_fund_holder_can_be_reached_by_telephone(treasurer: User) -> None:
    with refuses("phone_missing"):
        offers(treasurer, contact_phone=" ")

    assert not Organisation.objects.exists()


def test_nobody_takes_the_own_telephone_away(
    agency: Agency, leader: User, holder: FundHolder, treasurer: User
) -> None:
    none: dict[str, Any] = {"contact_phone": "", "at": NOW}

    with refuses("phone_missing"):
        services.edit_agency(agency=agency, version=agency.version, by=leader, **none)
    with refuses("phone_missing"):
        services.edit_fund_holder(holder=holder, version=holder.version, by=treasurer, **none)


def test_telephone_has_eleven_digits(leader: User, treasurer: User) -> None:
    with refuses("phone_unreadable"):
        applies(leader, contact_phone="1380000567")
    with refuses("phone_unreadable"):
        offers(treasurer, contact_phone="0951-6012345")


def test_paper_does_not_end_before_it_begins(
    agency: Agency, leader: User, holder: FundHolder, treasurer: User
) -> None:
    given: dict[str, Any] = {"issuer": "民政局", "proof": picture(), "at": NOW, **BACKWARDS}

    with refuses("period_backwards"):
        services.add_credential(agency=agency, kind="registration", by=leader, **given)
    with refuses("period_backwards"):
        services.add_qualification(holder=holder, kind="receipts", by=treasurer, **given)


@pytest.mark.parametrize(
    ("licence", "code"), [("captain", "licence_unknown"), ("assistant", "licence_number_missing")]
)
def test_licence_is_one_of_the_list_and_has_its_number(
    agency: Agency, leader: User, licence: str, code: str
) -> None:
    with refuses(code):
        services.add_staff(agency=agency, name="孙社工", licence=licence, by=leader, at=NOW)


def test_colleague_leaves_once(agency: Agency, leader: User) -> None:
    staff = Staff.objects.get()
    services.staff_left(staff=staff, by=leader, at=NOW)

    with refuses("left_already"):
        services.staff_left(staff=staff, by=leader, at=NOW)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"scores": {Heading.LEGAL: 18}}, "headings_incomplete"),
        ({"scores": {**SCORES, "charm": 5}}, "headings_incomplete"),
        ({"rationale": " "}, "rationale_missing"),
    ],
)
def test_admission_is_proposed_with_six_headings_and_what_speaks_for_them(
    agency: Agency, worker: User, changes: dict[str, Any], code: str
) -> None:
    services.start_checking(agency=agency, by=worker, at=NOW)
    given: dict[str, Any] = {"scores": SCORES, "rationale": "材料齐全。"}

    with refuses(code):
        services.propose_admission(agency=agency, **given | changes, by=worker, at=NOW)


def test_rating_is_one_of_the_levels(admitted: Agency) -> None:
    with refuses("level_unknown"):
        services.set_standing(
            agency=admitted, level="F", score=Decimal(12), since=NOW, rating_ref="r1", by=SYSTEM, at=NOW
        )
