"""A need's counters and ends, a household's episodes, and the work by the clock."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import translation

from common import clock
from common.actors import SYSTEM, CodeHolder
from common.exceptions import Refused
from households import services
from households.enums import NeedState
from households.models import Delegation, Household, Need, Visit
from jobs.models import Job
from jobs.services import enqueue
from jobs.worker import perform
from notices.models import Notice
from tests import cast as people
from tests.cast import AT, Cast


@pytest.fixture
def cast(db: None) -> Cast:
    return people.county()


@pytest.fixture
def need(cast: Cast) -> Need:
    """Six months of medicine, open."""
    people.approved(people.widow_applies(), cast)
    return Need.objects.get(item__slug="chronic_medicine")


def refused(code: str, act: Any, **given: Any) -> None:
    before = [list(model.objects.order_by("pk").values()) for model in (Need, Household, Visit)]
    with pytest.raises(Refused) as caught:
        act(at=AT, **given)
    assert caught.value.code == code
    assert [list(model.objects.order_by("pk").values()) for model in (Need, Household, Visit)] == before


def test_need_is_never_promised_twice(need: Need) -> None:
    services.reserve_need(need=need, amount=4, by=SYSTEM, at=AT)

    refused("need_taken", services.reserve_need, need=need, amount=3, by=SYSTEM)
    refused("amount", services.reserve_need, need=need, amount=0, by=SYSTEM)
    refused("not_reserved", services.release_need, need=need, amount=5, by=SYSTEM)
    refused("not_reserved", services.deliver_need, need=need, amount=5, by=SYSTEM)
    family = CodeHolder(need.household.applications.get().public_id)
    refused("still_reserved", services.cancel_need, need=need, by=family)


def test_need_with_nothing_left_to_look_for_says_so(need: Need) -> None:
    services.reserve_need(need=need, amount=need.requested - 1, by=SYSTEM, at=AT)
    assert Need.objects.get(pk=need.pk).state_label == str(NeedState.OPEN.label)

    services.reserve_need(need=need, amount=1, by=SYSTEM, at=AT)
    with translation.override("zh-hans"):
        assert Need.objects.get(pk=need.pk).get_state_display() == "已全部落实，等待送达"


def test_need_past_its_day_goes_on_with_a_new_one(cast: Cast, need: Need) -> None:
    family = CodeHolder(need.household.applications.get().public_id)
    stranger = CodeHolder(people.applies(people.clean_answers(5)).public_id)
    soon = AT.date() + timedelta(days=2)
    refused("wrong_state", services.renew_need, need=need, deadline=soon, by=family)
    services.expire_need(need=need, by=SYSTEM, at=AT)

    refused("not_yours", services.renew_need, need=need, deadline=soon, by=stranger)
    refused("not_your_case", services.renew_need, need=need, deadline=soon, by=cast.stranger)
    refused("deadline_past", services.renew_need, need=need, deadline=date(2026, 1, 1), by=family)
    before = need.severity or 0
    services.renew_need(need=need, deadline=soon, by=family, at=AT)

    need.refresh_from_db()
    assert (need.state, need.deadline, need.severity) == ("open", soon, min(before + 1, 5))
    services.expire_need(need=need, by=SYSTEM, at=AT)
    Need.objects.filter(pk=need.pk).update(
        severity=1, severity_rule="override", severity_reason="she says so"
    )
    services.renew_need(need=need, deadline=soon, by=cast.worker, at=AT)
    need.refresh_from_db()
    assert (need.state, need.severity) == ("open", 1)


def test_need_without_consent_is_not_searched_for_again(cast: Cast, need: Need) -> None:
    services.expire_need(need=need, by=SYSTEM, at=AT)
    assert need.consent is not None
    family = CodeHolder(need.household.applications.get().public_id)
    services.withdraw_consent(consent=need.consent, by=family, at=AT)

    refused("consent_missing", services.renew_need, need=need, deadline=AT.date(), by=cast.worker)


def test_need_is_fulfilled_exactly_and_seen_by_a_worker(cast: Cast, need: Need) -> None:
    services.reserve_need(need=need, amount=6, by=SYSTEM, at=AT)
    services.deliver_need(need=need, amount=2, by=SYSTEM, at=AT)
    need.refresh_from_db()
    assert (need.state, need.reserved, need.delivered) == ("open", 4, 2)

    refused("wrong_state", services.verify_need, need=need, by=cast.worker)
    services.deliver_need(need=need, amount=4, by=SYSTEM, at=AT)
    services.verify_need(need=need, by=cast.worker, at=AT)
    services.close_need(need=need, by=cast.worker, at=AT)

    need.refresh_from_db()
    assert (need.state, need.remaining) == ("closed", 0)


# --- episodes -------------------------------------------------------------------------------------------------------
def test_pause_is_a_supervisors_and_ends_where_it_began(cast: Cast, need: Need) -> None:
    household = need.household
    refused(
        "supervisor_needed", services.suspend_household, household=household, reason="moved", by=cast.worker
    )
    refused("not_suspended", services.resume_household, household=household, by=cast.supervisor)

    services.suspend_household(household=household, reason="moved", by=cast.supervisor, at=AT)
    services.resume_household(household=household, by=cast.supervisor, at=AT)

    household.refresh_from_db()
    assert (household.state, household.before_suspension) == ("active", "")


# --- by the clock ---------------------------------------------------------------------------------------------------
def worked(kind: str, at: Any) -> dict[str, Any]:
    with clock.fixed(at):
        job = enqueue(kind, key=f"{kind}:t", by=SYSTEM, at=at)
        perform(job.pk)
    return Job.objects.get(pk=job.pk).result  # type: ignore[no-any-return]


def test_need_past_its_day_expires_unless_help_is_on_its_way(cast: Cast, need: Need) -> None:
    quilt = Need.objects.get(item__slug="quilt")
    promised = people.approved(people.applies(people.clean_answers(1)), cast).needs.get()
    Need.objects.filter(pk=promised.pk).update(deadline=quilt.deadline)
    services.reserve_need(need=promised, amount=1, by=SYSTEM, at=AT)

    assert worked("households.expire_needs", AT) == {"expired": 0}
    assert worked("households.expire_needs", AT + timedelta(days=40)) == {"expired": 1}

    states = Need.objects.in_bulk()
    assert (states[quilt.pk].state, states[promised.pk].state, states[need.pk].state) == (
        "expired",
        "open",
        "open",
    )


def test_delegation_ends_with_its_last_day(cast: Cast, need: Need) -> None:
    delegation = Delegation.objects.create(
        household=need.household, name="王强", relation="kin", scope=["apply"], evidence_kind="witness",
        witness="李四", read_back_at=AT, valid_to=date(2026, 11, 30), given_at=AT, state="given",
    )  # fmt: skip

    assert worked("households.expire_delegations", AT + timedelta(days=7)) == {"expired": 0}
    assert worked("households.expire_delegations", AT + timedelta(days=8)) == {"expired": 1}

    delegation.refresh_from_db()
    assert delegation.state == "expired"


def test_worker_hears_of_a_visit_the_day_before(cast: Cast) -> None:
    application = people.verified(people.widow_applies(), cast)
    visit = people.planned_visit(application.household)
    eve = AT + (visit.due - clock.day_of(AT)) - timedelta(days=1)

    assert worked("households.visits_due", eve) == {"reminded": 1}
    notice = Notice.objects.get(kind="visit_task")
    assert notice.to_ref == cast.worker.public_id
