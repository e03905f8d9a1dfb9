"""A family with a need of money and one of quilts, a mill that gives, an agency that brings, a fund holder that pays.

Everybody enters through the services; each step below walks the story one step further.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.enums import Role
from accounts.models import User
from common.actors import SYSTEM, Actor, CodeHolder
from delivery import services
from delivery.enums import AgreementKind, Signer
from delivery.models import Agreement, Delivery, Disbursement, Transfer
from donors import services as donors
from donors.enums import DonorKind
from donors.models import Donor, Lot
from donors.services.parties import Body
from files.services import keep
from households.answers import NeedAnswer
from households.models import Household, Need
from implementers import services as implementers
from implementers.enums import Heading
from implementers.models import Agency, FundHolder
from matching import services as matches
from matching.models import Proposal
from projects import services as projects
from projects.models import JointAnalysis, Project
from reference.queries import get_item
from tests import cast
from tests.cast import AT, COUNTY, PAPERS, credit_code, hire
from tests.staging import staged

HELD = 100_000  # fen of living aid for the family
POINTS: dict[str, int] = {
    Heading.LEGAL: 18,
    Heading.GOVERNANCE: 14,
    Heading.TEAM: 18,
    Heading.FINANCE: 18,
    Heading.EXPERIENCE: 14,
    Heading.SAFEGUARDING: 9,
}
SERVICE = {
    "causes": "收入少。",
    "goals": "冬天够用。",
    "agency_duties": "每月探访。",
    "household_duties": "在家等候。",
    "privacy": "不外传。",
    "complaints": "打电话给县社工站。",
    "withdrawal": "随时可以退出。",
}
ENTRUSTMENT: dict[str, Any] = {
    "purpose": "冬季助困。",
    "use_of_funds": "生活补助。",
    "tranches": "两笔。",
    "tranche_amounts": [60_000, 40_000],
    "duties": "按时送达。",
    "reporting": "每季一报。",
    "leftover": "退回。",
    "liability": "追回。",
}
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Scene:
    """Everybody, and the project approved with its gate before the start."""

    cast: cast.Cast
    agency: Agency
    leader: User
    holder: FundHolder
    keepers: list[User]  # three people of the fund holder
    giver: User
    donor: Donor
    lot: Lot
    household: Household
    money: Need
    quilts: Need
    project: Project

    @property
    def family(self) -> CodeHolder:
        """The household with its query code."""
        return CodeHolder(self.household.applications.get().public_id)

    def fresh(self) -> Scene:
        return replace(self, project=Project.objects.get(pk=self.project.pk))


def picture(name: str = "paper.png") -> SimpleUploadedFile:
    content = BytesIO()
    Image.new("RGB", (8, 8), "white").save(content, "PNG")
    return SimpleUploadedFile(name, content.getvalue(), content_type="image/png")


def paper(purpose: str, owner: Any, by: Any, at: datetime = AT) -> Any:
    return keep(upload=picture(), purpose=purpose, owner=owner, by=by, at=at)


@staged
def opening() -> Scene:
    """Everything up to the approved project."""
    people = cast.county()
    needs = (NeedAnswer(item="living_aid", quantity=HELD), NeedAnswer(item="quilt", quantity=2))
    application = cast.approved(cast.applies(cast.widow_answers(needs=needs)), people)
    open_needs = {need.item.slug: need for need in cast.needs_of(application)}
    agency, leader = admitted_agency(people)
    holder, keepers = admitted_holder(people)
    giver, donor = verified_donor(people)
    lot = listed_lot(people, donor, giver, holder)
    return Scene(
        cast=people,
        agency=agency,
        leader=leader,
        holder=holder,
        keepers=keepers,
        giver=giver,
        donor=donor,
        lot=lot,
        household=application.household,
        money=open_needs["living_aid"],
        quilts=open_needs["quilt"],
        project=approved_project(people, agency, leader, holder),
    )


def admitted_agency(
    people: cast.Cast, number: int = 10, name: str = "清河县助人社工中心"
) -> tuple[Agency, User]:
    leader = User.objects.create_user(username=f"leader{number}", name="负责人")
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
    implementers.start_checking(agency=agency, by=people.worker, at=AT)
    admission = implementers.propose_admission(
        agency=agency, scores=POINTS, rationale="材料齐全。", by=people.worker, at=AT
    )
    agency = implementers.admit_agency(admission=admission, by=people.supervisor, at=AT)
    return agency, User.objects.get(pk=leader.pk)


def admitted_holder(people: cast.Cast) -> tuple[FundHolder, list[User]]:
    keeper = User.objects.create_user(username="keeper0", name="会计甲")
    holder = implementers.register_fund_holder(
        user=keeper, name="清河县慈善基金会", uscc=credit_code(11, "foundation"),
        kind="charity", contact_phone="13800009999",
        by=keeper, at=AT,
    )  # fmt: skip
    for kind in ("charity_status", "receipts"):
        implementers.add_qualification(
            holder=holder, kind=kind, issuer="民政局", valid_from=date(2024, 1, 1), valid_to=date(2030, 1, 1),
            proof=picture(), by=keeper, at=AT,
        )  # fmt: skip
    implementers.start_checking_fund_holder(holder=holder, by=people.worker, at=AT)
    holder = implementers.admit_fund_holder(holder=holder, by=people.supervisor, at=AT)
    others = [
        hire(
            f"keeper{n}",
            f"会计{n}",
            Role.FUND_HOLDER,
            organisation=holder.organisation,
            by=people.administrator,
        )
        for n in (1, 2)
    ]
    return holder, [User.objects.get(pk=keeper.pk), *others]


def verified_donor(people: cast.Cast, number: int = 12, name: str = "春风面粉厂") -> tuple[User, Donor]:
    giver = User.objects.create_user(username=f"giver{number}", name="陈厂长")
    donor = donors.register_donor(
        user=giver, kind=DonorKind.ENTERPRISE,
        body=Body(name=name, uscc=credit_code(number), area=COUNTY, legal_representative="陈春风"),
        contact_phone="13800001111", by=giver, at=AT - timedelta(days=1),
    )  # fmt: skip
    donor = donors.verify_donor(donor=donor, seen=PAPERS, by=people.supervisor, at=AT)
    return User.objects.get(pk=giver.pk), donor


def listed_lot(
    people: cast.Cast, donor: Donor, giver: User, holder: FundHolder | None, slug: str = "living_aid",
    quantity: int = HELD,
) -> Lot:  # fmt: skip
    at = AT - timedelta(hours=1)
    lot = donors.draft_lot(
        donor=donor, title="过冬", items=[get_item(slug)], quantity=quantity,
        fund_holder=holder.organisation if holder else None, by=giver, at=at,
    )  # fmt: skip
    if lot.kind == "goods":
        lot = donors.edit_lot(lot=lot, version=lot.version, goods_condition="new", by=giver, at=at)
    lot = donors.submit_lot(lot=lot, by=giver, at=at)
    lot = donors.review_lot(lot=lot, by=people.worker, at=AT)
    return donors.list_lot(lot=lot, by=people.worker, at=AT)


def approved_project(
    people: cast.Cast, agency: Agency, leader: User, holder: FundHolder, title: str = "河湾村过冬"
) -> Project:
    project = projects.draft_project(
        agency=agency, fund_holder=holder, title=title, place=COUNTY, groups=["elderly"], households_planned=5,
        funds=HELD, start=AT.date(), end=AT.date() + timedelta(days=365), needs_covered="过冬。",
        activities="送上门。", evaluation_plan="回访。", budget_lines=[{"title": "补助", "amount": HELD}],
        by=leader, at=AT,
    )  # fmt: skip
    for slug, capacity in (("living_aid", 1_000_000), ("quilt", 100)):
        projects.set_capacity(project=project, item=get_item(slug), capacity=capacity, by=leader, at=AT)
    projects.submit_project(project=project, by=leader, at=AT)
    projects.screen_project(project=project, by=people.worker, at=AT)
    projects.begin_ex_ante(project=project, by=people.worker, at=AT)
    projects.pass_gate(project=project, stage="ex_ante", evaluation_ref="E1", by=SYSTEM, at=AT)
    return projects.approve_project(project=project, by=people.supervisor, at=AT)


def matched(scene: Scene, need: Need | None = None, lot: Lot | None = None, *, at: datetime = AT) -> Proposal:
    """Proposed by hand, decided, confirmed by agency and household."""
    need, lot = need or scene.money, lot or scene.lot
    amount = min(need.remaining, lot.available)
    proposal = matches.propose_by_hand(need=need, lot=lot, amount=amount, by=scene.cast.worker, at=at)
    proposal = matches.decide(
        proposal=proposal, project=scene.fresh().project, amount=amount, by=scene.cast.worker, at=at
    )
    given: dict[str, Any] = {"proposal": proposal, "method": "web", "evidence": None, "at": at}
    matches.confirm(party="agency", by=scene.leader, **given)
    matches.confirm(party="household", by=scene.family, **given)
    proposal.refresh_from_db()
    return proposal


def analysed(scene: Scene, *, at: datetime = AT) -> JointAnalysis:
    """Causes found together, confirmed by both."""
    analysis = projects.open_joint_analysis(
        project=scene.project, household=scene.household, by=scene.leader, at=at
    )
    changes = {"causes": ["illness"], "strengths": "能干。", "responses": "每月探访。", "goals": ["够用"]}
    analysis = projects.edit_joint_analysis(
        analysis=analysis, version=analysis.version, changes=changes, by=scene.leader, at=at
    )
    projects.propose_joint_analysis(analysis=analysis, by=scene.leader, at=at)
    projects.confirm_joint_analysis_for_agency(analysis=analysis, by=scene.leader, at=at)
    return projects.confirm_joint_analysis_for_household(
        analysis=analysis, method="web", evidence=None, by=scene.family, at=at
    )


def drafted_service(scene: Scene, *, at: datetime = AT, **changes: Any) -> Agreement:
    return services.draft_agreement(
        kind=AgreementKind.SERVICE, project=scene.project, household=scene.household,
        content={**SERVICE, **changes}, amount=0, start=at.date(), end=at.date() + timedelta(days=300),
        by=scene.leader, at=at,
    )  # fmt: skip


def drafted_entrustment(scene: Scene, *, amount: int = HELD, at: datetime = AT, **changes: Any) -> Agreement:
    return services.draft_agreement(
        kind=AgreementKind.ENTRUSTMENT, project=scene.project, household=None,
        content={**ENTRUSTMENT, **changes}, amount=amount, start=at.date(),
        end=at.date() + timedelta(days=300), by=scene.leader, at=at,
    )  # fmt: skip


def sign(scene: Scene, agreement: Agreement, *signers: str, at: datetime = AT) -> Agreement:
    people: dict[Signer, Actor] = {
        Signer.AGENCY: scene.leader,
        Signer.HOUSEHOLD: scene.family,
        Signer.FUND_HOLDER: scene.keepers[0],
        Signer.PLATFORM: scene.cast.supervisor,
    }
    for signer in signers:
        services.sign_agreement(
            agreement=agreement, signer=signer, text_hash=agreement.content_hash, method="web", evidence=None,
            by=people[Signer(signer)], at=at,
        )  # fmt: skip
    agreement.refresh_from_db()
    return agreement


def opened(scene: Scene, agreement: Agreement, *, at: datetime = AT) -> Agreement:
    """Discussed without a remark when it is an entrustment, then open for signing."""
    if agreement.kind == AgreementKind.ENTRUSTMENT:
        services.open_negotiation(agreement=agreement, by=scene.leader, at=at)
    services.open_signing(agreement=agreement, by=scene.leader, at=at)
    agreement.refresh_from_db()
    return agreement


def in_force(scene: Scene, agreement: Agreement, *, at: datetime = AT) -> Agreement:
    """Opened, signed by everybody, ten minutes later in force."""
    opened(scene, agreement, at=at)
    signers = (
        ("agency", "household")
        if agreement.kind == AgreementKind.SERVICE
        else ("agency", "fund_holder", "platform")
    )
    sign(scene, agreement, *signers, at=at)
    services.make_due_effective(by=SYSTEM, at=at + 10 * MINUTE)
    agreement.refresh_from_db()
    return agreement


def under_agreement(scene: Scene) -> tuple[Scene, Proposal, Agreement]:
    """The family's match of money, both agreements in force."""
    proposal = matched(scene)
    analysed(scene)
    in_force(scene, drafted_service(scene))
    entrustment = in_force(scene, drafted_entrustment(scene))
    proposal.refresh_from_db()
    return scene.fresh(), proposal, entrustment


def ended_by_all(scene: Scene, agreement: Agreement, *, at: datetime = AT) -> Agreement:
    """An entrustment in force that all three parties let end."""
    ending = services.ask_ending(
        agreement=agreement, ground="mutual", reason="服务对象都已迁走。", by=scene.leader, at=at
    )
    for person in (scene.keepers[0], scene.cast.supervisor):
        services.answer_ending(ending=ending, answer="yes", text="", by=person, at=at)
    services.settle_due_endings(by=SYSTEM, at=at + 10 * MINUTE)
    agreement.refresh_from_db()
    return agreement


def statement(scene: Scene, lot: Lot | None = None) -> Any:
    """The line of the bank statement that shows that the money came."""
    return paper("arrival_proof", lot or scene.lot, scene.keepers[0])


def money_arrived(
    scene: Scene, amount: int = HELD, *, reference: str = "B-1", lot: Lot | None = None
) -> Transfer:
    chosen = lot or scene.lot
    transfer = services.declare_transfer(
        lot=chosen, amount=amount, sent_on=AT.date(), bank_reference=reference,
        proof=paper("transfer_proof", chosen, scene.giver), by=scene.giver, at=AT,
    )  # fmt: skip
    return services.confirm_arrival(
        transfer=transfer, arrived_on=AT.date(), receipt_no=f"R-{reference}",
        proof=statement(scene, chosen), by=scene.keepers[0], at=AT,
    )  # fmt: skip


def requested(scene: Scene, agreement: Agreement, amount: int = 60_000) -> Disbursement:
    return services.request_disbursement(
        agreement=agreement, amount=amount, purpose="生活补助", by=scene.leader, at=AT
    )


def paid(scene: Scene, agreement: Agreement, amount: int = 60_000) -> Disbursement:
    """Checked by one, approved by two others, paid, received."""
    row = requested(scene, agreement, amount)
    services.check_disbursement(disbursement=row, by=scene.keepers[0], at=AT)
    services.approve_disbursement(disbursement=row, by=scene.keepers[1], at=AT)
    services.approve_disbursement(disbursement=row, by=scene.keepers[2], at=AT)
    services.record_payment(
        disbursement=row, paid_on=AT.date(), reference=f"P-{row.number}",
        proof=paper("payment_proof", row, scene.keepers[0]), by=scene.keepers[0], at=AT,
    )  # fmt: skip
    return services.confirm_payment_received(disbursement=row, by=scene.leader, at=AT)


def vouchered(scene: Scene, row: Disbursement, amount: int, number: str = "V-1") -> Disbursement:
    services.record_voucher(
        disbursement=row, issuer="供销社", number=number, amount=amount, dated=AT.date(), purpose="补助",
        attachment=paper("voucher", row, scene.leader), by=scene.leader, at=AT,
    )  # fmt: skip
    row.refresh_from_db()
    return row


def handed_over(scene: Scene, proposal: Proposal, amount: int, row: Disbursement | None) -> Delivery:
    planned = services.plan_delivery(
        proposal=proposal, amount=amount, planned_on=AT.date(), disbursement=row, by=scene.leader, at=AT
    )
    return services.record_delivery(
        delivery=planned, delivered_on=AT.date(), proof=paper("delivery_proof", planned, scene.leader),
        by=scene.leader, at=AT,
    )  # fmt: skip
