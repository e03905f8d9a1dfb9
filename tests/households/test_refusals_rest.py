"""What the station and the family are told when a step is not open, and what stays as it was."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from common import clock
from common.actors import CodeHolder
from households import services
from households.instruments import Risk
from households.models import Application, Assessment, Consent, Household, Need
from households.services.file import edit_member, end_member
from tests import cast as people
from tests.cast import AT, Cast
from tests.households import walking
from tests.refusing import refuses

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with clock.fixed(AT):
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    return people.county()


@pytest.fixture
def assessment(cast: Cast) -> Assessment:
    application = people.visited(people.widow_applies(), cast)
    return services.start_assessment(application=application, by=cast.worker, at=AT)


def written(assessment: Assessment, cast: Cast) -> Assessment:
    return services.save_assessment(
        assessment=assessment, version=assessment.version, changes=people.full_assessment(), by=cast.worker,
        at=AT,
    )  # fmt: skip


def test_assessment_with_the_supervisor_is_not_edited_even_from_a_page_opened_before(
    cast: Cast, assessment: Assessment
) -> None:
    opened_before = written(assessment, cast)
    assert assessment.application is not None
    services.submit_assessment(
        assessment=opened_before, household_confirms=True, needs=people.in_order(assessment.application),
        by=cast.worker, at=AT,
    )  # fmt: skip

    with refuses("not_open"):
        services.save_assessment(
            assessment=opened_before, version=opened_before.version, changes={"wish": "想搬家。"}, by=cast.worker,
            at=AT,
        )  # fmt: skip


def test_risk_is_not_ticked_beside_no_risk(cast: Cast, assessment: Assessment) -> None:
    both = {"risks": [Risk.values[0]], "no_risk_seen": True}

    with refuses("risk_or_none"):
        services.save_assessment(
            assessment=assessment, version=assessment.version, changes=both, by=cast.worker, at=AT
        )


def test_need_that_was_taken_back_is_not_assessed(cast: Cast, assessment: Assessment) -> None:
    ready = written(assessment, cast)
    assert ready.application is not None
    need = people.needs_of(ready.application)[0]
    family = CodeHolder(ready.application.public_id)
    services.cancel_need(need=need, by=family, at=AT)

    with refuses("need_settled"):
        services.submit_assessment(
            assessment=ready, household_confirms=True, needs=[{"need": need, "public_title": "药"}],
            by=cast.worker, at=AT,
        )  # fmt: skip

    assert Need.objects.get(pk=need.pk).state == "cancelled"


def test_contact_page_asks_for_something_new(cast: Cast) -> None:
    application = people.widow_applies()
    household = application.household

    with refuses("nothing_new"):
        services.update_contact(
            household=household, version=household.version, changes={}, by=CodeHolder(application.public_id),
            at=AT,
        )  # fmt: skip


def test_telephone_is_not_taken_away_from_a_page_opened_before_it_was_changed(cast: Cast) -> None:
    application = people.widow_applies()
    household, family = application.household, CodeHolder(application.public_id)
    seen = household.version
    services.update_contact(
        household=household, version=seen, changes={"phone": "13900009999"}, by=family, at=AT
    )

    with refuses("changed_meanwhile"):
        services.update_contact(household=household, version=seen, changes={"phone": ""}, by=family, at=AT)

    assert Household.objects.get().phone == "13900009999"


def test_application_is_not_sent_from_a_page_older_than_an_answer(client: Client, cast: Cast) -> None:
    check = walking.walk(client, walking.begin(client), walking.SELF)
    seen = walking.draft_of(check).saved_at.isoformat()
    phone = check.replace("/check/", "/phone/")
    with clock.fixed(AT + MINUTE):
        assert walking.answer(client, phone, {"phone": "13900009999"}).status_code == 302

        response = client.post(check, {"seen": seen, "_key": walking.key()})

    assert response.status_code == 409
    assert len(walking.errors(response)) == 1
    assert not Application.objects.exists()
    assert walking.draft_of(check).used_at is None


def test_family_still_on_file_does_not_return(cast: Cast) -> None:
    household = people.approved(people.widow_applies(), cast).household

    with refuses("not_exited"):
        services.return_household(household=household, reason="收入下降", by=cast.worker, at=AT)


def test_person_who_left_the_family_is_neither_edited_nor_ended_again(cast: Cast) -> None:
    """Both pages were opened before a colleague ended the membership."""
    application = people.accepted(people.widow_applies(), cast)
    grandson = application.household.members.get(is_head=False)
    end_member(member=application.household.members.get(is_head=False), reason="moved", by=cast.worker, at=AT)

    with refuses("member_ended"):
        end_member(member=grandson, reason="died", by=cast.colleague, at=AT)
    with refuses("member_ended"):
        edit_member(
            member=grandson, version=grandson.version, changes={"name": "陈大宝"}, by=cast.colleague, at=AT
        )


def test_application_is_not_sent_back_for_nothing(cast: Cast) -> None:
    application = people.widow_applies()

    with refuses("nothing_missing"):
        services.return_application(application=application, missing=[], by=cast.worker, at=AT)


def test_family_is_not_handed_to_a_colleague_of_another_county(cast: Cast) -> None:
    household = people.accepted(people.widow_applies(), cast).household

    with refuses("worker_elsewhere"):
        services.assign_worker(household=household, worker=cast.stranger, by=cast.supervisor, at=AT)


@pytest.fixture
def consent(cast: Cast) -> Consent:
    people.widow_applies()
    return Consent.objects.get(purpose="apply")


def family_of(consent: Consent) -> CodeHolder:
    return CodeHolder(consent.household.applications.get().public_id)


def test_consent_is_withdrawn_once(consent: Consent) -> None:
    services.withdraw_consent(consent=consent, by=family_of(consent), at=AT)

    with refuses("already_withdrawn"):
        services.withdraw_consent(consent=consent, by=family_of(consent), at=AT + MINUTE)


def test_consent_in_force_is_not_restored(consent: Consent) -> None:
    with refuses("not_withdrawn"):
        services.restore_consent(consent=consent, by=family_of(consent), at=AT)


def test_consent_of_an_application_taken_back_is_not_restored(consent: Consent) -> None:
    application = consent.household.applications.get()
    services.withdraw_application(application=application, by=family_of(consent), at=AT)

    with refuses("household_withdrawn"):
        services.restore_consent(consent=consent, by=family_of(consent), at=AT + MINUTE)


def test_consent_given_anew_is_not_restored_beside_itself(consent: Consent) -> None:
    services.withdraw_consent(consent=consent, by=family_of(consent), at=AT)
    anew: dict[str, Any] = {
        "household": consent.household, "purpose": consent.purpose, "data_classes": consent.data_classes,
        "receiver": consent.receiver, "method": "click", "evidence": None,
    }  # fmt: skip
    services.record_consent(**anew, by=family_of(consent), at=AT + MINUTE)

    with refuses("given_again"):
        services.restore_consent(consent=consent, by=family_of(consent), at=AT + 2 * MINUTE)

    assert Consent.objects.filter(purpose="apply", withdrawn_at__isnull=True).count() == 1
