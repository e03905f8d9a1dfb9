"""Step 6, the beginning: household and agency find the causes together, and both confirm."""

from __future__ import annotations

from tests.journeys.people import Journey
from tests.journeys.steps_household import follows


def causes_are_found_together(journey: Journey) -> None:
    """Written by the agency with the family, confirmed by both."""
    worker, agency, project = journey["zhou"], journey["yimin"], journey.facts["project"]
    worker.open(f"/admin/projects/project/{project}/with/")
    worker.send(
        household=worker.page.locator("main [name=household] option").nth(1).get_attribute("value"),
    )
    agency.open(f"/projects/file/{project}/")
    agency.follow("/projects/analysis/")
    analysis = agency.path
    agency.follow("/write/")
    agency.send(
        causes=["illness"],
        cause_notes="和家里人一起聊过两次，大家都认可。",
        strengths="手巧，邻里愿意搭把手。",
        responses="按月上门，先把过冬的事解决。",
        goals="三个月内过冬有保障\n半年后药费有着落",
    )
    agency.open(analysis)
    agency.send("main button[value=propose]")
    journey.facts["analysis"] = analysis
    agency.open(analysis)
    if agency.page.locator("main button[value=confirm]").count():
        agency.send("main button[value=confirm]")
    widow = follows(journey)
    widow.follow("/projects/with-us/")
    widow.send()
