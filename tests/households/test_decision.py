"""The supervisor decides: filed with open needs, or refused with a reason; never alone and never for oneself."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from accounts import services as accounts
from accounts.enums import Role
from accounts.models import User
from common.exceptions import Refused
from common.masking import mask_name
from households import services
from households.desk.forms.files import PersonFields
from households.models import Application, Assessment, CaseAccess, Consent, Household, Member, Need, Visit
from households.services.file import add_member, edit_household, edit_member
from tests import cast as people
from tests.cast import AT, Cast


@pytest.fixture
def cast(db: None) -> Cast:
    return people.county()


def test_approval_files_the_household_and_opens_its_needs(cast: Cast) -> None:
    application = people.approved(people.widow_applies(), cast)

    household = Household.objects.get()
    assert (application.state, household.state, household.filed_at) == ("approved", "active", AT)
    assert household.cause_main == "illness"
    assert list(Need.objects.order_by("pk").values_list("state", "severity", "severity_rule")) == [
        ("open", 4, "severity-1"),
        ("open", 4, "severity-1"),
    ]
    assert Assessment.objects.get().reviewer == cast.supervisor


def refused(code: str, act, **given) -> None:
    """The service refuses with this code and nothing about the case has changed."""
    before = snapshot()
    with pytest.raises(Refused) as caught:
        act(at=AT, **given)
    assert caught.value.code == code
    assert snapshot() == before


def snapshot() -> list:
    rows = [Application, Household, Need, Assessment]
    return [list(model.objects.order_by("pk").values()) for model in rows]


def test_assessor_cannot_review_the_own_assessment(cast: Cast) -> None:
    application = people.visited(people.widow_applies(), cast)
    assessment = services.start_assessment(application=application, by=cast.supervisor, at=AT)
    services.save_assessment(
        assessment=assessment, version=1, changes=people.full_assessment(), by=cast.supervisor, at=AT
    )
    assessment.refresh_from_db()
    services.submit_assessment(
        assessment=assessment, household_confirms=True, needs=people.in_order(application),
        by=cast.supervisor, at=AT,
    )  # fmt: skip
    application.refresh_from_db()

    refused("four_eyes", services.start_review, application=application, by=cast.supervisor)
    services.start_review(application=application, by=cast.second_supervisor, at=AT)
    application.refresh_from_db()
    refused("four_eyes", services.approve_application, application=application, by=cast.supervisor)
    refused(
        "four_eyes", services.reject_application, application=application, reason="收入高", by=cast.supervisor
    )


def test_social_worker_cannot_decide(cast: Cast) -> None:
    application = people.reviewing(people.widow_applies(), cast)

    refused("supervisor_needed", services.approve_application, application=application, by=cast.colleague)


def test_decision_before_review_is_refused(cast: Cast) -> None:
    application = people.assessed(people.widow_applies(), cast)

    refused("wrong_state", services.approve_application, application=application, by=cast.supervisor)


def test_rejection_needs_a_reason(cast: Cast) -> None:
    application = people.reviewing(people.widow_applies(), cast)

    refused(
        "reason_missing",
        services.reject_application,
        application=application,
        reason="  ",
        by=cast.supervisor,
    )


def test_rejection_ends_the_needs_and_tells_why(cast: Cast) -> None:
    application = people.reviewing(people.widow_applies(), cast)

    done = services.reject_application(
        application=application, reason="家里收入高于标准。", by=cast.supervisor, at=AT
    )

    assert (done.state, done.decision_reason, done.decided_by) == (
        "rejected",
        "家里收入高于标准。",
        cast.supervisor,
    )
    assert set(Need.objects.values_list("state", flat=True)) == {"cancelled"}
    assert Household.objects.get().state == "rejected"
    assert not Visit.objects.filter(state="planned").exists()


def test_refused_family_applies_again_and_its_numbers_are_in_one_living_file(cast: Cast) -> None:
    first = people.reviewing(people.widow_applies(), cast)
    services.reject_application(application=first, reason="收入高于标准。", by=cast.supervisor, at=AT)

    second = people.widow_applies()

    living = Member.objects.filter(live=True)
    assert set(living.values_list("household", flat=True)) == {second.household_id}
    assert Member.objects.filter(live=False, ended_reason="application_rejected").count() == 2
    with pytest.raises(Refused) as caught:
        people.widow_applies()
    assert caught.value.code == "id_known"
    assert Application.objects.count() == 2


def test_database_holds_an_identity_number_in_one_living_file(cast: Cast) -> None:
    first = people.reviewing(people.widow_applies(), cast)
    services.reject_application(application=first, reason="收入高于标准。", by=cast.supervisor, at=AT)
    people.widow_applies()

    with pytest.raises(IntegrityError), transaction.atomic():
        first.household.members.update(live=True)

    assert not first.household.members.filter(live=True).exists()


def test_nobody_is_added_to_a_refused_file(cast: Cast) -> None:
    application = people.reviewing(people.widow_applies(), cast)
    services.reject_application(application=application, reason="收入高于标准。", by=cast.supervisor, at=AT)
    person = people.clean_answers(1).members[0]

    refused("file_ended", add_member, household=application.household, person=person, by=cast.worker)

    assert Member.objects.filter(live=True).count() == 0


def test_application_refused_while_its_file_is_paused_frees_the_people_too(cast: Cast) -> None:
    application = people.reviewing(people.widow_applies(), cast)
    services.suspend_household(
        household=application.household, reason="investigation", by=cast.supervisor, at=AT
    )

    services.reject_application(application=application, reason="收入高于标准。", by=cast.supervisor, at=AT)

    assert Household.objects.get().state == "rejected"
    assert people.widow_applies().state == "submitted"


def test_question_alone_is_no_reason_to_reject(cast: Cast) -> None:
    application = people.verified(people.applies(people.clean_answers(1, causes=("illness",))), cast)
    assert application.state == "flagged"

    refused(
        "not_confirmed",
        services.reject_application,
        application=application,
        reason="不实",
        by=cast.supervisor,
    )


def test_file_without_a_head_is_not_approved(cast: Cast) -> None:
    application = people.reviewing(people.widow_applies(), cast)
    head = application.household.head
    assert head is not None
    edit_member(member=head, version=head.version, changes={"relation": "mother"}, by=cast.worker, at=AT)

    refused("no_head", services.approve_application, application=application, by=cast.supervisor)


def employed_by(user: User, cast: Cast) -> User:
    """The same person also works for the association, which was let into the file."""
    accounts.invite_member(
        username=user.username,
        name=user.name,
        role=Role.AGENCY,
        organisation=cast.association,
        by=cast.administrator,
        at=AT,
    )
    seat = user.memberships.get(organisation=cast.association)
    accounts.accept_invitation(membership=seat, password=people.PASSWORD, by=user, at=AT)
    again: User = User.objects.get(pk=user.pk)
    return again


@pytest.mark.parametrize("step", ["start_review", "approve_application"])
def test_nobody_decides_for_the_own_employer(cast: Cast, step: str) -> None:
    application = people.reviewing(people.widow_applies(), cast)
    if step == "start_review":
        application = people.assessed(people.applies(people.clean_answers(1)), cast)
    household = application.household
    consent = Consent.objects.create(
        household=household,
        purpose="share_implementer",
        receiver=cast.association,
        text_version="1",
        method="click",
        given_at=AT,
    )
    CaseAccess.objects.create(
        household=household,
        organisation=cast.association,
        purpose="project",
        consent=consent,
        opened_at=AT,
    )
    tied = employed_by(cast.second_supervisor, cast)

    refused("own_employer", getattr(services, step), application=application, by=tied)


def test_severity_is_overridden_by_a_supervisor_with_a_reason(cast: Cast) -> None:
    people.approved(people.widow_applies(), cast)
    need = Need.objects.order_by("pk")[0]

    refused(
        "supervisor_needed", services.override_severity, need=need, severity=5, reason="x", by=cast.worker
    )
    refused("severity", services.override_severity, need=need, severity=6, reason="x", by=cast.supervisor)
    refused(
        "reason_missing", services.override_severity, need=need, severity=5, reason=" ", by=cast.supervisor
    )
    services.override_severity(need=need, severity=5, reason="断药三天", by=cast.supervisor, at=AT)

    need.refresh_from_db()
    assert (need.severity, need.severity_rule, need.overridden_by) == (5, "override", cast.supervisor)


@pytest.mark.parametrize(("name", "words"), [("category", "户类型"), ("standard", "识别标准")])
def test_file_without_category_or_standard_is_not_approved(cast: Cast, name: str, words: str) -> None:
    application = people.reviewing(people.widow_applies(), cast)
    household = Household.objects.get()
    edit_household(household=household, version=household.version, changes={name: ""}, by=cast.worker, at=AT)
    desk = people.signed_in(cast.supervisor)
    file = f"/admin/households/household/{household.public_id}/file/"
    place = f"/admin/households/household/{household.public_id}/do/place/"
    approve = f"/admin/households/application/{application.public_id}/do/approve/"

    refused("unclassified", services.approve_application, application=application, by=cast.supervisor)
    before = snapshot()
    answer = desk.post(approve, {"_key": "1"})
    assert (answer.status_code, snapshot()) == (409, before)
    assert f"还缺：{words}" in answer.content.decode()
    assert f'<a href="{place}">填上</a>' in desk.get(file).content.decode()

    household.refresh_from_db()
    shown = desk.get(place).context["form"]
    given = {field.html_name: field.value() or "" for field in shown} | {
        "_key": "2",
        name: people.CLASS_OF_FILE[name],
    }
    assert desk.post(place, given).status_code == 302
    assert f'<a href="{place}">填上</a>' not in desk.get(file).content.decode()
    assert desk.post(approve, {"_key": "3"}).status_code == 302
    assert Household.objects.get().state == "active"


def completed(member: Member, cast: Cast, **changes: Any) -> Member:
    return edit_member(member=member, version=member.version, changes=changes, by=cast.worker, at=AT)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("name", {"name": ""}),
        ("sex", {"id_number": "", "id_kind": "none", "sex": ""}),
        ("id_kind", {"id_number": "", "id_kind": ""}),
        ("relation", {"relation": ""}),
        ("health", {"health": ()}),
        ("labour", {"labour": ""}),
    ],
)
def test_file_without_an_answer_asked_of_everybody_is_not_approved(
    cast: Cast, name: str, changes: dict[str, Any]
) -> None:
    application = people.reviewing(people.widow_applies(), cast)
    grandson = Member.objects.get(relation="grandson")
    said = {key: getattr(grandson, key) for key in changes}
    grandson = completed(grandson, cast, **changes)
    desk = people.signed_in(cast.supervisor)
    file = f"/admin/households/household/{application.household.public_id}/file/"
    edit = f"/admin/households/member/{grandson.public_id}/do/edit/"
    approve = f"/admin/households/application/{application.public_id}/do/approve/"
    whose = mask_name(grandson.name) or gettext("a person without a name")
    what = str(PersonFields.base_fields[name].label)

    refused("person_unfinished", services.approve_application, application=application, by=cast.supervisor)
    before = snapshot()
    answer = desk.post(approve, {"_key": "1"})
    assert (answer.status_code, snapshot()) == (409, before)
    assert name in Household.objects.get().incomplete
    for page in (answer.content.decode(), desk.get(file).content.decode()):
        assert what in page.partition(whose)[2]
    assert f'<a href="{edit}">' in desk.get(file).content.decode()

    completed(grandson, cast, **{**said, "health": tuple(said.get("health", grandson.health))})
    assert f'<a href="{edit}">' not in desk.get(file).content.decode().partition("tabs")[0]
    assert desk.post(approve, {"_key": "3"}).status_code == 302
    assert (Household.objects.get().state, Household.objects.get().incomplete) == ("active", [])


def test_no_document_is_an_answer(cast: Cast) -> None:
    application = people.reviewing(people.widow_applies(), cast)
    completed(Member.objects.get(relation="grandson"), cast, id_number="", id_kind="none", sex="male")

    services.approve_application(application=application, by=cast.supervisor, at=AT)

    assert (Household.objects.get().state, Household.objects.get().incomplete) == ("active", ["id_number"])
