"""The service behind the pages: what it refuses it stores nowhere, what it accepts is whole."""

from __future__ import annotations

import base64
import hmac
from dataclasses import replace
from datetime import date
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings

from common.actors import SYSTEM, CodeHolder
from common.crypto import blind_index
from common.exceptions import Refused
from households import services
from households.answers import DelegateAnswer, NeedAnswer, PersonAnswer
from households.models import Application, Consent, Delegation, Household, Member, Need
from journal.models import Entry
from notices.models import Notice, Sending
from tests import cast as people
from tests.cast import AT, GRANDSON_ID, Cast, clean_answers, widow_answers

pytestmark = pytest.mark.django_db
OTHER_ID = people.resident_id(90, born=date(1960, 2, 3))
STORED = (Application, Household, Member, Need, Consent, Delegation)
HELPER = DelegateAnswer(
    name="陈志强",
    relation="kin",
    evidence_kind="witness",
    witness="孙桂英",
    valid_to=date(2027, 6, 1),
    scope=("apply", "update"),
    phone="13900005678",
    read_back=True,
)


@pytest.fixture
def cast(db: None) -> Cast:
    return people.county()


def refusal(answers: Any, *, channel: str = "self", by: Any = SYSTEM) -> str:
    with pytest.raises(Refused) as refused:
        services.submit_application(answers=answers, channel=channel, by=by, at=AT)
    assert [model for model in STORED if model.objects.exists()] == []
    assert not Entry.objects.filter(action="application.submitted").exists()
    return refused.value.code


def person(**changes: Any) -> PersonAnswer:
    return replace(clean_answers(1).members[0], **changes)


def need(**changes: Any) -> NeedAnswer:
    return replace(clean_answers(1).needs[0], **changes)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"consents": ("apply",)}, "consent_missing"),
        ({"members": ()}, "no_member"),
        ({"needs": ()}, "no_need"),
        ({"area": "990101"}, "area_unknown"),
        ({"members": (person(), person(id_number=""))}, "two_heads"),
        ({"members": (person(), person(relation="other"))}, "id_twice"),
        ({"members": (person(id_number="99010119860501003X"),)}, "resident_id_check_digit"),
        ({"members": (person(id_kind="birth_certificate", id_number="12"),)}, "birth_certificate"),
        ({"members": (person(id_number=GRANDSON_ID, id_kind="resident_id"),)}, "guardian_missing"),
        ({"needs": (need(item="moon"),)}, "item_unknown"),
        ({"needs": (need(quantity=0),)}, "quantity_too_small"),
        ({"needs": (need(urgency="now!"),)}, "urgency_unknown"),
        ({"needs": (need(deadline=date(2026, 1, 1)),)}, "deadline_past"),
        ({"delegate": replace(HELPER, read_back=False)}, "not_read_back"),
        ({"delegate": replace(HELPER, witness="")}, "evidence_missing"),
        ({"delegate": replace(HELPER, valid_to=date(2026, 11, 23))}, "already_over"),
        ({"delegate": replace(HELPER, valid_to=date(2029, 11, 23))}, "too_long"),
        ({"delegate": replace(HELPER, id_number="11010519491231002")}, "resident_id_length"),
        ({"delegate": replace(HELPER, id_number="110105194912310029")}, "resident_id_check_digit"),
        ({"delegate": replace(HELPER, phone="12")}, "phone_digits"),
        ({"phone": "12"}, "phone_digits"),
        ({"delegate": replace(HELPER, scope=())}, "scope"),
        ({"delegate": replace(HELPER, scope=("everything",))}, "scope"),
    ],
)
def test_unfit_application_is_refused_and_nothing_is_stored(changes: dict[str, Any], code: str) -> None:
    if code == "resident_id_check_digit":
        wrong = clean_answers(1).members[0].id_number
        changes = {"members": (person(id_number=wrong[:-1] + ("1" if wrong[-1] != "1" else "2")),)}

    assert refusal(clean_answers(1, **changes)) == code


def test_village_worker_must_read_back(cast: Cast) -> None:
    assert refusal(clean_answers(1), channel="village_worker", by=cast.village_worker) == "not_read_back"


def test_village_worker_files_for_the_own_village_alone(cast: Cast) -> None:
    answers = clean_answers(1, read_back=True, area=people.OTHER_VILLAGE)

    assert refusal(answers, channel="village_worker", by=cast.village_worker) == "outside_area"
    assert refusal(clean_answers(1, read_back=True), channel="village_worker") == "outside_area"
    assert refusal(clean_answers(1), channel="desk", by=cast.stranger) == "outside_area"


def test_number_on_file_names_the_person_it_was_written_for() -> None:
    people.widow_applies()

    with pytest.raises(Refused) as refused:
        people.widow_applies()

    assert refused.value.code == "id_known"
    assert people.WIDOW in str(refused.value)
    assert Household.objects.count() == 1


def test_disability_certificate_meets_the_identity_card_of_the_same_person() -> None:
    people.widow_applies()
    certificate = PersonAnswer(
        name="王秀兰", relation="head", id_kind="disability_certificate", id_number=f"{people.WIDOW_ID}43"
    )

    with pytest.raises(Refused) as refused:
        people.applies(clean_answers(1, members=(certificate,)))

    assert refused.value.code == "id_known"


def test_delegate_is_journaled_and_the_family_hears_of_it() -> None:
    people.applies(widow_answers(delegate=HELPER), channel="delegate")

    assert Entry.objects.filter(action="delegation.given").count() == 1
    household = Household.objects.get()
    assert Notice.objects.get(to_ref=household.public_id).kind == "delegate_acted"
    assert Sending.objects.get().channel == "sms"


def test_social_workers_of_the_area_hear_of_it(cast: Cast) -> None:
    people.widow_applies()

    told = set(Notice.objects.filter(kind="new_application").values_list("to_ref", flat=True))
    assert told == {cast.worker.public_id, cast.colleague.public_id}


def test_unknown_quantity_is_noted_as_incomplete() -> None:
    application = people.applies(clean_answers(1, needs=(need(quantity_known=False),)))

    assert application.household.incomplete == ["quantity"]


def test_resubmitting_is_for_a_returned_application_alone(cast: Cast) -> None:
    application = people.widow_applies()

    with pytest.raises(Refused):
        services.resubmit_application(application=application, note="有了", by=SYSTEM, at=AT)

    application.refresh_from_db()
    assert application.story == people.WIDOW_WORDS
    assert not Entry.objects.filter(action="application.completed").exists()


def test_withdrawing_ends_needs_visits_consents_and_frees_the_people(cast: Cast) -> None:
    application = people.verified(people.widow_applies(), cast)

    services.withdraw_application(application=application, by=CodeHolder(application.public_id), at=AT)

    household = Household.objects.get()
    assert household.state == "withdrawn"
    assert set(household.needs.values_list("state", flat=True)) == {"cancelled"}
    assert set(household.visits.values_list("state", flat=True)) == {"cancelled"}
    assert not household.consents.filter(withdrawn_at__isnull=True).exists()
    assert people.widow_applies().state == "submitted"


def test_approved_application_is_not_withdrawn(cast: Cast) -> None:
    application = people.approved(people.widow_applies(), cast)

    with pytest.raises(Refused):
        services.withdraw_application(application=application, by=CodeHolder(application.public_id), at=AT)

    assert Household.objects.get().state == "active"
    assert set(Need.objects.values_list("state", flat=True)) == {"open"}


def certificate(number: str) -> PersonAnswer:
    return PersonAnswer(
        name="王秀兰", relation="head", id_kind="disability_certificate", id_number=f"{number}43"
    )


def test_identity_card_meets_the_disability_certificate_of_the_same_person() -> None:
    people.applies(clean_answers(1, members=(certificate(people.WIDOW_ID),)))

    with pytest.raises(Refused) as refused:
        people.widow_applies()

    assert refused.value.code == "id_known"
    assert Member.objects.count() == Household.objects.count() == 1


def test_two_documents_of_one_person_are_no_two_people() -> None:
    spouse = replace(widow_answers().members[0], relation="spouse")

    assert refusal(clean_answers(1, members=(certificate(people.WIDOW_ID), spouse))) == "id_twice"


def stored_whole(number: str) -> str:
    """The index of a certificate as it was kept before it was looked up by its holder."""
    version, key = next(iter(settings.INDEX_KEYS.items()))
    message = f"resident_id\x00{number}".encode()
    return f"{version}:{hmac.new(base64.b64decode(key), message, 'sha256').hexdigest()}"


def test_certificates_on_file_are_looked_up_by_their_holder_from_now_on() -> None:
    """Two rows of one person that are there already stay; nobody is lost on the way."""
    members = Member.objects.order_by("pk")
    people.applies(clean_answers(1, members=(certificate(OTHER_ID),)))
    people.applies(clean_answers(2, members=(certificate(people.WIDOW_ID),)))
    for member in members:
        members.filter(pk=member.pk).update(id_index=stored_whole(member.id_number))
    people.applies(widow_answers(members=widow_answers().members[:1]))
    lone, twin, card = members.all()

    import_module("households.migrations.0007_documents_of_one_person_meet").look_up_by_holder(apps, None)

    indexes = {member.pk: member.id_index for member in members.all()}
    assert indexes[lone.pk] == blind_index("resident_id", OTHER_ID)
    assert indexes[twin.pk] == stored_whole(twin.id_number)
    assert indexes[card.pk] == blind_index("resident_id", people.WIDOW_ID)
