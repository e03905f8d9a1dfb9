"""Who may not write about agencies and fund holders, asked of every service itself and of the desk."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Organisation, User
from common.actors import CodeHolder
from implementers import services
from implementers.models import Admission, Agency, FundHolder
from journal.models import Entry
from tests.cast import OTHER_COUNTY, credit_code, signed_in
from tests.donors.conftest import COUNTY, NOW, person, seat
from tests.gates import assert_all_refused, assert_complete, assert_out_of_reach
from tests.implementers.conftest import SCORES, picture

# Written down here by the evaluation, after its own check of who decides.
BELOW = {"change_standing_state", "check_anew", "prolong_standing", "set_standing"}
PAPER: dict[str, Any] = {"issuer": "X", "valid_from": NOW.date(), "proof": None}


@pytest.fixture
def table(agency: Agency, holder: FundHolder, worker: User) -> dict[str, dict[str, Any]]:
    Organisation.objects.filter(pk=holder.organisation_id).update(area=COUNTY)
    holder.organisation.refresh_from_db()
    services.start_checking(agency=agency, by=worker, at=NOW)
    admission = services.propose_admission(
        agency=agency, scores=SCORES, rationale="Solid.", by=worker, at=NOW
    )
    agency.refresh_from_db()
    decide = {"admission": admission}
    new = {"user": worker, "name": "New", "contact_phone": "13800005678", "area": COUNTY}
    return {
        "add_credential": {"agency": agency, "kind": "registration", **PAPER},
        "add_qualification": {"holder": holder, "kind": "receipts", **PAPER},
        "add_staff": {"agency": agency, "name": "X"},
        "admit_agency": decide,
        "admit_fund_holder": {"holder": holder},
        "apply_again": {"agency": agency},
        "apply_again_fund_holder": {"holder": holder},
        "edit_agency": {"agency": agency, "version": agency.version, "about": "x"},
        "edit_fund_holder": {"holder": holder, "version": holder.version, "account": "6222020200011113333"},
        "leave_platform": {"agency": agency},
        "propose_admission": {"agency": agency, "scores": SCORES, "rationale": "x"},
        "refuse_agency": {**decide, "reason": "no"},
        "refuse_fund_holder": {"holder": holder, "reason": "no"},
        "register_agency": {
            **new, "uscc": credit_code(80, "service_organisation"),
            "kind": "service_organisation", "licensed_workers": 1
        },
        "register_fund_holder": {**new, "uscc": credit_code(81, "foundation"), "kind": "charity"},
        "resume_fund_holder": {"holder": holder},
        "send_back_admission": {**decide, "reason": "no"},
        "staff_left": {"staff": agency.staff.get()},
        "start_checking": {"agency": agency},
        "start_checking_fund_holder": {"holder": holder},
        "suspend_fund_holder": {"holder": holder, "reason": "no"},
    }  # fmt: skip


@pytest.fixture
def far(station: Organisation) -> User:
    return seat(person("far"), Role.SUPERVISOR, prefix=OTHER_COUNTY, organisation=station)


@pytest.fixture
def other_leader(db: None) -> User:
    user = person("other")
    services.register_agency(
        user=user, name="Others", uscc=credit_code(82, "service_organisation"),
        kind="service_organisation", area=COUNTY, licensed_workers=1,
        contact_phone="13800005679", by=user, at=NOW,
    )  # fmt: skip
    return user


@pytest.fixture
def other_treasurer(db: None) -> User:
    user = person("purse")
    services.register_fund_holder(
        user=user,
        name="Purse",
        uscc=credit_code(83, "foundation"),
        kind="charity",
        contact_phone="13800005670",
        by=user,
        at=NOW,
    )
    return user


def test_every_service_refuses_other_bodies_other_counties_and_households(
    table: Any, station: Organisation, far: User, other_leader: User, other_treasurer: User
) -> None:
    people = {
        "another agency": other_leader,
        "another fund holder": other_treasurer,
        "another county's worker": seat(
            person("afar"), Role.SOCIAL_WORKER, prefix=OTHER_COUNTY, organisation=station
        ),
        "another county's supervisor": far,
        "a household": CodeHolder("a-household"),
    }

    assert_all_refused(services, table, people, "implementers", "accounts", "notices")


def test_table_knows_every_service(table: Any) -> None:
    assert_complete(services, table, BELOW)
    assert_out_of_reach(BELOW, owner="implementers")


def test_agency_does_not_check_itself_and_workers_do_not_write_for_it(
    table: Any, worker: User, leader: User, treasurer: User
) -> None:
    own = {"add_credential", "add_staff", "edit_agency", "leave_platform", "edit_fund_holder", "staff_left"}

    assert_all_refused(services, {name: table[name] for name in own}, {"a worker": worker}, "implementers")


def test_desk_of_another_county_shows_facts_and_takes_no_act(
    table: Any, far: User, worker: User, agency: Agency, holder: FundHolder
) -> None:
    written = Entry.objects.filter(action__startswith="implementers.")
    before = written.count()
    browser = signed_in(far)
    body: Any
    for name, body in (("implementers_agency", agency), ("implementers_fundholder", holder)):
        address = reverse(f"admin:{name}_work", args=[body.public_id])
        page = browser.get(address)
        assert page.status_code == 200
        assert 'name="act"' not in page.content.decode()
        assert 'name="rationale"' not in page.content.decode()
        assert browser.post(address, {"act": "take_on", "_key": "1"}).status_code == 404

    scorecard = reverse("admin:implementers_admission_decide", args=[Admission.objects.get().public_id])
    assert browser.get(scorecard).status_code == 404
    assert browser.post(scorecard, {"act": "admit", "level": "L1", "_key": "2"}).status_code == 404
    assert agency.name not in browser.get(reverse("admin:implementers_admission_changelist")).content.decode()
    assert signed_in(worker).get(scorecard).status_code == 200
    assert Admission.objects.get().decided_at is None
    assert written.count() == before


def test_papers_and_staff_are_rows_of_the_places_where_an_agency_works(
    table: Any, far: User, worker: User, agency: Agency, holder: FundHolder
) -> None:
    services.add_credential(
        agency=agency,
        kind="audit",
        issuer="X",
        valid_from=NOW.date(),
        proof=picture(),
        by=_leader(agency),
        at=NOW,
    )
    for rows in (agency.credentials, agency.staff, agency.admissions, holder.qualifications):
        assert rows.all().visible_to(worker).exists()
        assert not rows.all().visible_to(far).exists()


def _leader(agency: Agency) -> User:
    leader: User = User.objects.get(memberships__organisation=agency.organisation)
    return leader
