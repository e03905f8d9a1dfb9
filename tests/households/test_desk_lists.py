"""Lists of the desk: what a worker scans for, through the gate, at a constant cost."""

from __future__ import annotations

import pytest
from django.test import Client

from tests import cast as people
from tests.cast import Cast

LISTS = [
    "application", "household", "need", "visit", "qualityflag", "assessment", "objection", "member", "householdyear",
    "measurereceived", "officialstatus", "consent", "delegation", "caseaccess", "importbatch", "importrow",
]  # fmt: skip


@pytest.fixture
def cast(db: None) -> Cast:
    return people.county()


@pytest.fixture
def desk(cast: Cast) -> Client:
    return people.signed_in(cast.worker)


@pytest.mark.parametrize("name", LISTS)
def test_list_opens_for_supervisor(cast: Cast, name: str) -> None:
    people.approved(people.widow_applies(), cast)
    client = people.signed_in(cast.supervisor)

    response = client.get(f"/admin/households/{name}/")

    assert response.status_code == 200


@pytest.mark.parametrize("tab", ["family", "check", "facts", "rights", "acts"])
def test_file_opens(cast: Cast, desk: Client, tab: str) -> None:
    application = people.approved(people.widow_applies(), cast)

    response = desk.get(f"/admin/households/household/{application.household.public_id}/file/?tab={tab}")

    assert response.status_code == 200


def test_index_opens(cast: Cast, desk: Client) -> None:
    people.widow_applies()
    response = desk.get("/admin/")
    assert "王*兰" in response.content.decode()
