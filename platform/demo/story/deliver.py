"""Chapter three: projects, matches, agreements, payments, deliveries, evaluations, each with its days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from accounts.models import User
from common.actors import SYSTEM, Actor, CodeHolder
from delivery import services as delivery
from delivery.models import Agreement, Delivery, Disbursement
from delivery.services.agreements import make_due_effective
from demo.story.agreeing import discuss
from demo.story.calendar import Telling, together
from demo.story.world import COUNTY, World, evidence
from donors.models import Donor, FeedbackDue
from donors.services import give_feedback
from evaluation import services as evaluations
from evaluation.models import Evaluation
from households.models import Household, Need
from implementers.models import FundHolder
from jobs.worker import perform_waiting
from matching import services as matches
from matching.models import Proposal
from projects import services as projects
from projects.models import JointAnalysis, Milestone, Project
from reference.queries import get_item


@dataclass(frozen=True)
class Plan:
    """One project of the story and how far it has come when it ends."""

    key: str
    agency: str
    title: str
    items: tuple[tuple[str, int], ...]
    funds: int
    first_day: int
    way: str
    points: int = 88
    length: int = 240


PLANS = (
    Plan(
        "study",
        "yimin",
        "初三学生住校和辅导项目",
        (("boarding", 800_000), ("tutoring", 60)),
        2_400_000,
        34,
        "accepted",
        93,
        130,
    ),
    Plan(
        "medicine",
        "yimin",
        "独居老人用药和陪伴项目",
        (("chronic_medicine", 40), ("companionship", 40)),
        300_000,
        36,
        "mid",
        84,
    ),
    Plan(
        "mobility",
        "nuanyang",
        "无障碍出行项目",
        (("wheelchair", 5), ("disabled_care_hour", 200)),
        400_000,
        38,
        "failed",
        82,
        90,
    ),
    Plan(
        "sheep",
        "fengshou",
        "养羊技术与启动金项目",
        (("farming_technique_seat", 10), ("startup_capital", 1_500_000)),
        1_500_000,
        40,
        "agreed",
        80,
    ),
    Plan(
        "warm",
        "nuanyang",
        "温暖过冬项目",
        (("quilt", 60), ("heating_stove", 10)),
        450_000,
        42,
        "approved",
        81,
    ),
    Plan(
        "illness",
        "yimin",
        "大病家庭支持项目",
        (("serious_illness_money", 1_500_000),),
        1_500_000,
        44,
        "approved",
        83,
    ),
    Plan("care", "nuanyang", "照料员上门项目", (("elder_care_hour", 300),), 500_000, 190, "ex_ante"),
    Plan("school", "yimin", "新学期书包项目", (("school_kit", 50),), 200_000, 200, "submitted"),
    Plan("draft", "fengshou", "庭院种植项目（草稿）", (("seed_fertiliser", 500),), 300_000, 206, "draft"),
)


def apply_with_projects(world: World) -> Telling[None]:
    """Every project is written, sent, screened, evaluated and approved, as far as its way goes."""
    yield from together(*(_apply(world, plan) for plan in PLANS))


def _apply(world: World, plan: Plan) -> Telling[None]:
    project = yield from _write(world, plan)
    if plan.way == "draft":
        return
    with (yield world.on(plan.first_day + 1)) as at:
        project = projects.submit_project(project=project, by=world.person(plan.agency), at=at)
    if plan.way == "submitted":
        return
    with (yield world.on(plan.first_day + 2)) as at:
        project = projects.screen_project(project=project, by=world.person("zhoumin"), at=at)
        project = projects.begin_ex_ante(project=project, by=world.person("lidu"), at=at)
    if plan.way == "ex_ante":
        yield from open_evaluation(world, project, plan.first_day + 3)
        return
    yield from evaluate(world, plan, project, plan.first_day + 3)
    with (yield world.on(plan.first_day + 14)) as at:
        projects.approve_project(project=project, by=world.person("lidu"), at=at)


def _write(world: World, plan: Plan) -> Telling[Project]:
    start = world.start + timedelta(days=plan.first_day + 16)
    with (yield world.on(plan.first_day)) as at:
        user = world.person(plan.agency)
        project = projects.draft_project(
            agency=world.things[f"agency.{plan.agency}"],
            fund_holder=FundHolder.objects.get(pk=world.things["holder"].pk),
            title=plan.title,
            place=COUNTY,
            groups=["whole_household"],
            households_planned=20,
            funds=plan.funds,
            start=start,
            end=start + timedelta(days=plan.length),
            needs_covered="来自社工核实过的家庭需求。",
            activities="入户了解、共同商量、按月服务、定期回访。",
            evaluation_plan="服务前后用同一张表比较，每季度回访。",
            budget_lines=[
                {"title": "直接用于家庭", "amount": plan.funds - plan.funds // 20},
                {"title": "项目管理", "amount": plan.funds // 20},
            ],
            admin_fee_bp=500,
            risks="天气和道路影响上门，备有替班人员。",
            by=user,
            at=at,
        )
        for slug, capacity in plan.items:
            projects.set_capacity(project=project, item=get_item(slug), capacity=capacity, by=user, at=at)
        projects.set_milestones(
            project=project,
            milestones=[("首批入户", start + timedelta(days=20)), ("中期总结", start + timedelta(days=65))],
            by=user,
            at=at,
        )
        world.things[f"project.{plan.key}"] = project
    return project


GOOD = "设计合理，按计划推进，家庭反馈良好；建议加强回访记录。"
POOR = "轮椅送到了，但签收和回访记录不全，两户没有回访；应补齐记录并落实专人回访。"


def open_evaluation(world: World, project: Project, day: int) -> Telling[Evaluation]:
    """What the calendar asks for is opened, and a team is drawn."""
    with (yield world.on(day)) as at:
        evaluations.open_due_evaluations(by=SYSTEM, at=at)
        evaluation: Evaluation = project.evaluations.order_by("-pk")[0]
        evaluations.draw_team(evaluation=evaluation, by=SYSTEM, at=at)
        return evaluation


def evaluate(
    world: World, plan: Plan, project: Project, day: int, *, summary: str = GOOD, finding: str = ""
) -> Telling[Evaluation]:
    """A drawn team of two scores under seal; the round closes, the agency comments, a supervisor makes it final."""
    evaluation = yield from open_evaluation(world, project, day)
    for place, member in enumerate(evaluation.team.filter(recused=False)):
        with (yield world.on(day + 2 + place)) as at:
            person = User.objects.get(pk=member.user_id)
            if finding and place == 0:
                evaluations.add_finding(evaluation=evaluation, text=finding, by=person, at=at)
            evaluations.save_score(
                evaluation=evaluation,
                points=sheet(plan.points + place),
                reasons=dict.fromkeys(sheet(plan.points), "查阅了记录和凭证，走访了家庭。"),
                by=person,
                at=at,
            )
            evaluations.submit_score(evaluation=evaluation, by=person, at=at)
    with (yield world.on(day + 5)) as at:
        perform_waiting()
        evaluation.refresh_from_db()
        if evaluation.state in {"scoring", "arbitrating"}:
            evaluation = evaluations.close_round(evaluation=evaluation, by=SYSTEM, at=at)
    with (yield world.on(day + 6)) as at:
        evaluations.comment(
            evaluation=evaluation, text="没有补充意见，谢谢评估团队。", by=world.person(plan.agency), at=at
        )
    with (yield world.on(day + 7)) as at:
        evaluation = evaluations.finalise(evaluation=evaluation, by=world.person("lidu"), at=at)
    with (yield world.on(day + 8)) as at:
        evaluations.publish_evaluation(evaluation=evaluation, summary=summary, by=world.person("lidu"), at=at)
    project.refresh_from_db()
    return evaluation


def sheet(total: int) -> dict[str, int]:
    """Points by heading that add up to a total out of 100."""
    weights = {
        "need_fit": 8, "logic": 7, "schedule": 15, "finance": 15, "records": 8, "team": 7,
        "attainment": 15, "satisfaction": 10, "change": 5, "sustainability": 10,
    }  # fmt: skip
    points = {name: weight * total // 100 for name, weight in weights.items()}
    missing = total - sum(points.values())
    for name in list(weights)[:missing]:
        points[name] += 1
    return points


def pledge_parts(world: World) -> Telling[None]:
    """One donor pledges part of a need, a second the rest: the need closes exactly (step 3)."""
    for key, part in (("shanhe", 100_000), ("chunfeng", 60_000)):
        with (yield world.on(50)) as at:
            matches.pledge_to_need(
                need=need_of(world, "student", "boarding"),
                donor=Donor.objects.get(pk=world.things[f"donor.{key}"].pk),
                quantity=part,
                fund_holder=world.bodies["cishan"],
                binding="promise",
                confirm_each=False,
                by=world.person(key),
                at=at,
            )


def need_of(world: World, family: str, item: str) -> Need:
    return Need.objects.get(household=world.things[f"household.{family}"], item__slug=item)


def run_matching(world: World, day: int) -> Telling[None]:
    """A run over the county: computed, checked, certified."""
    with (yield world.on(day, 2)) as at:
        matches.start_run(prefix=COUNTY, by=world.person("zhoumin"), at=at)
        perform_waiting()


def decide(
    world: World, family: str, items: Iterable[str], plan_key: str, day: int
) -> Telling[list[Proposal]]:
    """A worker takes what was suggested for needs of a family and names the project."""
    with (yield world.on(day)) as at:
        return [
            matches.decide(
                proposal=proposal,
                project=Project.objects.get(pk=world.things[f"project.{plan_key}"].pk),
                amount=proposal.amount,
                by=world.person("zhoumin"),
                at=at,
            )
            for item in items
            for proposal in need_of(world, family, item).proposals.filter(state="suggested").order_by("pk")
        ]


def say_yes(
    world: World, plan: Plan, proposals: Iterable[Proposal], day: int, *, household: bool = True
) -> Telling[None]:
    """The agency first, the donor if it asked to be asked, the household last."""
    with (yield world.on(day)) as at:
        for proposal in proposals:
            confirm(proposal, "agency", world.person(plan.agency), at)
    with (yield world.on(day, 14)) as at:
        for proposal in proposals:
            if proposal.lot.confirm_each:
                confirm(proposal, "donor", _giver_of(world, proposal), at)
    if household:
        with (yield world.on(day + 1)) as at:
            for proposal in proposals:
                confirm(proposal, "household", holder_of(proposal.need.household), at)


def confirm(proposal: Proposal, party: str, by: Actor, at: datetime) -> None:
    """One party's yes on the web."""
    matches.confirm(proposal=proposal, party=party, method="web", evidence=None, by=by, at=at)


def _giver_of(world: World, proposal: Proposal) -> User:
    return next(
        world.person(key.removeprefix("donor."))
        for key, thing in world.things.items()
        if key.startswith("donor.") and thing.pk == proposal.lot.donor_id
    )


def begin_with_less(world: World, plan: Plan, day: int, reason: str) -> Telling[None]:
    """The money of the first families is there; a supervisor lets the project begin and says why."""
    with (yield world.on(day)) as at:
        project = Project.objects.get(pk=world.things[f"project.{plan.key}"].pk)
        projects.mark_funded(project=project, reason=reason, by=world.person("lidu"), at=at)


def holder_of(household: Household) -> CodeHolder:
    """The household with its query code."""
    return CodeHolder(household.applications.order_by("pk")[0].public_id)


def agree_with_family(world: World, plan: Plan, family: str, day: int) -> Telling[Agreement]:
    """Causes found together, confirmed by both, then the service agreement signed by both (step 6)."""
    with (yield world.on(day)) as at:
        user = world.person(plan.agency)
        project = Project.objects.get(pk=world.things[f"project.{plan.key}"].pk)
        household = Household.objects.get(pk=world.things[f"household.{family}"].pk)
        analysis = projects.open_joint_analysis(project=project, household=household, by=user, at=at)
        analysis = projects.edit_joint_analysis(
            analysis=analysis,
            version=analysis.version,
            changes={
                "causes": [code for code in (household.cause_main, household.cause_second) if code],
                "cause_notes": "和家里人一起聊过两次，大家都认可。",
                "strengths": "家里人肯干、邻里愿意搭把手。",
                "responses": "按月上门，先把眼前的事解决，再一起想长远的办法。",
                "goals": ["三个月内眼前的困难得到解决", "半年后不靠借钱过日子"],
            },
            by=user,
            at=at,
        )
        analysis = projects.propose_joint_analysis(analysis=analysis, by=user, at=at)
    with (yield world.on(day + 1)) as at:
        projects.confirm_joint_analysis_for_agency(analysis=analysis, by=user, at=at)
        analysis = JointAnalysis.objects.get(pk=analysis.pk)
        projects.confirm_joint_analysis_for_household(
            analysis=analysis, method="web", evidence=None, by=holder_of(household), at=at
        )
    with (yield world.on(day + 2)) as at:
        agreement = delivery.draft_agreement(
            kind="service",
            project=project,
            household=household,
            content={
                "causes": "双方一起找到的原因见共同分析。",
                "goals": "三个月内解决眼前的困难。",
                "agency_duties": "按约定上门，说到做到，有变化提前说。",
                "household_duties": "按时在家，有情况及时告诉我们。",
                "privacy": "家里的事只用于这次服务。",
                "complaints": "不满意可以随时打电话给县社会工作站。",
                "withdrawal": "您随时可以退出，不需要理由。",
            },
            amount=0,
            start=at.date(),
            end=project.end,
            by=user,
            at=at,
        )
        agreement = delivery.open_signing(agreement=agreement, by=user, at=at)
    yield from sign(world, agreement, "agency", user, day + 2, 11)
    yield from sign(world, agreement, "household", holder_of(household), day + 2, 12)
    yield from settle(world, day + 2, 13)
    return agreement


def sign(world: World, agreement: Agreement, signer: str, by: Any, day: int, hour: int) -> Telling[None]:
    with (yield world.on(day, hour)) as at:
        delivery.sign_agreement(
            agreement=agreement,
            signer=signer,
            text_hash=agreement.content_hash,
            method="web",
            evidence=None,
            by=by,
            at=at,
        )


def settle(world: World, day: int, hour: int) -> Telling[None]:
    """The clock's own work: agreements come into force after the ten minutes."""
    with (yield world.on(day, hour)) as at:
        make_due_effective(by=SYSTEM, at=at)


def entrust(world: World, plan: Plan, day: int) -> Telling[Agreement]:
    """The entrustment agreement: discussed, then agency, fund holder and platform sign exactly the same text."""
    user = world.person(plan.agency)
    first = plan.funds * settings.FIRST_TRANCHE_PERCENT // 100
    content = {
        "purpose": "按捐方条件帮助社工核实过的家庭。",
        "use_of_funds": "只用于本项目预算列明的用途。",
        "tranches": "首笔不超过六成，中期评估通过后拨付其余。",
        "duties": "按时报告，凭证齐全，接受评估。",
        "reporting": "每月报告一次进展。",
        "leftover": "结余按捐方意愿用于同类帮扶。",
        "liability": "违反约定的，停止拨付并追回。",
        "tranche_amounts": [first, plan.funds - first],
    }
    with (yield world.on(day)) as at:
        project = Project.objects.get(pk=world.things[f"project.{plan.key}"].pk)
        agreement = delivery.draft_agreement(
            kind="entrustment",
            project=project,
            household=None,
            content=content,
            amount=plan.funds,
            start=at.date(),
            end=project.end,
            by=user,
            at=at,
        )
    agreement = yield from discuss(world, agreement, content, user, day)
    yield from sign(world, agreement, "agency", user, day, 11)
    yield from sign(world, agreement, "fund_holder", world.person("cishan"), day, 12)
    yield from sign(world, agreement, "platform", world.person("lidu"), day, 13)
    yield from settle(world, day, 14)
    return agreement


def hand_over(
    world: World,
    plan: Plan,
    proposal: Proposal,
    amount: int,
    day: int,
    payment: Disbursement | None = None,
    *,
    confirm: bool = True,
) -> Telling[Delivery]:
    """Planned, handed over with a photo, and the family's own word that it arrived."""
    user = world.person(plan.agency)
    with (yield world.on(day)) as at:
        planned = delivery.plan_delivery(
            proposal=Proposal.objects.get(pk=proposal.pk),
            amount=amount,
            planned_on=at.date(),
            disbursement=payment,
            by=user,
            at=at,
        )
    with (yield world.on(day + 1)) as at:
        done = delivery.record_delivery(
            delivery=planned,
            delivered_on=at.date(),
            proof=evidence("DELIVERY", "delivery_proof", planned, by=user, at=at),
            by=user,
            at=at,
        )
    if confirm:
        with (yield world.on(day + 2)) as at:
            holder = holder_of(proposal.need.household)
            done = delivery.confirm_receipt(delivery=done, method="web", evidence=None, by=holder, at=at)
        with (yield world.on(day + 2, minute=settings.UNDO_MINUTES)) as at:
            done = delivery.settle_receipt(delivery=done, by=SYSTEM, at=at)
    return done


def all_done(world: World, plan: Plan, day: int) -> Telling[None]:
    """Every agreement of a project that is over is closed as fulfilled by its agency."""
    with (yield world.on(day)) as at:
        rows = Agreement.objects.filter(project=world.things[f"project.{plan.key}"], state="effective")
        for agreement in rows.order_by("pk"):
            delivery.fulfil_agreement(agreement=agreement, by=world.person(plan.agency), at=at)


def report_back(world: World, key: str, day: int, text: str) -> Telling[None]:
    """What a donor was promised to hear, told in time."""
    with (yield world.on(day)) as at:
        rows = FeedbackDue.objects.filter(responsible=world.bodies[key], done_at__isnull=True)
        for due in rows.order_by("pk"):
            give_feedback(feedback=due, text=text, by=world.person(key), at=at)


def keep_milestones(world: World, plan: Plan) -> Telling[None]:
    """Every milestone of a project under way is reported on its day."""
    rows = Milestone.objects.filter(project=world.things[f"project.{plan.key}"])
    for milestone in rows.order_by("due", "pk"):
        with (yield world.on((milestone.due - world.start).days)) as at:
            projects.reach_milestone(milestone=milestone, by=world.person(plan.agency), at=at)


def tell_donors(world: World, plan: Plan, day: int) -> Telling[None]:
    """The agency reports to each donor what came of the gift, and the match is closed."""
    yield from report_back(world, plan.agency, day, "孩子已经安心住校，辅导按周进行，家里人托我们说声谢谢。")
    with (yield world.on(day)) as at:
        for proposal in Proposal.objects.filter(
            project__agency__organisation=world.bodies[plan.agency], state="completed"
        ):
            matches.mark_fed_back(proposal=proposal, by=SYSTEM, at=at)
