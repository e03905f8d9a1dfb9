"""A page that is missing says so in our own words, never in a library's."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.test import Client, RequestFactory

from accounts.models import User
from portal.errors import not_found
from tests import cast as people


def shown(rf: RequestFactory, missing: Http404) -> str:
    response = not_found(rf.get("/"), missing)
    assert response.status_code == 404
    return str(response.content.decode())


def test_our_own_sentence_is_shown(rf: RequestFactory) -> None:
    with pytest.raises(Http404) as missing:
        raise Http404("这份申请已经寄出。")

    assert "这份申请已经寄出。" in shown(rf, missing.value)


@pytest.mark.django_db
def test_sentence_of_a_library_is_not(rf: RequestFactory) -> None:
    with pytest.raises(Http404, match="No User matches") as missing:
        get_object_or_404(User, username="nobody")

    assert "matches the given query" not in shown(rf, missing.value)


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["", "?state=red"])
def test_list_of_another_role_says_so(query: str) -> None:
    worker = people.signed_in(people.county().worker)

    answer = worker.get(f"/admin/evaluation/evaluation/{query}")

    assert answer.status_code == 403
    page = answer.content.decode()
    assert "这份清单属于另一个角色" in page
    assert "没有找到" not in page


@pytest.mark.django_db
def test_page_of_what_is_too_large_knows_who_is_signed_in() -> None:
    worker, too_large = people.county().worker, {"content-length": str(settings.BODY_LIMIT + 1)}

    for client, is_known in ((people.signed_in(worker), True), (Client(), False)):
        page = client.post("/", {"x": "y"}, headers=too_large)
        shown = page.content.decode()
        assert page.status_code == 413
        assert (worker.name in shown, "/sign-out/" in shown or "logout" in shown) == (is_known, is_known)
