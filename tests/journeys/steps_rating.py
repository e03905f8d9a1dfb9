"""Step 8: ratings and boards, computed by beat and by button, put into force by people."""

from __future__ import annotations

from common import clock
from tests.journeys.pages import Window
from tests.journeys.people import Journey
from tests.journeys.steps_parties import AGENCY, MILL

RATINGS, BOARDS = "/admin/evaluation/rating/", "/admin/evaluation/ranking/"


def agencies_are_rated(journey: Journey) -> None:
    """The beat left its draft of the month; by button comes today's; two people announce it to everybody."""
    reviewer, approver, agency = journey["li"], journey["zhao"], journey["yimin"]
    reviewer.open(RATINGS)
    assert reviewer.links("/file/")  # nobody pressed a button yet
    agency.open("/evaluation/rating/")
    agency.sees_not("87.00")
    computes(journey, reviewer, RATINGS)
    reviewer.open(f"{RATINGS}?state=draft")
    reviewer.follow("/file/")
    rating = reviewer.id_in(r"/rating/(\w{12})/")
    reviewer.sees(clock.today().isoformat())
    reviewer.send("main button[value=review]")
    assert not reviewer.page.locator("main button[value=approve]").count()  # the reviewer does not approve
    approver.open("/admin/")
    approver.follow("state=reviewed")
    approver.follow("/file/")
    assert approver.id_in(r"/rating/(\w{12})/") == rating
    approver.send("main button[value=approve]")
    agency.open("/evaluation/rating/")
    agency.sees("87.00")
    anyone = journey["anyone"]
    anyone.open("/evaluation/agencies/")
    anyone.sees(AGENCY)


def donors_are_ranked(journey: Journey) -> None:
    """A board for each kind of donor; who did not agree to be named stays unnamed."""
    supervisor, anyone = journey["zhao"], journey["anyone"]
    anyone.open("/evaluation/boards/")
    anyone.sees_not(MILL)
    computes(journey, supervisor, BOARDS)
    supervisor.open(f"{BOARDS}?state=draft&as_of__gte={clock.today().isoformat()}")
    for board in dict.fromkeys(link.partition("?")[0] for link in supervisor.links("/file/")):
        supervisor.open(board)
        supervisor.send("main button[value=approve]")
    anyone.open("/evaluation/boards/")
    anyone.sees(MILL)
    anyone.sees_not("张公", "一位邻居")


def computes(journey: Journey, supervisor: Window, desk: str) -> None:
    """The button asks for a job; its page shows how far it is, also after a reload."""
    supervisor.open(desk)
    supervisor.does("/run/")
    supervisor.open(supervisor.path)
    journey.site.work()
