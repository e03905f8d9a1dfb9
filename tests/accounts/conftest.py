"""People of one county for the tests of accounts: everybody enters through the services."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.test import Client

from accounts import services
from accounts.enums import OrganisationKind, Role
from accounts.models import Membership, Organisation, User
from common.actors import SYSTEM

AT = datetime(2026, 11, 20, 2, tzinfo=UTC)
COUNTY = "990101"
PASSWORD = "Quiet-River-2026"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def clean_cache(db: None) -> None:
    """Rate limits and used codes live in the cache; none is left from another test."""
    cache.clear()


@pytest.fixture
def at() -> datetime:
    return AT


@pytest.fixture
def administrator(db: None) -> User:
    """The first system administrator, who accepted the invitation."""
    seat = services.create_first_administrator(username="root", name="林系统", at=AT)
    services.accept_invitation(membership=seat, password=PASSWORD, by=seat.user, at=AT)
    found: User = User.objects.get(pk=seat.user_id)
    return found


@pytest.fixture
def station(administrator: User) -> Organisation:
    return services.create_organisation(
        name="清河县社会工作站", kind=OrganisationKind.PLATFORM_STATION, area=COUNTY, by=administrator, at=AT
    )


@pytest.fixture
def hire(administrator: User, station: Organisation) -> Callable[..., User]:
    """Invite somebody as the administrator and let them accept: `hire("ann", Role.SOCIAL_WORKER)`."""

    def hire(username: str, role: str = Role.SOCIAL_WORKER, **given: Any) -> User:
        seat = services.invite_member(
            username=username,
            name=given.pop("name", username),
            role=role,
            prefix=given.pop("prefix", COUNTY),
            organisation=given.pop("organisation", station),
            **given,
            by=administrator,
            at=AT,
        )
        services.accept_invitation(membership=seat, password=PASSWORD, by=seat.user, at=AT)
        found: User = User.objects.get(pk=seat.user_id)
        return found

    return hire


@pytest.fixture
def worker(hire: Callable[..., User]) -> User:
    return hire("worker")


@pytest.fixture
def mill(db: None) -> Organisation:
    return services.create_organisation(name="清河面粉厂", kind=OrganisationKind.ENTERPRISE, by=SYSTEM, at=AT)


@pytest.fixture
def donor(mill: Organisation) -> User:
    """A donor who registered the own mill: no second factor is asked."""
    user = User.objects.create_user(
        username="miller", name="孙厂长", email="mill@example.org", password=PASSWORD
    )
    services.open_own_seat(user=user, role=Role.DONOR, organisation=mill, by=user, at=AT)
    return user


@pytest.fixture
def duties(db: None) -> int:
    return services.load_duties()


def seat_of(user: User) -> Membership:
    seat: Membership = user.memberships.in_force().get()
    return seat


def give_totp(user: User) -> Authenticator:
    data = {"secret": get_adapter().encrypt(SECRET)}
    return Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data=data)


def present_code() -> str:
    """The code a telephone shows now; clears the memory of used ones, as half a minute would."""
    cache.clear()
    counters = list(yield_hotp_counters_from_time())
    return str(format_hotp_value(hotp_value(SECRET, counters[len(counters) // 2])))


def sign_in(user: User, *, password: str = PASSWORD, client: Client | None = None) -> Client:
    """Through the real pages: password, then the code where the account has one."""
    client = client or Client()
    client.post("/account/login/", {"login": user.username, "password": password})
    if Authenticator.objects.filter(user=user).exists():
        client.post("/account/2fa/authenticate/", {"code": present_code()})
    return client


@pytest.fixture
def worker_client(worker: User) -> Client:
    give_totp(worker)
    return sign_in(worker)


def change_session(client: Client, **values: Any) -> None:
    session = client.session
    session.update(values)
    session.save()
