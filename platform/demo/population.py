"""A large made-up county for ratings and boards: every row comes from the services, in order, under a fixed clock.

It holds the worked numbers of domain §11: an agency with 2 results of 96 (83.14), one with 20 of 88 (86.00), the mean
of all results exactly 78, and a donor with 6,750.80 points on the day. What is not its subject is left out: projects
come into work by the marks that matching and the agreement set elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import cycle, islice
from typing import Any

from accounts.models import User
from accounts.services import load_duties, open_account
from common import clock
from common.actors import SYSTEM
from demo.giving import Giver, list_lot, register_giver
from demo.story.calendar import tell
from demo.story.givers import admit_fund_holder
from demo.story.world import COUNTY, World, credit_code, evidence, open_county
from donors import services as donors
from donors.models import Donor, LedgerEntry, Lot
from evaluation import services as evaluations
from evaluation.models import Evaluation
from evaluation.services import load_rating_policy
from implementers import services as implementers
from implementers.enums import HEADING_POINTS
from implementers.models import Agency, FundHolder
from jobs.models import Job
from jobs.worker import perform
from projects import services as projects
from projects.models import Project
from reference.queries import get_item

DAYS = 800  # from the first day of the county to the day of the ratings
COURSE = 211  # from a project's first draft to its last evaluation
FUNDS = (
    2_162_278  # ten thousand yuan times (root of ten less one): weighs exactly one on its day (domain §11.2)
)
MEAN, FEW, MANY = Decimal(78), [Decimal(96)] * 2, [Decimal(88)] * 20
SPREAD = 19  # the others' totals lie up to 18 points above and below their middle
LEAST_AGENCIES, LEAST_ROWS = 8, 6
HEADINGS = {
    "need_fit": 8, "logic": 7, "schedule": 15, "finance": 15, "records": 8, "team": 7,
    "attainment": 15, "satisfaction": 10, "change": 5, "sustainability": 10,
}  # fmt: skip
ROWS_A_LOT = 101  # the listing and fifty times set aside and handed over
OFFERS: tuple[tuple[str, str, int], ...] = (
    ("living_aid", "困难家庭生活补助", 20_000),
    ("quilt", "过冬棉被", 1),
    ("companionship", "陪伴探访", 2),
    ("rice", "大米", 5),
)


@dataclass(frozen=True)
class Implementer:
    """An agency and the person who speaks for it."""

    agency: Agency
    leader: User


@dataclass(frozen=True)
class Population:
    """Who is looked for afterwards: the two agencies and the donor of the worked numbers, on their day."""

    as_of: date
    world: World
    few: Agency
    many: Agency
    donor: Donor


def build(*, agencies: int = 300, ledger_rows: int = 10_000, as_of: date | None = None) -> Population:
    """Build it into a database without people; the caller's transaction makes it all or nothing."""
    if agencies < LEAST_AGENCIES or ledger_rows < LEAST_ROWS:
        raise ValueError(f"at least {LEAST_AGENCIES} agencies and {LEAST_ROWS} ledger rows")
    day = as_of or clock.today() - timedelta(days=1)  # a day that is over: nothing happens later than now
    world = World(start=day - timedelta(days=DAYS))
    load_duties()
    load_rating_policy(by=SYSTEM, at=world.at(0, 8))
    open_county(world)
    tell(admit_fund_holder(world))
    admitted = [_admit(world, number) for number in range(agencies)]
    for place, (implementer, totals) in enumerate(zip(admitted, totals_of(agencies), strict=True)):
        earlier = 0 if place < 2 else 1 + 7 * (place % 60)  # the worked results are final on the day itself
        for total in totals:
            _carry_through(world, implementer, total, DAYS - COURSE - earlier)
    donor = _worked_donor(world)
    _fill_ledger(world, ledger_rows)
    return Population(as_of=day, world=world, few=admitted[0].agency, many=admitted[1].agency, donor=donor)


def totals_of(agencies: int) -> list[list[Decimal]]:
    """The totals of each agency's projects, in halves; their mean over all agencies is exactly 78.

    Of the others every third has two projects, which is enough evidence for a level; an older one alone is not.
    """
    counts = [1 if place % 3 else 2 for place in range(agencies - 2)]
    too_many = int(2 * sum(total - MEAN for total in [*FEW, *MANY]))  # in halves, taken off the others
    share, rest = divmod(too_many, sum(counts))
    in_pairs = sum(counts) // 2 * 2
    others = []
    for place in range(sum(counts)):
        apart = place // 2 % SPREAD if place < in_pairs else 0
        others.append(MEAN - Decimal(share + (place < rest)) / 2 + (apart if place % 2 else -apart))
    left = iter(others)
    return [FEW, MANY, *(list(islice(left, count)) for count in counts)]


def sheet(total: Decimal) -> dict[str, str]:
    """Points by heading, in halves, that add up to a total out of a hundred."""
    halves = int(total * 2)
    points = {name: most * halves // 100 for name, most in HEADINGS.items()}
    for name in islice(HEADINGS, halves - sum(points.values())):
        points[name] += 1
    return {name: str(Decimal(given) / 2) for name, given in points.items()}


def _admit(world: World, number: int) -> Implementer:
    """Registered by its leader with a licence; one worker checks and proposes, a supervisor admits."""
    name = f"清河县第{number + 1:03d}社会工作服务社"
    with world.on(6) as at:
        leader = open_account(username=f"agency{number:04d}", name=f"负责人{number + 1}", at=at)
        agency = implementers.register_agency(
            user=leader, name=name, uscc=credit_code(1_000 + number), kind="service_organisation", area=COUNTY,
            licensed_workers=4, contact_phone=f"139{number:08d}", contact_name=leader.name, by=leader, at=at,
        )  # fmt: skip
        leader.forget_seats()
        implementers.add_staff(agency=agency, name="会计", is_fund_manager=True, by=leader, at=at)
        implementers.add_credential(
            agency=agency, kind="registration", issuer="清河县民政局", number=f"QHMZ-{number:04d}",
            valid_from=world.start - timedelta(days=365), valid_to=world.start + timedelta(days=DAYS + 365),
            proof=evidence("LICENCE", "licence", agency, by=leader, at=at), by=leader, at=at,
        )  # fmt: skip
    with world.on(7) as at:
        implementers.start_checking(agency=agency, by=world.person("zhoumin"), at=at)
        share = 84 if number < 2 else 66 + number % 30
        admission = implementers.propose_admission(
            agency=agency,
            scores={heading: -(-points * share // 100) for heading, points in HEADING_POINTS.items()},
            rationale="看过证照和账目，走访了服务点。",
            by=world.person("zhoumin"),
            at=at,
        )
    with world.on(8) as at:
        agency = implementers.admit_agency(admission=admission, by=world.person("lidu"), at=at)
    return Implementer(agency, leader)


def _carry_through(world: World, implementer: Implementer, total: Decimal, first: int) -> None:
    """One project from its draft to its evaluation after the end, made final 211 days after the draft."""
    leader, worker, supervisor = implementer.leader, world.person("zhoumin"), world.person("lidu")
    project = _written(world, implementer, first)
    with world.on(first + 2) as at:
        projects.screen_project(project=project, by=worker, at=at)
        projects.begin_ex_ante(project=project, by=worker, at=at)
    _evaluate(world, project, leader, Decimal(84), first + 3)
    with world.on(first + 9) as at:
        projects.approve_project(project=project, by=supervisor, at=at)
        projects.mark_funded(project=project, by=SYSTEM, at=at)
        projects.mark_agreed(project=project, by=SYSTEM, at=at)
    with world.on(first + 12) as at:
        projects.start_project(project=project, by=leader, at=at)
    early, late = project.milestones.order_by("due")
    with world.on(first + 50) as at:
        projects.reach_milestone(milestone=early, by=leader, at=at)
    _evaluate(world, project, leader, Decimal(82), first + 94)
    with world.on(first + 160) as at:
        projects.reach_milestone(milestone=late, by=leader, at=at)
    with world.on(first + 205) as at:
        projects.begin_completion(project=project, by=leader, at=at)
    _evaluate(world, project, leader, total, first + COURSE - 5)


def _written(world: World, implementer: Implementer, first: int) -> Project:
    """Drafted with its capacity and milestones, and sent the next day."""
    leader = implementer.leader
    begins = world.start + timedelta(days=first + 12)
    with world.on(first) as at:
        project = projects.draft_project(
            agency=implementer.agency, fund_holder=_holder(world), title="河湾村冬季助老", place=COUNTY,
            groups=["elderly"], households_planned=20, funds=FUNDS, start=begins, end=begins + timedelta(days=200),
            needs_covered="过冬衣被和探访。", activities="入户送被，每月探访。", evaluation_plan="前后用同一张表比较。",
            budget_lines=[{"title": "棉被和探访", "amount": FUNDS}], by=leader, at=at,
        )  # fmt: skip
        projects.set_capacity(project=project, item=get_item("quilt"), capacity=100, by=leader, at=at)
        milestones = [("首批入户", begins + timedelta(days=40)), ("第二批入户", begins + timedelta(days=150))]
        projects.set_milestones(project=project, milestones=milestones, by=leader, at=at)
    with world.on(first + 1) as at:
        return projects.submit_project(project=project, by=leader, at=at)


def _evaluate(world: World, project: Project, leader: User, total: Decimal, first: int) -> None:
    """Opened and drawn; two sealed scores a point above and below; closed by its job; commented on; made final."""
    with world.on(first) as at:
        evaluation = evaluations.open_due_evaluation(project=project, by=SYSTEM, at=at)
        if evaluation is None:
            raise ValueError(f"no evaluation is due for {project}")
        team = evaluations.draw_team(evaluation=evaluation, by=SYSTEM, at=at)
    known = {person.pk: person for person in world.people.values()}
    reasons = dict.fromkeys(HEADINGS, "查阅了记录和凭证，走访了家庭。")
    for apart, member in zip((1, -1), team, strict=True):
        person = known[member.user_id]
        with world.on(first + 1) as at:
            evaluations.save_score(
                evaluation=evaluation, points=sheet(total + apart), reasons=reasons, by=person, at=at
            )
        with world.on(first + 2) as at:
            evaluations.submit_score(evaluation=evaluation, by=person, at=at)
    with world.on(first + 3):
        closing = f"evaluation.close:{evaluation.public_id}:"
        perform(Job.objects.get(key__startswith=closing).pk)
    evaluation = Evaluation.objects.get(pk=evaluation.pk)
    with world.on(first + 4) as at:
        evaluations.comment(evaluation=evaluation, text="没有意见，谢谢。", by=leader, at=at)
    with world.on(first + 5) as at:
        evaluations.finalise(evaluation=evaluation, by=world.person("lidu"), at=at)


def _holder(world: World) -> FundHolder:
    holder: FundHolder = world.things["holder"]
    return holder


def _worked_donor(world: World) -> Donor:
    """Ten thousand yuan 730 days ago and quilts worth five thousand 30 days ago: 6,750.80 points (domain §11.1)."""
    giver = register_giver(world, 0, firm=False)
    money = list_lot(world, giver, "living_aid", "生活补助", 1_000_000, DAYS - 731)
    quilts = list_lot(world, giver, "quilt", "过冬棉被", 50, DAYS - 31, fair_value=500_000)
    for lot, amount, day in ((money, 1_000_000, DAYS - 730), (quilts, 50, DAYS - 30)):
        with world.on(day) as at:
            _hand_over(lot, amount, f"worked-{lot.pk}", at)
    return giver.donor


def _hand_over(lot: Lot, amount: int, ref: str, at: datetime) -> None:
    cause = ("demo.population", ref)
    donors.reserve_lot(lot=lot, amount=amount, cause=cause, by=SYSTEM, at=at)
    donors.disburse_lot(lot=lot, amount=amount, cause=cause, by=SYSTEM, at=at)


def _fill_ledger(world: World, wanted: int) -> None:
    """Givers of many kinds whose lots are set aside, handed over, freed and given back until the rows are there."""
    number = 0
    while (missing := wanted - LedgerEntry.objects.count()) > 0:
        number += 1
        giver = register_giver(world, number, firm=number % 3 != 0)
        for offer in islice(cycle(OFFERS), number % len(OFFERS), number % len(OFFERS) + 2):
            if missing > 0:
                missing -= _use_up(world, giver, offer, number, min(missing, ROWS_A_LOT))


def _use_up(world: World, giver: Giver, offer: tuple[str, str, int], number: int, rows: int) -> int:
    """One lot and its units' ways; returns how many rows the ledger gained."""
    slug, title, piece = offer
    before = LedgerEntry.objects.count()
    listed_on = 40 + number * 37 % 600
    more: dict[str, Any] = {} if slug == "living_aid" else {"fair_value": (number % 7 + 1) * 50_000}
    lot = list_lot(world, giver, slug, title, piece * rows, listed_on, **more)
    for turn in range(max(1, (rows - 1) // 2)):
        ref = f"{number}-{lot.pk}-{turn}"
        with world.on(listed_on + 1 + turn * (DAYS - listed_on - 2) // rows) as at:
            if turn % 10 == 8:  # the family needed it no longer
                cause = ("demo.population", ref)
                donors.reserve_lot(lot=lot, amount=piece, cause=cause, by=SYSTEM, at=at)
                donors.release_lot(lot=lot, amount=piece, cause=cause, by=SYSTEM, at=at)
            elif turn % 10 == 9:  # what the turn before last handed over came back
                cause = ("demo.population", f"{number}-{lot.pk}-{turn - 2}")
                donors.return_to_lot(lot=lot, amount=piece, cause=cause, by=SYSTEM, at=at)
            else:
                _hand_over(lot, piece, ref, at)
    return LedgerEntry.objects.count() - before
