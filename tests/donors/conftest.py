"""A mill that gives, a foundation that holds money, a station whose workers check, an office with public funds."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from accounts.enums import MembershipState, OrganisationKind, Role
from accounts.models import Membership, Organisation, User
from common.panels import provide
from donors import services
from donors.enums import DonorKind
from donors.services.parties import Body
from reference.queries import get_item
from tests.cast import PAPERS, credit_code

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=11)
COUNTY = "990101"


def person(username: str) -> User:
    return User.objects.create_user(username=username, name=username.title())


def organisation(name: str, kind: str, number: int) -> Organisation:
    return Organisation.objects.create(
        name=name, kind=kind, uscc=credit_code(number, kind), area=COUNTY, created_at=NOW
    )


def seat(user: User, role: str, *, prefix: str = "", organisation: Organisation | None = None) -> User:
    membership = Membership.objects.create(
        user=user,
        role=role,
        prefix=prefix,
        organisation=organisation,
        state=MembershipState.ACTIVE,
        active_from=NOW,
    )
    user.forget_seats()
    return user.take(membership)


@pytest.fixture
def station(db: None) -> Organisation:
    return organisation("Qinghe social-work station", OrganisationKind.PLATFORM_STATION, 1)


@pytest.fixture
def worker(station: Organisation) -> User:
    return seat(person("wang"), Role.SOCIAL_WORKER, prefix=COUNTY, organisation=station)


@pytest.fixture
def supervisor(station: Organisation) -> User:
    return seat(person("li"), Role.SUPERVISOR, prefix=COUNTY, organisation=station)


@pytest.fixture
def officer(db: None) -> User:
    office = organisation("Qinghe bureau", OrganisationKind.GOVERNMENT, 2)
    return seat(person("zhao"), Role.OFFICER, prefix=COUNTY, organisation=office)


@pytest.fixture
def miller(db: None) -> User:
    return person("miller")


@pytest.fixture
def mill(miller: User) -> Any:
    """An enterprise that has registered itself."""
    return services.register_donor(
        user=miller,
        kind=DonorKind.ENTERPRISE,
        body=Body(name="Qinling mill", uscc=credit_code(3), area=COUNTY, legal_representative="Zhang San"),
        contact_phone="13800001234",
        by=miller,
        at=NOW,
    )


@pytest.fixture
def donor(mill: Any, worker: User) -> Any:
    """The mill, checked."""
    return services.verify_donor(donor=mill, seen=PAPERS, by=worker, at=NOW)


@pytest.fixture
def holder(db: None) -> Organisation:
    """An admitted fund holder, as the layer that admits it would say."""
    foundation = organisation("Qinghe foundation", OrganisationKind.FOUNDATION, 4)
    provide("fund_holders.admitted", _admitted)
    return foundation


def _admitted(on: Any) -> list[SimpleNamespace]:
    rows = Organisation.objects.filter(name="Qinghe foundation")
    return [SimpleNamespace(organisation=row, platform_link="") for row in rows]


def draft(donor: Any, by: User, *, slug: str = "quilt", quantity: int = 100, **more: Any) -> Any:
    lot = services.draft_lot(
        donor=donor, title="Help", items=[get_item(slug)], quantity=quantity, by=by, at=NOW, **more
    )
    if lot.kind == "goods":
        lot = services.edit_lot(lot=lot, version=lot.version, goods_condition="new", by=by, at=NOW)
    return lot


def listed(donor: Any, by: User, worker: User, **more: Any) -> Any:
    lot = services.submit_lot(lot=draft(donor, by, **more), by=by, at=NOW)
    services.review_lot(lot=lot, by=worker, at=LATER)
    return services.list_lot(lot=lot, by=worker, at=LATER)


@pytest.fixture
def lot(donor: Any, miller: User, worker: User) -> Any:
    """A hundred quilts, listed."""
    return listed(donor, miller, worker)
