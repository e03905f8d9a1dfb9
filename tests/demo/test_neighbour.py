"""The neighbouring county's social worker walks the whole desk of the first county: no row, no page, no paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client

from accounts.models import User
from common.admin import RecordAdmin
from demo.story.thread import tell_story
from demo.story.world import new_world
from donors.models import Lot
from files.models import Attachment

pytestmark = pytest.mark.django_db
# Open to every county on purpose: what is published, who may be worked with, and the rules all follow.
OPEN = {
    "donors.donor",
    "evaluation.ranking",
    "evaluation.rating",
    "evaluation.ratingpolicy",
    "households.instrument",
    "implementers.agency",
    "implementers.fundholder",
    "knowledge.article",
    "policy.eligibilityrule",
    "policy.line",
    "policy.policy",
}
ONE_KEY = re.compile(r"^<slug:public_id>/[\w-]+/$")
AT_MOST = 12


@pytest.fixture
def told(settings: Any, tmp_path: Any) -> None:
    settings.VAR_DIR = tmp_path
    tell_story(new_world())


def as_person(username: str) -> Client:
    browser = Client()
    assert browser.post(f"/demo/as/{username}/").status_code == 302
    return browser


def desks() -> Iterator[RecordAdmin]:
    for desk in admin.site._registry.values():
        is_open = desk.opts.app_label == "reference" or desk.opts.label_lower in OPEN
        if isinstance(desk, RecordAdmin) and not is_open:
            yield desk


def rows_on(browser: Client, url: str) -> list[Any]:
    """What a list of the desk shows; nothing when the role has no such list."""
    answer = browser.get(url)
    if answer.status_code != 200:
        assert answer.status_code in {403, 404}
        return []
    shown = answer.context
    return list(shown["cl"].result_list if "cl" in shown else shown["page"])


def pages_of(desk: RecordAdmin, row: Any) -> Iterator[str]:
    """The page of facts and every page of work that needs the row alone."""
    base = f"/admin/{desk.opts.app_label}/{desk.opts.model_name}/"
    yield f"{base}{desk.key_of(row)}/change/"
    for entry in desk.get_urls():
        if ONE_KEY.match(str(entry.pattern)):
            yield base + str(entry.pattern).replace("<slug:public_id>", row.public_id)


def test_desk_of_another_county_shows_no_row_and_no_page(told: None) -> None:
    stranger, own = as_person("luqing"), as_person("zhoumin")
    assert stranger.get("/admin/").status_code == 200
    leaks: list[Any] = []
    walked = 0
    for desk in desks():
        url = f"/admin/{desk.opts.app_label}/{desk.opts.model_name}/"
        if rows_on(stranger, url):
            leaks.append(url)
        for row in desk.model._base_manager.all()[:AT_MOST]:
            for page in pages_of(desk, row):
                answer = stranger.get(page)
                walked += 1
                if answer.status_code not in {403, 404, 405}:
                    leaks.append((page, answer.status_code))
    assert leaks == []
    assert walked > 200
    assert rows_on(own, "/admin/households/household/")


def test_slips_open_for_the_donor_and_the_fund_holder_alone(told: None) -> None:
    slips = Attachment.objects.filter(purpose__in=["transfer_proof", "arrival_proof"])
    assert slips.count() >= 4
    fund_holder, stranger = as_person("cishan"), as_person("luqing")
    for slip in slips:
        lot = Lot._base_manager.get(public_id=slip.owner_ref)
        names = User.objects.filter(memberships__organisation=lot.donor.organisation)
        giver = names.values_list("username", flat=True).get()
        url = f"/files/{slip.public_id}/"
        assert as_person(giver).get(url).status_code == 200
        assert fund_holder.get(url).status_code == 200
        assert stranger.get(url).status_code == 404
