"""An association that applies as an agency, a foundation that would hold money, the station's people."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.enums import OrganisationKind, Role
from accounts.models import Organisation, User
from common import clock
from implementers import services
from implementers.enums import Heading
from tests.cast import credit_code
from tests.donors.conftest import COUNTY, NOW, organisation, person, seat

SCORES: dict[str, int] = {
    Heading.LEGAL: 18,
    Heading.GOVERNANCE: 12,
    Heading.TEAM: 15,
    Heading.FINANCE: 15,
    Heading.EXPERIENCE: 10,
    Heading.SAFEGUARDING: 8,
}


def picture(name: str = "paper.png") -> SimpleUploadedFile:
    """A small real picture."""
    content = BytesIO()
    Image.new("RGB", (8, 8), "white").save(content, "PNG")
    return SimpleUploadedFile(name, content.getvalue(), content_type="image/png")


@pytest.fixture(autouse=True)
def still_clock() -> Iterator[None]:
    with clock.fixed(NOW):
        yield


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
def leader(db: None) -> User:
    return person("leader")


@pytest.fixture
def agency(leader: User) -> Any:
    """Registered, with its certificate and somebody for the money."""
    made = services.register_agency(
        user=leader,
        name="Qinghe helpers",
        uscc=credit_code(5, "service_organisation"),
        kind="service_organisation",
        area=COUNTY,
        licensed_workers=3,
        contact_phone="13800005678",
        by=leader,
        at=NOW,
    )
    services.add_credential(
        agency=made,
        kind="registration",
        issuer="Civil affairs",
        valid_from=NOW.date().replace(year=2024),
        valid_to=NOW.date().replace(year=2028),
        proof=picture(),
        by=leader,
        at=NOW,
    )
    services.add_staff(agency=made, name="Qian", is_fund_manager=True, by=leader, at=NOW)
    return made


@pytest.fixture
def proposal(agency: Any, worker: User) -> Any:
    """Seventy-eight points: level two."""
    services.start_checking(agency=agency, by=worker, at=NOW)
    return services.propose_admission(
        agency=agency, scores=SCORES, rationale="Solid work.", by=worker, at=NOW
    )


@pytest.fixture
def admitted(proposal: Any, supervisor: User) -> Any:
    return services.admit_agency(admission=proposal, by=supervisor, at=NOW)


@pytest.fixture
def treasurer(db: None) -> User:
    return person("treasurer")


@pytest.fixture
def holder(treasurer: User) -> Any:
    made = services.register_fund_holder(
        user=treasurer,
        name="Qinghe foundation",
        uscc=credit_code(6, "foundation"),
        kind="charity",
        contact_phone="13800009999",
        bank_name="Bank",
        account="6222020200011112222",
        by=treasurer,
        at=NOW,
    )
    for kind in ("charity_status", "receipts"):
        services.add_qualification(
            holder=made,
            kind=kind,
            issuer="Civil affairs",
            valid_from=NOW.date().replace(year=2024),
            valid_to=NOW.date().replace(year=2027),
            proof=picture(),
            by=treasurer,
            at=NOW,
        )
    return made
