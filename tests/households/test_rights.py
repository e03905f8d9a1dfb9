"""Consents and delegations: withdrawn at once, undone within ten minutes, never by somebody else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from common import clock
from common.actors import SYSTEM, CodeHolder
from common.exceptions import Refused
from households import services
from households.models import Application, CaseAccess, Consent, Delegation, Need
from tests import cast as people
from tests.cast import AT, Cast, widow_answers
from tests.households import walking
from tests.households.test_status import enter, entered
from tests.households.test_submit import HELPER

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with clock.fixed(AT):
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    return people.county()


def shared(application: Application, cast: Cast) -> CaseAccess:
    """The family agreed to share its details with the association, which now sees them."""
    consent = services.record_consent(
        household=application.household,
        purpose="share_implementer",
        data_classes=["contact"],
        receiver=cast.association,
        method="click",
        evidence=None,
        by=CodeHolder(application.public_id),
        at=AT,
    )
    return services.grant_case_access(
        household=application.household,
        organisation=cast.association,
        fields=["phone"],
        purpose="share_implementer",
        consent=consent,
        cause_ref="match",
        by=SYSTEM,
        at=AT,
    )


def test_withdrawing_a_consent_closes_what_rests_on_it_at_once(cast: Cast) -> None:
    application = people.widow_applies()
    access = shared(application, cast)
    client = entered(application)

    client.post(f"/help/status/consents/{access.consent.public_id}/withdraw/", {"_key": walking.key()})

    access.refresh_from_db()
    assert access.closed_at == AT
    assert not CaseAccess.objects.in_force().exists()


def test_withdrawal_is_undone_within_ten_minutes(cast: Cast) -> None:
    application = people.widow_applies()
    access = shared(application, cast)
    client = entered(application)
    address = f"/help/status/consents/{access.consent.public_id}/"
    client.post(f"{address}withdraw/", {"_key": walking.key()})
    assert "restore" in walking.text(client.get("/help/status/consents/"))

    with clock.fixed(AT + timedelta(minutes=9)):
        client.post(f"{address}restore/", {"_key": walking.key()})

    access.refresh_from_db()
    assert access.closed_at is None
    assert CaseAccess.objects.in_force().exists()


def test_after_ten_minutes_it_stays_withdrawn(cast: Cast) -> None:
    application = people.widow_applies()
    access = shared(application, cast)
    client = entered(application)
    address = f"/help/status/consents/{access.consent.public_id}/"
    client.post(f"{address}withdraw/", {"_key": walking.key()})

    with clock.fixed(AT + timedelta(minutes=11)):
        response = client.post(f"{address}restore/", {"_key": walking.key()})
        assert "restore" not in walking.text(client.get("/help/status/consents/"))

    assert response.status_code == 409
    assert not CaseAccess.objects.in_force().exists()


def test_needs_leave_the_catalogue_with_the_consent_they_rest_on(cast: Cast) -> None:
    application = people.approved(people.widow_applies(), cast)
    assert Need.objects.open_on(AT.date()).count() == 2
    consent = Consent.objects.get(purpose="apply")

    services.withdraw_consent(consent=consent, by=CodeHolder(application.public_id), at=AT)

    assert Need.objects.open_on(AT.date()).count() == 0
    assert Need.objects.listed().count() == 0
    with pytest.raises(Refused):
        services.reserve_need(need=application.needs.all()[0], amount=1, by=SYSTEM, at=AT)


def test_consent_of_another_family_is_not_found(cast: Cast) -> None:
    other = people.applies(people.clean_answers(1))
    consent = other.household.consents.get(purpose="apply")
    client = entered(people.widow_applies())

    response = client.post(f"/help/status/consents/{consent.public_id}/withdraw/", {"_key": walking.key()})

    assert response.status_code == 404
    consent.refresh_from_db()
    assert consent.withdrawn_at is None


def test_withdrawing_twice_is_refused(cast: Cast) -> None:
    application = people.widow_applies()
    family = CodeHolder(application.public_id)
    consent = application.household.consents.get(purpose="apply")
    services.withdraw_consent(consent=consent, by=family, at=AT)

    with pytest.raises(Refused):
        services.withdraw_consent(consent=consent, by=family, at=AT + timedelta(minutes=1))

    consent.refresh_from_db()
    assert consent.withdrawn_at == AT


def delegate_form(**changes: Any) -> dict[str, Any]:
    return {
        "name": "陈志强",
        "relation": "kin",
        "phone": "13900005678",
        "scope": ["update", "receive_notice"],
        "valid_to": "2027-06-01",
        "evidence_kind": "witness",
        "witness": "孙桂英",
        "read_back": "on",
        "_key": walking.key(),
        **changes,
    }


def test_household_names_a_delegate_who_may_then_look(cast: Cast) -> None:
    application = people.widow_applies()
    client = entered(application)

    response = client.post("/help/status/delegates/add/", delegate_form())

    assert response.status_code == 302, walking.errors(response)
    delegate = entered(application, "5678")
    assert delegate.get("/help/status/").status_code == 200
    assert delegate.get("/help/status/delegates/").status_code == 404
    assert delegate.post("/help/status/withdraw/", {"_key": walking.key()}).status_code == 404


@pytest.mark.parametrize(
    "changes",
    [
        {"witness": ""},
        {"read_back": ""},
        {"scope": []},
        {"valid_to": "2026-11-23"},
        {"valid_to": "2039-01-01"},
    ],
)
def test_incomplete_delegation_is_asked_again(changes: dict[str, Any]) -> None:
    client = entered(people.widow_applies())

    response = client.post("/help/status/delegates/add/", delegate_form(**changes))

    assert response.status_code == 422
    assert 'value="陈志强"' in walking.text(response)
    assert not Delegation.objects.exists()


def test_revoked_delegate_is_shut_out_at_once() -> None:
    helper = replace(HELPER, scope=("receive_notice", "update"))
    application = people.applies(widow_answers(delegate=helper), channel="delegate")
    household, delegate = entered(application), entered(application, helper.phone[-4:])
    assert delegate.get("/help/status/").status_code == 200
    address = f"/help/status/delegates/{Delegation.objects.get().public_id}/revoke/"

    household.post(address, {"_key": walking.key()})

    assert delegate.get("/help/status/").status_code == 302
    assert enter(Client(), application, helper.phone[-4:]).status_code == 409
    assert household.post(address, {"_key": walking.key()}).status_code == 409


def test_delegation_past_its_day_lets_nobody_in() -> None:
    helper = replace(HELPER, scope=("receive_notice",))
    application = people.applies(widow_answers(delegate=helper), channel="delegate")

    with clock.fixed(AT.replace(year=2028)):
        assert enter(Client(), application, helper.phone[-4:]).status_code == 409
