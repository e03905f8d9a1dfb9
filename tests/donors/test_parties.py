"""Registering, checking, pausing donors."""

import pytest
from django.db import IntegrityError, transaction

from accounts.enums import OrganisationKind, Role
from accounts.models import Membership, Organisation, User
from common.exceptions import Refused
from donors import services
from donors.enums import DonorKind, DonorState
from donors.models import Donor
from donors.services.parties import Body
from journal.models import Entry
from tests.cast import PAPERS, credit_code
from tests.donors.conftest import COUNTY, NOW, organisation, person, seat


def test_body_without_a_licence_is_accepted_on_an_original_alone(mill, worker):
    with pytest.raises(Refused) as refused:
        services.verify_donor(donor=mill, seen=" ", by=worker, at=NOW)

    assert (refused.value.code, refused.value.field) == ("papers_not_seen", "reason")
    mill.refresh_from_db()
    assert mill.state == DonorState.REGISTERED
    assert not Entry.objects.filter(action="donor.verified").exists()
    services.verify_donor(donor=mill, seen=PAPERS, by=worker, at=NOW)
    assert Entry.objects.filter(parameters__originals=PAPERS).count() == 1


def test_registered_enterprise_has_seat_and_waits(mill, miller):
    membership = Membership.objects.get(user=miller)

    assert mill.state == DonorState.REGISTERED
    assert (membership.role, membership.organisation) == (Role.DONOR, mill.organisation)
    assert miller.seat == membership
    assert Entry.objects.filter(action="donors.donor.registered", object_ref=mill.public_id).exists()


def test_individual_registers_without_organisation(db):
    user = person("granny")

    donor = services.register_donor(user=user, kind=DonorKind.INDIVIDUAL, by=user, at=NOW)

    assert (donor.user, donor.organisation) == (user, None)
    assert donor.public_name != donor.display_name
    assert list(Donor.objects.visible_to(user)) == [donor]


@pytest.mark.parametrize(
    ("code", "refusal"),
    [("91990101MA00000990", "uscc_length"), (credit_code(7)[:-1] + "!", "uscc_characters")],
)
def test_wrong_credit_code_registers_nothing(miller, code, refusal):
    if refusal == "uscc_length":
        code = code[:-1]
    with pytest.raises(Refused) as caught:
        services.register_donor(
            user=miller, kind=DonorKind.ENTERPRISE, body=Body(name="X", uscc=code), by=miller, at=NOW
        )

    assert caught.value.code == refusal
    assert not Organisation.objects.exists()
    assert not Donor.objects.exists()
    assert not Membership.objects.exists()


def test_one_wrong_character_is_refused_by_check_character(miller):
    good = credit_code(8)
    wrong = good[:-1] + ("0" if good[-1] != "0" else "1")

    with pytest.raises(Refused) as caught:
        services.register_donor(
            user=miller, kind=DonorKind.ENTERPRISE, body=Body(name="X", uscc=wrong), by=miller, at=NOW
        )

    assert (caught.value.code, caught.value.field) == ("uscc_check_character", "uscc")
    assert not Donor.objects.exists()


def test_stranger_cannot_take_over_a_registered_organisation(mill):
    stranger = person("stranger")

    with pytest.raises(Refused) as caught:
        services.register_donor(
            user=stranger,
            kind=DonorKind.ENTERPRISE,
            body=Body(name="Qinling mill", uscc=mill.organisation.uscc, legal_representative="Li Si"),
            by=stranger,
            at=NOW,
        )

    assert caught.value.code == "organisation_known"
    assert not Membership.objects.filter(user=stranger).exists()


def test_state_owned_body_needs_its_approval(miller):
    body = Body(name="State works", uscc=credit_code(9), state_owned=True)

    with pytest.raises(Refused) as caught:
        services.register_donor(user=miller, kind=DonorKind.ENTERPRISE, body=body, by=miller, at=NOW)

    assert caught.value.code == "approval_missing"
    assert not Donor.objects.exists()


def test_verifier_employed_by_the_donor_is_refused(mill, worker):
    seat(worker, Role.DONOR, organisation=mill.organisation)

    with pytest.raises(Refused) as caught:
        services.verify_donor(donor=mill, seen=PAPERS, by=worker, at=NOW)

    assert caught.value.code == "own_employer"
    mill.refresh_from_db()
    assert mill.state == DonorState.REGISTERED


def test_worker_who_is_the_donor_cannot_verify_oneself(worker):
    own = services.register_donor(user=worker, kind=DonorKind.INDIVIDUAL, by=worker, at=NOW)

    with pytest.raises(Refused) as caught:
        services.verify_donor(donor=own, seen=PAPERS, by=worker, at=NOW)

    assert caught.value.code == "own_offer"
    own.refresh_from_db()
    assert own.state == DonorState.REGISTERED


def test_suspended_donor_is_looked_at_twice_after_resuming(donor, worker):
    services.suspend_donor(donor=donor, reason="unsafe goods", by=worker, at=NOW)
    resumed = services.resume_donor(donor=donor, by=worker, at=NOW)

    assert (resumed.state, resumed.needs_review) == (DonorState.VERIFIED, True)


def test_verified_donor_cannot_be_verified_again(donor, worker):
    with pytest.raises(Refused) as caught:
        services.verify_donor(donor=donor, seen=PAPERS, by=worker, at=NOW)

    assert caught.value.code == "wrong_state"


def test_donor_is_a_person_or_a_body_in_the_database_too(mill, miller):
    with pytest.raises(IntegrityError), transaction.atomic():
        Donor.objects.filter(pk=mill.pk).update(user=miller)


def test_donors_see_themselves_and_workers_everybody(mill, worker, miller):
    other = seat(
        User.objects.create_user(username="rival", name="Rival"),
        Role.DONOR,
        organisation=organisation("Rival", OrganisationKind.ENTERPRISE, 77),
    )

    assert list(Donor.objects.visible_to(miller)) == [mill]
    assert list(Donor.objects.visible_to(other)) == []
    assert list(Donor.objects.visible_to(worker)) == [mill]
    assert mill.organisation.area == COUNTY


def test_foundation_registers_with_what_it_may_do(miller):
    body = Body(
        name="Qinling foundation", uscc=credit_code(8, "foundation"), area=COUNTY, is_charity=True, may_fundraise=False,
        tax_deductible=True, registration_level="province", legal_representative="He Shan",
    )  # fmt: skip

    donor = services.register_donor(
        user=miller, kind=DonorKind.FOUNDATION, body=body, contact_phone="13800001234", by=miller, at=NOW
    )

    assert (donor.is_charity, donor.may_fundraise, donor.tax_deductible) == (True, False, True)
    assert donor.registration_level == "province"


def test_public_fundraising_without_being_a_charity_is_refused(miller):
    body = Body(
        name="X", uscc=credit_code(8, "foundation"), area=COUNTY, is_charity=False, may_fundraise=True
    )

    with pytest.raises(Refused) as caught:
        services.register_donor(
            user=miller, kind=DonorKind.FOUNDATION, body=body, contact_phone="13800001234", by=miller, at=NOW
        )

    assert caught.value.code == "not_a_charity"
    assert not Donor.objects.exists()
    assert not Organisation.objects.filter(name="X").exists()
