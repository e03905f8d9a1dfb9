"""One's own messages: new ones counted, read once, never somebody else's."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import User
from common import clock
from common.actors import SYSTEM
from journal.models import Entry
from notices.models import Notice
from notices.queries import notices_for
from notices.services import Reader, notify

pytestmark = pytest.mark.django_db


def person(name: str) -> User:
    return User.objects.create_user(username=name, name=name)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def tell(user: User, kind: str = "lot_listed", url: str = "/jobs/", title: str = "大米") -> Notice:
    return notify(to=user, kind=kind, params={"title": title}, url=url, by=SYSTEM, at=clock.now())


def test_list_shows_ones_own_news_with_its_words():
    reader = person("reader")
    tell(reader)
    tell(person("other"), title="别人的")

    text = signed_in(reader).get("/notices/").content.decode()

    assert "大米" in text
    assert "别人的" not in text


def test_empty_list_says_what_will_appear():
    assert 'class="empty"' in signed_in(person("reader")).get("/notices/").content.decode()


def test_new_news_are_counted_in_the_header_until_they_are_opened():
    reader = person("reader")
    notice = tell(reader)
    client = signed_in(reader)
    assert '<span class="count">1</span>' in client.get("/notices/").content.decode()

    for _click in range(2):
        answer = client.post(f"/notices/{notice.public_id}/open/", {"_key": "1"})
        assert answer.headers["Location"] == "/jobs/"

    assert '<span class="count">' not in client.get("/notices/").content.decode()
    assert Entry.objects.filter(action="notice.read").count() == 1


def test_all_are_seen_with_one_click():
    reader, other = person("reader"), person("other")
    for user in (reader, reader, other):
        tell(user)

    signed_in(reader).post("/notices/read/", {"_key": "1"})

    assert Notice.objects.unread().count() == 1
    assert Entry.objects.get(action="notice.all_read").parameters == {"count": 2}


def test_news_of_somebody_else_do_not_exist():
    notice = tell(person("other"))

    answer = signed_in(person("reader")).post(f"/notices/{notice.public_id}/open/", {"_key": "1"})

    assert answer.status_code == 404
    assert Notice.objects.unread().count() == 1


def test_opening_is_a_post():
    reader = person("reader")
    notice = tell(reader)

    assert signed_in(reader).get(f"/notices/{notice.public_id}/open/").status_code == 405
    assert Notice.objects.unread().exists()


@pytest.mark.parametrize("url", ["https://example.org/", "//example.org/", "javascript:alert(1)"])
def test_notice_leads_to_a_page_of_ours(url: str):
    with pytest.raises(ValueError, match="a page of ours"):
        tell(person("reader"), url=url)

    assert not Notice.objects.exists()


def test_unknown_kind_is_an_error_of_the_program():
    with pytest.raises(KeyError):
        tell(person("reader"), kind="unheard_of")


def test_household_without_an_account_has_its_own_list():
    reader = Reader("household", "abcdefghjkmn")
    notice = notify(to=reader, kind="application_received", by=SYSTEM, at=clock.now())
    tell(person("other"))

    assert list(notices_for("household", "abcdefghjkmn")) == [notice]


def test_list_costs_the_same_for_one_and_for_many(django_assert_max_num_queries):
    reader = person("reader")
    client = signed_in(reader)
    for count in (1, 30):
        for _number in range(count):
            tell(reader)
        with django_assert_max_num_queries(9):
            text = client.get("/notices/").content.decode()

    assert text.count("row-title") == 25
    assert 'rel="next"' in text
    assert Notice.objects.filter(at__gt=clock.now() - timedelta(hours=1)).count() == 31


def test_newest_by_its_time_comes_first_whenever_it_was_written_down():
    reader, now = person("reader"), clock.now()
    for title, at in (("late", now), ("early", now - timedelta(days=9)), ("middle", now - timedelta(days=2))):
        notify(to=reader, kind="lot_listed", params={"title": title}, by=SYSTEM, at=at)

    shown = signed_in(reader).get("/notices/").context["page"].rows

    assert [row.params["title"] for row in shown] == ["late", "middle", "early"]
    assert [row.params["title"] for row in notices_for("user", reader.public_id)] == [
        "late",
        "middle",
        "early",
    ]
