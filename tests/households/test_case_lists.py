"""Lists of case work cost the same for one row and for three, and so does the tab of the file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from common import clock
from households import services
from households.models import Household, ServicePlan
from tests import cast as people
from tests.cast import AT, Cast
from tests.households.test_case_papers import advised, noted, referred
from tests.households.test_desk_lists import queries
from tests.households.test_maps import SISTER
from tests.households.test_questionnaires import WELL, asked
from tests.households.test_service_plan import agreed

LISTS = (
    "instrumentresult", "planrating", "processnote", "supervision", "referral", "supporttie", "strengthlist",
)  # fmt: skip


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with clock.fixed(AT):
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    return people.county()


def once_more(household: Household, plan: ServicePlan, cast: Cast, number: int) -> None:
    at = AT + timedelta(minutes=number)
    asked("who5", household.members.get(is_head=True), WELL, cast.worker, at=at)
    services.rate_plan(plan=plan, levels=[0, 0, 0], note="", rated_on=AT.date(), by=cast.worker, at=at)
    noted(household, cast)
    advised(household, cast)
    referred(household, cast)
    services.note_tie(household=household, **SISTER, by=cast.worker, at=at)
    entries = [{"kind": "skill", "words": f"第{number}样手艺"}]
    services.write_strengths(household=household, entries=entries, by=cast.worker, at=at)


def test_lists_and_file_cost_the_same_with_three_rows(cast: Cast) -> None:
    household = people.approved(people.widow_applies(), cast).household
    plan = agreed(services.start_plan(household=household, by=cast.worker, at=AT), cast)
    once_more(household, plan, cast, 1)
    boss = people.signed_in(cast.supervisor)
    pages = [f"/admin/households/{name}/" for name in LISTS]
    pages += [
        f"/admin/households/household/{household.public_id}/file/?tab=care",
        f"/admin/households/supporttie/{household.public_id}/maps/",
        "/admin/",
    ]
    first = {page: queries(boss, page) for page in pages}
    for number in (2, 3):
        once_more(household, plan, cast, number)

    assert {page: queries(boss, page) for page in pages} == first
