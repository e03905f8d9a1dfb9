"""A report is read in the seat it was asked in, or not at all."""

from __future__ import annotations

import pytest

from accounts import services as accounts
from accounts.enums import OrganisationKind, Role
from accounts.models import Membership
from common import clock
from jobs.models import Job
from jobs.worker import perform
from reports.models import Report
from reports.services import make_report, request_report
from tests import cast as people
from tests.cast import AT
from tests.refusing import refuses

pytestmark = pytest.mark.django_db


def test_nothing_is_made_for_a_seat_that_has_ended() -> None:
    cast = people.county()
    office = people.body("清河县农业农村局", OrganisationKind.GOVERNMENT, 90)
    officer = people.hire(
        "qin", "秦局", Role.OFFICER, organisation=office, prefix=people.COUNTY, by=cast.administrator
    )
    report = request_report(
        code="G01",
        area=people.COUNTY,
        period="2026",
        state="",
        format="csv",
        reason="季度调度",
        by=officer,
        at=AT,
    )
    accounts.end_membership(
        membership=Membership.objects.get(user=officer), reason="调走", by=cast.administrator, at=AT
    )
    job = Job.objects.get(public_id=report.job_ref)

    with refuses("seat_ended"):
        list(make_report(job))

    with clock.fixed(AT):
        perform(job.pk)
    job.refresh_from_db()
    assert (job.state, Report.objects.get().file) == ("failed", None)
