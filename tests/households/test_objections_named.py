"""An objection names the very decision, and only what stands on the file can be objected to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.enums import Role
from accounts.models import Involvement, User
from common import clock
from common.actors import CodeHolder
from common.exceptions import Refused
from households import services
from households.models import Application, Assessment, Household, Objection, Remedy
from households.queries.decisions import decision_named, standing_decisions
from journal.models import Entry
from notices.models import Notice
from tests import cast as people
from tests.cast import AT, Cast
from tests.households import walking
from tests.households.objecting import decided, judged, objects, outsiders, standing
from tests.households.test_desk_acts import address, post
from tests.households.test_further import asks
from tests.households.test_status import entered

PAGE = "/help/status/objection/"
WHOLE = "households.household"


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with clock.fixed(AT):
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    return people.county()


@pytest.fixture
def application(cast: Cast) -> Application:
    return people.approved(people.widow_applies(), cast)


def rejected(cast: Cast, application: Application) -> Application:
    application = people.reviewing(application, cast)
    services.reject_application(application=application, reason="收入高于标准。", by=cast.supervisor, at=AT)
    return application


def further(cast: Cast, first: Application) -> Application:
    """What the family asked for since, assessed and before a supervisor."""
    more = asks(first.household, CodeHolder(first.public_id))
    services.accept_application(application=more, by=cast.worker, at=AT)
    services.start_verifying(application=Application.objects.get(pk=more.pk), by=cast.worker, at=AT)
    more = Application.objects.get(pk=more.pk)
    assessment = services.start_assessment(application=more, by=cast.worker, at=AT)
    services.save_assessment(
        assessment=assessment, version=1, changes=people.full_assessment(), by=cast.worker, at=AT
    )
    services.submit_assessment(
        assessment=assessment,
        household_confirms=True,
        needs=[{"need": more.needs.get()}],
        by=cast.worker,
        at=AT,
    )
    services.start_review(application=more, by=cast.supervisor, at=AT)
    return Application.objects.get(pk=more.pk)


def stored() -> list[Any]:
    models = (Objection, Remedy, Application, Assessment, Household, Involvement, Notice)
    return [list(model.objects.order_by("pk").values()) for model in models] + [Entry.objects.count()]


def refused(code: str, household: Household, subject: str, about: tuple[str, str], by: Any = None) -> Refused:
    before = stored()
    with pytest.raises(Refused) as caught:
        objects(household, subject, about=about, **({"by": by} if by else {}))
    assert (caught.value.code, stored()) == (code, before)
    return caught.value


def keys(page: str) -> list[str]:
    return re.findall(r'name="decision" value="([^"]+)"', page)


def test_family_is_offered_what_stands_and_nothing_else(cast: Cast) -> None:
    application = people.widow_applies()
    client = entered(application)
    assert keys(client.get(PAGE).content.decode()) == ["conduct", "delay"]

    rejected(cast, application)

    page = client.get(PAGE).content.decode()
    label, assessment = "rejection:households.application", Assessment.objects.get().public_id
    assert set(keys(page)) == {
        f"{label}:{application.public_id}", f"assessment:households.assessment:{assessment}", "conduct", "delay",
    }  # fmt: skip
    assert application.number in page
    assert "2026-11-23" in page


def test_family_reads_the_decision_it_named(cast: Cast) -> None:
    application = rejected(cast, people.widow_applies())
    client = entered(application)

    sent = {
        "decision": f"rejection:households.application:{application.public_id}",
        "text": "不对",
        "_key": "a",
    }
    assert [client.post(PAGE, sent).status_code for _twice in range(2)] == [302, 302]

    objection = Objection.objects.get()
    assert (objection.object_label, objection.object_ref) == ("households.application", application.public_id)
    assert Entry.objects.get(action="objection.received").parameters["about"] == application.public_id
    assert application.number in walking.text(client.get("/help/status/")).partition(objection.number)[2]
    again = client.post(PAGE, {**sent, "_key": "b"})
    assert again.status_code == 409
    assert objection.number in walking.text(again)
    assert Objection.objects.count() == 1


def test_what_stands_no_more_is_asked_again_on_the_page(cast: Cast) -> None:
    application = people.widow_applies()
    client = entered(application)
    gone = f"rejection:households.application:{application.public_id}"

    answer = client.post(PAGE, {"decision": gone, "text": "不对", "_key": "a"})

    assert (answer.status_code, Objection.objects.exists()) == (422, False)


def test_only_what_belongs_to_file_and_subject_is_taken(cast: Cast, application: Application) -> None:
    household = application.household
    other = rejected(cast, people.applies(people.clean_answers(1)))
    theirs, ours = ("households.application", other.public_id), standing(household, "assessment").about

    refused("decision_unknown", household, "rejection", theirs)
    refused("decision_unknown", household, "rejection", ("households.application", application.public_id))
    refused("decision_unknown", household, "rejection", ours)
    refused("decision_unknown", household, "assessment", (WHOLE, household.public_id))
    refused("decision_unknown", household, "conduct", (WHOLE, other.household.public_id))
    refused("decision_unknown", household, "nonsense", (WHOLE, household.public_id))
    refused("decision_unknown", household, "match", ("", ""))
    refused("not_yours", household, "conduct", (WHOLE, household.public_id), by=CodeHolder(other.public_id))
    refused("not_your_case", household, "conduct", (WHOLE, household.public_id), by=cast.stranger)
    refused("not_your_case", household, "conduct", (WHOLE, household.public_id), by=cast.village_worker)


def test_decision_is_looked_at_once_at_a_time(cast: Cast, application: Application) -> None:
    household = application.household
    for subject in ("assessment", "delay"):
        first = objects(household, subject)
        said = refused("objection_open", household, subject, (first.object_label, first.object_ref))
        assert first.number in str(said.message)
    objects(household, "conduct")
    objects(household, "conduct")
    open_one = Objection.objects.filter(subject="assessment").get()
    services.withdraw_objection(objection=open_one, by=CodeHolder(application.public_id), at=AT)

    assert objects(household, "assessment").number != open_one.number


def test_database_holds_one_open_objection_to_a_decision(cast: Cast, application: Application) -> None:
    objection = objects(application.household, "assessment")
    copy = {
        name: getattr(objection, name)
        for name in ("subject", "object_label", "object_ref", "received_at", "due")
    }

    with pytest.raises(IntegrityError), transaction.atomic():
        Objection.objects.create(number="x", household=application.household, state_since=AT, **copy)


def test_worker_who_takes_it_down_does_not_decide_it(cast: Cast, application: Application) -> None:
    household, desk = application.household, people.signed_in(cast.second_supervisor)
    key = standing(household, "assessment").key
    assert key in keys(desk.get(address(household, "objection")).content.decode())

    assert post(desk, household, "objection", decision=key, text="没有算药费").status_code == 302

    objection = Objection.objects.get()
    assert (objection.channel, objection.object_label) == ("desk", "households.assessment")
    first, second = outsiders(cast)[0], cast.second_supervisor
    asked: dict[str, Any] = {"objection": objection, "first": first, "second": second, "by": cast.supervisor}
    before = stored()
    with pytest.raises(Refused) as caught:
        services.assign_objection(**asked, at=AT)
    assert (caught.value.code, stored()) == ("incompatible_duty", before)


def test_supervisor_is_offered_only_who_may_decide(cast: Cast, application: Application) -> None:
    objection = objects(
        application.household, "assessment", about=("households.assessment", a_of(application))
    )
    browser, fit = people.signed_in(cast.supervisor), outsiders(cast)

    offered = set(
        re.findall(r'<option value="([^"]+)"', browser.get(address(objection, "assign")).content.decode())
    )

    assert {person.public_id for person in fit} <= offered
    assert cast.worker.public_id not in offered
    assert cast.supervisor.public_id not in offered
    before = stored()
    answer = post(browser, objection, "assign", first=fit[0].public_id, second=cast.worker.public_id)
    assert (answer.status_code, stored()) == (422, before)
    with pytest.raises(Refused) as caught:
        services.assign_objection(
            objection=objection, first=fit[0], second=cast.worker, by=cast.supervisor, at=AT
        )
    assert cast.worker.name in str(caught.value)


def test_who_decided_before_takes_none_down(cast: Cast, application: Application) -> None:
    deciders = outsiders(cast)
    decided(application.household, "conduct", deciders, cast)
    services.assign_worker(household=application.household, worker=deciders[0], by=cast.supervisor, at=AT)

    about = (WHOLE, application.household.public_id)
    refused("incompatible_duty", application.household, "conduct", about, by=deciders[0])


def test_the_very_assessment_is_set_aside(cast: Cast, application: Application) -> None:
    more = further(cast, application)
    services.approve_application(application=more, by=cast.supervisor, at=AT)
    old, new = Assessment.objects.order_by("pk")

    decided(
        application.household, "assessment", outsiders(cast), cast,
        about=("households.assessment", old.public_id),
    )  # fmt: skip

    states = dict(Assessment.objects.values_list("pk", "state"))
    assert states == {old.pk: "set_aside", new.pk: "approved"}
    services.assign_worker(household=application.household, worker=cast.colleague, by=cast.supervisor, at=AT)
    file = f"/admin/households/household/{application.household.public_id}/file/"
    assert address(old, "anew") in people.signed_in(cast.colleague).get(file).content.decode()


def test_the_very_application_is_decided_anew(cast: Cast, application: Application) -> None:
    refused_first, refused_last = further(cast, application), None
    services.reject_application(application=refused_first, reason="够用了。", by=cast.supervisor, at=AT)
    refused_last = further(cast, application)
    services.reject_application(application=refused_last, reason="够用了。", by=cast.supervisor, at=AT)

    decided(
        application.household, "rejection", outsiders(cast), cast,
        about=("households.application", refused_first.public_id),
    )  # fmt: skip

    states = dict(Application.objects.values_list("pk", "state"))
    assert states == {application.pk: "approved", refused_first.pk: "reviewing", refused_last.pk: "rejected"}


@pytest.mark.parametrize("label", ["households.category", "households.need"])
def test_what_no_rule_does_anew_a_supervisor_acts_on(
    cast: Cast, application: Application, label: str
) -> None:
    need = people.needs_of(application)[0]
    services.override_severity(need=need, severity=1, reason="不急", by=cast.supervisor, at=AT)
    household = Household.objects.get()
    offered = {one.label: one for one in standing_decisions(household) if one.subject == "assessment"}

    objection = decided(household, "assessment", outsiders(cast), cast, about=offered[label].about)

    assert Remedy.objects.get().objection == objection
    assert Entry.objects.get(action="remedy.opened").parameters["about"] == offered[label].ref
    assert not Assessment.objects.filter(state="set_aside").exists()
    assert offered[label].on == AT.date()


def test_returned_application_is_objected_to_and_stays_where_it_is(cast: Cast) -> None:
    application = people.widow_applies()
    services.return_application(application=application, missing=["户口簿"], by=cast.worker, at=AT)

    decided(application.household, "rejection", outsiders(cast), cast)

    application.refresh_from_db()
    assert (application.state, Remedy.objects.count()) == ("returned", 1)


def test_exit_can_be_objected_to_while_it_stands(cast: Cast, application: Application) -> None:
    household = application.household
    household.exits.create(reason="income_stable", year=2026, proposed_by=cast.worker, proposed_at=AT)
    objection = objects(household, "exit")
    household.exits.update(ended_at=AT)

    assert not [one for one in standing_decisions(household) if one.subject == "exit"]
    named = decision_named(objection)
    assert named is not None
    assert (named.ref, named.stands) == (household.exits.get().public_id, False)


def test_deciders_read_the_decision_and_open_it_on_the_file(cast: Cast, application: Application) -> None:
    deciders = outsiders(cast)
    objection = objects(
        application.household, "assessment", about=("households.assessment", a_of(application))
    )
    first, second = deciders
    services.assign_objection(objection=objection, first=first, second=second, by=cast.supervisor, at=AT)
    link = f"/admin/households/household/{application.household.public_id}/file/?tab=check"

    browser = people.signed_in(first)
    page = browser.get(address(objection, "decide")).content.decode()
    assert application.number in page
    assert link in page
    assert browser.get(link).status_code == 200
    rights = f"/admin/households/household/{application.household.public_id}/file/?tab=rights"
    assert application.number in people.signed_in(cast.supervisor).get(rights).content.decode()


def a_of(application: Application) -> str:
    return str(application.assessments.get().public_id)


def test_objection_from_before_decisions_were_named_still_has_its_effect(
    cast: Cast, application: Application
) -> None:
    household = application.household
    old = Objection.objects.create(
        number="O-1", household=household, object_label=WHOLE, object_ref=household.public_id,
        subject="assessment", text="没有算药费", channel="self", received_at=AT, due=AT.date(), state="received",
        state_since=AT,
    )  # fmt: skip
    deciders: list[User] = outsiders(cast)
    services.assign_objection(objection=old, first=deciders[0], second=deciders[1], by=cast.supervisor, at=AT)

    page = people.signed_in(deciders[0]).get(address(old, "decide"))
    for person in deciders:
        services.decide_objection(objection=old, opinion="uphold", answer="重新看过。", by=person, at=AT)

    assert page.status_code == 200
    assert Assessment.objects.get().state == "set_aside"


def test_imported_family_objects_at_the_desk(cast: Cast) -> None:
    household = Household.objects.create(
        number="H-9", area=people.VILLAGE, channel="batch", created_at=AT, filed_at=AT, state="active",
        state_since=AT, category="dibao", standard="national", source_ref="official:990101:9",
    )  # fmt: skip
    desk = people.signed_in(cast.worker)
    offered = keys(desk.get(address(household, "objection")).content.decode())
    assert offered[0] == f"assessment:households.category:{household.public_id}"

    assert post(desk, household, "objection", decision=offered[0], text="我家是特困").status_code == 302

    objection = Objection.objects.get()
    deciders = outsiders(cast)
    services.assign_objection(
        objection=objection, first=deciders[0], second=deciders[1], by=cast.supervisor, at=AT
    )
    for person in deciders:
        services.decide_objection(
            objection=objection, opinion="uphold", answer="您说得对。", by=person, at=AT
        )
    page = people.signed_in(cast.supervisor).get(address(Remedy.objects.get(), "act")).content.decode()
    assert "/file/?tab=family" in page


def test_nobody_answers_twice_about_the_same_decision(cast: Cast, application: Application) -> None:
    household, deciders = application.household, outsiders(cast)
    third = people.hire(
        "zheng", "郑三", Role.SOCIAL_WORKER, organisation=cast.station, prefix=people.COUNTY,
        by=cast.administrator,
    )  # fmt: skip
    decided(household, "assessment", deciders, cast, opinion="dismiss")
    again = objects(household, "assessment")

    with pytest.raises(Refused) as caught:
        services.assign_objection(objection=again, first=third, second=deciders[1], by=cast.supervisor, at=AT)

    assert caught.value.code == "decided_before"
    assert deciders[1].name in str(caught.value)
    again.refresh_from_db()
    assert (again.state, again.first_decider_id) == ("received", None)
    judged(objects(household, "conduct"), deciders, cast)
    judged(objects(household, "conduct"), deciders, cast)
