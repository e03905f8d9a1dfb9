"""Steps 11 and 12: an experience becomes public; an objection is answered by two people who had no part in it."""

from __future__ import annotations

from tests.journeys.pages import Window
from tests.journeys.people import Journey
from tests.journeys.steps_household import NEIGHBOUR_PHONE

TITLE = "独居老人过冬：先问被子，再问心事"


def experience_is_published(journey: Journey) -> None:
    """Three different people: a worker writes, a colleague reads, a supervisor publishes."""
    author, colleague, supervisor = journey["zhou"], journey["he"], journey["li"]
    author.open("/learn/write/")
    evaluation = author.page.locator("main [name=evaluations]").first.get_attribute("value")
    author.send(
        kind="experience",
        title=TITLE,
        summary="独居老人缺的往往不只是物资：送被子时多坐一会儿，才听得到真正的难处。",
        body="## 怎么做的\n\n1. 两个人一起去。\n2. 先听，再记。\n",
        causes=["illness"],
        grade="B",
        evaluations=[evaluation],
        story="none",
    )
    article = author.path
    author.follow("/send/")
    boxes = author.page.locator("main [name=checklist]")
    author.send(checklist=[boxes.nth(place).get_attribute("value") for place in range(boxes.count())])
    author.open(f"{article}approve/")
    author.send(status=409)  # nobody reads the own article over
    colleague.open(article)
    colleague.follow("/approve/")
    colleague.send()
    supervisor.open(article)
    supervisor.follow("/publish/")
    supervisor.send()
    anyone = journey["widow"]
    anyone.open("/learn/")
    anyone.sees(TITLE)
    anyone.open(article)
    anyone.sees("先听，再记")


def objection_is_answered(journey: Journey) -> None:
    """The old man objects; two who had no part in the refusal look at it, and he reads why."""
    neighbour = journey["neighbour"]
    neighbour.open("/help/status/enter/")
    neighbour.send(code=journey.facts["elder_code"], tail=NEIGHBOUR_PHONE[-4:])
    neighbour.sees("取暖补助")
    neighbour.follow("/objection/")
    refusal = neighbour.page.locator('main input[name=decision][value^="rejection:"]').get_attribute("value")
    neighbour.send(decision=refusal, text="取暖补助是前年的事，今年还没有。")
    file = journey.facts["elder_file"]
    supervisor = journey["zhao"]
    supervisor.open(f"{file}?tab=rights")
    supervisor.follow("/do/deciders/") if supervisor.links("/do/deciders/") else supervisor.follow(
        "/do/assign/"
    )
    first, second = (option(supervisor, name) for name in ("赵华", "吴平"))
    supervisor.send(first=first, second=second)
    for name in ("zhao", "wu"):
        window = journey[name]
        window.open(f"{file}?tab=rights")
        window.follow("/do/decide/")
        window.send(opinion="uphold", answer="您说得对，补助记录是前年的，我们重新核实。")
    neighbour.open("/help/status/")
    neighbour.sees("您说得对")


def option(window: Window, name: str) -> str:
    """The value of a colleague in the list of people."""
    return str(window.page.locator("main select[name=first] option", has_text=name).get_attribute("value"))
