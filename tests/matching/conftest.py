"""A village with open needs, a mill and a foundation that give, an association with a project that can bring it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from accounts.enums import Role
from accounts.models import Organisation, User
from donors import services as donors
from donors.enums import DonorKind
from donors.models import Donor, Lot
from households.models import Need
from implementers.models import Agency
from projects.models import Project, ProjectItem
from reference.queries import get_item
from tests import cast
from tests.cast import AT, COUNTY, PAPERS
from tests.staging import staged

HOUR = timedelta(hours=1)
SAID_BY = date(2027, 6, 30)


@dataclass(frozen=True)
class Scene:
    """Everybody and everything a match needs."""

    cast: cast.Cast
    miller: User
    donor: Donor
    agent: User
    agency: Agency
    project: Project
    quilts: Need  # two quilts for the widow
    medicine: Need  # six months of medicine for the widow


@pytest.fixture
def people(db: None) -> cast.Cast:
    return cast.county()


@pytest.fixture
def scene(db: None) -> Scene:
    return laid()


@staged
def laid() -> Scene:
    """The widow's two needs are open; the mill is a checked donor; the association's project has room."""
    people = cast.county()
    application = cast.approved(cast.widow_applies(), people)
    needs = {need.item.slug: need for need in cast.needs_of(application)}
    miller, donor = checked_donor(people, "miller", people.mill)
    agency, agent = agency_of(people, people.association)
    project = project_of(agency, {"quilt": 10, "chronic_medicine": 60, "living_aid": 1_000_000, "rice": 500})
    return Scene(
        cast=people,
        miller=miller,
        donor=donor,
        agent=agent,
        agency=agency,
        project=project,
        quilts=needs["quilt"],
        medicine=needs["chronic_medicine"],
    )


def checked_donor(people: cast.Cast, username: str, body: Organisation) -> tuple[User, Donor]:
    user = cast.hire(username, username, Role.DONOR, organisation=body, by=people.administrator)
    donor = Donor.objects.create(
        kind=DonorKind.ENTERPRISE,
        organisation=body,
        display_name=body.name,
        show_name=True,
        registered_at=AT,
        state="registered",
        state_since=AT,
    )
    return user, donors.verify_donor(donor=donor, seen=PAPERS, by=people.supervisor, at=AT)


def agency_of(people: cast.Cast, body: Organisation) -> tuple[Agency, User]:
    assert body.uscc is not None
    agent = cast.hire(
        "agent" + body.uscc[-3:].lower(), "吴主任", Role.AGENCY, organisation=body, by=people.administrator
    )
    agency = Agency.objects.create(
        organisation=body, kind="association", state="admitted", standing="normal", level="L2", ceiling=20_000_000,
        contact_name="吴主任", contact_phone="13800009999", applied_at=AT, admitted_at=AT,
    )  # fmt: skip
    return agency, agent


def project_of(
    agency: Agency, capacity: dict[str, int], *, place: str = COUNTY, number: str = "1"
) -> Project:
    project = Project.objects.create(
        number=f"P-{place}-2026-{number}", agency=agency, title="冬季暖心", place=place, households_planned=30,
        funds=5_000_000, start=date(2026, 11, 1), end=date(2027, 10, 31), needs_covered="被褥、药品",
        activities="送上门",
        evaluation_plan="回访", state="in_progress", state_since=AT, created_at=AT,
    )  # fmt: skip
    for slug, room in capacity.items():
        ProjectItem.objects.create(project=project, item=get_item(slug), capacity=room)
    return project


def listed_lot(scene: Scene, slug: str = "quilt", quantity: int = 10, **more: Any) -> Lot:
    """A lot of the mill, checked and listed."""
    items = more.pop("items", [slug])
    lot = donors.draft_lot(
        donor=scene.donor, title="过冬物资", items=[get_item(one) for one in items], quantity=quantity,
        by=scene.miller, at=AT - HOUR, **more,
    )  # fmt: skip
    if lot.kind == "goods":
        lot = donors.edit_lot(
            lot=lot, version=lot.version, goods_condition="new", by=scene.miller, at=AT - HOUR
        )
    lot = donors.submit_lot(lot=lot, by=scene.miller, at=AT - HOUR)
    lot = donors.review_lot(lot=lot, by=scene.cast.worker, at=AT)
    return donors.list_lot(lot=lot, by=scene.cast.worker, at=AT)
