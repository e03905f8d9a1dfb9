"""A project and the people around it, every step through the services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.enums import OrganisationKind, Role
from accounts.models import Organisation, User
from common.actors import SYSTEM
from evaluation import services as evaluation
from evaluation.models import Evaluation, RatingPolicy
from evaluation.services import load_rating_policy
from implementers import services as implementers
from implementers.enums import Heading
from implementers.models import Agency, FundHolder
from projects import services
from projects.models import Project
from reference.queries import get_item
from tests.cast import AT, COUNTY, Cast, body, county, credit_code, hire

POINTS: dict[str, int] = {
    Heading.LEGAL: 18,
    Heading.GOVERNANCE: 14,
    Heading.TEAM: 18,
    Heading.FINANCE: 18,
    Heading.EXPERIENCE: 14,
    Heading.SAFEGUARDING: 9,
}
WEIGHTS = {
    "need_fit": 8, "logic": 7, "schedule": 15, "finance": 15, "records": 8, "team": 7, "attainment": 15,
    "satisfaction": 10, "change": 5, "sustainability": 10,
}  # fmt: skip
FUNDS = 2_162_278  # ten thousand yuan times (root of ten less one): weighs exactly one on its day


@dataclass(frozen=True)
class Stage:
    """The county's station, one agency with its fund holder, and independent evaluators."""

    cast: Cast
    agency: Agency
    leader: User
    holder: FundHolder
    institute: Organisation
    evaluators: list[User]
    policy: RatingPolicy


def picture(name: str = "paper.png") -> SimpleUploadedFile:
    content = BytesIO()
    Image.new("RGB", (8, 8), "white").save(content, "PNG")
    return SimpleUploadedFile(name, content.getvalue(), content_type="image/png")


def stage(*, evaluators: int = 6) -> Stage:
    cast = county()
    agency, leader = admitted_agency(cast, 10, "清河县助人社工中心")
    institute = body("西部评估研究所", OrganisationKind.SERVICE_ORGANISATION, 80)
    return Stage(
        cast=cast,
        agency=agency,
        leader=leader,
        holder=admitted_holder(cast),
        institute=institute,
        evaluators=[evaluator(cast, number, institute) for number in range(evaluators)],
        policy=load_rating_policy(by=cast.administrator, at=AT),
    )


def evaluator(cast: Cast, number: int, employer: Organisation) -> User:
    return hire(
        f"evaluator{number}", f"评估员{number}", Role.EVALUATOR, organisation=employer, by=cast.administrator
    )


def admitted_agency(cast: Cast, number: int, name: str) -> tuple[Agency, User]:
    """Registered by its leader, with papers, admitted by two people at level four."""
    leader = User.objects.create_user(username=f"leader{number}", name=f"负责人{number}")
    agency = implementers.register_agency(
        user=leader, name=name, uscc=credit_code(number, "service_organisation"),
        kind="service_organisation", area=COUNTY,
        licensed_workers=4, contact_phone="13800005678", by=leader, at=AT,
    )  # fmt: skip
    implementers.add_credential(
        agency=agency, kind="registration", issuer="民政局", valid_from=date(2024, 1, 1), valid_to=date(2030, 1, 1),
        proof=picture(), by=leader, at=AT,
    )  # fmt: skip
    implementers.add_staff(agency=agency, name="钱会计", is_fund_manager=True, by=leader, at=AT)
    implementers.start_checking(agency=agency, by=cast.worker, at=AT)
    admission = implementers.propose_admission(
        agency=agency, scores=POINTS, rationale="材料齐全。", by=cast.worker, at=AT
    )
    agency = implementers.admit_agency(admission=admission, by=cast.supervisor, at=AT)
    leader.forget_seats()
    return agency, leader


def admitted_holder(cast: Cast) -> FundHolder:
    treasurer = User.objects.create_user(username="treasurer", name="会计")
    holder = implementers.register_fund_holder(
        user=treasurer, name="清河县基金会", uscc=credit_code(11, "foundation"),
        kind="charity", contact_phone="13800009999",
        bank_name="农商行", account="6222020200011112222", by=treasurer, at=AT,
    )  # fmt: skip
    for kind in ("charity_status", "receipts"):
        implementers.add_qualification(
            holder=holder, kind=kind, issuer="民政局", valid_from=date(2024, 1, 1), valid_to=date(2030, 1, 1),
            proof=picture(), by=treasurer, at=AT,
        )  # fmt: skip
    implementers.start_checking_fund_holder(holder=holder, by=cast.worker, at=AT)
    return implementers.admit_fund_holder(holder=holder, by=cast.supervisor, at=AT)


def drafted(
    on: Stage, *, agency: Agency | None = None, leader: User | None = None, at: datetime = AT, **changes: Any
) -> Project:
    """A complete draft of one year, with a hundred quilts of capacity."""
    by = leader or on.leader
    facts: dict[str, Any] = {
        "title": "河湾村冬季助老",
        "place": COUNTY,
        "groups": ["elderly"],
        "households_planned": 30,
        "funds": FUNDS,
        "start": at.date(),
        "end": at.date() + timedelta(days=365),
        "needs_covered": "过冬衣被。",
        "activities": "入户送被，每月探访。",
        "evaluation_plan": "前后两次量表。",
    }
    facts |= changes
    project = services.draft_project(
        agency=agency or on.agency,
        fund_holder=on.holder,
        **facts,
        budget_lines=[{"title": "棉被", "amount": facts["funds"]}],
        by=by,
        at=at,
    )
    services.set_capacity(project=project, item=get_item("quilt"), capacity=100, by=by, at=at)
    return project


def in_ex_ante(on: Stage, *, at: datetime = AT, **changes: Any) -> Project:
    """Sent, screened, with the evaluators."""
    project = drafted(on, at=at, **changes)
    services.submit_project(project=project, by=changes.get("leader") or on.leader, at=at)
    services.screen_project(project=project, by=on.cast.worker, at=at)
    return services.begin_ex_ante(project=project, by=on.cast.worker, at=at)


def opened(on: Stage, project: Project, *, at: datetime = AT) -> Evaluation:
    """The evaluation the project is due for, its team drawn."""
    found = evaluation.open_due_evaluation(project=project, by=on.cast.supervisor, at=at)
    assert found is not None
    evaluation.draw_team(evaluation=found, by=on.cast.supervisor, at=at)
    found.refresh_from_db()
    return found


def sheet(total: float) -> dict[str, str]:
    """Points over the ten headings that add up to a total, in halves."""
    halves = round(total * 2)
    points = {}
    for number, (heading, most) in enumerate(WEIGHTS.items()):
        left = sum(list(WEIGHTS.values())[number + 1 :]) * 2
        share = max(min(halves * most // 100, most * 2), halves - left, 0)
        if number == len(WEIGHTS) - 1:
            share = halves
        points[heading] = str(share / 2)
        halves -= share
    return points


def scored(found: Evaluation, totals: list[float], *, at: datetime = AT, veto: str = "") -> None:
    """Everybody in the team fills in and submits a sheet, in the order of the draw."""
    members = found.team.filter(recused=False).order_by("pk").select_related("user")
    waiting = [member for member in members if not found.scores.filter(evaluator=member.user).exists()]
    for member, total in zip(waiting, totals, strict=True):
        save(found, member.user, total, at=at, veto=veto)
        evaluation.submit_score(evaluation=found, by=member.user, at=at)


def save(found: Evaluation, user: User, total: float, *, at: datetime = AT, veto: str = "") -> Any:
    return evaluation.save_score(
        evaluation=found,
        points=sheet(total),
        reasons=dict.fromkeys(WEIGHTS, "有记录可查。"),
        veto=veto,
        by=user,
        at=at,
    )


def concluded(
    on: Stage,
    found: Evaluation,
    totals: list[float],
    *,
    leader: User | None = None,
    at: datetime = AT,
    veto: str = "",
) -> Evaluation:
    """Scored, closed, commented on and made final on one day."""
    scored(found, totals, at=at, veto=veto)
    evaluation.close_round(evaluation=found, by=on.cast.supervisor, at=at)
    evaluation.comment(evaluation=found, text="没有意见。", by=leader or on.leader, at=at)
    return evaluation.finalise(evaluation=found, by=on.cast.supervisor, at=at)


def completing(on: Stage, *, at: datetime = AT, **changes: Any) -> Project:
    """Its work is done; the evaluation after the end is due."""
    project = drafted(on, at=at, **changes)
    Project.objects.filter(pk=project.pk).update(state="completing", started_at=at)
    project.refresh_from_db()
    return project


def approved(on: Stage, *, at: datetime = AT, **changes: Any) -> Project:
    """Through the gate before the start."""
    project = in_ex_ante(on, at=at, **changes)
    concluded(on, opened(on, project, at=at), [84, 84], leader=changes.get("leader"), at=at)
    return services.approve_project(project=project, by=on.cast.supervisor, at=at)


def under_way(on: Stage, *, at: datetime = AT, **changes: Any) -> Project:
    """Matched, under agreement, begun."""
    project = approved(on, at=at, **changes)
    services.mark_funded(project=project, by=SYSTEM, at=at)
    services.mark_agreed(project=project, by=SYSTEM, at=at)
    return services.start_project(project=project, by=changes.get("leader") or on.leader, at=at)
