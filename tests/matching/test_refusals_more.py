"""Money that lies with one fund holder is not brought by a project of another."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.models import User
from implementers import services as implementers
from implementers.models import FundHolder
from matching import services
from tests import cast
from tests.cast import AT, credit_code
from tests.delivery import scene as d
from tests.refusing import refuses

pytestmark = pytest.mark.django_db


def other_holder(people: cast.Cast) -> FundHolder:
    keeper = User.objects.create_user(username="keeper9", name="会计九")
    holder = implementers.register_fund_holder(
        user=keeper, name="青石公益基金会", uscc=credit_code(19, "foundation"),
        kind="charity", contact_phone="13800007777",
        by=keeper, at=AT,
    )  # fmt: skip
    for kind in ("charity_status", "receipts"):
        implementers.add_qualification(
            holder=holder, kind=kind, issuer="民政局", valid_from=date(2024, 1, 1), valid_to=date(2030, 1, 1),
            proof=d.picture(), by=keeper, at=AT,
        )  # fmt: skip
    implementers.start_checking_fund_holder(holder=holder, by=people.worker, at=AT)
    return implementers.admit_fund_holder(holder=holder, by=people.supervisor, at=AT)


def test_project_of_another_fund_holder_is_refused() -> None:
    scene = d.opening()
    elsewhere = d.approved_project(
        scene.cast, scene.agency, scene.leader, other_holder(scene.cast), title="河湾村助困"
    )
    proposal = services.propose_by_hand(
        need=scene.money, lot=scene.lot, amount=d.HELD, by=scene.cast.worker, at=AT
    )

    with refuses("other_fund_holder"):
        services.decide(proposal=proposal, project=elsewhere, amount=d.HELD, by=scene.cast.worker, at=AT)

    decided = services.decide(
        proposal=proposal, project=scene.project, amount=d.HELD, by=scene.cast.worker, at=AT
    )
    assert decided.state == "proposed"
