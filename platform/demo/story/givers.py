"""Chapter two: donors register and offer; agencies and the fund holder are admitted; the office adds public money."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from accounts.enums import CODE_HEADS
from demo.story.calendar import Telling, together
from demo.story.world import COUNTY, World, credit_code, evidence, hire, refresh, self_registered
from donors import services as donors
from donors.enums import BODY_KINDS, DonorKind, RegistrationLevel
from donors.models import Donor, Lot
from donors.services.parties import Body
from implementers import services as implementers
from implementers.enums import HEADING_POINTS
from implementers.models import Admission
from reference.queries import get_item

DONORS = (
    ("chunfeng", "陈春风", "enterprise", "清河春风面粉有限公司", 101, True),
    ("shanhe", "贺山", "foundation", "示范省山河公益基金会", 102, True),
    ("zhanggong", "张公", "individual", "", 0, False),
    ("renhe", "任和", "enterprise", "清河仁和药房", 103, True),
    ("yinghuo", "应火", "individual", "", 0, True),
)
SEEN = {"enterprise": "营业执照原件（演示）", "foundation": "基金会法人登记证书原件（演示）"}
PAID = ("bank_transfer", "paid_to_provider")
VISITS = ("home_delivery", "home_service")
AGENCIES = (
    ("yimin", "易敏", "清河县益民社会工作服务中心", "service_organisation", 201, 0.86, PAID + VISITS),
    ("nuanyang", "阳暖", "清河县暖阳志愿服务协会", "association", 202, 0.78, VISITS),
    (
        "fengshou",
        "丰守",
        "清河县丰收种养专业合作社",
        "cooperative",
        203,
        0.72,
        (*PAID, "group_session", "works"),
    ),
    ("qingnian", "青念", "示范市青年社会工作事务所", "service_organisation", 204, 0.0, (*VISITS, "remote")),
)


def admit_fund_holder(world: World) -> Telling[None]:
    """A charity with its qualifications: one person checks, another admits; three people look after the money."""
    with (yield world.on(1)) as at:
        user = self_registered(world, "cishan", "慈善会计")
        holder = implementers.register_fund_holder(
            user=user,
            name="清河县慈善会",
            uscc=credit_code(301, head="51"),
            kind="charity",
            contact_phone="13900000301",
            contact_name="慈会长",
            area=COUNTY,
            bank_name="清河县农村信用社",
            by=user,
            at=at,
        )
        user = refresh(world, "cishan")
        for place, kind in enumerate(("charity_status", "receipts", "tax_deduction"), start=1):
            implementers.add_qualification(
                holder=holder,
                kind=kind,
                issuer="清河县民政局",
                valid_from=date(world.start.year - 1, 1, 1),
                valid_to=date(world.start.year + 4, 12, 31),
                number=f"QHCS-{world.start.year - 1}-{place:02d}",
                proof=evidence("QUALIFICATION", "qualification", holder, by=user, at=at),
                by=user,
                at=at,
            )
    with (yield world.on(2)) as at:
        holder = implementers.start_checking_fund_holder(holder=holder, by=world.person("zhoumin"), at=at)
    with (yield world.on(2, 15)) as at:
        holder = implementers.admit_fund_holder(holder=holder, by=world.person("lidu"), at=at)
        world.things["holder"] = holder
        world.bodies["cishan"] = holder.organisation
        for key, name in (("huiji", "慧姬"), ("chuna", "楚娜")):
            hire(world, key, name, "fund_holder", holder.organisation, at=at)


def admit_agencies(world: World) -> Telling[None]:
    """Three are admitted at different levels by two people; the fourth has just applied."""
    yield from together(*(_join(world, *agency) for agency in AGENCIES))


def _join(
    world: World, key: str, name: str, title: str, kind: str, number: int, share: float, ways: tuple[str, ...]
) -> Telling[None]:
    with (yield world.on(6 if share else 205)) as at:
        user = self_registered(world, key, name)
        agency = implementers.register_agency(
            user=user,
            name=title,
            uscc=credit_code(number, head=CODE_HEADS[kind][0]),
            kind=kind,
            area=COUNTY,
            licensed_workers=4,
            contact_phone=f"1390000{number:04d}",
            contact_name=name,
            delivery_ways=ways,
            about="在清河县开展社区社会工作服务（演示机构，纯属虚构）。",
            by=user,
            at=at,
        )
        user = refresh(world, key)
        implementers.add_staff(agency=agency, name=f"{name}的会计", is_fund_manager=True, by=user, at=at)
        implementers.add_credential(
            agency=agency,
            kind="registration",
            issuer="清河县民政局",
            valid_from=date(world.start.year - 2, 1, 1),
            valid_to=date(world.start.year + 3, 12, 31),
            number=f"QHMZ-{number}",
            proof=evidence("LICENCE", "licence", agency, by=user, at=at),
            by=user,
            at=at,
        )
        world.things[f"agency.{key}"] = agency
        world.bodies[key] = agency.organisation
    if share:
        yield from _admit(world, agency, share)


def _admit(world: World, agency: Any, share: float) -> Telling[None]:
    with (yield world.on(7)) as at:
        agency = implementers.start_checking(agency=agency, by=world.person("zhoumin"), at=at)
    with (yield world.on(8)) as at:
        scores = {heading: round(points * share) for heading, points in HEADING_POINTS.items()}
        implementers.propose_admission(
            agency=agency,
            scores=scores,
            rationale="看过证照和账目，走访了服务点。",
            by=world.person("zhoumin"),
            at=at,
        )
    with (yield world.on(9)) as at:
        admission = Admission.objects.get(agency=agency, decided_at__isnull=True)
        implementers.admit_agency(admission=admission, by=world.person("lidu"), at=at)


def register_donors(world: World) -> Telling[None]:
    """Firms, a foundation and two people; one is still being checked."""
    yield from together(*(_register(world, *donor) for donor in DONORS))


def _register(
    world: World, key: str, name: str, kind: str, title: str, number: int, shown: bool
) -> Telling[None]:
    with (yield world.on(10 if key != "yinghuo" else 204)) as at:
        user = self_registered(world, key, name)
        body = _body(name, kind, title, number) if title else None
        donor = donors.register_donor(
            user=user,
            kind=kind,
            body=body,
            name="" if title else name,
            alias="" if shown else "一位邻居",
            show_name=shown,
            on_boards=shown,
            contact_name=name,
            contact_phone=f"138000{number:05d}",
            by=user,
            at=at,
        )
        refresh(world, key)
        world.things[f"donor.{key}"] = donor
    if key != "yinghuo":
        with (yield world.on(11)) as at:
            donor = donors.start_checking_donor(donor=donor, by=world.person("zhoumin"), at=at)
            donor = donors.verify_donor(
                donor=donor,
                seen=SEEN.get(kind, ""),
                by=world.person("zhoumin"),
                at=at,
            )


def _body(name: str, kind: str, title: str, number: int) -> Body:
    """The particulars on the certificate; a foundation also says where it is registered and what it may do."""
    charity: dict[str, Any] = {}
    if kind == DonorKind.FOUNDATION:
        charity = {
            "registration_level": RegistrationLevel.PROVINCE,
            "is_charity": True,
            "may_fundraise": False,
        }
        charity["tax_deductible"] = True
    code = credit_code(number, head=CODE_HEADS[BODY_KINDS[kind][0]][0])
    return Body(name=title, uscc=code, area=COUNTY, legal_representative=name, **charity)


def offer(
    world: World,
    key: str,
    title: str,
    items: tuple[str, ...],
    quantity: int,
    day: int,
    conditions: tuple[dict[str, Any], ...] = (),
    *,
    list_it: bool = True,
    **details: Any,
) -> Telling[Lot]:
    """A donor writes an offer, sends it, and after the ten minutes the station lists it."""
    with (yield world.on(day)) as at:
        user = world.person(key)
        donor = Donor.objects.get(pk=world.things[f"donor.{key}"].pk)
        kind = get_item(items[0]).kind
        if kind == "goods":
            details.setdefault("goods_condition", "new")
        if kind == "money":
            details.setdefault("fund_holder", world.bodies["cishan"])
        lot = donors.draft_lot(
            donor=donor,
            title=title,
            items=[get_item(slug) for slug in items],
            quantity=quantity,
            conditions=conditions,
            by=user,
            at=at,
            **details,
        )
        lot = donors.submit_lot(lot=lot, by=user, at=at)
    if list_it:
        with (yield world.on(day, 11)) as at:
            lot = donors.review_lot(lot=lot, by=world.person("hejing"), at=at)
        with (yield world.on(day, 12)) as at:
            lot = donors.list_lot(lot=lot, by=world.person("hejing"), at=at)
    world.things[f"lot.{key}.{items[0]}"] = lot
    return lot


def offer_help(world: World) -> Telling[None]:
    """Money, goods, places and hours, each with its conditions as data."""
    near = {"field": "region", "op": "within", "value": COUNTY}
    soon = (world.start + timedelta(days=330)).isoformat()
    until = {"field": "valid_until", "op": "at_most", "value": soon}
    cap = {"field": "household_cap", "op": "at_most", "value": 400_000}
    each_time = {"field": "confirm_each", "op": "is", "value": True}
    yield from together(
        offer(world, "shanhe", "山河助学助困金", ("boarding",), 5_000_000, 24, (near, cap, until)),
        offer(world, "shanhe", "山河创业启动金", ("startup_capital",), 2_000_000, 24, (near,)),
        offer(world, "renhe", "仁和药房慢病药品", ("chronic_medicine",), 60, 25, (near, until)),
        offer(world, "chunfeng", "春风面粉厂过冬棉被", ("quilt",), 40, 26, (near, each_time)),
        offer(world, "chunfeng", "春风面粉厂轮椅", ("wheelchair",), 2, 26, (near,)),
        offer(world, "zhanggong", "邻里陪伴时间", ("companionship",), 30, 27, (near,)),
        offer(world, "zhanggong", "周末课业辅导", ("tutoring",), 60, 27, (near,)),
        offer(world, "renhe", "待审的护理包", ("crutches",), 5, 209, (near,), list_it=False),
    )


def add_public_money(world: World) -> Telling[None]:
    """The office registers a public fund with its document and budget line (step 4)."""
    with (yield world.on(23)) as at:
        lot = donors.register_public_fund(
            officer=world.person("qinju"),
            title="县级大病救助金",
            department="清河县农业农村局",
            document_no="清演财农（演示）7号",
            budget_line="2130599",
            items=[get_item("serious_illness_money")],
            amount=3_000_000,
            area=COUNTY,
            fund_holder=world.bodies["cishan"],
            policy=world.things["policy"],
            by=world.person("qinju"),
            at=at,
        )
    with (yield world.on(23, 11)) as at:
        lot = donors.review_lot(lot=lot, by=world.person("hejing"), at=at)
    with (yield world.on(23, 12)) as at:
        world.things["lot.public"] = donors.list_lot(lot=lot, by=world.person("hejing"), at=at)
