"""Quantities: the sum holds whatever happens, in the services and without them."""

import threading
from datetime import timedelta
from io import StringIO
from json import loads

import pytest
from django.core.management import call_command
from django.db import IntegrityError, close_old_connections, connection, transaction
from django.db.models import F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.actors import SYSTEM
from common.exceptions import Refused
from donors import services
from donors.enums import COUNTERS, Account, LotState, PledgeState
from donors.models import LedgerEntry, Lot
from donors.queries import ledger_breaks, ledger_of
from reference.queries import get_item
from tests.donors.conftest import LATER, NOW, listed

CAUSE = ("matching.proposal", "p00000000001")
ACTS = {
    "reserve": services.reserve_lot,
    "release": services.release_lot,
    "disburse": services.disburse_lot,
    "return": services.return_to_lot,
    "write_off": services.write_off,
}


def counters(lot):
    lot.refresh_from_db()
    return {name: getattr(lot, name) for name in COUNTERS}


def act(name, lot, worker, amount):
    return ACTS[name](lot=lot, amount=amount, cause=CAUSE, by=worker, at=LATER)


def test_units_move_and_are_written_down(lot, worker):
    act("reserve", lot, worker, 60)
    act("release", lot, worker, 10)
    act("disburse", lot, worker, 40)
    act("return", lot, worker, 20)
    act("write_off", lot, worker, 5)

    assert counters(lot) == {
        "available": 65, "reserved": 10, "disbursed": 20, "returned": 0, "written_off": 5
    }  # fmt: skip
    assert ledger_of(lot).count() == 6
    assert list(ledger_breaks()) == []


@pytest.mark.parametrize("amount", [0, -1, 101])
def test_reserving_too_much_or_nothing_changes_nothing(lot, worker, amount):
    before = counters(lot)

    with pytest.raises(Refused):
        act("reserve", lot, worker, amount)

    assert counters(lot) == before
    assert ledger_of(lot).count() == 1


def test_all_in_use_and_open_again(lot, worker):
    act("reserve", lot, worker, 100)
    assert act("disburse", lot, worker, 100).state == LotState.USED_UP
    with pytest.raises(Refused):
        act("reserve", lot, worker, 1)

    assert act("return", lot, worker, 1).state == LotState.LISTED


def test_withdrawn_lot_gives_released_units_back_to_the_donor(lot, miller, worker):
    act("reserve", lot, worker, 30)

    lot = services.withdraw_lot(lot=lot, by=miller, at=LATER)
    act("disburse", lot, worker, 20)
    act("release", lot, worker, 10)

    assert counters(lot) == {
        "available": 0, "reserved": 0, "disbursed": 20, "returned": 80, "written_off": 0
    }  # fmt: skip
    assert lot.state == LotState.WITHDRAWN
    assert list(ledger_breaks()) == []


def test_part_of_a_lot_is_taken_back(lot, miller, worker):
    act("reserve", lot, worker, 30)

    lot = services.withdraw_lot(lot=lot, amount=20, by=miller, at=LATER)

    assert (lot.state, counters(lot)["returned"], counters(lot)["available"]) == (LotState.LISTED, 20, 50)
    with pytest.raises(Refused):
        services.withdraw_lot(lot=lot, amount=51, by=miller, at=LATER)


def test_frozen_lot_moves_nothing(lot, worker):
    act("reserve", lot, worker, 30)
    services.freeze_lot(lot=lot, reason="a complaint", by=worker, at=LATER)

    for name in ("reserve", "disburse"):
        with pytest.raises(Refused):
            act(name, lot, worker, 1)
    assert counters(lot)["reserved"] == 30


def test_spoilt_goods_are_written_off_and_never_handed_over(donor, miller, worker):
    lot = listed(donor, miller, worker, slug="rice", expires_on=NOW.date() + timedelta(days=2))
    act("reserve", lot, worker, 10)
    late = NOW + timedelta(days=3)

    with pytest.raises(Refused) as caught:
        services.disburse_lot(lot=lot, amount=1, cause=CAUSE, by=worker, at=late)
    assert caught.value.code == "goods_expired"

    services.expire_lot(lot=lot, by=SYSTEM, at=late)
    assert counters(lot) == {
        "available": 0, "reserved": 10, "disbursed": 0, "returned": 0, "written_off": 90
    }  # fmt: skip


def test_check_holds_with_the_application_locks_removed(lot):
    for change in (
        {"reserved": F("reserved") + 1},
        {"available": F("available") - 101, "reserved": F("reserved") + 101},
        {"quantity": 5},
        {"available": -1, "written_off": 101},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Lot.objects.filter(pk=lot.pk).update(**change)

    assert counters(lot)["available"] == 100


@pytest.mark.parametrize("act_on", ["update", "delete"])
def test_ledger_is_append_only(lot, act_on):
    rows = LedgerEntry.objects.filter(lot=lot)

    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        rows.update(quantity=1) if act_on == "update" else rows.delete()


def test_verify_ledger_agrees_and_then_names_the_broken_lot(lot, worker):
    act("reserve", lot, worker, 40)
    out = StringIO()
    call_command("verify_ledger", "--json", stdout=out)
    assert loads(out.getvalue()) == {"lots": 1, "ok": True}

    Lot.objects.filter(pk=lot.pk).update(reserved=F("reserved") - 1, available=F("available") + 1)
    out = StringIO()
    with pytest.raises(SystemExit) as caught:
        call_command("verify_ledger", "--json", stdout=out)

    assert caught.value.code == 1
    assert loads(out.getvalue())["first"]["lot"] == lot.public_id
    err = StringIO()
    with pytest.raises(SystemExit):
        call_command("verify_ledger", stderr=err)
    assert lot.public_id in err.getvalue()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.sampled_from(sorted(ACTS)), st.integers(-2, 120)), max_size=14))
def test_any_sequence_keeps_the_balance(lot, worker, steps):
    with transaction.atomic():
        for name, amount in steps:
            before = counters(lot)
            try:
                with transaction.atomic():
                    act(name, lot, worker, amount)
            except Refused:
                assert counters(lot) == before
            now = counters(lot)
            assert sum(now.values()) == lot.quantity
            assert min(now.values()) >= 0
        assert list(ledger_breaks()) == []
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_two_simultaneous_reservations_never_take_more_than_there_is(lot, worker):
    together = threading.Barrier(6)
    outcomes = []

    def reserve():
        close_old_connections()
        try:
            together.wait(timeout=20)
            act("reserve", lot, worker, 40)
            outcomes.append("done")
        except Refused as refused:
            outcomes.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=reserve) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert sorted(outcomes) == ["done"] * 2 + ["not_enough"] * 4
    assert counters(lot)["reserved"] == 80
    assert list(ledger_breaks()) == []


def pledge(donor, miller, **more):
    return services.make_pledge(
        donor=donor, item=get_item("quilt"), quantity=2, need_ref="n00000000001", title="Two quilts",
        by=miller, at=NOW, **more,
    )  # fmt: skip


def test_pledge_makes_a_listed_lot_for_one_need(donor, miller):
    made = pledge(donor, miller)

    assert (made.state, made.lot.state, made.lot.restricted_ref) == (
        PledgeState.MADE, LotState.LISTED, "n00000000001"
    )  # fmt: skip
    assert list(ledger_breaks()) == []


def test_pledge_is_taken_back_at_minute_nine(donor, miller):
    made = pledge(donor, miller, binding="promise")

    made = services.withdraw_pledge(pledge=made, by=miller, at=NOW + timedelta(minutes=9))

    made.lot.refresh_from_db()
    assert (made.state, made.lot.state, made.lot.returned) == (
        PledgeState.WITHDRAWN, LotState.WITHDRAWN, 2
    )  # fmt: skip


def test_binding_pledge_stands_at_minute_eleven(donor, miller):
    made = pledge(donor, miller, binding="promise")

    with pytest.raises(Refused) as caught:
        services.withdraw_pledge(pledge=made, by=miller, at=NOW + timedelta(minutes=11))

    assert caught.value.code == "pledge_binds"
    made.refresh_from_db()
    assert made.state == PledgeState.MADE
    assert services.settle_pledges(by=SYSTEM, at=LATER) == 1


def test_pledge_is_kept_when_everything_was_received(donor, miller, worker):
    made = pledge(donor, miller)
    act("reserve", made.lot, worker, 2)
    act("disburse", made.lot, worker, 2)

    made.refresh_from_db()
    assert made.state == PledgeState.FULFILLED


def test_second_breach_has_every_offer_looked_at(donor, miller, worker):
    for number in range(2):
        made = pledge(donor, miller)
        services.settle_pledges(by=SYSTEM, at=LATER)
        services.default_lot(lot=made.lot, reason=f"not given, time {number}", by=worker, at=LATER)

    donor.refresh_from_db()
    assert donor.needs_review
    with pytest.raises(Refused) as caught:
        pledge(donor, miller)
    assert caught.value.code == "donor_needs_review"


def test_ledger_begins_with_what_came_in(lot):
    assert ledger_of(lot).get().source == Account.OUTSIDE
