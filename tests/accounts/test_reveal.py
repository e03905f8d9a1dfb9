"""One masked value in full: for the right role, the right row, a reason, a quota; every time in the journal."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from accounts import reveal, services
from accounts.enums import Role
from accounts.models import User
from common.exceptions import Refused
from journal.models import Entry
from tests.accounts.conftest import change_session, give_totp, sign_in

pytestmark = pytest.mark.django_db
PHONE = "13800138000"


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    """A colleague's phone stands for the masked fields of the apps above."""
    monkeypatch.setattr(reveal, "_known", {})
    reveal.register("accounts.user", "phone", roles={Role.SOCIAL_WORKER})


@pytest.fixture
def colleague(hire: Callable[..., User], at: datetime) -> User:
    user = hire("colleague")
    return services.edit_account(user=user, name="同事", phone="138 0013 8000", by=user, at=at)


def refused(code: str, *, obj: User, field: str, reason: str, by: User, at: datetime) -> None:
    before = Entry.objects.count()
    with pytest.raises(Refused) as caught:
        services.reveal(obj=obj, field=field, reason=reason, by=by, at=at)
    assert caught.value.code == code
    assert Entry.objects.count() == before


def test_value_is_revealed_and_journaled_without_itself(worker: User, colleague: User, at: datetime):
    assert services.reveal(obj=colleague, field="phone", reason="contact", by=worker, at=at) == PHONE

    entry = Entry.objects.get(action="identity.revealed")
    assert entry.parameters == {"field": "phone", "reason": "contact"}
    assert (entry.object_ref, entry.actor_ref) == (colleague.public_id, worker.public_id)


def test_unregistered_field_stays_masked(worker: User, colleague: User, at: datetime):
    refused("not_revealed", obj=colleague, field="password", reason="contact", by=worker, at=at)


def test_other_role_sees_nothing(administrator: User, colleague: User, at: datetime):
    refused("not_revealed", obj=colleague, field="phone", reason="contact", by=administrator, at=at)


def test_row_outside_the_gate_stays_masked(worker: User, donor: User, at: datetime):
    refused("not_revealed", obj=donor, field="phone", reason="contact", by=worker, at=at)


def test_reason_is_one_of_the_list(worker: User, colleague: User, at: datetime):
    refused("reason_missing", obj=colleague, field="phone", reason="curious", by=worker, at=at)


def test_quota_counts_per_person_and_day(
    worker: User, colleague: User, hire: Callable[..., User], at: datetime, settings: object
):
    settings.REVEALS_PER_DAY = 2  # type: ignore[attr-defined]
    for _ in range(2):
        services.reveal(obj=colleague, field="phone", reason="contact", by=worker, at=at)

    refused("reveal_quota", obj=colleague, field="phone", reason="contact", by=worker, at=at)
    other = hire("other")
    assert services.reveal(obj=colleague, field="phone", reason="contact", by=other, at=at) == PHONE
    tomorrow = at + timedelta(days=1)
    assert services.reveal(obj=colleague, field="phone", reason="contact", by=worker, at=tomorrow) == PHONE


def test_page_shows_the_value_for_a_minute(worker: User, colleague: User, worker_client: Client):
    page = f"/seats/reveal/accounts.user/{colleague.public_id}/phone/"
    assert PHONE not in worker_client.get(page).content.decode()

    wrong = worker_client.post(page, {"reason": "curious", "_key": "k"})
    assert wrong.status_code == 422
    answer = worker_client.post(page, {"reason": "contact", "_key": "k2"})

    assert PHONE in answer.content.decode()
    assert answer.headers["Refresh"] == f"60; url={page}"
    assert "no-store" in answer.headers["Cache-Control"]


def test_page_asks_for_a_fresh_code(worker: User, colleague: User, worker_client: Client):
    records = worker_client.session["account_authentication_methods"]
    change_session(
        worker_client, account_authentication_methods=[{**r, "at": r["at"] - 301} for r in records]
    )

    answer = worker_client.post(
        f"/seats/reveal/accounts.user/{colleague.public_id}/phone/", {"reason": "contact"}
    )

    assert answer.headers["Location"].startswith("/seats/confirm/")
    assert not Entry.objects.filter(action="identity.revealed").exists()


def test_page_of_another_role_or_row_is_not_found(
    administrator: User, worker: User, donor: User, colleague: User, worker_client: Client
):
    give_totp(administrator)
    admin = sign_in(administrator)

    assert admin.get(f"/seats/reveal/accounts.user/{colleague.public_id}/phone/").status_code == 404
    assert worker_client.get(f"/seats/reveal/accounts.user/{donor.public_id}/phone/").status_code == 404
    assert worker_client.get(f"/seats/reveal/no.such/{donor.public_id}/phone/").status_code == 404
