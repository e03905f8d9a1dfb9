"""What a donor and the station are told when an offer, a pledge or a paper cannot be taken as it is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Organisation, User
from common.actors import SYSTEM
from donors import services
from donors.enums import Account, ConditionField, DonorKind
from donors.models import Donor, Lot
from donors.services.parties import Body
from reference.queries import get_item
from tests.cast import credit_code
from tests.donors.conftest import COUNTY, LATER, NOW, draft
from tests.refusing import refuses

CAUSE = ("matching.proposal", "p00000000001")
TODAY = NOW.date()
DAY = timedelta(days=1)


def offered(donor: Donor, by: User, **changes: Any) -> Lot:
    given: dict[str, Any] = {"title": "过冬", "items": [get_item("quilt")], "quantity": 100}
    return services.draft_lot(donor=donor, **given | changes, by=by, at=NOW)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"items": []}, "items_missing"),
        ({"quantity": 0}, "quantity_not_positive"),
        ({"quantity": 10**15 + 1}, "quantity_slip"),
        ({"conditions": [{"field": ConditionField.SEVERITY, "value": n} for n in (2, 3)]}, "condition_twice"),
        (
            {"conditions": [{"field": ConditionField.VALID_UNTIL, "value": "2026-11-01"}]},
            "lot_contradicts",
        ),
    ],
)
def test_offer_that_does_not_hold_together_is_not_begun(
    donor: Donor, miller: User, changes: dict[str, Any], code: str
) -> None:
    with refuses(code):
        offered(donor, miller, **changes)


def test_origin_of_an_offer_is_not_edited(donor: Donor, miller: User) -> None:
    lot = draft(donor, miller)

    with refuses("not_editable"):
        services.edit_lot(lot=lot, version=lot.version, origin="public_fund", by=miller, at=NOW)


def test_last_day_of_an_offer_is_still_to_come(donor: Donor, miller: User) -> None:
    lot = draft(donor, miller)
    over = [{"field": ConditionField.VALID_UNTIL, "value": (TODAY - DAY).isoformat()}]

    with refuses("window_closed"):
        services.state_conditions(lot=lot, version=lot.version, conditions=over, by=miller, at=NOW)


def test_offer_whose_last_day_passed_while_it_was_written_is_not_sent(donor: Donor, miller: User) -> None:
    today = [{"field": ConditionField.VALID_UNTIL, "value": TODAY.isoformat()}]
    lot = draft(donor, miller, conditions=today)

    with refuses("window_closed"):
        services.submit_lot(lot=lot, by=miller, at=NOW + DAY)


def test_goods_are_not_sent_without_their_condition(donor: Donor, miller: User) -> None:
    lot = offered(donor, miller)

    with refuses("goods_condition_missing"):
        services.submit_lot(lot=lot, by=miller, at=NOW)


def test_nothing_is_set_aside_or_moved_before_an_offer_is_listed(
    donor: Donor, miller: User, worker: User
) -> None:
    lot = draft(donor, miller)
    given: dict[str, Any] = {"lot": lot, "amount": 1, "cause": CAUSE, "by": worker, "at": NOW}

    with refuses("lot_not_listed"):
        services.reserve_lot(**given)
    with refuses("lot_not_listed"):
        services.write_off(**given)


@pytest.mark.parametrize("days", [-1, 31])
def test_nothing_is_set_aside_outside_the_dates_of_an_offer(
    donor: Donor, miller: User, worker: User, days: int
) -> None:
    """Offered from today on, for thirty days."""
    until = [{"field": ConditionField.VALID_UNTIL, "value": (TODAY + 30 * DAY).isoformat()}]
    lot = services.submit_lot(lot=draft(donor, miller, conditions=until), by=miller, at=NOW)
    services.review_lot(lot=lot, by=worker, at=LATER)
    lot = services.list_lot(lot=lot, by=worker, at=LATER)

    with refuses("lot_out_of_dates"):
        services.reserve_lot(lot=lot, amount=1, cause=CAUSE, by=worker, at=LATER + days * DAY)


def test_only_what_is_free_or_set_aside_is_written_off(lot: Lot, worker: User) -> None:
    with refuses("write_off_source"):
        services.write_off(lot=lot, amount=1, cause=CAUSE, by=worker, at=LATER, source=Account.DISBURSED)


@pytest.mark.parametrize("amount", [0, -5])
def test_amount_moved_is_above_zero(lot: Lot, worker: User, amount: int) -> None:
    with refuses("amount_not_positive"):
        services.reserve_lot(lot=lot, amount=amount, cause=CAUSE, by=worker, at=LATER)


def test_offer_wholly_set_aside_is_not_taken_back(lot: Lot, miller: User, worker: User) -> None:
    services.reserve_lot(lot=lot, amount=lot.quantity, cause=CAUSE, by=worker, at=LATER)

    with refuses("nothing_free"):
        services.withdraw_lot(lot=lot, by=miller, at=LATER)


def test_clock_does_not_end_an_offer_within_its_dates(lot: Lot) -> None:
    with refuses("not_expired"):
        services.expire_lot(lot=lot, by=SYSTEM, at=LATER)


def test_offer_is_not_closed_while_the_donor_waits_for_news(lot: Lot, worker: User) -> None:
    whole: dict[str, Any] = {"amount": lot.quantity, "cause": CAUSE, "by": worker, "at": LATER}
    services.reserve_lot(lot=lot, **whole)
    services.disburse_lot(lot=lot, **whole)
    services.open_feedback(lot=lot, kind="final", cause=CAUSE, responsible=None, by=SYSTEM, at=LATER)

    with refuses("feedback_owed"):
        services.close_lot(lot=lot, by=worker, at=LATER)


def test_paper_nobody_asked_for_is_not_kept(donor: Donor, miller: User) -> None:
    with refuses("paper_unknown"):
        services.add_donor_paper(donor=donor, paper="diploma", upload=None, by=miller, at=NOW)


def test_body_that_gives_is_named(miller: User) -> None:
    with refuses("body_missing"):
        services.register_donor(
            user=miller, kind=DonorKind.ENTERPRISE, contact_phone="13800001234", by=miller, at=NOW
        )

    assert not Donor.objects.exists()


@pytest.mark.parametrize("kind", [DonorKind.INDIVIDUAL, DonorKind.ENTERPRISE])
def test_nobody_registers_twice(miller: User, kind: DonorKind) -> None:
    body = None
    if kind != DonorKind.INDIVIDUAL:
        body = Body(name="Qinling mill", uscc=credit_code(3), area=COUNTY, legal_representative="Zhang San")
    given: dict[str, Any] = {
        "user": miller, "kind": kind, "body": body, "contact_phone": "13800001234", "by": miller, "at": NOW,
    }  # fmt: skip
    services.register_donor(**given)

    with refuses("donor_known"):
        services.register_donor(**given)


def pledged(donor: Donor, miller: User, **more: Any) -> Any:
    return services.make_pledge(
        donor=donor, item=get_item("quilt"), quantity=2, need_ref="n00000000001", title="两床被子", by=miller,
        at=NOW, **more,
    )  # fmt: skip


def test_pledge_is_a_wish_or_a_promise(donor: Donor, miller: User) -> None:
    with refuses("binding_unknown"):
        pledged(donor, miller, binding="perhaps")


@pytest.mark.parametrize("used", ["set aside", "handed over"])
def test_pledge_a_family_knows_of_is_not_taken_back(
    donor: Donor, miller: User, worker: User, used: str
) -> None:
    pledge = pledged(donor, miller)
    given: dict[str, Any] = {"lot": pledge.lot, "amount": 1, "cause": CAUSE, "by": worker, "at": NOW}
    services.reserve_lot(**given)
    if used == "handed over":
        services.disburse_lot(**given)

    with refuses("pledge_in_use"):
        services.withdraw_pledge(pledge=pledge, by=miller, at=LATER)


@pytest.mark.parametrize("missing", ["document_no", "budget_line"])
def test_public_fund_names_its_document_and_its_budget_line(
    officer: User, holder: Organisation, missing: str
) -> None:
    fund: dict[str, Any] = {
        "officer": officer, "title": "冬季补助", "department": "民政局", "document_no": "清民〔2026〕11号",
        "budget_line": "2081901", "items": [get_item("living_aid")], "amount": 5_000_000, "area": COUNTY,
        "fund_holder": holder,
    }  # fmt: skip

    with refuses("document_missing"):
        services.register_public_fund(**fund | {missing: " "}, by=officer, at=NOW)

    assert not Lot.objects.exists()
