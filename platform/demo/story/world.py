"""Who and when: the invented people of 清河县, their seats, and the calendar of the story."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from accounts.enums import OrganisationKind, Role
from accounts.models import Organisation, User
from accounts.services import (
    accept_invitation,
    create_first_administrator,
    create_organisation,
    invite_member,
    open_account,
)
from common import clock
from common.actors import SYSTEM, Actor
from common.identity import resident_id_check_digit, uscc_check_character
from demo.story.calendar import Moment
from files.models import Attachment
from files.services import keep

COUNTY, NEIGHBOUR = "990101", "990102"
VILLAGES = ["990101100201", "990101101201", "990101102201", "990101200201", "990101201201", "990101202201"]
PASSWORD = "Qinghe-Demo-2026"  # noqa: S105 — printed on the demonstration's page of people
STORY_DAYS = 210


@dataclass
class World:
    """The story's start, and everybody in it by a short name."""

    start: date
    people: dict[str, User] = field(default_factory=dict)
    bodies: dict[str, Organisation] = field(default_factory=dict)
    things: dict[str, Any] = field(default_factory=dict)

    def at(self, day: int, hour: int = 10, minute: int = 0) -> datetime:
        """A moment of the story; never later than now."""
        return datetime.combine(self.start + timedelta(days=day), time(hour, minute), tzinfo=clock.SHANGHAI)

    def on(self, day: int, hour: int = 10, minute: int = 0) -> Moment:
        """A moment to ask for; entered, it holds the clock there."""
        return Moment(self.at(day, hour, minute))

    def person(self, name: str) -> User:
        return self.people[name]


def new_world() -> World:
    """A story that ends today."""
    return World(start=clock.today() - timedelta(days=STORY_DAYS))


def resident_id(number: int, born: date, *, female: bool) -> str:
    """An identity number of a region that does not exist (99…), with a right check character: nobody's."""
    body = f"{COUNTY}{born:%Y%m%d}{number % 100:02d}{(number % 5) * 2 if female else (number % 5) * 2 + 1}"
    return body + resident_id_check_digit(body)


def credit_code(number: int, *, head: str = "52") -> str:
    """A credit code of the county that does not exist."""
    body = f"{head}{COUNTY}MJ{number:07d}"
    return body + uscc_check_character(body)


def picture(text: str) -> SimpleUploadedFile:
    """A picture that says it is an example."""
    image = Image.new("RGB", (480, 320), "#fbfaf7")
    ImageDraw.Draw(image).text((20, 150), f"DEMO {text}", fill="#1d2a30")
    out = io.BytesIO()
    image.save(out, "PNG")
    return SimpleUploadedFile("demo.png", out.getvalue(), content_type="image/png")


def evidence(text: str, purpose: str, owner: Any, *, by: Actor, at: datetime) -> Attachment:
    """An example picture kept as evidence."""
    return keep(upload=picture(text), purpose=purpose, owner=owner, by=by, at=at)


def hire(
    world: World,
    key: str,
    name: str,
    role: str,
    organisation: Organisation | None,
    *,
    prefix: str = "",
    manages: bool = False,
    at: datetime | None = None,
) -> User:
    """Invited by the administrator, accepted by the person; on the first day, if no other is named."""
    at = at or world.at(0, 9)
    root = world.people["root"]
    seat = invite_member(
        username=key,
        name=name,
        role=role,
        email=f"{key}@example.org",
        prefix=prefix,
        organisation=organisation,
        manages=manages,
        by=root,
        at=at,
    )
    accept_invitation(membership=seat, password=PASSWORD, by=seat.user, at=at)
    world.people[key] = User.objects.get(pk=seat.user_id)
    return world.people[key]


def found(
    world: World, key: str, name: str, kind: str, number: int, *, head: str = "52", area: str = COUNTY
) -> Organisation:
    """A body with its credit code."""
    world.bodies[key] = create_organisation(
        name=name, kind=kind, uscc=credit_code(number, head=head), area=area, by=SYSTEM, at=world.at(0, 9)
    )
    return world.bodies[key]


def self_registered(world: World, key: str, name: str) -> User:
    """Somebody who opened an account without an invitation."""
    user = open_account(
        username=key, name=name, email=f"{key}@example.org", password=PASSWORD, at=clock.now()
    )
    world.people[key] = user
    return user


def refresh(world: World, key: str) -> User:
    """The person with the seats they hold now."""
    world.people[key] = User.objects.get(pk=world.people[key].pk)
    return world.people[key]


def open_county(world: World) -> None:
    """The station, the offices, the evaluators, the three administrations."""
    at = world.at(0, 9)
    seat = create_first_administrator(username="root", name="林系统", at=at)
    accept_invitation(membership=seat, password=PASSWORD, by=seat.user, at=at)
    world.people["root"] = User.objects.get(pk=seat.user_id)
    station = found(world, "station", "清河县社会工作站", OrganisationKind.PLATFORM_STATION, 1)
    for key, name, role in (
        ("zhoumin", "周敏", Role.SOCIAL_WORKER),
        ("hejing", "何静", Role.SOCIAL_WORKER),
        ("lidu", "李督", Role.SUPERVISOR),
        ("zhaohua", "赵华", Role.SUPERVISOR),
        ("wuping", "吴平", Role.SUPERVISOR),
    ):
        hire(world, key, name, role, station, prefix=COUNTY)
    committee = found(world, "committee", "河湾村村民委员会", OrganisationKind.GOVERNMENT, 2, head="55")
    hire(world, "sunguiying", "孙桂英", Role.VILLAGE_WORKER, station, prefix=VILLAGES[0])
    world.bodies["committee"] = committee
    office = found(world, "office", "清河县农业农村局", OrganisationKind.GOVERNMENT, 3, head="11")
    hire(world, "qinju", "秦局", Role.OFFICER, office, prefix=COUNTY)
    hire(world, "fangke", "方科", Role.OFFICER, office, prefix=COUNTY)
    hire(world, "taoke", "陶科", Role.VIEWER, office, prefix=COUNTY)
    neighbour = found(
        world, "neighbour", "青石县农业农村局", OrganisationKind.GOVERNMENT, 4, head="11", area=NEIGHBOUR
    )
    hire(world, "shike", "石科", Role.OFFICER, neighbour, prefix=NEIGHBOUR)
    beyond = found(world, "beyond", "青石县社会工作站", OrganisationKind.PLATFORM_STATION, 7, area=NEIGHBOUR)
    hire(world, "luqing", "陆青", Role.SOCIAL_WORKER, beyond, prefix=NEIGHBOUR)
    college = found(world, "college", "示范市社会工作学院评估中心", OrganisationKind.SERVICE_ORGANISATION, 5)
    for key, name in (("panyu", "潘玉"), ("dinglan", "丁岚"), ("renjie", "任杰"), ("yanlu", "严璐")):
        hire(world, key, name, Role.EVALUATOR, college)
    audit = found(world, "audit", "示范市审计所", OrganisationKind.GOVERNMENT, 6, head="11")
    hire(world, "geshen", "葛审", Role.AUDITOR, audit)
    hire(world, "muan", "穆安", Role.SECURITY_ADMIN, station)
