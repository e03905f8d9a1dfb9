"""Steps 3 and 4, the beginning: fund holder, agency and donors register themselves and are checked by two people."""

from __future__ import annotations

from typing import Any

from implementers.enums import HEADING_POINTS
from tests.cast import COUNTY, credit_code
from tests.journeys.pages import Window
from tests.journeys.people import Journey, set_up_second_step

HOLDER, AGENCY, MILL = "清河县慈善会", "清河县益民社会工作服务中心", "清河春风面粉有限公司"
SHARE = 86  # points of a hundred on the admission scorecard


def fund_holder_is_admitted(journey: Journey) -> None:
    """A charity with its qualifications; three of its people will look after the money."""
    window = journey.opens_account("cishan", "慈会计")
    window.open("/agency/")
    window.follow("/agency/fund-holder/register/")
    window.send(kind="charity")
    window.send(name=HOLDER, uscc=credit_code(301, "association"))
    window.send(bank_name="清河县农村信用社", account="6222021234567890123")
    window.send(contact_name="慈会长", contact_phone="13900000301")
    window.send()
    set_up_second_step(journey.people["cishan"])
    for kind in ("charity_status", "receipts"):
        add_paper(window, "/agency/fund-holder/papers/new/", kind)
    for username, name in (("hui", "惠姬"), ("chu", "楚娜")):
        window.open("/seats/members/invite/")
        window.send(name=name, username=username)
        journey.accepts(username, name, window.page.inner_text("main .code"))
    looks_at(journey["zhou"], "fundholder", HOLDER)
    journey["zhou"].send(act="take_on")
    looks_at(journey["li"], "fundholder", HOLDER)
    journey["li"].send(act="admit")


def agency_is_admitted(journey: Journey) -> None:
    """Papers and staff, a scorecard by a worker, the level by a supervisor."""
    window = journey.opens_account("yimin", "易敏")
    window.open("/agency/")
    window.follow("/agency/register/")
    window.send(kind="service_organisation")
    window.send(name=AGENCY, uscc=credit_code(201, "service_organisation"))
    window.send(area=COUNTY, licensed_workers=4, about="在清河县做社区社会工作。")
    window.send(contact_name="易敏", contact_phone="13900000201")
    window.send()
    set_up_second_step(journey.people["yimin"])
    add_paper(window, "/agency/own/papers/new/", "registration")
    window.open("/agency/own/staff/new/")
    window.send(name="宁会计", licence="none", is_fund_manager=True)
    worker, supervisor = journey["zhou"], journey["li"]
    looks_at(worker, "agency", AGENCY)
    worker.send(act="take_on")
    points: dict[str, Any] = {heading: most * SHARE // 100 for heading, most in HEADING_POINTS.items()}
    worker.send(**points, rationale="看过证照和账目，走访了服务点。")
    supervisor.open("/admin/implementers/admission/")
    supervisor.follow("/decide/")
    supervisor.send(act="admit")
    window.open("/agency/own/")
    assert window.page.locator("main .tag-ok, main .tag").count()


def donors_register(journey: Journey) -> None:
    """A mill whose credit code is typed wrongly first, and a neighbour who is not named in public."""
    mill = journey.opens_account("mill", "何厂长")
    mill.open("/give/")
    mill.follow("/give/register/")
    mill.send(kind="enterprise")
    right = credit_code(101)
    wrong = right[:-1] + ("0" if right[-1] != "0" else "1")
    mill.send(body_name=MILL, uscc=wrong, area=COUNTY, status=422)
    assert mill.page.input_value("[name=body_name]") == MILL
    mill.send(uscc=right)
    mill.send(legal_representative="陈春风")
    mill.send(naming="name", on_boards=True)
    mill.send(contact_name="何厂长", contact_phone="13800000101")
    mill.send()
    zhang = journey.opens_account("zhang", "张公")
    zhang.open("/give/")
    zhang.follow("/give/register/")
    zhang.send(kind="individual")
    zhang.send(naming="alias", alias="一位邻居")
    zhang.send(contact_name="张公", contact_phone="13800000102")
    zhang.send()
    zhang.open("/match/catalogue/")
    zhang.sees_not("emergency_money")
    worker = journey["zhou"]
    for name, seen in ((MILL, "营业执照原件"), ("张公", "")):
        looks_at(worker, "donor", name, app="donors")
        worker.send(act="verify", reason=seen)


def looks_at(worker: Window, model: str, name: str, *, app: str = "implementers") -> None:
    """From the list of the desk to the work page of one body."""
    worker.open(f"/admin/{app}/{model}/?q={name}")
    worker.follow("/work/")


def add_paper(window: Window, path: str, kind: str) -> None:
    window.open(path)
    window.send(
        kind=kind,
        number=f"QH-{kind}",
        issuer="清河县民政局",
        valid_from="2024-01-01",
        valid_to="2031-12-31",
        proof=kind,
    )
