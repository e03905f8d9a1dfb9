"""Step 9: donors are told, and see each unit down to its result; every home shows what waits, went and came."""

from __future__ import annotations

from notices.kinds import KINDS
from tests.cast import WIDOW
from tests.journeys.people import Journey
from tests.journeys.steps_money import RECEIPTS
from tests.journeys.steps_parties import AGENCY
from tests.journeys.steps_project import TITLE

OWED = 'main .rows a[href*="/give/feedback/"]'
NEWS = "东西和钱都送到了，家里人说这个冬天心里踏实多了。"


def donors_are_told(journey: Journey) -> None:
    """Who received the money and who brought the help tell each donor what came of it."""
    for name in ("cishan", "yimin"):
        window = journey[name]
        window.open("/give/feedback/owed/")
        while window.page.locator(OWED).count():
            window.follow("/give/feedback/")
            window.send(text=NEWS)


def donor_sees_what_came_of_it(journey: Journey) -> None:
    """From the transfer to the family's word and the evaluation, without a name."""
    mill = journey["mill"]
    mill.open("/give/pledges/")
    mill.follow("/give/lots/")
    mill.follow("/trace/")
    mill.sees(RECEIPTS[0], "1,000.00", TITLE, AGENCY, "87.00", NEWS)
    mill.sees_not(WIDOW, "陈小宝", "三组")
    mill.open("/notices/")
    mill.sees(
        *(
            journey.says(KINDS[kind].title)
            for kind in ("transfer_arrived", "delivery_received", "feedback_given")
        )
    )
    mill.open("/give/feedback/")
    mill.sees(NEWS)


def homes_show_everything(journey: Journey) -> None:
    """What waits, what was given, what came of it, for every party."""
    expected = {
        "mill": ("1,000.00",),
        "zhang": ("600.00",),
        "yimin": ("2,200.00",),
        "cishan": ("2,200.00",),
        "qin": ("30,000.00", "600.00"),
        "pan": (),
    }
    for name, words in expected.items():
        window = journey[name]
        window.open("/home/")
        window.sees(*words)
    for name in ("zhou", "li"):
        journey[name].open("/admin/")
