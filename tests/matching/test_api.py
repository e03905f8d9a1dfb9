"""The API over the same gate, JSON alone, strict parameters."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from common import clock
from tests import cast
from tests.cast import AT, signed_in
from tests.matching.conftest import Scene, listed_lot


@pytest.fixture(autouse=True)
def today() -> Any:
    with clock.fixed(AT):
        yield


def test_needs_show_what_the_catalogue_shows(scene: Scene):
    answer = signed_in(scene.miller).get("/api/v1/needs/")

    assert answer.headers["Content-Type"] == "application/json"
    rows = {row["item"]: row for row in answer.json()["results"]}
    assert rows["quilt"]["missing"] == 2
    assert rows["quilt"]["county"] == cast.COUNTY
    assert cast.WIDOW not in answer.content.decode()


def test_unknown_parameter_is_an_error(scene: Scene):
    client = signed_in(scene.miller)

    unknown = client.get("/api/v1/needs/?colour=red")
    assert (unknown.status_code, unknown.headers["Content-Type"]) == (400, "application/json")
    assert "colour" in str(unknown.json())
    assert client.get("/api/v1/lots/?state=nonsense").status_code == 400
    assert client.get("/api/v1/needs/?item=quilt").json()["results"][0]["item"] == "quilt"


def test_strangers_get_nothing(scene: Scene):
    assert Client().get("/api/v1/needs/").status_code == 403
    assert Client().get("/api/v1/lots/").status_code == 403
    assert signed_in(scene.agent).get("/api/v1/lots/").status_code == 403


def test_lots_follow_the_gate(scene: Scene):
    lot = listed_lot(scene)

    assert [row["id"] for row in signed_in(scene.miller).get("/api/v1/lots/").json()["results"]] == [
        lot.public_id
    ]
    assert signed_in(scene.cast.worker).get(f"/api/v1/lots/{lot.public_id}/").status_code == 200
    other = cast.hire(
        "shop",
        "shop",
        "donor",
        organisation=cast.body("清河药店", "enterprise", 7),
        by=scene.cast.administrator,
    )
    assert signed_in(other).get(f"/api/v1/lots/{lot.public_id}/").status_code == 404


def test_nothing_can_be_written(scene: Scene):
    client = signed_in(scene.miller)

    assert client.post("/api/v1/needs/", {}, content_type="application/json").status_code in {403, 405}


def test_needs_cost_the_same_at_one_and_three(scene: Scene):
    client = signed_in(scene.miller)

    def count() -> int:
        client.get("/api/v1/needs/?item=quilt")
        with CaptureQueriesContext(connection) as caught:
            client.get("/api/v1/needs/?item=quilt")
        return len(caught)

    one = count()
    for number in (1, 2):
        cast.approved(cast.applies(cast.clean_answers(number)), scene.cast)

    assert len(client.get("/api/v1/needs/?item=quilt").json()["results"]) == 3
    assert count() == one


def test_schema_names_both_lists(scene: Scene):
    client = signed_in(scene.miller)

    schema = client.get("/api/v1/schema/").json()

    assert {"/api/v1/needs/", "/api/v1/lots/"} <= set(schema["paths"])
    docs = client.get("/api/v1/docs/")
    assert docs.status_code == 200
    assert "<script>" not in docs.content.decode()


@pytest.mark.parametrize("kind", ["needs", "lots"])
def test_what_is_not_there_is_said_in_our_own_words(scene: Scene, kind: str):
    answer = signed_in(scene.miller).get(f"/api/v1/{kind}/nobody000000/")

    assert answer.status_code == 404
    assert "query" not in answer.json()["detail"]
    assert "没有找到" in answer.json()["detail"]
