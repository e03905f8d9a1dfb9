"""The worker's word for a family: shown, noted as a duty, and never by who works for one of its helpers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from accounts.enums import Duty
from accounts.models import Involvement, User
from accounts.services import register_involvement
from common import clock
from common.actors import SYSTEM, CodeHolder
from common.exceptions import Refused
from files.models import Attachment
from files.services import keep
from households import services
from households.answers import DelegateAnswer
from households.models import (
    Application,
    Assessment,
    Consent,
    Delegation,
    Household,
    Need,
    QualityFlag,
    Visit,
)
from households.services.file import edit_household
from journal.models import Entry
from tests import cast as people
from tests.cast import AT, Cast
from tests.households.test_desk_acts import address, photo, post
from tests.households.test_further import asks

MODELS = (
    Application,
    Assessment,
    Consent,
    Delegation,
    Household,
    Need,
    QualityFlag,
    Visit,
    Involvement,
    Entry,
)
FAMILYS = ("withdraw_application", "cancel_need", "withdraw_consent", "revoke_delegation")
WORKERS = ("cancel_visit", "close_need", "verify_need", "explain_flag")


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with clock.fixed(AT):
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    return people.county()


def rows() -> list[Any]:
    return [list(model.objects.order_by("pk").values()) for model in MODELS]


def refused(code: str, act: Callable[..., Any], **given: Any) -> None:
    before = rows()
    with pytest.raises(Refused) as caught:
        act(**given, at=AT)
    assert (caught.value.code, rows()) == (code, before)


def target(verb: str, cast: Cast) -> tuple[str, Any]:
    """The row an act is done to, and its name in the service."""
    if verb == "withdraw_application":
        return "application", people.verified(people.widow_applies(), cast)
    if verb in {"cancel_need", "close_need", "verify_need"}:
        need = people.needs_of(people.approved(people.widow_applies(), cast))[0]
        if verb != "cancel_need":
            services.reserve_need(need=need, amount=need.requested, by=SYSTEM, at=AT)
            services.deliver_need(need=need, amount=need.requested, by=SYSTEM, at=AT)
        if verb == "close_need":
            services.verify_need(need=need, by=cast.colleague, at=AT)
        return "need", Need.objects.get(pk=need.pk)
    application = people.verified(people.applies(people.widow_answers(causes=("labour",))), cast)
    household = application.household
    if verb == "withdraw_consent":
        return "consent", household.consents.get(purpose="apply")
    if verb == "revoke_delegation":
        return "delegation", given_to(household, cast)
    if verb == "explain_flag":
        flag = household.flags.filter(state="raised").first()
        return "flag", flag or QualityFlag.objects.create(
            household=household, application=application, rule="TEL-01", severity="info", raised_at=AT,
            state="raised", state_since=AT,
        )  # fmt: skip
    return "visit", people.planned_visit(household)


def given_to(household: Household, cast: Cast) -> Delegation:
    person = DelegateAnswer(
        name="王强", relation="kin", phone="13900000001", scope=("apply", "update"), evidence_kind="witness",
        witness="李四", read_back=True, valid_to=AT.date() + timedelta(days=30),
    )  # fmt: skip
    return services.grant_delegation(
        household=household,
        delegate=person,
        evidence=None,
        by=CodeHolder(household.applications.get().public_id),
        at=AT,
    )


def said(verb: str, by: User, household: Household) -> dict[str, Any]:
    """What goes with the act: the family's own word, or the worker's own words."""
    if verb in FAMILYS:
        return {
            "evidence": keep(upload=photo(), purpose="confirmation_evidence", owner=household, by=by, at=AT)
        }
    return {"cancel_visit": {"reason": "double"}, "explain_flag": {"explanation": "在外打工。"}}.get(verb, {})


def tied(user: User, household: Household, cast: Cast) -> User:
    """The same person, with a seat at an organisation that was let into this file as well."""
    consent = services.record_consent(
        household=household, purpose="share_implementer", data_classes=["contact"], receiver=cast.association,
        method="click", evidence=None, by=CodeHolder(household.applications.get().public_id), at=AT,
    )  # fmt: skip
    services.grant_case_access(
        household=household, organisation=cast.association, fields=["contact"], purpose="delivery",
        consent=consent, cause_ref="x", by=SYSTEM, at=AT,
    )  # fmt: skip
    return people.hire(
        user.username, user.name, "agency", organisation=cast.association, by=cast.administrator
    )


@pytest.mark.parametrize(
    ("verb", "duty"),
    [
        *((verb, "spokesperson") for verb in (*FAMILYS, "explain_flag")),
        ("cancel_visit", "handler"),
        ("close_need", "handler"),
        ("verify_need", "verifier"),
    ],
)
def test_worker_acts_for_a_family_of_the_area_without_a_tie_and_is_noted(
    cast: Cast, verb: str, duty: str
) -> None:
    name, row = target(verb, cast)
    act, household = getattr(services, verb), row.household
    word = said(verb, cast.worker, household)

    refused("not_your_case", act, **{name: row}, **word, by=cast.stranger)
    if verb in FAMILYS:
        refused("evidence_missing", act, **{name: row}, by=cast.worker)
        refused("not_your_case", act, **{name: row}, **word, by=cast.village_worker)
    act(**{name: row}, **word, by=cast.worker, at=AT)

    assert Involvement.objects.filter(user=cast.worker, duty=duty, file_ref=household.public_id).exists()
    kept = Entry.objects.filter(action="household.word_kept", object_ref=household.public_id)
    assert [entry.parameters["evidence"] for entry in kept] == [
        one.public_id for one in word.values() if verb in FAMILYS
    ]
    objection = services.file_objection(
        household=household, subject="conduct", about=("households.household", household.public_id), text="不公",
        channel="self", by=CodeHolder(household.applications.get().public_id), at=AT,
    )  # fmt: skip
    given: dict[str, Any] = {"objection": objection, "first": cast.worker, "second": cast.second_supervisor}
    refused("incompatible_duty", services.assign_objection, **given, by=cast.supervisor)


@pytest.mark.parametrize("verb", [*FAMILYS, *WORKERS])
def test_employee_of_a_helper_does_not_bring_the_familys_word(cast: Cast, verb: str) -> None:
    name, row = target(verb, cast)
    both = tied(cast.worker, row.household, cast)
    word = said(verb, both, row.household)

    refused("own_employer", getattr(services, verb), **{name: row}, **word, by=both)


@pytest.mark.parametrize("verb", FAMILYS)
def test_family_speaks_for_itself_and_no_other_family_does(cast: Cast, verb: str) -> None:
    name, row = target(verb, cast)
    act, family = getattr(services, verb), CodeHolder(row.household.applications.get().public_id)
    other = people.applies(people.clean_answers(5))

    refused("not_yours", act, **{name: row}, by=CodeHolder(other.public_id))
    refused("not_yours", act, **{name: row}, by=SYSTEM)
    act(**{name: row}, by=family, at=AT)

    assert not Involvement.objects.filter(duty="spokesperson").exists()


def test_delegate_takes_a_need_back_within_the_scope_and_nothing_that_cannot_be_entrusted(cast: Cast) -> None:
    _name, need = target("cancel_need", cast)
    delegation = given_to(need.household, cast)
    delegate = CodeHolder(delegation.public_id, "delegate")
    consent = need.household.consents.get(purpose="apply")

    refused("not_yours", services.withdraw_consent, consent=consent, by=delegate)
    refused("not_yours", services.revoke_delegation, delegation=delegation, by=delegate)
    services.cancel_need(need=need, by=delegate, at=AT)

    need.refresh_from_db()
    assert need.state == "cancelled"


def test_what_was_asked_for_later_is_taken_back_alone(cast: Cast) -> None:
    first = people.approved(people.widow_applies(), cast)
    more = asks(first.household, CodeHolder(first.public_id))

    refused("asked_later", services.withdraw_application, application=more, by=CodeHolder(first.public_id))


def test_village_worker_passes_on_what_the_own_families_answer(cast: Cast) -> None:
    _name, flag = target("explain_flag", cast)
    given = {"flag": flag, "explanation": "女儿在外打工。", "by": cast.village_worker}

    refused("not_your_filing", services.explain_flag, **given)
    Household.objects.update(filed_by=cast.village_worker)
    services.explain_flag(**given, at=AT)

    flag.refresh_from_db()
    assert flag.state == "explained"


def test_need_past_its_day_is_not_closed_without_the_family(cast: Cast) -> None:
    _name, need = target("cancel_need", cast)
    services.expire_need(need=need, by=SYSTEM, at=AT)

    refused("still_wanted", services.close_need, need=need, by=cast.worker)


@pytest.mark.parametrize("verb", FAMILYS)
def test_desk_page_asks_for_the_familys_own_word(cast: Cast, verb: str) -> None:
    _name, row = target(verb, cast)
    slug = {"cancel_need": "cancel", "revoke_delegation": "revoke"}.get(verb, "withdraw")
    desk, far = people.signed_in(cast.worker), people.signed_in(cast.stranger)
    before = rows()

    assert 'type="file"' in desk.get(address(row, slug)).content.decode()
    assert post(desk, row, slug).status_code == 422
    assert post(far, row, slug, upload=photo()).status_code == 404
    assert rows() == before

    assert post(desk, row, slug, "k2", upload=photo()).status_code == 302
    kept = Attachment.objects.latest("pk")
    assert Entry.objects.get(action="household.word_kept").parameters["evidence"] == kept.public_id
    assert desk.get(f"/files/{kept.public_id}/").status_code == 200


def test_refused_word_keeps_no_file(cast: Cast) -> None:
    _name, need = target("cancel_need", cast)
    services.reserve_need(need=need, amount=1, by=SYSTEM, at=AT)
    desk = people.signed_in(cast.worker)
    before = rows(), Attachment.objects.count()

    assert post(desk, need, "cancel", upload=photo()).status_code == 409
    assert (rows(), Attachment.objects.count()) == before


# --- duties of the worker's own steps (item 2) ----------------------------------------------------------------------
def took(user: User) -> set[str]:
    return set(Involvement.objects.filter(user=user).values_list("duty", flat=True))


def test_worker_who_takes_down_what_a_family_asks_for_has_spoken_for_it(cast: Cast) -> None:
    application = people.approved(people.widow_applies(), cast)
    asks(application.household, cast.colleague)
    need = people.needs_of(application)[0]
    services.expire_need(need=need, by=SYSTEM, at=AT)
    services.renew_need(need=need, deadline=AT.date(), by=cast.second_supervisor, at=AT)

    assert took(cast.second_supervisor) == {"spokesperson"}
    assert took(cast.colleague) == {"visitor", "spokesperson"}


def test_whoever_takes_up_or_returns_an_application_has_checked_it(cast: Cast) -> None:
    application = people.applies(people.widow_answers(), by=cast.colleague, channel="desk")

    refused("incompatible_duty", services.accept_application, application=application, by=cast.colleague)
    refused(
        "incompatible_duty",
        services.return_application,
        application=application,
        missing=["户口簿"],
        by=cast.colleague,
    )
    services.return_application(application=application, missing=["户口簿"], by=cast.second_supervisor, at=AT)
    services.resubmit_application(
        application=application, note="有了", by=CodeHolder(application.public_id), at=AT
    )
    services.accept_application(application=application, by=cast.worker, at=AT)

    assert (took(cast.second_supervisor), took(cast.worker)) == ({"verifier"}, {"verifier"})


def test_whoever_sends_back_or_sets_a_severity_has_reviewed_and_did_not_assess(cast: Cast) -> None:
    application = people.assessed(people.widow_applies(), cast)
    assessment, need = application.assessments.get(), people.needs_of(application)[0]
    services.send_back_assessment(assessment=assessment, reason="再问问", by=cast.supervisor, at=AT)
    assert took(cast.supervisor) == {"reviewer"}

    register_involvement(file=application.household, duty=Duty.ASSESSOR, by=cast.second_supervisor, at=AT)
    given: dict[str, Any] = {"need": need, "severity": 5, "reason": "断药三天"}
    refused("incompatible_duty", services.override_severity, **given, by=cast.second_supervisor)
    services.override_severity(**given, by=cast.supervisor, at=AT)


def test_whoever_pauses_or_goes_on_with_a_file_has_handled_it(cast: Cast) -> None:
    household = people.approved(people.widow_applies(), cast).household

    services.suspend_household(household=household, reason="moved", by=cast.second_supervisor, at=AT)
    services.resume_household(household=household, by=cast.second_supervisor, at=AT)

    assert took(cast.second_supervisor) == {"handler"}


def test_consent_is_given_by_the_family_or_shown_by_its_worker(cast: Cast) -> None:
    household = people.verified(people.widow_applies(), cast).household
    given: dict[str, Any] = {
        "household": household,
        "purpose": "story",
        "data_classes": ["ordinary"],
        "receiver": None,
    }
    paper = keep(upload=photo(), purpose="consent_evidence", owner=household, by=cast.colleague, at=AT)
    another = CodeHolder(people.applies(people.clean_answers(5)).public_id)

    refused(
        "evidence_missing", services.record_consent, **given, method="click", evidence=None, by=cast.colleague
    )
    refused(
        "not_your_case",
        services.record_consent,
        **given,
        method="signature",
        evidence=paper,
        by=cast.stranger,
    )
    refused("not_yours", services.record_consent, **given, method="click", evidence=None, by=another)
    consent = services.record_consent(**given, method="signature", evidence=paper, by=cast.colleague, at=AT)

    assert Involvement.objects.filter(user=cast.colleague, duty="spokesperson").exists()
    family = CodeHolder(household.applications.get().public_id)
    services.withdraw_consent(consent=consent, by=family, at=AT)
    refused("family_only", services.restore_consent, consent=consent, by=cast.colleague)
    refused("not_yours", services.restore_consent, consent=consent, by=another)
    assert services.restore_consent(consent=consent, by=family, at=AT).withdrawn_at is None


def test_worker_who_notes_a_delegate_or_plans_a_visit_has_a_part_in_the_file(cast: Cast) -> None:
    household = people.verified(people.widow_applies(), cast).household
    plan: dict[str, Any] = {"household": household, "kind": "care", "due": AT.date() + timedelta(days=3)}
    person = DelegateAnswer(
        name="王强", relation="kin", phone="13900000001", scope=("update",), evidence_kind="witness",
        witness="李四", read_back=True, valid_to=AT.date() + timedelta(days=30),
    )  # fmt: skip
    entrusted: dict[str, Any] = {"household": household, "delegate": person, "evidence": None}

    refused("not_your_case", services.grant_delegation, **entrusted, by=cast.stranger)
    refused("not_your_case", services.plan_visit, **plan, by=cast.stranger)
    services.grant_delegation(**entrusted, by=cast.colleague, at=AT)
    services.plan_visit(**plan, by=cast.second_supervisor, at=AT)

    duties = Involvement.objects.filter(file_ref=household.public_id)
    assert duties.filter(user=cast.colleague, duty="spokesperson").exists()
    assert duties.filter(user=cast.second_supervisor, duty="handler").exists()


def test_contact_and_what_was_missing_come_from_the_family_or_whoever_filed_for_it(cast: Cast) -> None:
    application = people.widow_applies()
    household, family = application.household, CodeHolder(application.public_id)
    another = CodeHolder(people.applies(people.clean_answers(5)).public_id)
    contact: dict[str, Any] = {"household": household, "version": household.version}
    contact["changes"] = {"phone": "13900000077"}
    services.return_application(application=application, missing=["id_photo"], by=cast.worker, at=AT)
    brought: dict[str, Any] = {"application": application, "note": "补上了"}

    for act, given in ((services.update_contact, contact), (services.resubmit_application, brought)):
        refused("not_your_case", act, **given, by=cast.stranger)
        refused("not_yours", act, **given, by=another)
        refused("not_your_filing", act, **given, by=cast.village_worker)
    services.resubmit_application(**brought, by=family, at=AT)
    services.update_contact(**contact, by=cast.colleague, at=AT)

    assert Involvement.objects.filter(user=cast.colleague, duty="spokesperson").exists()


def test_who_wrote_on_a_file_or_handed_it_on_has_a_part_in_it(cast: Cast) -> None:
    household = people.verified(people.widow_applies(), cast).household
    hand: dict[str, Any] = {"household": household, "worker": cast.colleague}
    refused("supervisor_needed", services.assign_worker, **hand, by=cast.colleague)
    services.assign_worker(**hand, by=cast.second_supervisor, at=AT)
    edit_household(
        household=household, version=Household.objects.get(pk=household.pk).version,
        changes={"category": "dibao"}, by=cast.supervisor, at=AT,
    )  # fmt: skip

    wrote = Involvement.objects.filter(file_ref=household.public_id, duty="handler")
    assert set(wrote.values_list("user__username", flat=True)) == {"zhao", "li"}
