"""The whole story in its order: identify, match, entrust, deliver, evaluate, rate, learn."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from accounts.services import load_duties
from common import clock
from common.actors import SYSTEM
from delivery import services as delivery
from demo.story import afterwards, agreeing, deliver, givers, identify, learn, objections
from demo.story.world import STORY_DAYS, World, open_county
from donors.models import Lot
from evaluation import services as evaluations
from evaluation.services import load_rating_policy
from jobs.worker import perform_waiting
from matching import services as matches
from projects import services as projects
from projects.models import Project

PLANS = {plan.key: plan for plan in deliver.PLANS}


def tell_story() -> World:
    """Build the county from an empty database; the caller's transaction makes it all or nothing."""
    world = World(start=clock.today() - timedelta(days=STORY_DAYS))
    load_duties()
    load_rating_policy(by=SYSTEM, at=world.at(0, 8))
    open_county(world)
    identify.publish_line(world)
    givers.admit_fund_holder(world)
    givers.admit_agencies(world)
    givers.register_donors(world)
    identify.identify_families(world)
    givers.add_public_money(world)
    givers.offer_help(world)
    deliver.apply_with_projects(world)
    deliver.pledge_parts(world)
    deliver.run_matching(world, 60)
    help_student(world)
    help_widow(world)
    help_disabled(world)
    help_farmer(world)
    ask_cold(world)
    afterwards.appeal_result(world)
    learn.rate_and_rank(world)
    learn.warn_agency(world)
    learn.write_experience(world)
    objections.families_are_right(world)
    afterwards.stand_on_own_feet(world)
    afterwards.appeal_rating(world)
    afterwards.read_in_tables(world)
    deliver.run_matching(world, 205)
    afterwards.ask_for_second_opinions(world)
    afterwards.ask_for_report(world)
    with world.on(STORY_DAYS - 1, 23):
        perform_waiting()
    return world


def help_student(world: World) -> None:
    """The whole way: two donors, two tranches, three evaluations, accepted, reported to the donors."""
    plan = PLANS["study"]
    money = deliver.decide(world, "student", "boarding", "study", 61)
    hours = deliver.decide(world, "student", "tutoring", "study", 61)
    for proposal in [*money, *hours]:
        deliver.say_yes(world, proposal, plan, 62)
    deliver.agree_with_family(world, plan, "student", 64)
    deliver.begin_with_less(world, plan, 67, "到位的钱够第一户住校到期末，先帮起来，其余继续筹。")
    agreement = deliver.entrust(world, plan, 68)
    project = start(world, plan, 69)
    for proposal in money:
        donor = "shanhe" if proposal.amount == 100_000 else "chunfeng"
        deliver.send_money(world, donor, proposal.lot, proposal.amount, 66, f"{proposal.amount:06d}")
    first = deliver.pay(world, plan, agreement, 100_000, 72)
    big, small = sorted(money, key=lambda proposal: -proposal.amount)
    deliver.hand_over(world, plan, big, 100_000, 78, first)
    deliver.account_for(world, plan, first, 82)
    for proposal in hours:
        deliver.hand_over(world, plan, proposal, proposal.amount, 80)
    with world.on(100) as at:
        delivery.report_progress(
            project=project,
            period_start=world.at(69).date(),
            period_end=world.at(100).date(),
            text="首批住宿费已交到学校，辅导每周一次。",
            households_served=1,
            spent=100_000,
            by=world.person(plan.agency),
            at=at,
        )
    deliver.report_back(world, plan.agency, 84, "住宿费交到了学校，辅导每周一次，孩子说心里踏实了。")
    deliver.keep_milestones(world, plan)
    deliver.evaluate(world, plan, project, 116)
    second = deliver.pay(world, plan, agreement, 60_000, 128)
    deliver.hand_over(world, plan, small, 60_000, 134, second)
    deliver.account_for(world, plan, second, 138)
    deliver.report_back(world, plan.agency, 140, "第二笔住宿费也交到了学校，孩子期中考得不错。")
    with world.on(150) as at:
        projects.begin_completion(project=project, by=world.person(plan.agency), at=at)
    deliver.evaluate(world, plan, project, 152)
    deliver.all_done(world, plan, 161)
    deliver.tell_donors(world, plan, 162)


def help_widow(world: World) -> None:
    """Medicine and company are on their way; the evaluation midway is being scored."""
    plan = PLANS["medicine"]
    proposals = deliver.decide(world, "widow", "chronic_medicine", "medicine", 61)
    proposals += deliver.decide(world, "widow", "companionship", "medicine", 61)
    for proposal in proposals:
        deliver.say_yes(world, proposal, plan, 63)
    deliver.agree_with_family(world, plan, "widow", 65)
    agreement = deliver.entrust(world, plan, 69)
    start(world, plan, 70)
    for proposal in proposals:
        deliver.hand_over(world, plan, proposal, proposal.amount // 2, 84)
    deliver.report_back(world, plan.agency, 89, "药按月送到，邻居每周来坐一会儿，老人家气色好多了。")
    deliver.keep_milestones(world, plan)
    deliver.hand_over(
        world, plan, proposals[0], proposals[0].amount - proposals[0].amount // 2, 203, confirm=False
    )
    agreeing.ask_for_more(world, agreement, world.person(plan.agency), 204)


def help_disabled(world: World) -> None:
    """The wheelchair has arrived, but the records were poor: the project was not passed."""
    plan = PLANS["mobility"]
    proposals = deliver.decide(world, "disabled", "wheelchair", "mobility", 62)
    for proposal in proposals:
        deliver.say_yes(world, proposal, plan, 64)
    deliver.agree_with_family(world, plan, "disabled", 66)
    agreement = deliver.entrust(world, plan, 70)
    project = start(world, plan, 71)
    for proposal in proposals:
        deliver.hand_over(world, plan, proposal, proposal.amount, 86)
    deliver.report_back(world, plan.agency, 92, "轮椅已送到家里，试坐合适。")
    midway = deliver.evaluate(world, plan, project, 102, finding="签收表缺两处签名，回访没有写日期。")
    with world.on(118) as at:
        evaluations.resolve_finding(
            finding=midway.findings.get(), answer="已补签，回访日期已补上。", by=world.person("lidu"), at=at
        )
    with world.on(122) as at:
        projects.begin_completion(project=project, by=world.person(plan.agency), at=at)
    poor = "回访记录只有一次，看不出轮椅用得怎么样。"
    deliver.evaluate(world, replace(plan, points=54), project, 124, summary=deliver.POOR, finding=poor)
    agreeing.end_together(world, agreement, world.person(plan.agency), 133)
    deliver.all_done(world, plan, 134)


def help_farmer(world: World) -> None:
    """The agreement is in force and the donor's transfer is on its way."""
    plan = PLANS["sheep"]
    proposals = deliver.decide(world, "farmer", "startup_capital", "sheep", 63)
    for proposal in proposals:
        deliver.say_yes(world, proposal, plan, 65)
    deliver.agree_with_family(world, plan, "farmer", 180)
    deliver.begin_with_less(world, plan, 183, "到位的启动金够第一户买羊，开春前先起步，其余继续筹。")
    deliver.entrust(world, plan, 184)
    lot = Lot.objects.get(pk=proposals[0].lot_id)
    user = world.person("shanhe")
    with world.on(204) as at:
        proof = deliver.slip("BANK SLIP", "transfer_proof", lot, by=user, at=at)
        delivery.declare_transfer(
            lot=lot,
            amount=proposals[0].amount,
            sent_on=at.date(),
            bank_reference="DEMO-SHEEP",
            proof=proof,
            by=user,
            at=at,
        )


def ask_cold(world: World) -> None:
    """Quilts wait for the donor's yes, the public money for the family's."""
    warm, illness = PLANS["warm"], PLANS["illness"]
    deliver.run_matching(world, 200)
    for proposal in deliver.decide(world, "cold", "quilt", "warm", 201):
        with world.on(202) as at:
            matches.confirm(
                proposal=proposal,
                party="agency",
                method="web",
                evidence=None,
                by=world.person(warm.agency),
                at=at,
            )
    for proposal in deliver.decide(world, "cold", "serious_illness_money", "illness", 201):
        deliver.say_yes(world, proposal, illness, 202, household=False)


def start(world: World, plan: deliver.Plan, day: int) -> Project:
    """The agency begins once its agreement is in force."""
    project = Project.objects.get(pk=world.things[f"project.{plan.key}"].pk)
    with world.on(day) as at:
        return projects.start_project(project=project, by=world.person(plan.agency), at=at)
