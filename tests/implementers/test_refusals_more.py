"""An agency whose points open no level is not admitted."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.models import User
from implementers import services
from implementers.enums import Heading
from implementers.models import Agency
from tests import cast as people
from tests.cast import AT, COUNTY, credit_code
from tests.delivery.scene import picture
from tests.refusing import refuses

pytestmark = pytest.mark.django_db


def test_total_too_low_for_any_level_admits_nobody() -> None:
    cast = people.county()
    leader = User.objects.create_user(username="leader", name="负责人")
    agency = services.register_agency(
        user=leader, name="清河县助人社工中心", uscc=credit_code(10, "service_organisation"),
        kind="service_organisation", area=COUNTY,
        licensed_workers=4, contact_phone="13800005678", by=leader, at=AT,
    )  # fmt: skip
    services.add_credential(
        agency=agency, kind="registration", issuer="民政局", valid_from=date(2024, 1, 1),
        valid_to=date(2030, 1, 1), proof=picture(), by=leader, at=AT,
    )  # fmt: skip
    services.add_staff(agency=agency, name="钱会计", is_fund_manager=True, by=leader, at=AT)
    services.start_checking(agency=agency, by=cast.worker, at=AT)
    admission = services.propose_admission(
        agency=agency, scores=dict.fromkeys(Heading.values, 1), rationale="刚成立。", by=cast.worker, at=AT
    )

    with refuses("total_too_low"):
        services.admit_agency(admission=admission, by=cast.supervisor, at=AT)

    assert Agency.objects.get().state == "checking"
