"""Lists of the desk: what a worker scans for, through the gate, at a constant cost."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import cast as people
from tests.cast import Cast

LISTS = [
    "application", "household", "need", "visit", "qualityflag", "assessment", "objection", "member", "householdyear",
    "measurereceived", "officialstatus", "consent", "delegation", "caseaccess", "importbatch", "importrow",
    "pointscard",
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

    file = f"/admin/households/household/{application.household.public_id}/file/"
    assert [desk.get(f"{file}?{asked}").status_code for asked in ("tab=zzz", "x=1")] == [404, 400]
    response = desk.get(f"{file}?tab={tab}")

    assert response.status_code == 200


def test_index_opens(cast: Cast, desk: Client) -> None:
    people.widow_applies()
    response = desk.get("/admin/")
    assert "王*兰" in response.content.decode()


def queries(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


@pytest.mark.parametrize("name", LISTS)
def test_list_costs_the_same_with_three_rows(cast: Cast, name: str) -> None:
    client = people.signed_in(cast.supervisor)
    url = f"/admin/households/{name}/"
    people.approved(people.widow_applies(), cast)
    first = queries(client, url)
    for number in (1, 2):
        people.approved(people.applies(people.clean_answers(number)), cast)

    assert queries(client, url) == first


def test_worklist_costs_the_same_with_three_rows(cast: Cast, desk: Client) -> None:
    people.widow_applies()
    first = queries(desk, "/admin/")
    for number in (1, 2):
        people.applies(people.clean_answers(number))

    assert queries(desk, "/admin/") == first


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=王秀", 1), ("q=A-990101-2026-00002", 1), ("q=谁", 0), ("state=accepted", 1), ("state=submitted", 1),
        ("worker=me", 1), ("worker=none", 1), ("area=990101100", 2), ("area=990101101", 0),
    ],
)  # fmt: skip
def test_applications_are_found(cast: Cast, desk: Client, query: str, found: int) -> None:
    people.accepted(people.widow_applies(), cast)
    people.applies(people.clean_answers(1))

    response = desk.get(f"/admin/households/application/?{query}")

    assert len(response.context["rows"]) == found


@pytest.mark.parametrize("query", ["colour=red", "state=dreaming", "area=11", "cursor=xyz"])
def test_unknown_filter_is_an_error(cast: Cast, desk: Client, query: str) -> None:
    people.widow_applies()

    assert desk.get(f"/admin/households/application/?{query}").status_code == 400
