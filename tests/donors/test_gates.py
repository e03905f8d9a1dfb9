"""Who may not write on the donor side, asked of every service itself."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.enums import Role
from accounts.models import Organisation, User
from common.actors import CodeHolder
from donors import services
from donors.enums import DonorKind
from donors.models import Lot
from donors.services.parties import Body
from reference.queries import get_item
from tests.cast import credit_code
from tests.donors.conftest import NOW, draft, organisation, person, seat
from tests.gates import assert_all_refused, assert_complete, assert_out_of_reach

ELSEWHERE = "990102"
# Counted and noted by the layers above after their own check of who acts, or by a job over every row.
BELOW = {
    "disburse_lot", "note_overdue_feedback", "open_feedback", "release_lot", "reserve_lot", "return_to_lot",
    "set_donor_standing", "write_off",
}  # fmt: skip


def bound(lot: Any) -> Any:
    """An offer for this county alone."""
    Lot.objects.filter(pk=lot.pk).update(area_prefix="990101")
    lot.refresh_from_db()
    return lot


def table_of(
    donor: Any, miller: User, lot: Any, debtor: Organisation, officer: User
) -> dict[str, dict[str, Any]]:
    lot, item = bound(lot), get_item("quilt")
    written = draft(donor, miller)
    pledge = services.make_pledge(
        donor=donor,
        item=item,
        quantity=2,
        need_ref="n1",
        title="Help",
        area_prefix="990101",
        by=miller,
        at=NOW,
    )
    owed = services.open_feedback(lot=lot, kind="receipt", cause=lot, responsible=debtor, by=miller, at=NOW)
    fund = {
        "officer": officer, "title": "Aid", "department": "D", "document_no": "1", "budget_line": "2",
        "items": [item], "amount": 1, "area": "990101",
    }  # fmt: skip
    new = {
        "user": miller,
        "kind": DonorKind.ENTERPRISE,
        "body": Body(name="X", uscc=credit_code(90), legal_representative="X"),
    }
    return {
        "add_donor_paper": {"donor": donor, "paper": "licence", "upload": None},
        "ask_for_progress": {"lot": lot},
        "close_lot": {"lot": lot},
        "default_lot": {"lot": lot, "reason": "no"},
        "draft_lot": {"donor": donor, "title": "Help", "items": [item], "quantity": 1},
        "edit_donor": {"donor": donor, "version": donor.version, "alias": "x"},
        "edit_lot": {"lot": written, "version": written.version, "title": "x"},
        "expire_lot": {"lot": lot},
        "freeze_lot": {"lot": lot, "reason": "no"},
        "give_feedback": {"feedback": owed, "text": "Done."},
        "list_lot": {"lot": lot},
        "make_pledge": {"donor": donor, "item": item, "quantity": 1, "need_ref": "n2", "title": "Help"},
        "refuse_donor": {"donor": donor, "reason": "no"},
        "register_donor": new,
        "register_public_fund": fund,
        "reject_lot": {"lot": lot, "reason": "no"},
        "reopen_lot": {"lot": lot},
        "resume_donor": {"donor": donor},
        "review_lot": {"lot": lot},
        "settle_pledges": {},
        "start_checking_donor": {"donor": donor},
        "state_conditions": {"lot": written, "version": written.version, "conditions": []},
        "submit_lot": {"lot": written},
        "suspend_donor": {"donor": donor, "reason": "no"},
        "undo_lot": {"lot": written},
        "unfreeze_lot": {"lot": lot},
        "verify_donor": {"donor": donor},
        "withdraw_lot": {"lot": lot},
        "withdraw_pledge": {"pledge": pledge},
    }


@pytest.fixture
def table(
    donor: Any, miller: User, lot: Any, holder: Organisation, officer: User
) -> dict[str, dict[str, Any]]:
    return table_of(donor, miller, lot, holder, officer)


def test_every_service_refuses_other_donors_other_counties_and_households(
    table: Any, station: Organisation
) -> None:
    baker = person("baker")
    services.register_donor(
        user=baker,
        kind=DonorKind.ENTERPRISE,
        body=Body(name="Bakery", uscc=credit_code(91), legal_representative="Bai"),
        by=baker,
        at=NOW,
    )
    people = {
        "another donor": baker,
        "another county's worker": seat(
            person("far"), Role.SOCIAL_WORKER, prefix=ELSEWHERE, organisation=station
        ),
        "another county's supervisor": seat(
            person("afar"), Role.SUPERVISOR, prefix=ELSEWHERE, organisation=station
        ),
        "a household": CodeHolder("a-household"),
    }

    assert_all_refused(services, table, people, "donors", "accounts")


def test_table_knows_every_service(table: Any) -> None:
    assert_complete(services, table, BELOW)
    assert_out_of_reach(BELOW, owner="donors")


def test_workers_do_not_write_for_a_donor_and_a_donor_does_not_check_itself(
    table: Any, worker: User, miller: User
) -> None:
    own = {"draft_lot", "submit_lot", "withdraw_lot", "edit_donor", "make_pledge", "withdraw_pledge"}
    desk = {"verify_donor", "review_lot", "list_lot", "freeze_lot", "suspend_donor"}

    assert_all_refused(services, {name: table[name] for name in own}, {"a worker": worker}, "donors")
    assert_all_refused(services, {name: table[name] for name in desk}, {"the donor": miller}, "donors")


def test_public_money_is_entered_by_the_office_itself(officer: User, holder: Organisation) -> None:
    other = seat(
        person("qian"), Role.OFFICER, prefix="990101", organisation=organisation("Other", "government", 92)
    )
    given = {
        "officer": officer, "title": "Aid", "department": "D", "document_no": "1", "budget_line": "2",
        "items": [get_item("quilt")], "amount": 1, "area": "990101",
    }  # fmt: skip

    assert_all_refused(services, {"register_public_fund": given}, {"another office": other}, "donors")
