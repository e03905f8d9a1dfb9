"""Step 4, the agency's part, and step 7's first evaluation: a project is applied for, screened and evaluated."""

from __future__ import annotations

from datetime import timedelta

from common import clock
from tests.cast import COUNTY
from tests.journeys.pages import Window
from tests.journeys.people import Journey

TITLE = "独居老人过冬和陪伴项目"
CAPACITIES = (("emergency_money", 3000), ("living_aid", 3000), ("quilt", 60), ("companionship", 40))
FUNDS, FEE = 30_000, 1_500  # yuan; the fee is a twentieth
BEFORE_START, DAYS = 30, 130


def project_is_applied_for(journey: Journey) -> None:
    """Place, population, funds and schedule, capacity, budget, milestones; then it is sent and screened."""
    agency, worker, supervisor = journey["yimin"], journey["zhou"], journey["li"]
    start = clock.today() + timedelta(days=BEFORE_START)
    agency.open("/projects/new/")
    agency.follow("/projects/new/place/")
    agency.send(title=TITLE, place=COUNTY)
    agency.send(status=422)  # for whom, and how many: both are needed
    agency.send(groups=["whole_household", "elderly"], households_planned=20)
    holder = agency.page.locator("main [name=fund_holder]").first.get_attribute("value")
    agency.send(funds=FUNDS, fund_holder=holder, admin_fee=5)
    agency.send(start=start.isoformat(), end=(start + timedelta(days=DAYS)).isoformat())
    agency.send(
        needs_covered="社工核实过的家庭需求。",
        activities="入户了解、共同商量、按月服务、定期回访。",
        evaluation_plan="服务前后用同一张表比较。",
    )
    agency.send()
    project = agency.id_in(r"/projects/file/(\w{12})/")
    journey.facts["project"] = project
    for item, quantity in CAPACITIES:
        agency.open(f"/projects/file/{project}/capacity/")
        agency.send(item=item, capacity=quantity)
    for title, amount in (("直接用于家庭", FUNDS - FEE), ("项目管理", FEE)):
        agency.open(f"/projects/file/{project}/budget/")
        agency.send(title=title, amount=amount)
    for title, days in (("首批入户", 20), ("中期总结", 65)):
        agency.open(f"/projects/file/{project}/milestones/")
        agency.send(title=title, due=(start + timedelta(days=days)).isoformat())
    agency.open(f"/projects/file/{project}/parts/risks/")
    agency.send(risks="天气和道路影响上门，备有替班人员。")
    agency.open(f"/projects/file/{project}/parts/logic/")
    agency.send(inputs="两名社工", outputs="二十户", outcomes="过冬有保障")
    agency.open(f"/projects/file/{project}/check/")
    agency.send()
    steps(worker, project, "screen")
    steps(supervisor, project, "ex_ante")
    journey.site.work()


def steps(window: Window, project: str, step: str) -> None:
    """A button of the desk on the project's file."""
    window.open(f"/admin/projects/project/{project}/file/")
    window.send(f'main button[value="{step}"]')


def milestones_are_reached(journey: Journey) -> None:
    """The agency says in time that it has come so far."""
    agency, project = journey["yimin"], journey.facts["project"]
    agency.open(f"/projects/file/{project}/")
    for milestone in agency.links("/projects/milestones/"):
        agency.open(milestone)
        agency.send()
