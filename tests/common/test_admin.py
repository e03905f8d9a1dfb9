"""The admin's lists: pages by keyset, orders that leave no row out, states in words."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common.admin import RecordAdmin, has_no_gaps
from tests.cast import Cast, county, signed_in
from tests.refusing import everything, refuses

DIVISIONS = "/admin/reference/division/"
NEXT = re.compile(r'rel="next" href="([^"]+)"')
PREVIOUS = re.compile(r'rel="prev" href="([^"]+)"')


@pytest.fixture
def cast(db: None) -> Cast:
    return county()


@pytest.fixture
def desk(cast: Cast) -> Client:
    return signed_in(cast.worker)


def link(pattern: re.Pattern[str], page: str) -> str:
    found = pattern.search(page)
    assert found, "no such link"
    return DIVISIONS + found.group(1).replace("&amp;", "&")


def codes(page: str) -> list[str]:
    return re.findall(r"field-code[^>]*>(?:<a[^>]*>)?(\d+)", page)


def test_list_pages_forward_and_back(desk: Client):
    first = desk.get(DIVISIONS).content.decode()
    second = desk.get(link(NEXT, first)).content.decode()
    assert len(codes(first)) == len(codes(second)) == RecordAdmin.list_per_page
    assert codes(first)[-1] < codes(second)[0]
    assert codes(desk.get(link(PREVIOUS, second)).content.decode()) == codes(first)


def test_list_counts_and_skips_nothing(desk: Client):
    second = link(NEXT, desk.get(DIVISIONS).content.decode())
    with CaptureQueriesContext(
        connection,
    ) as queries:
        desk.get(second)
    asked = [entry["sql"] for entry in queries if "reference_division" in entry["sql"]]
    assert asked
    assert not [sql for sql in asked if "COUNT(" in sql or "OFFSET" in sql]


def test_another_filter_begins_on_the_first_page(desk: Client):
    page = desk.get(link(NEXT, desk.get(DIVISIONS).content.decode())).content.decode()
    filters = re.findall(r'<a href="(\?[^"]*level[^"]*)"', page)
    assert filters
    assert not [url for url in filters if "cursor" in parse_qs(urlsplit(url).query)]


def test_cut_cursor_is_refused(desk: Client):
    assert desk.get(DIVISIONS + "?cursor=abc").status_code == 400


@pytest.mark.parametrize(
    "desk_admin",
    [entry for entry in admin.site._registry.values() if isinstance(entry, RecordAdmin)],
    ids=lambda entry: entry.opts.label,
)
def test_order_leaves_no_row_out(desk_admin: RecordAdmin):
    order = desk_admin.ordering or desk_admin.opts.ordering or ()
    assert all(has_no_gaps(desk_admin.model, str(name)) for name in order)


def test_filter_names_states_in_words(cast: Cast):
    page = signed_in(cast.supervisor).get(reverse("admin:projects_project_changelist")).content.decode()
    assert "?state=screening" in page
    assert "初审中" in page


@pytest.mark.parametrize(
    ("name", "slug", "word"),
    [
        ("evaluation_ranking", "board=foundation", "基金会"),
        ("evaluation_appeal", "object_label=evaluation.rating", "评级"),
        ("reference_item", "category=N01", "资金"),
        ("reference_designation", "list_slug=key_county_160", "160 个国家乡村振兴重点帮扶县"),
    ],
)
def test_filter_names_slugs_in_words(cast: Cast, name: str, slug: str, word: str):
    desk, address = signed_in(cast.supervisor), reverse(f"admin:{name}_changelist")
    page = desk.get(address).content.decode()
    assert re.search(rf'href="\?{re.escape(slug)}"[^>]*>\s*{word}', page)
    assert desk.get(f"{address}?{slug}").status_code == 200
    assert desk.get(f"{address}?{slug}x").status_code == 400


@pytest.mark.parametrize("query", ["?state=zzz", "?bogus=1", "?e=1", "?level=zzz"])
def test_unknown_filter_is_an_error_never_everything(cast: Cast, query: str):
    desk = signed_in(cast.supervisor)
    assert desk.get(reverse("admin:projects_project_changelist") + query).status_code == 400


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("donors_donor", "contact_name__startswith=陈"),
        ("projects_project", "agency=1"),
        ("delivery_disbursement", "amount__gte=1"),
        ("donors_lot", "kind__startswith=m"),
        ("reference_code", "code_list__slug=cause"),
    ],
)
def test_list_is_asked_for_nothing_but_its_own_filters(cast: Cast, name: str, query: str):
    """A column that is not shown to this reader could be guessed letter by letter."""
    desk = signed_in(cast.supervisor)
    assert desk.get(f"{reverse(f'admin:{name}_changelist')}?{query}").status_code == 400


def test_address_that_is_only_read_says_so(cast: Cast):
    desk = signed_in(cast.supervisor)
    answer = desk.post("/learn/", {"state": "published"})

    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")
    assert "什么都没有改动" in answer.content.decode()


def test_row_is_addressed_by_its_random_name(cast: Cast):
    desk = signed_in(cast.supervisor)
    page = desk.get(reverse("admin:accounts_organisation_changelist")).content.decode()
    assert f"/admin/accounts/organisation/{cast.mill.public_id}/" in page
    named = desk.get(f"/admin/accounts/organisation/{cast.mill.public_id}/change/", follow=True)
    assert cast.mill.name in named.content.decode()
    numbered = desk.get(f"/admin/accounts/organisation/{cast.mill.pk}/change/", follow=True)
    assert cast.mill.name not in numbered.content.decode()


def test_no_desk_saves_or_deletes_a_row_by_hand(cast: Cast):
    desk = RequestFactory().post("/admin/")
    desk.user = cast.administrator
    desks = [one for one in admin.site._registry.values() if isinstance(one, RecordAdmin)]
    assert desks

    for one in desks:
        with refuses("no_direct_edit"):
            one.save_model(desk, one.model(), form=None, change=False)
        with refuses("no_direct_edit"):
            one.delete_model(desk, one.model())


def test_page_to_change_a_row_changes_nothing(cast: Cast):
    desk, address = signed_in(cast.supervisor), f"/admin/accounts/organisation/{cast.mill.public_id}/"
    before = everything()

    for page in ("change/", "delete/"):
        answer = desk.post(f"{address}{page}", {"name": "别的厂", "post": "yes"})
        assert answer.status_code == 403

    assert everything() == before
