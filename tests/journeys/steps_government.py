"""Step 4, the government's part: a policy with a line, and public money as a lot."""

from __future__ import annotations

from datetime import timedelta

from common import clock
from tests.cast import COUNTY
from tests.journeys.people import Journey
from tests.journeys.steps_giving import are_reviewed

LINE = "6500.00"


def policy_is_published(journey: Journey) -> None:
    """One officer writes, another vouches for it, and it is in force for everybody to read."""
    qin, fang = journey["qin"], journey["fang"]
    today = clock.today()
    qin.open("/home/")
    qin.follow("/policy/desk/")
    qin.follow("/policy/desk/new/")
    qin.send(
        area=COUNTY,
        title="清河县防返贫监测线（2026年）",
        doc_no="清农发〔2026〕1号",
        issuer="清河县农业农村局",
        category="lines",
        effective_from=(today - timedelta(days=30)).isoformat(),
        plain_summary="一年人均收入低于监测线的家庭，可以找村里或社工说一声。",
        full_text="第一条　本县防返贫监测线为每人每年6500元。",
    )
    policy = qin.id_in(r"/policy/desk/(\w{12})/")
    qin.follow("/lines/new/")
    qin.send(scope="county", year=today.year, kind="monitoring", amount=LINE)
    qin.follow("/send/")
    qin.send()
    qin.open(f"/policy/desk/{policy}/review/")
    qin.send(status=409)  # nobody vouches for the own draft
    fang.open(f"/policy/desk/{policy}/")
    fang.follow("/review/")
    fang.send()
    fang.follow("/publish/")
    fang.send()
    anyone = journey.person("anyone", "路人").window
    anyone.open(f"/policy/{policy}/")
    anyone.sees("6,500")


def public_money_is_registered(journey: Journey) -> None:
    """Money of the county, with document and budget line, kept by the fund holder."""
    qin = journey["qin"]
    qin.open("/give/public-funds/new/")
    holder = qin.page.locator("main [name=fund_holder] option").nth(1).get_attribute("value")
    policy = qin.page.locator("main [name=policy] option").nth(1).get_attribute("value")
    qin.send(
        title="县级临时救助金",
        department="清河县农业农村局",
        document_no="清财农〔2026〕7号",
        budget_line="2130599",
        policy=policy,
        item="living_aid",
        amount=30000,
        area=COUNTY,
        fund_holder=holder,
    )
    qin.sees("30,000.00")
    are_reviewed(journey)
