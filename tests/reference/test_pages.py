"""Public pages of places: browse, search, former codes, JSON; a list costs the same at one row and at many."""

import pytest
from django.test import Client
from django.utils.html import escape

pytestmark = pytest.mark.django_db


def get(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def test_start_shows_the_provinces_and_marks_the_demonstration(client: Client):
    text = get(client, "/regions/")

    assert "宁夏回族自治区" in text
    assert "演示省" in text
    assert "2,978" in text


def test_search_by_name_code_level_and_area(client: Client):
    assert "宁夏回族自治区 / 银川市" in get(client, "/regions/?q=兴庆")
    assert "崇安社区居委会" in get(client, "/regions/?q=640104001002")
    below = get(client, "/regions/?q=朝阳区&level=3&under=22")
    assert "220104" in below
    assert "110105" not in below


def test_search_that_finds_nothing_says_what_to_do(client: Client):
    main = get(client, "/regions/?q=没有这个地方").split("<main")[1]

    assert 'class="empty"' in main
    assert 'href="/regions/"' in main


@pytest.mark.parametrize("query", ["?province=64", "?level=9", "?under=abc", "?cursor=x"])
def test_unknown_or_unreadable_filter_is_an_error_and_never_everything(client: Client, query: str):
    assert client.get("/regions/" + query).status_code == 400


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("/regions/?q=640104001002", "/regions/?q=64"),
        ("/regions/4419/", "/regions/64/"),
        ("/regions/130223/", "/regions/640222/"),
    ],
)
def test_pages_cost_the_same_for_one_row_and_for_many(
    client: Client, django_assert_max_num_queries, one, many
):
    for address in (one, many):
        with django_assert_max_num_queries(8):
            client.get(address)


def test_list_goes_on_with_a_cursor(client: Client):
    first = client.get("/regions/?q=64")
    following = first.context["page"].next

    second = client.get(f"/regions/?q=64&cursor={following}")

    codes = [[row["division"].code for row in page.context["rows"]] for page in (first, second)]
    assert len(codes[0]) == len(codes[1]) == 40
    assert max(codes[0]) < min(codes[1])


def test_division_page_leads_down_and_up(client: Client):
    text = get(client, "/regions/6404/")

    assert "/regions/640422/" in text
    assert "/regions/64/" in text


def test_former_code_shows_the_places_of_today(client: Client):
    text = get(client, "/regions/640222/")

    assert "陶乐县" in text
    assert "/regions/640104/" in text
    assert "/regions/640221/" in text


def test_search_for_a_former_code_leads_to_its_page(client: Client):
    response = client.get("/regions/?q=640222")

    assert response.status_code == 302
    assert response.headers["Location"] == "/regions/640222/"


def test_unknown_code_is_not_found(client: Client):
    assert client.get("/regions/640999/").status_code == 404
    assert client.get("/regions/640104999/").status_code == 404


def test_json_lists_one_level_below(client: Client):
    answer = client.get("/regions/divisions/?parent=9901").json()

    assert answer == {
        "parent": "9901",
        "divisions": [
            {"code": "990101", "name": "清河县", "level": 3},
            {"code": "990102", "name": "青石县", "level": 3},
        ],
    }
    assert len(client.get("/regions/divisions/").json()["divisions"]) == 32


def test_json_refuses_what_it_does_not_know(client: Client):
    assert client.get("/regions/divisions/?province=64").status_code == 400
    assert client.get("/regions/divisions/?parent=77").status_code == 404


def test_search_text_is_escaped(client: Client):
    hostile = '"><script>'
    text = get(client, "/regions/?q=%22%3E%3Cscript%3E")

    assert hostile not in text
    assert escape(hostile) in text
