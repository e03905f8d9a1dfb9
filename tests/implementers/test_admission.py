"""Registering, scoring, admitting by two people; standing and ceilings."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.enums import Role
from accounts.models import Membership, Organisation
from common.exceptions import Refused
from files.models import Attachment
from implementers import services
from implementers.enums import AdmissionState, AgencyState, Heading, Level, Standing
from implementers.models import Admission, Agency, Credential
from implementers.queries import may_take_projects
from implementers.rules import check_scores, level_for
from tests.cast import credit_code
from tests.donors.conftest import COUNTY, NOW, person, seat
from tests.implementers.conftest import SCORES, picture


def test_registered_agency_has_seat_and_waits(agency, leader):
    membership = Membership.objects.get(user=leader)

    assert (agency.state, agency.level, agency.ceiling) == (AgencyState.APPLIED, "", None)
    assert (membership.role, membership.organisation) == (Role.AGENCY, agency.organisation)
    with connection.cursor() as cursor:
        cursor.execute("SELECT contact_phone FROM implementers_agency")
        assert "13800005678" not in str(cursor.fetchone())


def test_wrong_credit_code_registers_nothing(leader):
    good = credit_code(5, "association")
    with pytest.raises(Refused) as caught:
        services.register_agency(
            user=leader,
            name="X",
            uscc=good[:-1] + ("0" if good[-1] != "0" else "1"),
            kind="association",
            area=COUNTY,
            licensed_workers=0,
            contact_phone="13800005678",
            by=leader,
            at=NOW,
        )

    assert caught.value.code == "uscc_check_character"
    assert not Agency.objects.exists()
    assert not Organisation.objects.exists()


def test_volunteer_team_needs_a_host(leader):
    with pytest.raises(Refused) as caught:
        services.register_agency(
            user=leader,
            name="Team",
            uscc=credit_code(7, "volunteer_team"),
            kind="volunteer_team",
            area=COUNTY,
            licensed_workers=0,
            contact_phone="13800005678",
            by=leader,
            at=NOW,
        )

    assert caught.value.code == "host_missing"
    assert not Agency.objects.exists()


def test_credential_needs_a_real_picture(agency, leader):
    for proof in (None, picture("x.png").__class__("x.png", b"not a picture", "image/png")):
        with pytest.raises(Refused) as caught:
            services.add_credential(
                agency=agency, kind="audit", issuer="X", valid_from=NOW.date(), proof=proof, by=leader, at=NOW
            )
        assert caught.value.field == "proof"

    assert Credential.objects.count() == Attachment.objects.count() == 1


def test_level_and_ceiling_follow_from_the_points(admitted):
    assert (admitted.state, admitted.level, admitted.ceiling) == (AgencyState.ADMITTED, Level.L2, 20_000_000)


@pytest.mark.parametrize(
    ("total", "level"), [(59, ""), (60, "L1"), (69, "L1"), (70, "L2"), (80, "L3"), (90, "L4"), (100, "L4")]
)
def test_floors_of_levels(total, level):
    assert level_for(total) == level


@pytest.mark.parametrize(
    "change",
    [{Heading.LEGAL: 21}, {Heading.TEAM: -1}, {Heading.FINANCE: "20"}, {"charm": 5}, {Heading.TEAM: True}],
)
def test_points_outside_their_heading_are_refused(change):
    with pytest.raises(Refused):
        check_scores({**SCORES, **change})


def test_proposer_cannot_decide(proposal, worker, agency, station):
    seat(worker, Role.SUPERVISOR, prefix=COUNTY, organisation=station)

    with pytest.raises(Refused) as caught:
        services.admit_agency(admission=proposal, by=worker, at=NOW)

    assert caught.value.code == "second_person"
    agency.refresh_from_db()
    assert agency.state == AgencyState.CHECKING


def test_one_person_cannot_do_both_in_the_database_either(proposal, worker):
    with pytest.raises(IntegrityError), transaction.atomic():
        Admission.objects.filter(pk=proposal.pk).update(state="admitted", decided_by=worker, decided_at=NOW)


def test_social_worker_cannot_decide(proposal, station, agency):
    other = seat(person("other"), Role.SOCIAL_WORKER, prefix=COUNTY, organisation=station)

    with pytest.raises(Refused) as caught:
        services.admit_agency(admission=proposal, by=other, at=NOW)

    assert caught.value.code == "supervisors_only"


def test_employee_of_the_agency_cannot_score(agency, worker):
    seat(worker, Role.AGENCY, organisation=agency.organisation)

    with pytest.raises(Refused) as caught:
        services.start_checking(agency=agency, by=worker, at=NOW)

    assert caught.value.code == "own_employer"


def test_higher_level_than_the_points_is_refused(proposal, supervisor):
    with pytest.raises(Refused) as caught:
        services.admit_agency(admission=proposal, level="L3", by=supervisor, at=NOW)

    assert caught.value.code == "level_too_high"
    assert services.admit_agency(admission=proposal, level="L1", by=supervisor, at=NOW).ceiling == 5_000_000


def test_missing_certificate_blocks_admission(proposal, supervisor, agency):
    Credential.objects.filter(agency=agency).update(valid_to=NOW.date() - timedelta(days=1))

    with pytest.raises(Refused) as caught:
        services.admit_agency(admission=proposal, by=supervisor, at=NOW)

    assert caught.value.code == "admission_blocked"
    proposal.refresh_from_db()
    assert proposal.state == AdmissionState.PROPOSED


def test_only_one_proposal_waits(proposal, agency, worker):
    with pytest.raises(Refused) as caught:
        services.propose_admission(agency=agency, scores=SCORES, rationale="x", by=worker, at=NOW)

    assert caught.value.code == "proposal_waits"


def test_sent_back_scorecard_is_scored_again(proposal, supervisor, agency, worker):
    services.send_back_admission(admission=proposal, reason="Look at the audit.", by=supervisor, at=NOW)

    again = services.propose_admission(agency=agency, scores=SCORES, rationale="Seen.", by=worker, at=NOW)

    assert again.state == AdmissionState.PROPOSED


def test_refused_agency_applies_again(proposal, supervisor, leader):
    agency = services.refuse_agency(admission=proposal, reason="No audit.", by=supervisor, at=NOW)

    assert (agency.state, agency.reason) == (AgencyState.REFUSED, "No audit.")
    assert services.apply_again(agency=agency, by=leader, at=NOW).state == AgencyState.APPLIED


def test_projects_within_the_ceiling_only(admitted):
    today = NOW.date()

    assert may_take_projects(admitted, today, 20_000_000) == []
    assert [one.code for one in may_take_projects(admitted, today, 20_000_001)] == ["above_ceiling"]
    assert [one.code for one in may_take_projects(admitted, today.replace(year=2029), 1)] == [
        "registration_expired"
    ]


@pytest.mark.parametrize("standing", ["suspended", "frozen", "rectifying"])
def test_barred_standing_takes_no_projects(admitted, supervisor, standing):
    agency = services.change_standing_state(
        agency=admitted, to=standing, reason="inquiry", by=supervisor, at=NOW
    )

    assert [one.code for one in may_take_projects(agency, NOW.date(), 1)] == ["standing"]


def test_standing_moves_by_its_table(admitted, supervisor):
    with pytest.raises(Refused) as caught:
        services.change_standing_state(
            agency=admitted, to=Standing.ELIMINATED, reason="x", by=supervisor, at=NOW
        )

    assert caught.value.code == "wrong_standing"
    admitted.refresh_from_db()
    assert admitted.standing == Standing.NORMAL


def test_rating_is_written_with_its_number_of_projects(admitted, supervisor):
    agency = services.set_standing(
        agency=admitted,
        level="B",
        score=Decimal("86.00"),
        since=NOW,
        rating_ref="r1",
        projects=20,
        by=supervisor,
        at=NOW,
    )

    assert (agency.rating_level, agency.rating_score, agency.rated_projects) == ("B", Decimal("86.00"), 20)


@pytest.mark.parametrize(
    "change", [{"level": ""}, {"ceiling": None}, {"standing": "great"}, {"state": "best"}]
)
def test_forged_agency_is_refused_by_the_database(admitted, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        Agency.objects.filter(pk=admitted.pk).update(**change)


def test_ways_of_delivery_come_from_the_list(agency, leader):
    agency = services.edit_agency(
        agency=agency, version=agency.version, delivery_ways=["pickup", "home_delivery"], by=leader, at=NOW
    )
    assert agency.delivery_ways == ["home_delivery", "pickup"]

    with pytest.raises(Refused) as caught:
        services.edit_agency(
            agency=agency, version=agency.version, delivery_ways=["by_balloon"], by=leader, at=NOW
        )

    assert caught.value.code == "way_unknown"
    agency.refresh_from_db()
    assert (agency.version, agency.delivery_ways) == (2, ["home_delivery", "pickup"])
