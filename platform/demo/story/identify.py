"""Chapter one: families apply, are visited, assessed and decided upon."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from common.actors import Actor, CodeHolder
from demo.story.calendar import Telling, together
from demo.story.families import FAMILIES, Family, answers_of
from demo.story.world import COUNTY, World, evidence
from households import services
from households.answers import DelegateAnswer
from households.enums import Channel
from households.models import Application, Assessment, Household, Need, Visit
from households.services.facts import record_year
from households.services.file import edit_household
from policy import services as policies

# How far each family has come when the story ends; the day it applied.
WAYS = {
    "widow": ("approved", 12),
    "student": ("approved", 14),
    "disabled": ("approved", 16),
    "farmer": ("approved", 18),
    "cold": ("approved", 20),
    "young": ("approved", 22),
    "quilt": ("approved", 150),
    "rejected": ("rejected", 40),
    "flagged": ("flagged", 196),
    "returned": ("returned", 201),
    "waiting": ("submitted", 209),
    "assessed": ("assessed", 198),
}


# Yuan of the twelve months before the visit, by source; the line is 8,000 a head.
INCOMES: dict[str, tuple[tuple[str, int], ...]] = {
    "widow": (("transfer", 7_800), ("operating", 1_500), ("operating_cost", 400)),
    "student": (("wages", 18_500), ("operating", 4_800), ("operating_cost", 1_600)),
    "disabled": (("transfer", 9_900), ("property", 600)),
    "farmer": (("wages", 14_000), ("operating", 9_500), ("operating_cost", 2_700)),
    "cold": (("transfer", 8_600), ("operating", 2_000), ("operating_cost", 700)),
    "young": (("wages", 17_200), ("transfer", 1_200)),
    "quilt": (("transfer", 5_400), ("operating", 900)),
    "rejected": (("wages", 9_300),),
    "assessed": (("wages", 8_000), ("transfer", 4_100)),
}
CATEGORIES = {
    "widow": "dibao",
    "student": "rigid_expenditure",
    "disabled": "tekun",
    "farmer": "monitored",
    "cold": "dibao",
    "young": "monitored",
    "quilt": "dibao_borderline",
    "rejected": "ordinary",
    "assessed": "other_hardship",
}


def publish_line(world: World) -> Telling[None]:
    """The office publishes this year's line and a policy in plain words."""
    with (yield world.on(3)) as at:
        drafter, reviewer = world.person("qinju"), world.person("fangke")
        year = world.start.year
        policy = policies.draft_policy(
            area=COUNTY,
            title=f"清河县{year}年防止返贫致贫帮扶标准（演示）",
            doc_no=f"清演农发（{year}）1号",
            issuer="清河县农业农村局",
            category="帮扶标准",
            effective_from=date(year, 1, 1),
            full_text="本县本年度防止返贫致贫监测范围为家庭人均年纯收入低于八千元的农村家庭。本文件为演示用虚构文件。",
            plain_summary="一家人平均每人一年纯收入不到八千元，可以来申请帮扶，社工会上门了解情况。",
            by=drafter,
            at=at,
        )
        for kind, amount in (("monitoring", "8000"), ("exit", "7500")):
            policies.add_line(
                policy=policy,
                scope="county",
                area=COUNTY,
                year=year,
                kind=kind,
                amount=Decimal(amount),
                basis="人均纯收入",
                by=drafter,
                at=at,
            )
        policies.add_rule(
            policy=policy,
            subject="household",
            conditions=[{"field": "per_capita", "op": "below", "value": 8000}],
            benefit="可申请纳入帮扶",
            standard="按需帮扶",
            where_to_apply="村便民服务点或本平台",
            by=drafter,
            at=at,
        )
    with (yield world.on(4)) as at:
        policies.review_policy(policy=policy, by=reviewer, at=at)
    with (yield world.on(5)) as at:
        policies.publish_policy(policy=policy, by=reviewer, at=at)
        world.things["policy"] = policy


def identify_families(world: World) -> Telling[None]:
    """Every family goes its own way."""
    ordered = sorted(FAMILIES, key=lambda family: WAYS[family.key][1])
    yield from together(*(_walk(world, family, number) for number, family in enumerate(ordered, start=1)))


def _walk(world: World, family: Family, number: int) -> Telling[None]:
    way, day = WAYS[family.key]
    application = yield from _apply(world, family, day, number)
    yield from WALKS[way](world, family, application, day)


def _apply(world: World, family: Family, day: int, number: int) -> Telling[Application]:
    """The widow's neighbour village worker files for her; the others apply by themselves."""
    by: Actor = CodeHolder("demo-visitor")
    delegate, channel, draft, proof = None, Channel.SELF, None, None
    with (yield world.on(day)) as at:
        if family.key in {"widow", "quilt"}:
            by = world.person("sunguiying")
            channel = Channel.VILLAGE_WORKER
            delegate = DelegateAnswer(
                name="孙桂英",
                relation="village_cadre",
                evidence_kind="fingerprint",
                valid_to=at.date() + timedelta(days=365),
                scope=("apply", "update", "receive_notice"),
                phone="13900099001",
                read_back=True,
            )
            draft = services.start_draft(channel=channel, owner=world.person("sunguiying"), by=by, at=at)
            proof = evidence("FINGERPRINT", "delegation_evidence", draft, by=by, at=at)
        answers = answers_of(world, family, day, number=number, delegate=delegate)
        application, code = services.submit_application(
            answers=answers, channel=channel, by=by, at=at, draft=draft, delegate_evidence=proof
        )
        world.things[f"code.{family.key}"] = code
        world.things[f"application.{family.key}"] = application
        world.things[f"household.{family.key}"] = application.household
    return application


def _submitted(world: World, family: Family, application: Application, day: int) -> Telling[None]:
    """Nobody has taken it up yet."""
    yield from together()


def _returned(world: World, family: Family, application: Application, day: int) -> Telling[None]:
    with (yield world.on(day + 1)) as at:
        services.return_application(
            application=application,
            missing=["请补一张近期的病历或药费单照片"],
            by=world.person("zhoumin"),
            at=at,
        )


def _verifying(world: World, family: Family, application: Application, day: int) -> Telling[Application]:
    worker = world.person("zhoumin")
    with (yield world.on(day + 1)) as at:
        application = services.accept_application(application=application, by=worker, at=at)
    with (yield world.on(day + 1, 11)) as at:
        return services.start_verifying(application=application, by=worker, at=at)


def _flagged(world: World, family: Family, application: Application, day: int) -> Telling[None]:
    application = yield from _verifying(world, family, application, day)
    with (yield world.on(day + 2)) as at:
        for flag in application.flags.filter(severity="flag"):
            services.ask_explanation(flag=flag, by=world.person("zhoumin"), at=at)


def _assessed(world: World, family: Family, application: Application, day: int) -> Telling[Application]:
    worker = world.person("zhoumin")
    application = yield from _verifying(world, family, application, day)
    with (yield world.on(day + 3, 15)) as at:
        visit = Visit.objects.get(household=application.household, state="planned", kind="verification")
        photo = evidence("VISIT", "visit_evidence", visit, by=worker, at=at)
        services.record_visit(
            visit=visit,
            done_at=world.at(day + 3, 14),
            companion=world.person("hejing"),
            companion_name="",
            by_video=False,
            identity_seen=2,
            papers_of=application.household.members.all(),
            findings="屋里收拾得干净，说话实在，情况与申请一致。",
            evidence=photo,
            by=worker,
            at=at,
        )
        for flag in application.household.flags.filter(state__in=["raised", "asked", "explained"]):
            services.clear_flag(flag=flag, reason="上门看过证件和药费单，情况属实。", by=worker, at=at)
    application.refresh_from_db()
    yield from _classify(world, family, application, day + 4)
    yield from _record_income(world, family, application, day + 4)
    with (yield world.on(day + 5)) as at:
        assessment = services.start_assessment(application=application, by=worker, at=at)
        services.save_assessment(
            assessment=assessment,
            version=assessment.version,
            changes=_assessment_of(world, family, day),
            by=worker,
            at=at,
        )
    with (yield world.on(day + 6)) as at:
        needs = [
            {
                "need": need,
                "rank": place + 1,
                "public_title": family.title if place == 0 and family.title else need.item.label_zh,
                "public_summary": "社工上门核实过，家里自己也在想办法。",
            }
            for place, need in enumerate(Need.objects.filter(application=application).order_by("pk"))
        ]
        services.submit_assessment(
            assessment=Assessment.objects.get(pk=assessment.pk),
            household_confirms=True,
            needs=needs,
            by=worker,
            at=at,
        )
    application.refresh_from_db()
    return application


def _classify(world: World, family: Family, application: Application, day: int) -> Telling[None]:
    """Its category from the township's list, and the standard it was found by."""
    with (yield world.on(day)) as at:
        household = Household.objects.get(pk=application.household_id)
        edit_household(
            household=household,
            version=household.version,
            changes={"category": CATEGORIES[family.key], "standard": "province"},
            by=world.person("zhoumin"),
            at=at,
        )


def _record_income(world: World, family: Family, application: Application, day: int) -> Telling[None]:
    """What the family earned in the twelve months before, held against the line the office published."""
    with (yield world.on(day)) as at:
        record_year(
            household=application.household,
            year=world.start.year,
            period_start=at.date() - timedelta(days=365),
            period_end=at.date(),
            size=len(family.people),
            size_basis="registered",
            lines=[(kind, "", yuan * 100) for kind, yuan in INCOMES[family.key]],
            deprivations={
                "illness_burden": "illness" in family.causes or "labour" in family.causes,
                "out_of_school": False,
                "uninsured": False,
                "housing_unsafe": False,
                "water_unsafe": False,
                "solid_fuel": family.key == "cold",
            },
            version=None,
            by=world.person("zhoumin"),
            at=at,
        )


def _reviewing(world: World, family: Family, application: Application, day: int) -> Telling[Application]:
    application = yield from _assessed(world, family, application, day)
    with (yield world.on(day + 7)) as at:
        return services.start_review(application=application, by=world.person("lidu"), at=at)


def _approved(world: World, family: Family, application: Application, day: int) -> Telling[None]:
    application = yield from _reviewing(world, family, application, day)
    with (yield world.on(day + 8)) as at:
        services.approve_application(application=application, by=world.person("lidu"), at=at)


def _rejected(world: World, family: Family, application: Application, day: int) -> Telling[None]:
    """Refused with reasons; the family objects and two others decide (step 12)."""
    application = yield from _reviewing(world, family, application, day)
    with (yield world.on(day + 8)) as at:
        services.reject_application(
            application=application,
            reason="家里人均收入高于本县帮扶标准，眼下的困难可以向村里申请临时救助。",
            by=world.person("lidu"),
            at=at,
        )
    holder = CodeHolder(application.public_id)
    with (yield world.on(day + 12)) as at:
        objection = services.file_objection(
            household=application.household,
            subject="rejection",
            about=("households.application", application.public_id),
            text="我家去年收入少了很多，想请你们再看看。",
            channel="self",
            by=holder,
            at=at,
        )
    with (yield world.on(day + 13)) as at:
        first, second = world.person("zhaohua"), world.person("wuping")
        services.assign_objection(
            objection=objection, first=first, second=second, by=world.person("lidu"), at=at
        )
    for person in (first, second):
        with (yield world.on(day + 16)) as at:
            services.decide_objection(
                objection=objection,
                opinion="dismiss",
                answer="我们又核对了一遍收入：每人每年比帮扶标准高出一千多元。临时救助的表已经替您寄到村里。",
                by=person,
                at=at,
            )


WALKS: dict[str, Any] = {
    "submitted": _submitted,
    "returned": _returned,
    "flagged": _flagged,
    "assessed": _assessed,
    "approved": _approved,
    "rejected": _rejected,
}


def _assessment_of(world: World, family: Family, day: int) -> dict[str, Any]:
    grade = {"emergency": 4, "soon": 3, "ordinary": 2}[family.needs[0][2]]
    return {
        "problem_words": family.story,
        "problem_view": "收入少，支出刚性，靠自己一时难以周转。",
        "category": "N06" if "illness" in family.causes else "N01",
        "onset": world.start - timedelta(days=200),
        "frequency": "daily",
        "duration": "years",
        "grade": grade,
        "efforts": "向亲戚借过钱，也打过零工。",
        "no_risk_seen": True,
        "functioning": dict.fromkeys(
            ("seeing", "hearing", "walking", "remembering", "washing", "communicating"), "none"
        ),
        "health": "见村医记录。",
        "mood": {"interest": "1", "down": "1"},
        "skills": "会种地，手脚勤快。",
        "motivation": "想把日子过好，不想总靠别人。",
        "strengths": "邻里关系好，肯学肯干。",
        "wish": family.story,
        "family": "家里互相照应。",
        "network": "邻居和村干部常来看看。",
        "living": "住房安全，自来水到户。",
        "economy": "主要靠种地和打零工，有少量外债。",
        "services_near": "村卫生室步行二十分钟。",
        "conflict": "没有。",
        "language": "普通话",
        "no_policy_enjoyed": True,
        "no_policy_missing": True,
        "causes": [{"code": code, "level": "person"} for code in family.causes],
        "protective": "家人团结。",
        "risk_factors": "一有大病就容易返困。",
        "objectives": "三个月内把眼前的困难解决，一年内收入稳定。",
    }
