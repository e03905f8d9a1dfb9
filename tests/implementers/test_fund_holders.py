"""Fund holders: admitted by two people, with their qualifications in force."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.enums import Role
from common.exceptions import Refused
from donors.queries import admitted_fund_holders
from implementers import services
from implementers.enums import FundHolderState
from implementers.models import FundHolder, Qualification
from implementers.queries import fund_holders_admitted
from tests.donors.conftest import COUNTY, NOW, seat


@pytest.fixture
def admitted_holder(holder, worker, supervisor):
    services.start_checking_fund_holder(holder=holder, by=worker, at=NOW)
    return services.admit_fund_holder(holder=holder, by=supervisor, at=NOW)


def test_admitted_holder_is_offered_to_donors(admitted_holder):
    today = NOW.date()

    assert list(fund_holders_admitted(today)) == [admitted_holder]
    assert admitted_holder in admitted_fund_holders(today)


def test_holder_whose_qualification_ran_out_is_not_offered(admitted_holder):
    assert list(fund_holders_admitted(NOW.date().replace(year=2028))) == []


def test_checker_cannot_admit(holder, worker, station):
    services.start_checking_fund_holder(holder=holder, by=worker, at=NOW)
    seat(worker, Role.SUPERVISOR, prefix=COUNTY, organisation=station)

    with pytest.raises(Refused) as caught:
        services.admit_fund_holder(holder=holder, by=worker, at=NOW)

    assert caught.value.code == "second_person"
    holder.refresh_from_db()
    assert holder.state == FundHolderState.CHECKING


def test_two_people_in_the_database_too(holder, worker):
    with pytest.raises(IntegrityError), transaction.atomic():
        FundHolder.objects.filter(pk=holder.pk).update(
            state="admitted", checked_by=worker, admitted_by=worker, admitted_at=NOW
        )


def test_missing_qualification_blocks_admission(holder, worker, supervisor):
    Qualification.objects.filter(kind="receipts").update(valid_to=NOW.date() - timedelta(days=1))
    services.start_checking_fund_holder(holder=holder, by=worker, at=NOW)

    with pytest.raises(Refused) as caught:
        services.admit_fund_holder(holder=holder, by=supervisor, at=NOW)

    assert caught.value.code == "qualification_missing"


def test_suspended_holder_receives_nothing_new(admitted_holder, worker, supervisor):
    services.suspend_fund_holder(holder=admitted_holder, reason="inquiry", by=worker, at=NOW)
    assert list(fund_holders_admitted(NOW.date())) == []

    services.resume_fund_holder(holder=admitted_holder, by=supervisor, at=NOW)
    assert list(fund_holders_admitted(NOW.date())) == [admitted_holder]
