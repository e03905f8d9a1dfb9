"""Lists whose address was cut, changed or invented: one clear refusal, never a fault, never everything."""

import base64
import json
from typing import Any

import pytest
from django.core.exceptions import BadRequest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from common.pagination import keyset_page
from reference.models import Division
from tests.cast import county, signed_in

ABSURD: tuple[list[Any], ...] = (
    ["x", "x"],
    [10**30, 10**30],
    [{}, {}],
    [None, None],
    ["\0", "\0"],
    ["2026-11-23T10:00:00", 1],
    [float("inf"), float("nan")],
    [[], []],
)
PUBLIC = ("/policy/", "/projects/", "/learn/", "/evaluation/published/")
STAFF = (
    "/notices/",
    "/jobs/",
    "/admin/matching/run/",
    "/admin/households/application/",
    "/admin/projects/project/",
)


def written(values: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps([False, values]).encode()).decode().rstrip("=")


@pytest.mark.django_db
@pytest.mark.parametrize("path", PUBLIC)
@pytest.mark.parametrize("values", ABSURD, ids=str)
def test_invented_cursor_is_refused_on_public_lists(client: Client, path: str, values: list[Any]):
    assert client.get(path, {"cursor": written(values)}).status_code == 400


@pytest.mark.django_db
def test_invented_cursor_and_unknown_filter_are_refused_at_the_desk():
    desk = signed_in(county().worker)
    for path in STAFF:
        assert desk.get(path).status_code == 200, path
        for values in ABSURD:
            assert desk.get(path, {"cursor": written(values)}).status_code == 400, (path, values)
            assert desk.get(path, {"cursor": written(values[:1])}).status_code == 400, (path, values)
        for unknown in ({"bogus": "1"}, {"stat": "open"}):
            assert desk.get(path, unknown).status_code == 400, (path, unknown)


@pytest.mark.django_db
@pytest.mark.parametrize("path", PUBLIC)
def test_unknown_filter_is_refused_on_public_lists(client: Client, path: str):
    answer = client.get(path, {"bogus": "1"})
    assert answer.status_code == 400
    assert "bogus" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/api/v1/needs/", "/api/v1/lots/"])
def test_api_refuses_an_invented_cursor(path: str):
    desk = signed_in(county().worker)
    assert desk.get(path).status_code == 200
    for cursor in (
        *map(written, ABSURD),
        base64.b64encode(b"p=abc").decode(),
        "o=99999999999999999999&p=5",
        "%",
    ):
        answer = desk.get(path, {"cursor": cursor})
        assert answer.status_code == 400, cursor
        assert "cursor" in answer.json()


@pytest.mark.django_db
@pytest.mark.parametrize("size", ["abc", "0", "-1", "201", "²", "9" * 5000])
def test_api_refuses_an_unreadable_page_size(size: str):
    answer = signed_in(county().worker).get("/api/v1/needs/", {"page_size": size})
    assert answer.status_code == 400
    assert "page_size" in answer.json()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    ["/policy/?area=%00", "/policy/?a%00=1", "/projects/?cursor=%00", "/learn/?q=%00", "/reg%00ions/"],
)
def test_character_no_database_holds_is_refused(client: Client, address: str):
    assert client.get(address).status_code in {400, 404}


@pytest.mark.django_db
def test_submit_key_no_database_holds_is_refused(client: Client):
    assert client.post("/help/status/enter/", {"_key": "\0", "code": "\0", "tail": "0"}).status_code == 400


@pytest.mark.django_db
def test_range_suffix_of_a_plain_field_is_unknown():
    assert signed_in(county().worker).get("/api/v1/needs/?severity_after=3").status_code == 400


@pytest.mark.django_db
@given(st.lists(st.one_of(st.none(), st.text(), st.integers(), st.floats(), st.booleans()), max_size=3))
def test_no_cursor_is_a_fault(values: list[Any]):
    try:
        found = keyset_page(
            Division.objects.all(), order=("valid_from", "id"), cursor=written(values), size=2
        )
    except BadRequest:
        return
    assert len(found) <= 2
