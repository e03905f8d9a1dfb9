"""Writing, sending, taking back, reviewing lots."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.enums import OrganisationKind, Role
from common import clock
from common.actors import SYSTEM
from common.exceptions import Refused, Stale
from donors import services
from donors.enums import Account, EntryKind, LotOrigin, LotState
from donors.models import Condition, Lot
from donors.queries import ledger_of, lots_listed, lots_to_report_on
from reference.queries import get_item
from tests.donors.browser import signed_in
from tests.donors.conftest import COUNTY, LATER, NOW, draft, listed, organisation, person, seat


def test_undo_at_minute_nine_makes_it_a_draft_again(donor, miller):
    lot = services.submit_lot(lot=draft(donor, miller), by=miller, at=NOW)

    lot = services.undo_lot(lot=lot, by=miller, at=NOW + timedelta(minutes=9))

    assert (lot.state, lot.submitted_at, lot.undo_until) == (LotState.DRAFT, None, None)


@pytest.mark.parametrize("minutes", [10, 11])
def test_undo_after_ten_minutes_is_refused(donor, miller, minutes):
    lot = services.submit_lot(lot=draft(donor, miller), by=miller, at=NOW)

    with pytest.raises(Refused) as caught:
        services.undo_lot(lot=lot, by=miller, at=NOW + timedelta(minutes=minutes))

    assert caught.value.code == "undo_over"
    lot.refresh_from_db()
    assert lot.state == LotState.SUBMITTED


def test_review_waits_for_the_ten_minutes(donor, miller, worker):
    lot = services.submit_lot(lot=draft(donor, miller), by=miller, at=NOW)

    with pytest.raises(Refused) as caught:
        services.review_lot(lot=lot, by=worker, at=NOW + timedelta(minutes=9))

    assert caught.value.code == "undo_still_open"


def test_listed_lot_has_its_first_ledger_entry(lot):
    entry = ledger_of(lot).get()

    assert lot.state == LotState.LISTED
    assert (entry.kind, entry.source, entry.target, entry.quantity) == (
        EntryKind.LISTED,
        Account.OUTSIDE,
        Account.AVAILABLE,
        100,
    )
    assert list(lots_listed(NOW.date())) == [lot]


def test_unverified_donor_drafts_but_does_not_send(mill, miller):
    lot = draft(mill, miller)

    with pytest.raises(Refused) as caught:
        services.submit_lot(lot=lot, by=miller, at=NOW)

    assert caught.value.code == "donor_not_verified"
    lot.refresh_from_db()
    assert lot.state == LotState.DRAFT


def test_money_needs_an_admitted_fund_holder(donor, miller, holder):
    lot = draft(donor, miller, slug="living_aid", quantity=1_000_000)

    with pytest.raises(Refused) as caught:
        services.submit_lot(lot=lot, by=miller, at=NOW)
    assert (caught.value.code, caught.value.field) == ("fund_holder_missing", "fund_holder")

    lot = services.edit_lot(lot=lot, version=lot.version, fund_holder=holder, by=miller, at=NOW)
    assert services.submit_lot(lot=lot, by=miller, at=NOW).state == LotState.SUBMITTED


def test_fund_holder_that_was_not_admitted_is_refused(donor, miller, holder):
    other = organisation("Not admitted", OrganisationKind.FOUNDATION, 55)
    lot = draft(donor, miller, slug="living_aid", quantity=1_000_000, fund_holder=other)

    with pytest.raises(Refused) as caught:
        services.submit_lot(lot=lot, by=miller, at=NOW)

    assert caught.value.code == "fund_holder_missing"


def test_money_without_fund_holder_is_refused_by_the_database(donor, miller):
    lot = draft(donor, miller, slug="living_aid", quantity=1_000_000)

    with pytest.raises(IntegrityError), transaction.atomic():
        Lot.objects.filter(pk=lot.pk).update(state=LotState.SUBMITTED)


def test_items_of_two_units_are_refused(donor, miller):
    with pytest.raises(Refused) as caught:
        services.draft_lot(
            donor=donor,
            title="Mixed",
            items=[get_item("quilt"), get_item("rice")],
            quantity=5,
            by=miller,
            at=NOW,
        )

    assert caught.value.code == "items_units"
    assert not Lot.objects.exists()


@pytest.mark.parametrize("field", ["ethnicity", "religion", "beneficiary_photo", "tobacco"])
def test_forbidden_condition_is_refused(donor, miller, field):
    lot = draft(donor, miller)

    with pytest.raises(Refused) as caught:
        services.state_conditions(
            lot=lot, version=lot.version, conditions=[{"field": field, "value": "x"}], by=miller, at=NOW
        )

    assert caught.value.code == "condition_forbidden"
    assert not Condition.objects.exists()


def test_unknown_condition_field_is_refused(donor, miller):
    lot = draft(donor, miller)

    with pytest.raises(Refused) as caught:
        services.state_conditions(
            lot=lot, version=lot.version, conditions=[{"field": "shoe_size", "value": 42}], by=miller, at=NOW
        )

    assert caught.value.code == "condition_unknown"
    lot.refresh_from_db()
    assert (lot.version, lot.conditions.count()) == (2, 0)


@pytest.mark.parametrize("note", ["只给汉族家庭", "请和受助家庭合影"])
def test_forbidden_wish_is_refused(donor, miller, note):
    lot = draft(donor, miller)

    with pytest.raises(Refused) as caught:
        services.state_conditions(
            lot=lot, version=lot.version, conditions=[{"field": "note", "value": note}], by=miller, at=NOW
        )

    assert caught.value.code == "wish_forbidden"


def test_forbidden_wish_that_came_in_by_another_way_is_not_listed(donor, miller, worker):
    lot = services.submit_lot(lot=draft(donor, miller), by=miller, at=NOW)
    Condition.objects.create(lot=lot, field="note", op="is", value="只给汉族家庭", hard=False)
    services.review_lot(lot=lot, by=worker, at=LATER)

    with pytest.raises(Refused) as caught:
        services.list_lot(lot=lot, by=worker, at=LATER)

    assert caught.value.code == "wish_forbidden"
    lot.refresh_from_db()
    assert lot.state == LotState.REVIEWING


def test_conditions_compile_into_the_columns_matching_reads(donor, miller):
    lot = draft(donor, miller)
    stated: list[dict[str, object]] = [
        {"field": "region", "value": COUNTY},
        {"field": "group", "value": ["students"]},
        {"field": "severity", "value": 3},
        {"field": "household_cap", "value": 2},
        {"field": "agency_level", "value": "B"},
        {"field": "valid_until", "value": "2027-01-31"},
        {"field": "confirm_each", "value": True},
        {"field": "note", "value": "before the winter"},
    ]

    lot = services.state_conditions(lot=lot, version=lot.version, conditions=stated, by=miller, at=NOW)

    assert (lot.area_prefix, lot.groups, lot.min_severity, lot.per_household_cap) == (
        COUNTY,
        ["students"],
        3,
        2,
    )
    assert (lot.min_agency_level, lot.valid_until, lot.confirm_each) == ("B", date(2027, 1, 31), True)
    assert lot.conditions.filter(hard=False).count() == 1


def test_stale_edit_shows_both_versions(donor, miller):
    lot = draft(donor, miller)
    services.edit_lot(lot=lot, version=lot.version, title="Quilts", by=miller, at=NOW)

    with pytest.raises(Stale):
        services.edit_lot(lot=lot, version=lot.version, title="Blankets", by=miller, at=NOW)

    lot.refresh_from_db()
    assert lot.title == "Quilts"


def test_sent_lot_cannot_be_edited(lot, miller):
    with pytest.raises(Refused) as caught:
        services.edit_lot(lot=lot, version=lot.version, quantity=1, by=miller, at=NOW)

    assert caught.value.code == "lot_sent"
    lot.refresh_from_db()
    assert lot.quantity == 100


def test_reviewer_who_works_for_the_donor_is_refused(donor, miller, worker):
    lot = services.submit_lot(lot=draft(donor, miller), by=miller, at=NOW)
    seat(worker, Role.DONOR, organisation=donor.organisation)

    with pytest.raises(Refused) as caught:
        services.review_lot(lot=lot, by=worker, at=LATER)

    assert caught.value.code == "own_employer"


def test_rejected_lot_says_why_and_can_be_put_right(donor, miller, worker):
    lot = services.submit_lot(lot=draft(donor, miller), by=miller, at=NOW)
    services.review_lot(lot=lot, by=worker, at=LATER)
    with pytest.raises(Refused):
        services.reject_lot(lot=lot, reason=" ", by=worker, at=LATER)

    lot = services.reject_lot(lot=lot, reason="Tell us the size.", by=worker, at=LATER)
    assert (lot.state, lot.reason) == (LotState.REJECTED, "Tell us the size.")
    assert services.reopen_lot(lot=lot, by=miller, at=LATER).state == LotState.DRAFT


def test_forged_state_change_is_refused_by_the_database(lot):
    with pytest.raises(IntegrityError), transaction.atomic():
        Lot.objects.filter(pk=lot.pk).update(state="approved")


def test_list_without_review_is_refused(donor, miller, worker):
    lot = services.submit_lot(lot=draft(donor, miller), by=miller, at=NOW)

    with pytest.raises(Refused) as caught:
        services.list_lot(lot=lot, by=worker, at=LATER)

    assert caught.value.code == "wrong_state"
    assert not ledger_of(lot).exists()


def test_public_fund_is_kept_inside_the_own_area(officer, holder):
    fund = {
        "officer": officer,
        "title": "Winter money",
        "department": "Civil affairs",
        "document_no": "Qing 2026-11",
        "budget_line": "2081901",
        "items": [get_item("living_aid")],
        "amount": 5_000_000,
        "fund_holder": holder,
        "by": officer,
        "at": NOW,
    }

    lot = services.register_public_fund(**fund, area=COUNTY)
    assert (lot.origin, lot.state, lot.area_prefix) == (LotOrigin.PUBLIC_FUND, LotState.SUBMITTED, COUNTY)
    assert lot.donor.organisation == officer.seat.organisation

    with pytest.raises(Refused) as caught:
        services.register_public_fund(**fund, area="610000"[:2])
    assert (caught.value.code, Lot.objects.count()) == ("area_outside", 1)


def test_only_officers_register_public_funds(worker, holder):
    with pytest.raises(Refused) as caught:
        services.register_public_fund(
            officer=worker,
            title="x",
            department="x",
            document_no="x",
            budget_line="x",
            items=[get_item("living_aid")],
            amount=100,
            area=COUNTY,
            fund_holder=holder,
            by=worker,
            at=NOW,
        )

    assert caught.value.code == "officers_only"


def test_gate_shows_lots_to_their_parties(lot, miller, worker, officer):
    rival = seat(
        person("rival"), Role.DONOR, organisation=organisation("Rival", OrganisationKind.ENTERPRISE, 66)
    )
    elsewhere = seat(
        person("far"),
        Role.SOCIAL_WORKER,
        prefix="610102",
        organisation=organisation("Far", OrganisationKind.PLATFORM_STATION, 67),
    )
    bound = listed(lot.donor, miller, worker, slug="rice", conditions=[{"field": "region", "value": COUNTY}])

    def seen(user):
        return set(Lot.objects.visible_to(user))

    assert seen(miller) == {lot, bound}
    assert seen(worker) == {lot, bound}
    assert seen(officer) == {lot, bound}
    assert seen(rival) == set()
    assert seen(elsewhere) == {lot}


def test_reaching_so_many_households_caps_each_at_its_equal_share(donor, miller):
    lot = draft(donor, miller, quantity=100)

    lot = services.state_conditions(
        lot=lot,
        version=lot.version,
        conditions=[
            {"field": "least_households", "value": 30},
            {"field": "valid_from", "value": "2026-12-01"},
        ],
        by=miller,
        at=NOW,
    )

    assert (lot.per_household_cap, lot.valid_from) == (3, date(2026, 12, 1))
    lot = services.edit_lot(lot=lot, version=lot.version, quantity=60, by=miller, at=NOW)
    assert lot.per_household_cap == 2


@pytest.mark.parametrize(
    ("stated", "code"),
    [
        ({"field": "least_households", "value": 101}, "cap_too_small"),
        ({"field": "delivery_mode", "value": "bank_transfer"}, "delivery_mode_unfit"),
        ({"field": "delivery_mode", "value": "by_balloon"}, "condition_unreadable"),
        ({"field": "reporting", "value": 2}, "condition_unreadable"),
        ({"field": "implementer_kind", "value": ["enterprise"]}, "condition_unreadable"),
        ({"field": "co_funding", "value": 101}, "condition_unreadable"),
    ],
)
def test_condition_that_cannot_be_kept_is_refused(donor, miller, stated, code):
    lot = draft(donor, miller, quantity=100)

    with pytest.raises(Refused) as caught:
        services.state_conditions(lot=lot, version=lot.version, conditions=[stated], by=miller, at=NOW)

    assert caught.value.code == code
    lot.refresh_from_db()
    assert (lot.version, lot.per_household_cap, lot.conditions.count()) == (2, None, 0)


def test_progress_is_reported_as_often_as_the_donor_asked(donor, miller, worker, station):
    conditions = [{"field": "reporting", "value": 1}]
    lot = listed(donor, miller, worker, conditions=conditions)
    assert services.ask_for_progress(lot=lot, by=SYSTEM, at=LATER) is None
    services.open_feedback(
        lot=lot, kind="allocation", cause=("delivery.delivery", "a"), responsible=station, by=worker, at=LATER
    )
    assert list(lots_to_report_on()) == [lot]

    asked = services.ask_for_progress(lot=lot, by=SYSTEM, at=LATER)

    assert asked is not None
    assert (asked.kind, asked.responsible, asked.due) == ("progress", station, LATER + timedelta(days=31))
    assert services.ask_for_progress(lot=lot, by=SYSTEM, at=LATER) is None
    assert not lots_to_report_on().exists()
    told = LATER + timedelta(days=20)
    teller = seat(person("teller"), Role.AGENCY, organisation=station)
    services.give_feedback(feedback=asked, text="It goes well.", by=teller, at=told)
    again = services.ask_for_progress(lot=lot, by=SYSTEM, at=told)
    assert again is not None
    assert again.due == told + timedelta(days=31)


def test_report_asked_for_late_is_not_late_at_once(donor, miller, worker, station):
    lot = listed(donor, miller, worker, conditions=[{"field": "reporting", "value": 1}])
    services.open_feedback(
        lot=lot, kind="allocation", cause=("delivery.delivery", "a"), responsible=station, by=worker, at=LATER
    )
    late = LATER + timedelta(days=60)

    asked = services.ask_for_progress(lot=lot, by=SYSTEM, at=late)

    assert asked is not None
    assert asked.due == late + timedelta(days=7)


def test_words_of_a_sent_offer_follow_the_ten_minutes(donor, miller, worker):
    lot = services.submit_lot(lot=draft(donor, miller), by=miller, at=NOW)
    page = reverse("donors:lot", args=[lot.public_id])

    for at, words in ((NOW, "已提交，可撤回"), (LATER, "已提交，等待审核")):
        with clock.fixed(at):
            shown = signed_in(miller).get(page).content.decode()
        assert ("已提交，可撤回" in shown, words in shown) == (at == NOW, True)
