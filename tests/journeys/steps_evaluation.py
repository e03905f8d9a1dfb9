"""Step 7: a team that was drawn scores under seal; the round closes by itself, a supervisor makes it final."""

from __future__ import annotations

from typing import Any

from projects.enums import ProjectState, Stage
from tests.journeys.pages import Window
from tests.journeys.people import Journey
from tests.journeys.steps_project import BEFORE_START, DAYS

EVALUATORS = ("pan", "ding", "ren", "dong")  # nobody twice in a row
SHEET = {
    "need_fit": 8, "logic": 7, "schedule": 15, "finance": 15, "records": 8, "team": 7,
    "attainment": 15, "satisfaction": 10, "change": 5, "sustainability": 10,
}  # fmt: skip
UNTIL_MIDWAY = BEFORE_START + DAYS * 2 // 5  # two fifths of the schedule
SHARE = 9  # tenths of the points of each heading


def before_the_start(journey: Journey) -> None:
    """The project's first evaluation; the supervisor approves the project behind its gate."""
    supervisor, project = journey["li"], journey.facts["project"]
    supervisor.open(f"/admin/projects/project/{project}/file/")
    supervisor.send('main button[value="approve"]', status=409)  # not before the evaluation
    evaluate(journey)
    supervisor.open(f"/admin/projects/project/{project}/file/")
    supervisor.send('main button[value="approve"]')


def midway(journey: Journey) -> None:
    """Due after two fifths of the time: opened by the job of the day it falls due; the work then goes on."""
    journey.site.advance(days=UNTIL_MIDWAY)
    evaluate(journey)
    agency = journey["yimin"]
    agency.open(f"/projects/file/{journey.facts['project']}/")
    agency.sees(journey.says(ProjectState.IN_PROGRESS.label))


def after_the_end(journey: Journey) -> None:
    """The agency reports the work done; the evaluation of its effect accepts the project."""
    agency, project = journey["yimin"], journey.facts["project"]
    agency.open(f"/projects/file/{project}/")
    agency.does("/complete/")
    evaluate(journey)
    agency.open(f"/projects/file/{project}/")
    agency.sees(journey.says(ProjectState.ACCEPTED.label))
    anyone = journey["anyone"]
    anyone.open("/evaluation/published/")
    assert len(anyone.links("/evaluation/published/")) == len(Stage)


def evaluate(journey: Journey) -> None:
    """Drawn by a job, scored by each alone, closed by a job, commented by the agency, final, published."""
    journey.site.advance(days=1)
    team = drawn(journey)
    assert len(team) == 2
    for place, evaluator in enumerate(team):
        evaluator.follow("/evaluation/file/")
        if place:  # what the first one wrote stays sealed
            evaluator.sees_not("评语一")
        evaluator.follow("/score/")
        points: dict[str, Any] = {f"points_{heading}": most * SHARE // 10 for heading, most in SHEET.items()}
        reasons = {
            f"reason_{heading}": f"评语{'一二三'[place]}：查阅了记录，走访了家庭。" for heading in SHEET
        }
        evaluator.send("main button[name=check]", **(points | reasons))
        evaluator.send()
    journey.site.work()
    agency, supervisor = journey["yimin"], journey["li"]
    agency.open("/home/")
    agency.follow("/evaluation/results/")
    agency.sees("87.00")
    agency.send(text="没有补充意见，谢谢评估团队。")
    evaluation = agency.id_in(r"/results/(\w{12})/")
    supervisor.open(f"/admin/evaluation/evaluation/{evaluation}/file/")
    supervisor.send('main button[value="final"]')
    supervisor.send('main button[value="publish"]', summary="设计合理，按计划推进，家庭反馈良好。")
    journey.facts["evaluation"] = evaluation


def drawn(journey: Journey) -> list[Window]:
    """Those of the evaluators for whom a sheet waits at home."""
    windows = [journey[name] for name in EVALUATORS]
    for window in windows:
        window.open("/home/")
    return [window for window in windows if window.links("/evaluation/file/")]
