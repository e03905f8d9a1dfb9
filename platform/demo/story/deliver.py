"""Chapter three: projects, matches, agreements, payments, deliveries, evaluations, one after the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from accounts.models import User
from common.actors import SYSTEM, CodeHolder
from delivery import services as delivery
from delivery.models import Agreement, Delivery, Disbursement
from delivery.services.agreements import make_due_effective
from delivery.services.papers import TRANSFERS_OF
from demo.story.agreeing import discuss
from demo.story.world import COUNTY, World, evidence
from donors.models import Donor, FeedbackDue, Lot
from donors.services import give_feedback
from evaluation import services as evaluations
from evaluation.models import Evaluation
from files.models import Attachment
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


def apply_with_projects(world: World) -> None:
    """Every project is written, sent, screened, evaluated and approved, as far as its way goes."""
    for plan in PLANS:
        project = _write(world, plan)
        if plan.way == "draft":
            continue
        agency_user = world.person(plan.agency)
        with world.on(plan.first_day + 1) as at:
            project = projects.submit_project(project=project, by=agency_user, at=at)
        if plan.way == "submitted":
            continue
        with world.on(plan.first_day + 2) as at:
            project = projects.screen_project(project=project, by=world.person("zhoumin"), at=at)
            project = projects.begin_ex_ante(project=project, by=world.person("lidu"), at=at)
        if plan.way == "ex_ante":
            with world.on(plan.first_day + 3) as at:
                evaluations.open_due_evaluations(by=SYSTEM, at=at)
                evaluations.draw_team(evaluation=project.evaluations.get(), by=SYSTEM, at=at)
            continue
        evaluate(world, plan, project, plan.first_day + 3)
        with world.on(plan.first_day + 14) as at:
            project = projects.approve_project(project=project, by=world.person("lidu"), at=at)
        world.things[f"project.{plan.key}"] = project


def _write(world: World, plan: Plan) -> Project:
    user = world.person(plan.agency)
    start = world.start + timedelta(days=plan.first_day + 16)
    with world.on(plan.first_day) as at:
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


def evaluate(
    world: World, plan: Plan, project: Project, day: int, *, summary: str = GOOD, finding: str = ""
) -> Evaluation:
    """A drawn team of two scores under seal; the round closes, the agency comments, a supervisor makes it final."""
    with world.on(day) as at:
        evaluations.open_due_evaluations(by=SYSTEM, at=at)
        evaluation = project.evaluations.order_by("-pk")[0]
        evaluations.draw_team(evaluation=evaluation, by=SYSTEM, at=at)
    for place, member in enumerate(evaluation.team.filter(recused=False)):
        with world.on(day + 2 + place) as at:
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
    with world.on(day + 5) as at:
        perform_waiting()
        evaluation.refresh_from_db()
        if evaluation.state in {"scoring", "arbitrating"}:
            evaluation = evaluations.close_round(evaluation=evaluation, by=SYSTEM, at=at)
    with world.on(day + 6) as at:
        evaluations.comment(
            evaluation=evaluation, text="没有补充意见，谢谢评估团队。", by=world.person(plan.agency), at=at
        )
    with world.on(day + 7) as at:
        evaluation = evaluations.finalise(evaluation=evaluation, by=world.person("lidu"), at=at)
    with world.on(day + 8) as at:
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


def pledge_parts(world: World) -> None:
    """One donor pledges part of a need, a second the rest: the need closes exactly (step 3)."""
    study = need_of(world, "student", "boarding")
    for key, part in (("shanhe", 100_000), ("chunfeng", 60_000)):
        donor = Donor.objects.get(pk=world.things[f"donor.{key}"].pk)
        with world.on(50) as at:
            matches.pledge_to_need(
                need=study,
                donor=donor,
                quantity=part,
                fund_holder=world.bodies["cishan"],
                binding="promise",
                confirm_each=False,
                by=world.person(key),
                at=at,
            )


def need_of(world: World, family: str, item: str) -> Need:
    return Need.objects.get(household=world.things[f"household.{family}"], item__slug=item)


def run_matching(world: World, day: int) -> None:
    """A run over the county: computed, checked, certified."""
    with world.on(day, 2) as at:
        matches.start_run(prefix=COUNTY, by=world.person("zhoumin"), at=at)
        perform_waiting()


def decide(world: World, family: str, item: str, plan_key: str, day: int) -> list[Proposal]:
    """A worker takes what was suggested for a need and names the project."""
    need = need_of(world, family, item)
    project = Project.objects.get(pk=world.things[f"project.{plan_key}"].pk)
    decided = []
    for proposal in Proposal.objects.filter(need=need, state="suggested").order_by("pk"):
        with world.on(day) as at:
            decided.append(
                matches.decide(
                    proposal=proposal,
                    project=project,
                    amount=proposal.amount,
                    by=world.person("zhoumin"),
                    at=at,
                )
            )
    return decided


def say_yes(world: World, proposal: Proposal, plan: Plan, day: int, *, household: bool = True) -> None:
    """The agency first, the donor if it asked to be asked, the household last."""
    with world.on(day) as at:
        matches.confirm(
            proposal=proposal,
            party="agency",
            method="web",
            evidence=None,
            by=world.person(plan.agency),
            at=at,
        )
    if proposal.lot.confirm_each:
        donor_key = next(
            key
            for key, thing in world.things.items()
            if key.startswith("donor.") and thing.pk == proposal.lot.donor_id
        )
        with world.on(day, 14) as at:
            person = world.person(donor_key.removeprefix("donor."))
            matches.confirm(proposal=proposal, party="donor", method="web", evidence=None, by=person, at=at)
    if household:
        with world.on(day + 1) as at:
            holder = holder_of(proposal.need.household)
            matches.confirm(
                proposal=proposal, party="household", method="web", evidence=None, by=holder, at=at
            )


def begin_with_less(world: World, plan: Plan, day: int, reason: str) -> None:
    """The money of the first families is there; a supervisor lets the project begin and says why."""
    project = Project.objects.get(pk=world.things[f"project.{plan.key}"].pk)
    with world.on(day) as at:
        projects.mark_funded(project=project, reason=reason, by=world.person("lidu"), at=at)


def holder_of(household: Household) -> CodeHolder:
    """The household with its query code."""
    return CodeHolder(household.applications.order_by("pk")[0].public_id)


def agree_with_family(world: World, plan: Plan, family: str, day: int) -> Agreement:
    """Causes found together, confirmed by both, then the service agreement signed by both (step 6)."""
    user = world.person(plan.agency)
    project = Project.objects.get(pk=world.things[f"project.{plan.key}"].pk)
    household = Household.objects.get(pk=world.things[f"household.{family}"].pk)
    with world.on(day) as at:
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
    with world.on(day + 1) as at:
        projects.confirm_joint_analysis_for_agency(analysis=analysis, by=user, at=at)
        analysis = JointAnalysis.objects.get(pk=analysis.pk)
        projects.confirm_joint_analysis_for_household(
            analysis=analysis, method="web", evidence=None, by=holder_of(household), at=at
        )
    with world.on(day + 2) as at:
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
    sign(world, agreement, "agency", user, day + 2, 11)
    sign(world, agreement, "household", holder_of(household), day + 2, 12)
    settle(world, day + 2, 13)
    return agreement


def sign(world: World, agreement: Agreement, signer: str, by: Any, day: int, hour: int) -> None:
    with world.on(day, hour) as at:
        delivery.sign_agreement(
            agreement=agreement,
            signer=signer,
            text_hash=agreement.content_hash,
            method="web",
            evidence=None,
            by=by,
            at=at,
        )


def settle(world: World, day: int, hour: int) -> None:
    """The clock's own work: agreements come into force after the ten minutes."""
    with world.on(day, hour) as at:
        make_due_effective(by=SYSTEM, at=at)


def entrust(world: World, plan: Plan, day: int) -> Agreement:
    """The entrustment agreement: discussed, then agency, fund holder and platform sign exactly the same text."""
    user = world.person(plan.agency)
    project = Project.objects.get(pk=world.things[f"project.{plan.key}"].pk)
    first = project.funds * settings.FIRST_TRANCHE_PERCENT // 100
    content = {
        "purpose": "按捐方条件帮助社工核实过的家庭。",
        "use_of_funds": "只用于本项目预算列明的用途。",
        "tranches": "首笔不超过六成，中期评估通过后拨付其余。",
        "duties": "按时报告，凭证齐全，接受评估。",
        "reporting": "每月报告一次进展。",
        "leftover": "结余按捐方意愿用于同类帮扶。",
        "liability": "违反约定的，停止拨付并追回。",
        "tranche_amounts": [first, project.funds - first],
    }
    with world.on(day) as at:
        agreement = delivery.draft_agreement(
            kind="entrustment",
            project=project,
            household=None,
            content=content,
            amount=project.funds,
            start=at.date(),
            end=project.end,
            by=user,
            at=at,
        )
    agreement = discuss(world, agreement, content, user, day)
    sign(world, agreement, "agency", user, day, 11)
    sign(world, agreement, "fund_holder", world.person("cishan"), day, 12)
    sign(world, agreement, "platform", world.person("lidu"), day, 13)
    settle(world, day, 14)
    return agreement


def slip(text: str, purpose: str, lot: Lot, *, by: User, at: datetime) -> Attachment:
    """A slip belongs to the transfers of its lot, as on the real pages: donor and fund holder open it."""
    return evidence(text, purpose, (TRANSFERS_OF, lot.public_id), by=by, at=at)


def send_money(world: World, donor_key: str, lot: Any, amount: int, day: int, receipt: str) -> None:
    """The donor declares the transfer with proof; the fund holder confirms it with its receipt number."""
    user = world.person(donor_key)
    with world.on(day) as at:
        proof = slip("BANK SLIP", "transfer_proof", lot, by=user, at=at)
        transfer = delivery.declare_transfer(
            lot=lot,
            amount=amount,
            sent_on=at.date(),
            bank_reference=f"DEMO-{receipt}",
            proof=proof,
            by=user,
            at=at,
        )
    with world.on(day + 1) as at:
        delivery.confirm_arrival(
            transfer=transfer,
            arrived_on=at.date(),
            receipt_no=f"演示票据{receipt}",
            proof=slip("ARRIVAL", "arrival_proof", lot, by=world.person("cishan"), at=at),
            by=world.person("cishan"),
            at=at,
        )
    report_back(world, "cishan", day + 2, "款已到账，票据已寄出，只用于您指定的用途。")


def pay(world: World, plan: Plan, agreement: Agreement, amount: int, day: int) -> Disbursement:
    """Asked for, checked, approved by two, paid outside with proof, received, vouchered, reconciled."""
    agency = world.person(plan.agency)
    checker, first, second = (world.person(key) for key in ("cishan", "huiji", "chuna"))
    with world.on(day) as at:
        payment = delivery.request_disbursement(
            agreement=Agreement.objects.get(pk=agreement.pk),
            amount=amount,
            purpose="按计划用于家庭",
            by=agency,
            at=at,
        )
    steps: list[tuple[int, Callable[..., Any], User]] = [
        (1, delivery.check_disbursement, checker),
        (1, delivery.approve_disbursement, first),
        (2, delivery.approve_disbursement, second),
    ]
    for offset, step, person in steps:
        with world.on(day + offset, 15) as at:
            step(disbursement=payment, by=person, at=at)
    with world.on(day + 3) as at:
        delivery.record_payment(
            disbursement=payment,
            paid_on=at.date(),
            reference=f"DEMO-{payment.number}",
            proof=evidence("PAYMENT", "payment_proof", payment, by=checker, at=at),
            by=checker,
            at=at,
        )
    with world.on(day + 4) as at:
        return delivery.confirm_payment_received(disbursement=payment, by=agency, at=at)


def hand_over(
    world: World,
    plan: Plan,
    proposal: Proposal,
    amount: int,
    day: int,
    payment: Disbursement | None = None,
    *,
    confirm: bool = True,
) -> Delivery:
    """Planned, handed over with a photo, and the family's own word that it arrived."""
    user = world.person(plan.agency)
    with world.on(day) as at:
        planned = delivery.plan_delivery(
            proposal=Proposal.objects.get(pk=proposal.pk),
            amount=amount,
            planned_on=at.date(),
            disbursement=payment,
            by=user,
            at=at,
        )
    with world.on(day + 1) as at:
        done = delivery.record_delivery(
            delivery=planned,
            delivered_on=at.date(),
            proof=evidence("DELIVERY", "delivery_proof", planned, by=user, at=at),
            by=user,
            at=at,
        )
    if confirm:
        with world.on(day + 2) as at:
            holder = holder_of(proposal.need.household)
            done = delivery.confirm_receipt(delivery=done, method="web", evidence=None, by=holder, at=at)
        with world.on(day + 2, minute=settings.UNDO_MINUTES) as at:
            done = delivery.settle_receipt(delivery=done, by=SYSTEM, at=at)
    return done


def account_for(world: World, plan: Plan, payment: Disbursement, day: int) -> None:
    """Vouchers for the whole payment, compared by the fund holder."""
    user = world.person(plan.agency)
    with world.on(day) as at:
        delivery.record_voucher(
            disbursement=payment,
            issuer="清河县演示中学",
            number=f"DEMO-{payment.number}",
            amount=payment.amount,
            dated=at.date(),
            purpose="住宿费",
            attachment=evidence("VOUCHER", "voucher", payment, by=user, at=at),
            by=user,
            at=at,
        )
    with world.on(day + 1) as at:
        delivery.reconcile(
            disbursement=Disbursement.objects.get(pk=payment.pk), by=world.person("cishan"), at=at
        )


def all_done(world: World, plan: Plan, day: int) -> None:
    """Every agreement of a project that is over is closed as fulfilled by its agency."""
    rows = Agreement.objects.filter(project=world.things[f"project.{plan.key}"], state="effective")
    for agreement in rows.order_by("pk"):
        with world.on(day) as at:
            delivery.fulfil_agreement(agreement=agreement, by=world.person(plan.agency), at=at)


def report_back(world: World, key: str, day: int, text: str) -> None:
    """What a donor was promised to hear, told in time."""
    rows = FeedbackDue.objects.filter(responsible=world.bodies[key], done_at__isnull=True)
    for due in rows.order_by("pk"):
        with world.on(day) as at:
            give_feedback(feedback=due, text=text, by=world.person(key), at=at)


def keep_milestones(world: World, plan: Plan) -> None:
    """Every milestone up to now is reported on its day."""
    rows = Milestone.objects.filter(project=world.things[f"project.{plan.key}"])
    for milestone in rows.order_by("due", "pk"):
        with world.on((milestone.due - world.start).days) as at:
            projects.reach_milestone(milestone=milestone, by=world.person(plan.agency), at=at)


def tell_donors(world: World, plan: Plan, day: int) -> None:
    """The agency reports to each donor what came of the gift, and the match is closed."""
    report_back(world, plan.agency, day, "孩子已经安心住校，辅导按周进行，家里人托我们说声谢谢。")
    with world.on(day) as at:
        for proposal in Proposal.objects.filter(
            project__agency__organisation=world.bodies[plan.agency], state="completed"
        ):
            matches.mark_fed_back(proposal=proposal, by=SYSTEM, at=at)
