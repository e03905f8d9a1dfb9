"""An agency or fund holder registers with the credit code of its own kind of body."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from accounts.enums import OrganisationKind
from accounts.models import Organisation, User
from common.exceptions import Refused
from implementers import services
from tests.cast import credit_code
from tests.donors.browser import signed_in
from tests.donors.conftest import COUNTY, NOW
from tests.refusing import refuses


@pytest.mark.parametrize(
    ("kind", "of"),
    [
        ("association", "enterprise"),
        ("foundation", "association"),
        ("service_organisation", "foundation"),
        ("cooperative", "enterprise"),
        ("volunteer_team", "enterprise"),
    ],
)
def test_agency_with_the_code_of_another_kind_is_refused(leader: User, kind: str, of: str) -> None:
    given: dict[str, Any] = {"contact_phone": "13800005678", "host_name": "Host", "by": leader, "at": NOW}
    with pytest.raises(Refused) as caught:
        services.register_agency(
            user=leader,
            name="X",
            uscc=credit_code(71, of),
            kind=kind,
            area=COUNTY,
            licensed_workers=0,
            **given,
        )

    assert (caught.value.code, caught.value.field) == ("uscc_kind", "uscc")
    assert not Organisation.objects.exists()


def test_page_refuses_an_enterprise_code_for_an_association(leader: User) -> None:
    client = signed_in(leader)
    body = reverse("implementers:register", args=["body"])
    client.post(reverse("implementers:register", args=["kind"]), {"kind": "association"})

    refused = client.post(body, {"name": "Helpers", "uscc": credit_code(72)})

    assert refused.status_code == 422
    assert "51" in str(refused.context["form"].errors["uscc"])
    assert client.post(body, {"name": "Helpers", "uscc": credit_code(72, "association")}).status_code == 302


def test_body_opened_before_the_kind_is_chosen_is_asked_for_it_later(leader: User) -> None:
    client = signed_in(leader)
    body = {"name": "Helpers", "uscc": credit_code(73, "association")}

    assert client.post(reverse("implementers:register", args=["body"]), body).status_code == 302
    check: Any = client.get(reverse("implementers:register_check"))
    assert check.url == reverse("implementers:register", args=["kind"])


@pytest.mark.parametrize("of", ["foundation", "association", "service_organisation"])
def test_charity_of_any_of_the_three_forms_holds_funds(treasurer: User, of: str) -> None:
    holder = services.register_fund_holder(
        user=treasurer, name="Charity", uscc=credit_code(74, of), kind="charity", contact_phone="13800009999",
        by=treasurer, at=NOW,
    )  # fmt: skip

    assert holder.organisation.kind == of


def test_budget_unit_has_the_code_of_an_office(treasurer: User) -> None:
    given: dict[str, Any] = {"contact_phone": "13800009999", "by": treasurer, "at": NOW}
    with refuses("uscc_kind"):
        services.register_fund_holder(
            user=treasurer, name="Bureau", uscc=credit_code(75, "foundation"), kind="budget_unit", **given
        )

    assert not Organisation.objects.exists()
    holder = services.register_fund_holder(
        user=treasurer, name="Bureau", uscc=credit_code(75, "government"), kind="budget_unit", **given
    )
    assert holder.organisation.kind == OrganisationKind.GOVERNMENT
