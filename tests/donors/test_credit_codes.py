"""A credit code belongs to one kind of body; who stands for it and where it is registered are never left out."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from accounts.enums import OrganisationKind
from accounts.models import Organisation, User
from accounts.services import (
    accept_invitation,
    create_first_administrator,
    create_organisation,
    edit_organisation,
)
from common.actors import SYSTEM
from common.exceptions import Refused
from donors import services
from donors.enums import DonorKind
from donors.models import Donor
from donors.services.parties import Body
from tests.cast import PASSWORD, credit_code
from tests.donors.browser import signed_in
from tests.donors.conftest import COUNTY, NOW
from tests.refusing import refuses


def registers(miller: User, kind: str, uscc: str, **particulars: Any) -> Donor:
    given = {"legal_representative": "He Shan", "registration_level": "province", **particulars}
    body = Body(name="Mountain", uscc=uscc, area=COUNTY, **given)
    return services.register_donor(user=miller, kind=kind, body=body, by=miller, at=NOW)


@pytest.mark.parametrize(
    ("kind", "of"),
    [
        (DonorKind.FOUNDATION, "enterprise"),
        (DonorKind.FOUNDATION, "association"),
        (DonorKind.SOCIAL_ORGANISATION, "foundation"),
        (DonorKind.SOCIAL_ORGANISATION, "enterprise"),
        (DonorKind.ENTERPRISE, "foundation"),
        (DonorKind.ENTERPRISE, "government"),
    ],
)
def test_code_of_another_kind_of_body_registers_nothing(miller: User, kind: str, of: str) -> None:
    with pytest.raises(Refused) as caught:
        registers(miller, kind, credit_code(61, of))

    assert (caught.value.code, caught.value.field) == ("uscc_kind", "uscc")
    assert not Donor.objects.exists()
    assert not Organisation.objects.exists()


@pytest.mark.parametrize(
    ("kind", "of"),
    [
        (DonorKind.FOUNDATION, OrganisationKind.FOUNDATION),
        (DonorKind.SOCIAL_ORGANISATION, OrganisationKind.ASSOCIATION),
        (DonorKind.SOCIAL_ORGANISATION, OrganisationKind.SERVICE_ORGANISATION),
        (DonorKind.ENTERPRISE, OrganisationKind.ENTERPRISE),
        (DonorKind.ENTERPRISE, OrganisationKind.COOPERATIVE),
    ],
)
def test_code_says_what_kind_of_body_it_is(miller: User, kind: str, of: str) -> None:
    donor = registers(miller, kind, credit_code(62, of))

    assert donor.organisation is not None
    assert donor.organisation.kind == of


def test_page_names_the_code_that_belongs_to_the_kind(miller: User) -> None:
    client = signed_in(miller)
    client.post(reverse("donors:register", args=["kind"]), {"kind": "foundation"})

    page = client.post(
        reverse("donors:register", args=["body"]), {"body_name": "Mountain", "uscc": credit_code(63)}
    )

    assert page.status_code == 422
    said = str(page.context["form"].errors["uscc"])
    assert "91" in said
    assert "53" in said


def test_body_says_who_stands_for_it(miller: User) -> None:
    with pytest.raises(Refused) as caught:
        registers(miller, DonorKind.ENTERPRISE, credit_code(64), legal_representative=" ")

    assert (caught.value.code, caught.value.field) == ("representative_missing", "legal_representative")
    assert not Donor.objects.exists()


@pytest.mark.parametrize("level", ["", "village"])
def test_foundation_says_where_it_is_registered(miller: User, level: str) -> None:
    with refuses("level_missing"):
        registers(miller, DonorKind.FOUNDATION, credit_code(65, "foundation"), registration_level=level)

    assert not Donor.objects.exists()


def test_office_on_record_has_the_code_of_an_office(db: None) -> None:
    given: dict[str, Any] = {"name": "Bureau", "kind": OrganisationKind.GOVERNMENT, "by": SYSTEM, "at": NOW}
    with refuses("uscc_kind"):
        create_organisation(uscc=credit_code(66), **given)

    assert create_organisation(uscc=credit_code(66, "government"), **given).uscc == credit_code(
        66, "government"
    )


def test_kind_on_record_changes_together_with_the_code(db: None) -> None:
    root = create_first_administrator(username="root", name="Root", at=NOW)
    accept_invitation(membership=root, password=PASSWORD, by=root.user, at=NOW)
    administrator = User.objects.get(pk=root.user_id)
    mill = create_organisation(
        name="Mill", kind=OrganisationKind.ENTERPRISE, uscc=credit_code(67), by=SYSTEM, at=NOW
    )
    with refuses("uscc_kind"):
        edit_organisation(
            organisation=mill, version=1, kind=OrganisationKind.FOUNDATION, by=administrator, at=NOW
        )

    mill.refresh_from_db()
    assert mill.kind == OrganisationKind.ENTERPRISE


@pytest.mark.parametrize(
    ("kind", "of", "paper"),
    [
        (DonorKind.FOUNDATION, "foundation", "登记证书"),
        (DonorKind.ENTERPRISE, "enterprise", "营业执照"),
    ],
)
def test_papers_are_called_by_their_own_name(miller: User, kind: str, of: str, paper: str) -> None:
    registers(miller, kind, credit_code(68, of))

    page = signed_in(User.objects.get(pk=miller.pk)).get(reverse("donors:papers")).content.decode()

    assert page.count(paper) == 2
    assert ("营业执照" in page) == (kind == DonorKind.ENTERPRISE)
