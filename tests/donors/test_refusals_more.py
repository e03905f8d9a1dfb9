"""Nothing is handed over from an offer that is held for a check."""

from donors import services
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
