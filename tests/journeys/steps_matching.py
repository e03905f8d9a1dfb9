"""Step 5: a certified run proposes, a worker decides, the agency confirms, then the donor, the household last."""

from __future__ import annotations

from tests.cast import COUNTY
from tests.journeys.people import Journey
from tests.journeys.steps_giving import UNDO
from tests.journeys.steps_household import follows

MATCHES = 5  # two halves of a pledged need, public money, quilts and company


def run_proposes(journey: Journey) -> None:
    """The run is checked by recounting, and every need it could not help says why."""
    worker = journey["zhou"]
    worker.open("/admin/matching/run/start/")
    worker.send(area=COUNTY)
    journey.site.work()
    worker.open("/admin/matching/proposal/")
    assert worker.links("?at=")
    worker.follow("/result/")
    worker.open("/admin/matching/unmetreason/")
    assert worker.page.locator("main tbody tr").count() >= 3  # skill, information and care have no donor yet


def worker_decides(journey: Journey) -> None:
    """Each suggestion with its project; afterwards nothing waits at the desk."""
    worker = journey["zhou"]
    worker.open("/admin/matching/proposal/")
    while suggestions := worker.links("?at="):
        worker.open(f"/admin/matching/proposal/{suggestions[0]}")
        worker.send('main button[form="decide"]')
        worker.open("/admin/matching/proposal/")


def project_may_begin(journey: Journey) -> None:
    """Less is matched than the project asked for: the supervisor lets it begin, and says why."""
    supervisor, project = journey["li"], journey.facts["project"]
    supervisor.open(f"/admin/projects/project/{project}/file/")
    supervisor.send('main button[value="fund"]', status=409)  # not without a reason
    supervisor.send('main button[value="fund"]', reason="到位的钱够第一户过冬，先开工。")


def parties_confirm(journey: Journey) -> None:
    """The agency says yes to all, the mill to its quilts, the household to everything; ten minutes to undo."""
    agency, mill = journey["yimin"], journey["mill"]
    for window in (agency, mill):
        window.open("/match/matches/")
        for match in dict.fromkeys(window.links("/match/matches/")):
            window.open(match)
            if window.links("/yes/"):
                window.follow("/yes/")
                window.send()
        journey.site.advance(minutes=UNDO)
    widow = follows(journey)
    answered = 0
    while links := widow.links("/yes/"):
        widow.open(links[0])
        widow.send()
        widow.open("/help/status/")
        answered += 1
    assert answered == MATCHES
    journey.site.advance(minutes=UNDO)
