"""Before the thread: the first administrator by command; everybody else is invited in pages."""

from __future__ import annotations

import io

from django.core.management import call_command

from tests.cast import COUNTY, OTHER_COUNTY, VILLAGE, credit_code
from tests.journeys.people import Journey

STATION, OFFICE, OTHER_OFFICE, COLLEGE = (
    "清河县社会工作站",
    "清河县农业农村局",
    "青石县农业农村局",
    "示范市评估中心",
)
BODIES = (
    (STATION, "platform_station", COUNTY, 1),
    (OFFICE, "government", COUNTY, 2),
    (OTHER_OFFICE, "government", OTHER_COUNTY, 3),
    (COLLEGE, "service_organisation", COUNTY, 4),
)
WORKERS = (
    ("zhou", "周敏", "social_worker", COUNTY, STATION),
    ("he", "何静", "social_worker", COUNTY, STATION),
    ("li", "李督", "supervisor", COUNTY, STATION),
    ("zhao", "赵华", "supervisor", COUNTY, STATION),
    ("wu", "吴平", "supervisor", COUNTY, STATION),
    ("sun", "孙桂英", "village_worker", VILLAGE, STATION),
    ("qin", "秦方", "officer", COUNTY, OFFICE),
    ("fang", "方科", "officer", COUNTY, OFFICE),
    ("shi", "石科", "officer", OTHER_COUNTY, OTHER_OFFICE),
    ("pan", "潘玉", "evaluator", "", COLLEGE),
    ("ding", "丁岚", "evaluator", "", COLLEGE),
    ("ren", "任杰", "evaluator", "", COLLEGE),
    ("dong", "董芸", "evaluator", "", COLLEGE),
)


def open_the_county(journey: Journey) -> None:
    """An empty installation becomes a county that works."""
    said = io.StringIO()
    call_command("create_first_administrator", username="root", name="林系统", stdout=said)
    link = next(word for word in said.getvalue().split() if word.startswith("/"))
    root = journey.accepts("root", "林系统", link)
    for name, kind, area, number in BODIES:
        root.open("/admin/accounts/organisation/register/")
        root.send(name=name, kind=kind, uscc=credit_code(number, kind), area=area)
        root.sees(name)
    for username, name, role, prefix, employer in WORKERS:
        root.open("/admin/accounts/membership/invite/")
        root.send(role=role, name=name, username=username, prefix=prefix, organisation=employer)
        invitation = root.page.inner_text("main .code")
        journey.accepts(username, name, invitation)
