"""The cast of the tests: one village of a made-up county, a widow, a mill, an association, and workers with seats.

Everybody enters through the services. `county()` hires the people; `widow_applies(cast)` and the steps after it walk
one household along its way: `accepted`, `verified`, `visited`, `assessed`, `reviewing`, `approved`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.test import Client, RequestFactory

from accounts import second_factor
from accounts import services as accounts
from accounts.enums import CODE_HEADS, OrganisationKind, Role
from accounts.models import Organisation, User
from common.actors import SYSTEM
from common.identity import resident_id_check_digit, uscc_check_character
from households import services
from households.answers import ApplicationAnswers, NeedAnswer, PersonAnswer
from households.enums import Channel
from households.models import Application, Assessment, Household, Need, Visit
from households.services.file import edit_household
from tests.staging import staged

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # a Monday, ten in the morning in Shanghai
COUNTY, VILLAGE, OTHER_VILLAGE = "990101", "990101100201", "990101101201"
OTHER_COUNTY, FAR_VILLAGE = "990102", "990102100201"
PASSWORD = "Quiet-River-2026"
CLASS_OF_FILE = {"category": "dibao", "standard": "national"}
PAPERS = "business licence, the original"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
WIDOW, WIDOW_PHONE, WIDOW_WORDS = "王秀兰", "13800001234", "老伴走后，买药的钱不够。"


def resident_id(number: int, *, born: date, female: bool = True) -> str:
    """A made-up identity number of the made-up county whose check character holds."""
    body = f"{COUNTY}{born:%Y%m%d}{number:02d}{2 if female else 1}"
    return body + resident_id_check_digit(body)


def credit_code(number: int, kind: str = OrganisationKind.ENTERPRISE) -> str:
    """A made-up credit code of a body of this kind whose check character holds."""
    body = f"{CODE_HEADS[kind][0]}990101MA{number:07d}"
    return body + uscc_check_character(body)


WIDOW_ID = resident_id(10, born=date(1954, 3, 8))
GRANDSON_ID = resident_id(20, born=date(2014, 6, 1), female=False)


@dataclass(frozen=True)
class Cast:
    """Everybody in the county's social-work station, and the mill and the association next door."""

    administrator: User
    station: Organisation
    worker: User
    colleague: User
    supervisor: User
    second_supervisor: User
    village_worker: User
    stranger: User  # a social worker of the neighbouring county
    mill: Organisation
    association: Organisation


@staged
def county() -> Cast:
    """Hire everybody; call it once in a test."""
    accounts.load_duties()
    seat = accounts.create_first_administrator(username="root", name="林系统", at=AT)
    accounts.accept_invitation(membership=seat, password=PASSWORD, by=seat.user, at=AT)
    root = seat.user
    station = body("清河县社会工作站", OrganisationKind.PLATFORM_STATION, 1)

    def worker(username: str, name: str, role: str = Role.SOCIAL_WORKER, prefix: str = COUNTY) -> User:
        return hire(username, name, role, organisation=station, prefix=prefix, by=root)

    return Cast(
        administrator=root,
        station=station,
        worker=worker("zhou", "周敏"),
        colleague=worker("he", "何静"),
        supervisor=worker("li", "李督导", Role.SUPERVISOR),
        second_supervisor=worker("zhao", "赵督导", Role.SUPERVISOR),
        village_worker=worker("sun", "孙桂英", Role.VILLAGE_WORKER, VILLAGE),
        stranger=worker("qian", "钱远", prefix=OTHER_COUNTY),
        mill=body("清河面粉厂", OrganisationKind.ENTERPRISE, 2),
        association=body("清河县慈善会", OrganisationKind.ASSOCIATION, 3),
    )


def body(name: str, kind: str, number: int, *, area: str = COUNTY) -> Organisation:
    """An organisation with its own credit code."""
    return accounts.create_organisation(
        name=name, kind=kind, uscc=credit_code(number, kind), area=area, by=SYSTEM, at=AT
    )


def hire(
    username: str,
    name: str,
    role: str,
    *,
    organisation: Organisation | None,
    by: User,
    prefix: str = "",
) -> User:
    """Invite somebody and let them accept; the seat is taken afresh, as at a sign-in."""
    seat = accounts.invite_member(
        username=username, name=name, role=role, prefix=prefix, organisation=organisation, by=by, at=AT
    )
    accounts.accept_invitation(membership=seat, password=PASSWORD, by=seat.user, at=AT)
    member: User = User.objects.get(pk=seat.user_id)
    return member


def signed_in(user: User) -> Client:
    """A browser in which this person has signed in and, where the seat asks for it, shown the second factor."""
    client = Client()
    client.force_login(user)
    if not Authenticator.objects.filter(user=user).exists():
        data = {"secret": get_adapter().encrypt(SECRET)}
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data=data)
    request = RequestFactory().get("/")
    request.user, request.session = user, client.session
    second_factor.note(request, "mfa", type="totp")
    request.session.save()
    return client


def widow_answers(**changes: Any) -> ApplicationAnswers:
    """The widow Wang Xiulan and her grandson need medicine and a quilt; `changes` replace whole answers."""
    answers = ApplicationAnswers(
        area=VILLAGE,
        group="三组",
        address="河湾村三组12号",
        phone=WIDOW_PHONE,
        members=(
            PersonAnswer(
                name=WIDOW,
                relation="head",
                id_number=WIDOW_ID,
                health=("chronic",),
                labour="lost",
                education="primary",
            ),
            PersonAnswer(
                name="陈小宝",
                relation="grandson",
                id_number=GRANDSON_ID,
                health=("healthy",),
                labour="none",
                student_status="primary",
            ),
        ),
        needs=(
            NeedAnswer(item="chronic_medicine", quantity=6, story="每天吃降压药。", beneficiary=0),
            NeedAnswer(item="quilt", quantity=2, urgency="soon", deadline=date(2026, 12, 20)),
        ),
        consents=("apply", "sensitive"),
        story=WIDOW_WORDS,
        causes=("illness",),
    )
    return replace(answers, **changes)


def clean_answers(number: int, **changes: Any) -> ApplicationAnswers:
    """Another household, one healthy woman of forty and one need, about whom no rule asks anything."""
    born = date(1986, 5, 1)
    person = PersonAnswer(
        name=f"刘桂{number}",
        relation="head",
        id_number=resident_id(30 + number, born=born),
        health=("healthy",),
        labour="ordinary",
        education="primary",
    )
    answers = ApplicationAnswers(
        area=VILLAGE,
        phone=f"1380000{2000 + number}",
        members=(person,),
        needs=(NeedAnswer(item="quilt", quantity=1),),
        consents=("apply", "sensitive"),
    )
    return replace(answers, **changes)


def applies(
    answers: ApplicationAnswers, *, by: Any = SYSTEM, channel: str = Channel.SELF, at: datetime = AT
) -> Application:
    application, _code = services.submit_application(answers=answers, channel=channel, by=by, at=at)
    return application


def widow_applies(*, at: datetime = AT) -> Application:
    """By herself, on the web."""
    return applies(widow_answers(), at=at)


def accepted(application: Application, cast: Cast, *, at: datetime = AT) -> Application:
    return services.accept_application(application=application, by=cast.worker, at=at)


def verified(application: Application, cast: Cast, *, at: datetime = AT) -> Application:
    """Accepted and being checked, with the visit on the list."""
    application = accepted(application, cast, at=at)
    return services.start_verifying(application=application, by=cast.worker, at=at)


def visited(application: Application, cast: Cast, *, at: datetime = AT) -> Application:
    """A visit by two people who saw the document; the file has its category and its standard."""
    application = verified(application, cast, at=at)
    household = Household.objects.get(pk=application.household_id)
    if not household.category:
        edit_household(
            household=household, version=household.version, changes=CLASS_OF_FILE, by=cast.worker, at=at
        )
    services.record_visit(
        visit=planned_visit(application.household),
        done_at=at,
        companion=cast.colleague,
        companion_name="",
        by_video=False,
        identity_seen=2,
        papers_of=application.household.members.all(),
        findings="家中整洁，药瓶在桌上。",
        evidence=None,
        by=cast.worker,
        at=at,
    )
    return application


def planned_visit(household: Household) -> Visit:
    return Visit.objects.get(household=household, state="planned")


def full_assessment() -> dict[str, Any]:
    """Every mandatory answer of the three levels and the synthesis."""
    return {
        "problem_words": WIDOW_WORDS,
        "problem_view": "慢性病用药负担重，收入只有养老金。",
        "category": "N06",
        "onset": date(2025, 3, 1),
        "frequency": "daily",
        "duration": "years",
        "grade": 3,
        "efforts": "向亲戚借过两次。",
        "no_risk_seen": True,
        "functioning": {
            "seeing": "some",
            "hearing": "none",
            "walking": "lot",
            "remembering": "none",
            "washing": "none",
            "communicating": "none",
        },
        "health": "高血压，膝关节疼。",
        "mood": {"interest": "1", "down": "refused"},
        "skills": "小学文化，会做布鞋。",
        "motivation": "想把孙子供到初中。",
        "strengths": "手巧，邻里关系好。",
        "wish": "能按时吃上药。",
        "family": "与孙子同住，儿子在外务工。",
        "network": "邻居常帮忙挑水。",
        "living": "砖房，自来水到院。",
        "economy": "养老金每月一百多元，欠债三千元。",
        "services_near": "村卫生室步行二十分钟。",
        "conflict": "没有。",
        "language": "普通话",
        "policies_enjoyed": ["dibao"],
        "no_policy_missing": True,
        "causes": [{"code": "illness", "level": "person"}],
        "protective": "孙子懂事。",
        "risk_factors": "独自照看孩子。",
        "objectives": "三个月内药费有着落。",
    }


def assessed(application: Application, cast: Cast, *, at: datetime = AT) -> Application:
    """Visited, all three levels written and sent to the supervisor."""
    application = visited(application, cast, at=at)
    assessment = services.start_assessment(application=application, by=cast.worker, at=at)
    services.save_assessment(
        assessment=assessment, version=assessment.version, changes=full_assessment(), by=cast.worker, at=at
    )
    services.submit_assessment(
        assessment=Assessment.objects.get(pk=assessment.pk),
        household_confirms=True,
        needs=in_order(application),
        by=cast.worker,
        at=at,
    )
    application.refresh_from_db()
    return application


def in_order(application: Application) -> list[dict[str, Any]]:
    """What an assessment says of each need, in the order of the file."""
    return [
        {"need": need, "rank": place, "public_title": need.item.label_zh}
        for place, need in enumerate(needs_of(application), start=1)
    ]


def reviewing(application: Application, cast: Cast, *, at: datetime = AT) -> Application:
    application = assessed(application, cast, at=at)
    return services.start_review(application=application, by=cast.supervisor, at=at)


def approved(application: Application, cast: Cast, *, at: datetime = AT) -> Application:
    """Filed, its needs open."""
    application = reviewing(application, cast, at=at)
    return services.approve_application(application=application, by=cast.supervisor, at=at)


def needs_of(application: Application) -> list[Need]:
    return list(Need.objects.filter(application=application).select_related("item").order_by("pk"))
