"""Step 1: two families apply without an account and without JavaScript, one through a neighbour."""

from __future__ import annotations

from datetime import date
from typing import Any

from common.identity import resident_id_check_digit
from tests.cast import GRANDSON_ID, VILLAGE, WIDOW, WIDOW_ID, WIDOW_PHONE, resident_id
from tests.journeys.pages import Window
from tests.journeys.people import Journey

TOWNSHIP = VILLAGE[:9]
NEEDS: tuple[dict[str, Any], ...] = (
    {"topic": "money", "item": "emergency_money", "quantity": 1600, "urgency": "soon"},
    {"topic": "things", "item": "quilt", "quantity": 2, "urgency": "soon"},
    {"topic": "money", "item": "living_aid", "quantity": 600, "urgency": "ordinary"},
    {"topic": "work", "item": "digital_skill_seat", "quantity": 1, "urgency": "ordinary"},
    {"topic": "policy", "item": "policy_query", "quantity": 1, "urgency": "ordinary"},
    {"topic": "heart", "item": "companionship", "quantity": 4, "urgency": "ordinary"},
    {"topic": "care", "item": "elder_care_hour", "quantity": 10, "urgency": "ordinary"},
)
NEIGHBOUR_PHONE, ELDER_ID = "13900005678", resident_id(33, born=date(1950, 5, 6))


def household_applies(journey: Journey) -> None:
    """A widow and her grandson: every kind of need, a wrong digit, a pause, and the same draft again by its code."""
    widow = journey.person("widow", WIDOW, javascript=False).window
    widow.open("/")
    widow.follow("/help/")
    widow.send(whose="self")
    widow.send(status=422)  # without consent there is no going on
    widow.send(apply=True, sensitive=True)
    person(widow, WIDOW, "female", "head", "e:primary", ["chronic"], "lost", number=WIDOW_ID[:-1] + "0")
    widow.send(more="yes")
    person(widow, "陈小宝", "male", "grandson", "s:primary", ["healthy"], "none", number=GRANDSON_ID)
    widow.send("main button[name=_leave]", more="no")
    code = widow.page.inner_text("main .code")
    journey.people.pop("widow")
    widow.context.close()

    widow = journey.person("widow", WIDOW, javascript=False).window  # another telephone
    widow.open("/help/resume/")
    widow.send(code=code)
    widow.send(guardian=WIDOW, child_data=True)
    widow.send(phone=WIDOW_PHONE)
    place(widow)
    widow.send(causes=["illness", "schooling"], story="老伴走后，买药的钱不够，孙子的学费也难。")
    widow.send(main="illness")
    for number, need in enumerate(NEEDS, start=1):
        asks_for(widow, **need)
        widow.send(more="yes" if number < len(NEEDS) else "no")
    widow.send(measures=["dibao"])
    widow.sees(WIDOW_PHONE[-4:])
    widow.send()
    journey.facts["code"] = widow.page.inner_text("main .code")
    journey.facts["application"] = number_on(widow)
    widow.follow("/help/status/")
    widow.sees(journey.facts["application"])


def neighbour_applies(journey: Journey) -> None:
    """For an old man next door, with his signature on paper and everything read back to him."""
    neighbour = journey.person("neighbour", "刘桂香", javascript=False).window
    neighbour.open("/")
    neighbour.follow("/help/")
    neighbour.send(whose="delegate")
    neighbour.send(apply=True, sensitive=True)
    neighbour.send(name="刘桂香", relation="neighbour", phone=NEIGHBOUR_PHONE)
    person(neighbour, "郑阿福", "female", "head", "e:primary", ["chronic"], "lost", number=ELDER_ID)
    neighbour.send(more="no")
    neighbour.send(phone="13700009012")
    place(neighbour)
    neighbour.send(causes=["illness"], story="腿脚不便，冬天屋里冷。")
    asks_for(neighbour, topic="things", item="quilt", quantity=1, urgency="soon")
    neighbour.send(more="no")
    neighbour.send()
    neighbour.send(scope=["apply", "update", "receive_notice", "receive_goods"])
    neighbour.send(evidence_kind="signed_form", photo="授权书")
    neighbour.send()
    neighbour.send(status=422)  # first read it aloud
    neighbour.send(read_back=True)
    journey.facts["elder_code"] = neighbour.page.inner_text("main .code")
    journey.facts["elder_application"] = number_on(neighbour)


def person(
    window: Window,
    name: str,
    sex: str,
    relation: str,
    schooling: str,
    health: list[str],
    labour: str,
    *,
    number: str,
) -> None:
    """The three pages of a member; a number whose check digit is wrong is told at once and kept in the field."""
    window.send(name=name, sex=sex, relation=relation)
    if number != checked(number):
        window.send(status=422, id_kind="resident_id", id_number=number)
        assert window.page.input_value("[name=id_number]") == number
    window.send(id_kind="resident_id", id_number=checked(number))
    window.send(schooling=schooling, health=health, labour=labour)


def checked(number: str) -> str:
    """The number with its right check digit."""
    return number[:-1] + resident_id_check_digit(number[:-1])


def place(window: Window) -> None:
    window.send(place=TOWNSHIP)
    window.send(village=VILLAGE, group="三组", address="村口小卖部旁边")


def asks_for(window: Window, *, topic: str, item: str, quantity: int, urgency: str) -> None:
    """One need on its four pages."""
    window.send(topic=topic)
    window.send(item=item)
    window.send(quantity=quantity)
    window.send(urgency=urgency)


def number_on(window: Window) -> str:
    """The readable number of an application."""
    return str(window.page.inner_text("main dl.facts dd >> nth=0"))


def household_follows(journey: Journey) -> None:
    """A wrong number is refused; with the right one every need stands there, open."""
    widow = journey["widow"]
    widow.open("/help/status/leave/")
    widow.send()
    widow.open("/help/status/enter/")
    widow.send(code=journey.facts["code"], tail="9999", status=409)
    follows(journey)
    assert widow.page.locator("main .rows .row-title").count() >= len(NEEDS)


def follows(journey: Journey) -> Window:
    """The household opens its page with code and telephone, as on any later day."""
    widow = journey["widow"]
    widow.open("/help/status/enter/")
    widow.send(code=journey.facts["code"], tail=WIDOW_PHONE[-4:])
    widow.sees(journey.facts["application"])
    return widow
