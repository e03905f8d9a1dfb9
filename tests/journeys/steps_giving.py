"""Step 3: donors list what they have, find needs in the catalogue, and two of them close one exactly."""

from __future__ import annotations

from datetime import timedelta

from common import clock
from tests.cast import COUNTY
from tests.journeys.pages import Window
from tests.journeys.people import Journey

UNDO = 11  # minutes: one more than one may take a thing back
ASKED, PART, REST = "1,600.00", "1000", "600.00"


def lots_are_listed(journey: Journey) -> None:
    """Goods with typed conditions, and hours; a worker looks at each before it is listed."""
    mill, zhang = journey["mill"], journey["zhang"]
    until = (clock.today() + timedelta(days=300)).isoformat()
    offers(mill, "goods", "quilt", 40)
    mill.send(goods_condition="new", fair_value=8000)
    ends(mill, until, confirm_each=True)
    offers(zhang, "service", "companionship", 30)
    zhang.send(fair_value=900)
    ends(zhang, until, confirm_each=False)
    are_reviewed(journey)


def are_reviewed(journey: Journey) -> None:
    """Once nothing can be taken back any more, a worker looks at every offer that waits, and lists it."""
    worker = journey["he"]
    journey.site.advance(minutes=UNDO)
    worker.open("/admin/donors/lot/?waiting=yes")
    for lot in dict.fromkeys(link.partition("?")[0] for link in worker.links("/work/")):
        worker.open(lot)
        worker.send(act="review")
        worker.open(lot)
        worker.send(act="list")


def offers(donor: Window, kind: str, item: str, quantity: int) -> None:
    donor.open("/give/lots/new/")
    donor.page.check(f"main [name=kind][value={kind}]")
    donor.press_plain()
    donor.send(items=[item], quantity=quantity)


def ends(donor: Window, until: str, *, confirm_each: bool) -> None:
    """For whom and where, limits, who brings it, time, wishes; then it is sent."""
    donor.send(region=COUNTY)
    donor.send()
    donor.send()
    donor.send(valid_until=until, confirm_each=confirm_each)
    donor.send()
    donor.send()


def need_is_pledged(journey: Journey) -> None:
    """One gives a part, another the rest: nothing is left, and a third amount finds no room."""
    mill, zhang = journey["mill"], journey["zhang"]
    mill.open("/match/catalogue/?category=&nonsense=1", status=400)
    mill.open("/match/catalogue/")
    mill.beside(ASKED, "/pledge/")
    need = mill.id_in(r"/needs/(\w{12})/")
    mill.send(share="part", quantity=PART, fund_holder=first(mill, "fund_holder"), binding="promise")
    zhang.open("/match/catalogue/")
    zhang.beside(REST, "/pledge/")
    assert zhang.id_in(r"/needs/(\w{12})/") == need
    zhang.send(share="all", fund_holder=first(zhang, "fund_holder"), binding="promise")
    mill.open(f"/match/needs/{need}/")  # closed exactly: its page says so, and it left the catalogue
    assert mill.page.locator("main a[href*='/pledge/']").count() == 0
    mill.open("/match/catalogue/")
    assert need not in mill.page.content()
    journey.site.advance(minutes=UNDO)
    for donor, amount in ((mill, "1,000.00"), (zhang, "600.00")):
        donor.open("/give/pledges/")
        donor.sees(amount)


def first(window: Window, name: str) -> str:
    """The value of the first option."""
    return str(window.page.locator(f"main [name={name}]").first.get_attribute("value"))
