"""The whole story in its order: identify, match, entrust, deliver, evaluate, rate, learn."""

from __future__ import annotations

from dataclasses import replace

from accounts.services import load_duties
from common.actors import SYSTEM
from delivery import services as delivery
from delivery.models import Agreement
from demo.story import afterwards, agreeing, deliver, givers, identify, learn, objections, paying
from demo.story.calendar import Telling, tell, together
from demo.story.world import STORY_DAYS, World, open_county
from evaluation import services as evaluations
from evaluation.services import load_rating_policy
from jobs.worker import perform_waiting
from projects import services as projects
from projects.models import Project

PLANS = {plan.key: plan for plan in deliver.PLANS}


def tell_story(world: World) -> None:
    """Build the county from an empty database; the caller's transaction makes it all or nothing."""
    load_duties()
    load_rating_policy(by=SYSTEM, at=world.at(0, 8))
    open_county(world)
    tell(
        together(
            identify.publish_line(world),
            givers.admit_fund_holder(world),
            givers.admit_agencies(world),
            givers.register_donors(world),
            identify.identify_families(world),
            givers.add_public_money(world),
            givers.offer_help(world),
            deliver.apply_with_projects(world),
            deliver.pledge_parts(world),
            deliver.run_matching(world, 60),
            help_student(world),
            help_widow(world),
            help_disabled(world),
            help_farmer(world),
            help_cold(world),
            afterwards.appeal_result(world),
            learn.rate_and_rank(world),
            learn.warn_agency(world),
            learn.write_experience(world),
            objections.families_are_right(world),
            afterwards.stand_on_own_feet(world),
            afterwards.appeal_rating(world),
            afterwards.read_in_tables(world),
            deliver.run_matching(world, 205),
            afterwards.ask_for_second_opinions(world),
            afterwards.ask_for_report(world),
            last_night(world),
        )
    )


def help_student(world: World) -> Telling[None]:
    """The whole way: two donors, two tranches, three evaluations, accepted, reported to the donors."""
    plan = PLANS["study"]
    proposals = yield from deliver.decide(world, "student", ("boarding", "tutoring"), "study", 61)
    yield from deliver.say_yes(world, plan, proposals, 62)
    yield from deliver.agree_with_family(world, plan, "student", 64)
    money = sorted((one for one in proposals if one.need.item.kind == "money"), key=lambda one: -one.amount)
    hours = [one for one in proposals if one.need.item.kind != "money"]
    agreement, *_rest = yield from together(
        entrust_with_less(world, plan, 67, "到位的钱够第一户住校到期末，先帮起来，其余继续筹。"),
        paying.send_money(world, "shanhe", money[0].lot, money[0].amount, 67),
        paying.send_money(world, "chunfeng", money[1].lot, money[1].amount, 67),
    )
    project = yield from start(world, plan, 70)
    yield from together(
        deliver.keep_milestones(world, plan),
        paying.pay_and_bring(world, plan, agreement, money[0], 72),
        *(deliver.hand_over(world, plan, one, one.amount, 80) for one in hours),
        deliver.report_back(world, plan.agency, 84, "住宿费交到了学校，辅导每周一次，孩子说心里踏实了。"),
        report_progress(world, plan, 100),
        deliver.evaluate(world, plan, project, 116),
        paying.pay_and_bring(world, plan, agreement, money[1], 128),
        deliver.report_back(world, plan.agency, 140, "第二笔住宿费也交到了学校，孩子期中考得不错。"),
    )
    with (yield world.on(150)) as at:
        projects.begin_completion(project=project, by=world.person(plan.agency), at=at)
    yield from deliver.evaluate(world, plan, project, 152)
    yield from deliver.all_done(world, plan, 161)
    yield from deliver.tell_donors(world, plan, 162)


def entrust_with_less(world: World, plan: deliver.Plan, day: int, reason: str) -> Telling[Agreement]:
    """Not all of the money is there; a supervisor lets the project begin, and a day later it is entrusted."""
    yield from deliver.begin_with_less(world, plan, day, reason)
    return (yield from deliver.entrust(world, plan, day + 1))


def report_progress(world: World, plan: deliver.Plan, day: int) -> Telling[None]:
    """What was done and spent in the first month."""
    with (yield world.on(day)) as at:
        delivery.report_progress(
            project=Project.objects.get(pk=world.things[f"project.{plan.key}"].pk),
            period_start=world.at(70).date(),
            period_end=at.date(),
            text="首批住宿费已交到学校，辅导每周一次。",
            households_served=1,
            spent=100_000,
            by=world.person(plan.agency),
            at=at,
        )


def help_widow(world: World) -> Telling[None]:
    """Medicine and company are on their way; the evaluation midway is being scored."""
    plan = PLANS["medicine"]
    proposals = yield from deliver.decide(
        world, "widow", ("chronic_medicine", "companionship"), "medicine", 61
    )
    yield from deliver.say_yes(world, plan, proposals, 63)
    yield from deliver.agree_with_family(world, plan, "widow", 65)
    agreement = yield from deliver.entrust(world, plan, 69)
    project = yield from start(world, plan, 70)
    medicine = proposals[0]
    yield from together(
        deliver.keep_milestones(world, plan),
        *(deliver.hand_over(world, plan, one, one.amount // 2, 84) for one in proposals),
        deliver.report_back(world, plan.agency, 89, "药按月送到，邻居每周来坐一会儿，老人家气色好多了。"),
        deliver.open_evaluation(world, project, 196),
        deliver.hand_over(world, plan, medicine, medicine.amount - medicine.amount // 2, 203, confirm=False),
        agreeing.ask_for_more(world, agreement, world.person(plan.agency), 204),
    )


def help_disabled(world: World) -> Telling[None]:
    """The wheelchair has arrived, but the records were poor: the project was not passed."""
    plan = PLANS["mobility"]
    proposals = yield from deliver.decide(world, "disabled", ("wheelchair",), "mobility", 62)
    yield from deliver.say_yes(world, plan, proposals, 64)
    yield from deliver.agree_with_family(world, plan, "disabled", 66)
    agreement = yield from deliver.entrust(world, plan, 70)
    project = yield from start(world, plan, 71)
    yield from together(*(deliver.hand_over(world, plan, one, one.amount, 86) for one in proposals))
    yield from deliver.report_back(world, plan.agency, 92, "轮椅已送到家里，试坐合适。")
    missing = "签收表缺两处签名，回访没有写日期。"
    midway = yield from deliver.evaluate(world, plan, project, 102, finding=missing)
    with (yield world.on(118)) as at:
        evaluations.resolve_finding(
            finding=midway.findings.get(), answer="已补签，回访日期已补上。", by=world.person("lidu"), at=at
        )
    with (yield world.on(122)) as at:
        projects.begin_completion(project=project, by=world.person(plan.agency), at=at)
    poor = "回访记录只有一次，看不出轮椅用得怎么样。"
    yield from deliver.evaluate(
        world, replace(plan, points=54), project, 124, summary=deliver.POOR, finding=poor
    )
    yield from agreeing.end_together(world, agreement, world.person(plan.agency), 133)
    yield from deliver.all_done(world, plan, 134)


def help_farmer(world: World) -> Telling[None]:
    """Most of the money has come, and a payment waits for two yeses; the rest is on its way."""
    plan = PLANS["sheep"]
    proposals = yield from deliver.decide(world, "farmer", ("startup_capital",), "sheep", 63)
    yield from deliver.say_yes(world, plan, proposals, 65)
    yield from deliver.agree_with_family(world, plan, "farmer", 180)
    agreement = yield from entrust_with_less(
        world, plan, 183, "到位的启动金够第一户买羊，开春前先起步，其余继续筹。"
    )
    yield from start(world, plan, 186)
    capital = proposals[0]
    first = capital.amount * 6 // 10
    yield from paying.send_money(world, "shanhe", capital.lot, first, 190)
    yield from paying.declare_money(world, "shanhe", capital.lot, capital.amount - first, 204)
    yield from paying.ask_for_payment(world, plan, agreement, first, 206)


def help_cold(world: World) -> Telling[None]:
    """Quilts wait for the donor's yes, the public money for the family's."""
    warm, illness = PLANS["warm"], PLANS["illness"]
    yield from deliver.run_matching(world, 200)
    quilts = yield from deliver.decide(world, "cold", ("quilt",), "warm", 201)
    money = yield from deliver.decide(world, "cold", ("serious_illness_money",), "illness", 201)
    with (yield world.on(202)) as at:
        for proposal in quilts:
            deliver.confirm(proposal, "agency", world.person(warm.agency), at)
    yield from deliver.say_yes(world, illness, money, 202, household=False)


def start(world: World, plan: deliver.Plan, day: int) -> Telling[Project]:
    """The agency begins once its agreement is in force."""
    with (yield world.on(day)) as at:
        project = Project.objects.get(pk=world.things[f"project.{plan.key}"].pk)
        return projects.start_project(project=project, by=world.person(plan.agency), at=at)


def last_night(world: World) -> Telling[None]:
    """What waits is done before the first visitor comes."""
    with (yield world.on(STORY_DAYS - 1, 23)):
        perform_waiting()
