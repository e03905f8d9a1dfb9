"""No page is an island: whoever may open it comes to it by links from the own first page."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.enums import Role
from accounts.models import User
from common import clock
from common.pages import PUBLIC
from tests.cast import AT, COUNTY, body, hire, signed_in
from tests.delivery import scene as d
from tests.guards.crawling import pages_reached
from tests.guards.test_urls import is_third_party, roles_of

pytestmark = pytest.mark.django_db
# Fetched by a form, shown once after an act, or linked only while there is a reason to.
NOT_LINKED = {
    "accounts:invite",  # on the page of colleagues, for whoever manages them
    "donors:registered",  # after the registration
    "evaluation:put_right",  # while a measure runs
    "households:leave",  # on every question of an application
    "implementers:again",  # after a refused registration
    "implementers:holder_again",  # the same for a fund holder
    "portal:components",  # for whoever writes pages
    "reference:divisions",  # names of places for the field that asks for one
}


def plain_pages(resolver: URLResolver, role: str, space: str = "") -> Iterator[tuple[str, str]]:
    """Name and address of our pages for this role that need no argument."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            if "<" not in str(entry.pattern) and not str(entry.pattern).startswith(("admin", "api", "demo")):
                yield from (
                    (name, f"{entry.pattern}{address}") for name, address in plain_pages(entry, role, inner)
                )
        elif entry.name and is_plain(entry, role):
            yield f"{space}{entry.name}", str(entry.pattern)


def is_plain(entry: URLPattern, role: str) -> bool:
    view = entry.callback
    return "<" not in str(entry.pattern) and role in roles_of(view) and not is_third_party(view)


def islands(browser: Client, role: str, reached: set[str]) -> str:
    """Pages of the role that answer and were not reached."""
    alone = [
        name
        for name, address in plain_pages(get_resolver(), role)
        if name not in reached | NOT_LINKED and browser.get(f"/{address}").status_code == 200
    ]
    return ", ".join(sorted(alone))


@pytest.fixture
def scene() -> Iterator[d.Scene]:
    with clock.fixed(AT):
        scene = d.opening()
        d.matched(scene)
        yield scene


def test_visitor_comes_to_every_public_page(scene: d.Scene) -> None:
    reached = pages_reached(Client(), "/")

    assert {"projects:list", "projects:public"} <= reached
    assert islands(Client(), PUBLIC, reached) == ""


def test_donor_comes_to_every_page_and_to_the_agency(scene: d.Scene) -> None:
    browser = signed_in(scene.giver)
    reached = pages_reached(browser, "/home/")

    assert {"projects:public", "implementers:agency", "portal:trace"} <= reached
    assert islands(browser, Role.DONOR, reached) == ""


def test_agency_comes_to_every_page(scene: d.Scene) -> None:
    browser = signed_in(scene.leader)

    assert islands(browser, Role.AGENCY, pages_reached(browser, "/home/")) == ""


def seated(scene: d.Scene, role: Role, kind: str = "platform_station", prefix: str = "") -> User:
    employer = body("清河县某单位", kind, 41)
    boss = scene.cast.administrator
    return hire(role.value, "高科长", role, organisation=employer, prefix=prefix, by=boss)


PEOPLE: dict[Role, Callable[[d.Scene], User]] = {
    Role.SUPERVISOR: lambda scene: scene.cast.supervisor,
    Role.VILLAGE_WORKER: lambda scene: scene.cast.village_worker,
    Role.FUND_HOLDER: lambda scene: scene.keepers[0],
    Role.SYSTEM_ADMIN: lambda scene: scene.cast.administrator,
    Role.OFFICER: lambda scene: seated(scene, Role.OFFICER, "government", COUNTY),
    Role.VIEWER: lambda scene: seated(scene, Role.VIEWER, "government", COUNTY),
    Role.EVALUATOR: lambda scene: seated(scene, Role.EVALUATOR),
    Role.AUDITOR: lambda scene: seated(scene, Role.AUDITOR),
    Role.SECURITY_ADMIN: lambda scene: seated(scene, Role.SECURITY_ADMIN),
}


@pytest.mark.parametrize("role", PEOPLE)
def test_everybody_else_comes_to_every_page(scene: d.Scene, role: Role) -> None:
    browser = signed_in(PEOPLE[role](scene))

    assert islands(browser, role, pages_reached(browser, "/home/")) == ""


def test_worker_comes_to_every_page_and_the_numbers_of_the_own_home(scene: d.Scene) -> None:
    browser = signed_in(scene.cast.worker)
    reached = pages_reached(browser, "/home/")

    assert {"portal:work", "projects:list", "implementers:agency"} <= reached
    assert islands(browser, Role.SOCIAL_WORKER, reached) == ""
