"""Nothing is handed over from an offer that is held for a check."""

from donors import services
from donors.enums import LotState
from tests.donors.conftest import LATER
from tests.refusing import refuses

CAUSE = ("matching.proposal", "p00000000001")


def test_frozen_offer_gives_nothing(lot, worker):
    services.reserve_lot(lot=lot, amount=10, cause=CAUSE, by=worker, at=LATER)
    services.freeze_lot(lot=lot, reason="质量有人反映", by=worker, at=LATER)

    with refuses("lot_held"):
        services.disburse_lot(lot=lot, amount=10, cause=CAUSE, by=worker, at=LATER)

    services.unfreeze_lot(lot=lot, by=worker, at=LATER)
    services.disburse_lot(lot=lot, amount=10, cause=CAUSE, by=worker, at=LATER)


def test_offer_that_is_all_in_use_is_not_offered_again_after_the_check(lot, worker):
    services.reserve_lot(lot=lot, amount=lot.quantity, cause=CAUSE, by=worker, at=LATER)
    lot = services.disburse_lot(lot=lot, amount=lot.quantity, cause=CAUSE, by=worker, at=LATER)
    assert lot.state == LotState.USED_UP
    services.freeze_lot(lot=lot, reason="质量有人反映", by=worker, at=LATER)

    lot = services.unfreeze_lot(lot=lot, by=worker, at=LATER)

    lot.refresh_from_db()
    assert (lot.state, lot.available, lot.reason) == (LotState.USED_UP, 0, "")
