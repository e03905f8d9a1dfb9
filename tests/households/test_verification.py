"""Rules ask, people decide: explained, cleared, corrected, or found false by two."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from common.actors import CodeHolder
from common.clock import SHANGHAI
from common.exceptions import Refused
from households import services
from households.answers import NeedAnswer, PersonAnswer
from households.models import Application, Household, Member, Need, QualityFlag, Visit
from households.services.facts import add_measure, record_year
from households.services.file import add_member, edit_household, edit_member, end_member
from journal.models import Entry
from tests import cast as people
from tests.cast import AT, Cast


@pytest.fixture
def cast(db: None) -> Cast:
    return people.county()


@pytest.fixture
def flagged(cast: Cast) -> QualityFlag:
    """Illness is named as a cause and nobody is ill."""
    people.verified(people.applies(people.clean_answers(1, causes=("illness",))), cast)
    return QualityFlag.objects.get(severity="flag")


def refused(code: str, act: Any, **given: Any) -> None:
    models = (Application, Household, Member, Need, QualityFlag, Visit)
    before = [list(model.objects.order_by("pk").values()) for model in models]
    with pytest.raises(Refused) as caught:
        act(at=AT, **given)
    assert caught.value.code == code
    assert [list(model.objects.order_by("pk").values()) for model in models] == before


def codes(household: Household) -> set[str]:
    return set(household.flags.values_list("rule", flat=True))


def test_illness_without_a_patient_is_asked_about(flagged: QualityFlag) -> None:
    assert (flagged.rule, flagged.state) == ("RISK-01", "raised")
    assert Application.objects.get().state == "flagged"


def test_cleared_question_lets_checking_go_on(cast: Cast, flagged: QualityFlag) -> None:
    services.ask_explanation(flag=flagged, by=cast.worker, at=AT)
    services.explain_flag(flag=flagged, explanation="去年住过院，已经好了。", by=cast.worker, at=AT)
    services.clear_flag(flag=flagged, reason="看过出院小结。", by=cast.worker, at=AT)

    assert Application.objects.get().state == "verifying"
    assert QualityFlag.objects.get(pk=flagged.pk).explanation == "去年住过院，已经好了。"


@pytest.mark.parametrize("step", [services.clear_flag, services.correct_flag, services.confirm_false])
def test_settling_needs_words(cast: Cast, flagged: QualityFlag, step: Any) -> None:
    refused("reason_missing", step, flag=flagged, reason=" ", by=cast.worker)


@pytest.mark.parametrize("step", [services.clear_flag, services.correct_flag, services.confirm_false])
def test_worker_of_another_county_cannot_settle(cast: Cast, flagged: QualityFlag, step: Any) -> None:
    refused("not_your_case", step, flag=flagged, reason="看过", by=cast.stranger)


def test_two_people_find_a_statement_false(cast: Cast, flagged: QualityFlag) -> None:
    services.confirm_false(flag=flagged, reason="医院查无此人。", by=cast.worker, at=AT)
    flagged.refresh_from_db()
    assert flagged.state == "raised"
    assert set(Need.objects.values_list("state", flat=True)) == {"draft"}

    refused("second_person_needed", services.confirm_false, flag=flagged, reason="确实", by=cast.worker)
    services.confirm_false(flag=flagged, reason="邻居也这样说。", by=cast.colleague, at=AT)

    flagged.refresh_from_db()
    assert (flagged.state, flagged.first_decider, flagged.second_decider) == (
        "confirmed_false",
        cast.worker,
        cast.colleague,
    )
    assert set(Need.objects.values_list("state", flat=True)) == {"void"}


def test_settled_question_is_not_settled_again(cast: Cast, flagged: QualityFlag) -> None:
    services.clear_flag(flag=flagged, reason="看过出院小结。", by=cast.worker, at=AT)

    refused("flag_settled", services.confirm_false, flag=flagged, reason="不实", by=cast.colleague)
    refused("wrong_state", services.correct_flag, flag=flagged, reason="不实", by=cast.colleague)


def child(**changes: Any) -> PersonAnswer:
    base = PersonAnswer(
        name="小明", relation="son", sex="male", birth_date=date(2016, 5, 1), birth_precision="day",
        student_status="primary", health=("healthy",), labour="none",
    )  # fmt: skip
    return replace(base, **changes)


@pytest.mark.parametrize(
    ("rule", "extra"),
    [
        ("EDU-02", child(student_status="")),
        ("REL-01", child(birth_date=date(1980, 1, 1))),
        ("HH-03", None),
        ("LAB-01", child(birth_date=date(1999, 1, 1), student_status="", labour="lost")),
        ("LAB-02", child(birth_date=date(1999, 1, 1), student_status="", labour="lost", work_months=6)),
        ("LAB-03", child(birth_date=date(1999, 1, 1), student_status="", labour="ordinary", work_months=6)),
        ("REL-02", child(relation="spouse", sex="female", birth_date=date(1985, 1, 1), student_status="")),
        ("ID-05", child()),
    ],
)
def test_rule_asks(cast: Cast, rule: str, extra: PersonAnswer | None) -> None:
    answers = people.clean_answers(1)
    first = replace(answers.members[0], relation="other") if extra is None else answers.members[0]
    members = (first, extra) if extra is not None else (first,)

    application = people.applies(replace(answers, members=members))

    assert rule in codes(application.household)


def test_two_spouses_are_asked_about(cast: Cast) -> None:
    answers = people.clean_answers(1)
    spouse = child(relation="spouse", birth_date=date(1985, 1, 1), student_status="")
    members = (*answers.members, spouse, replace(spouse, name="另一人"))

    application = people.applies(replace(answers, members=members))

    assert "HH-02" in codes(application.household)


def test_clean_household_is_not_asked(cast: Cast) -> None:
    application = people.applies(people.clean_answers(1))

    assert codes(application.household) == set()


def test_phone_in_four_files_is_asked_about(cast: Cast) -> None:
    for number in range(4):
        application = people.applies(people.clean_answers(number, phone="13800009999"))

    assert "TEL-01" in codes(application.household)


def test_vocational_aid_without_a_student_is_asked_about(cast: Cast) -> None:
    household = people.applies(people.clean_answers(1)).household
    add_measure(
        household=household, kind="yulu", item=None, source="public", amount=300000, period_start=date(2026, 9, 1),
        period_end=None, document="", member=None, by=cast.worker, at=AT,
    )  # fmt: skip

    services.run_quality_rules(household=household, application=None, by=cast.worker, at=AT)

    assert codes(household) == {"EDU-03"}


@pytest.mark.parametrize(("before", "now"), [(None, 5000), (1_000_000, 3_000_100)])
def test_unlikely_income_is_asked_about(cast: Cast, before: int | None, now: int) -> None:
    household = people.applies(people.clean_answers(1)).household
    for year, wages in ((2025, before), (2026, now)):
        if wages is not None:
            record_year(
                household=household, year=year, period_start=date(year, 1, 1), period_end=date(year + 1, 1, 1), size=1,
                size_basis="registered", lines=[("wages", "", wages)], deprivations={}, version=None, by=cast.worker,
                at=AT,
            )  # fmt: skip

    services.run_quality_rules(household=household, application=None, by=cast.worker, at=AT)

    assert codes(household) == {"INC-01"}


def test_one_person_filing_for_many_is_asked_about(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("households.quality.FILINGS_A_DAY", 2)
    for number in range(3):
        application = people.applies(
            people.clean_answers(number, read_back=True), by=cast.village_worker, channel="village_worker"
        )

    assert "DEL-01" in codes(application.household)


# --- visits ---------------------------------------------------------------------------------------------------------
def visit_answers(**changes: Any) -> dict[str, Any]:
    given = {
        "done_at": AT, "companion": None, "companion_name": "", "by_video": False, "identity_seen": 2,
        "papers_of": (), "findings": "看过", "evidence": None,
    }  # fmt: skip
    return given | changes


def test_visit_is_made_by_two_people_or_on_video(cast: Cast) -> None:
    application = people.verified(people.widow_applies(), cast)
    visit = people.planned_visit(application.household)

    refused("two_people", services.record_visit, visit=visit, **visit_answers(), by=cast.worker)
    refused(
        "two_people",
        services.record_visit,
        visit=visit,
        **visit_answers(companion=cast.worker),
        by=cast.worker,
    )
    refused(
        "in_the_future",
        services.record_visit,
        visit=visit,
        **visit_answers(by_video=True, done_at=AT + timedelta(days=1)),
        by=cast.worker,
    )
    refused(
        "before_application",
        services.record_visit,
        visit=visit,
        **visit_answers(
            by_video=True, papers_of=application.household.members.all(), done_at=AT - timedelta(minutes=1)
        ),
        by=cast.worker,
    )
    refused(
        "whose_document", services.record_visit, visit=visit, **visit_answers(by_video=True), by=cast.worker
    )


def test_own_name_is_no_second_person(cast: Cast) -> None:
    application = people.verified(people.widow_applies(), cast)
    visit = people.planned_visit(application.household)
    seen = visit_answers(papers_of=application.household.members.all())

    for name in (
        cast.worker.name,
        f" {cast.worker.name[0]} {cast.worker.name[1:]} ",
        cast.worker.username.upper(),
    ):
        answers = seen | {"companion_name": name}
        refused("two_people", services.record_visit, visit=visit, **answers, by=cast.worker)
    services.record_visit(visit=visit, **seen | {"companion_name": "三组组长"}, by=cast.worker, at=AT)

    visit.refresh_from_db()
    assert (visit.state, visit.companion_name) == ("done", "三组组长")


def test_only_a_verification_waits_for_an_application(cast: Cast) -> None:
    """A follow-up verifies nothing; one written down late may lie before a further application."""
    household = people.widow_applies().household
    visit = services.plan_visit(household=household, kind="follow_up", due=AT.date(), by=cast.worker, at=AT)

    services.record_visit(
        visit=visit,
        **visit_answers(by_video=True, done_at=AT - timedelta(hours=1), papers_of=household.members.all()),
        by=cast.worker,
        at=AT,
    )

    visit.refresh_from_db()
    assert visit.state == "done"


def test_only_whose_document_was_seen_rises(cast: Cast) -> None:
    answers = people.widow_answers()
    nobody = replace(answers.members[1], name="小满", id_kind="", id_number="")
    application = people.verified(people.applies(replace(answers, members=(*answers.members, nobody))), cast)
    head, grandson, unnumbered = Member.objects.order_by("pk")
    elsewhere = people.applies(people.clean_answers(9)).household.members.get()

    services.record_visit(
        visit=people.planned_visit(application.household),
        **visit_answers(by_video=True, papers_of=[head, unnumbered, elsewhere]),
        by=cast.worker,
        at=AT,
    )

    levels = dict(Member.objects.values_list("pk", "identity_level"))
    assert levels == {head.pk: 2, grandson.pk: 1, unnumbered.pk: 0, elsewhere.pk: 1}
    entry = Entry.objects.get(action="households.visit.done")
    assert entry.parameters["members"] == [head.public_id]


def test_nobody_home_puts_the_visit_back(cast: Cast) -> None:
    application = people.verified(people.widow_applies(), cast)
    visit = people.planned_visit(application.household)

    refused("in_the_past", services.record_no_show, visit=visit, new_due=date(2026, 11, 20), by=cast.worker)
    services.record_no_show(visit=visit, new_due=date(2026, 11, 27), by=cast.worker, at=AT)

    visit.refresh_from_db()
    assert (visit.state, visit.due) == ("planned", date(2026, 11, 27))


# --- the file -------------------------------------------------------------------------------------------------------
def test_second_head_is_refused(cast: Cast) -> None:
    household = people.widow_applies().household

    refused("head_known", add_member, household=household, person=child(relation="head"), by=cast.worker)


def test_identity_number_of_another_file_is_refused(cast: Cast) -> None:
    household = people.applies(people.clean_answers(1)).household
    people.widow_applies()
    taken = child(id_number=people.GRANDSON_ID)

    refused("id_known", add_member, household=household, person=taken, by=cast.worker)


def test_last_person_cannot_leave(cast: Cast) -> None:
    household = people.applies(people.clean_answers(1)).household
    refused("last_member", end_member, member=household.head, reason="death", by=cast.worker)


def test_state_is_never_edited_by_hand(cast: Cast) -> None:
    household = people.widow_applies().household
    head = household.head
    assert head is not None

    refused(
        "field_not_editable",
        edit_household,
        household=household,
        version=1,
        changes={"state": "active"},
        by=cast.worker,
    )
    refused(
        "field_not_editable", edit_member, member=head, version=1, changes={"live": False}, by=cast.worker
    )


def test_completed_file_no_longer_lacks_anything(cast: Cast) -> None:
    household = people.applies(people.clean_answers(1, phone="")).household
    assert household.incomplete == ["phone"]

    edit_household(household=household, version=1, changes={"phone": "13800004321"}, by=cast.worker, at=AT)

    household.refresh_from_db()
    assert household.incomplete == []
    assert household.phone == "13800004321"


def test_earlier_refusal_is_named_and_false_words_are_asked_about(cast: Cast, flagged: QualityFlag) -> None:
    application = flagged.application
    assert application is not None
    for person in (cast.worker, cast.colleague):
        services.confirm_false(flag=flagged, reason="医院查无此人。", by=person, at=AT)
    services.reject_application(application=application, reason="所说不实。", by=cast.supervisor, at=AT)

    soon = people.applies(people.clean_answers(1), at=AT)
    found = QualityFlag.objects.get(rule="APP-01")
    assert (found.household, found.severity) == (soon.household, "flag")
    assert found.detail == {"file": application.household.number}

    services.withdraw_application(application=soon, by=CodeHolder(soon.public_id), at=AT)
    late = people.applies(people.clean_answers(1), at=AT + timedelta(days=366))
    assert late.household.flags.get(rule="APP-01").severity == "info"


def test_every_application_that_waited_goes_on_with_the_last_question(cast: Cast) -> None:
    """A question is asked once a family, and holds back what was applied for later as well."""
    household = people.approved(people.applies(people.clean_answers(1)), cast).household
    odd = child(
        name="陈小满",
        sex="male",
        id_kind="resident_id",
        id_number=people.resident_id(81, born=date(2015, 5, 1)),
    )
    add_member(household=household, person=odd, by=cast.worker, at=AT)
    waiting = []
    for item in ("rice", "flour"):
        more = services.request_further(
            household=household,
            answer=NeedAnswer(item=item, quantity=10),
            beneficiary=None,
            read_back=False,
            by=cast.worker,
            at=AT,
        )
        waiting.append(people.verified(more, cast))
    assert [application.state for application in waiting] == ["flagged", "flagged"]
    first, last = household.flags.filter(severity="flag")
    states = Application.objects.filter(pk__in=[application.pk for application in waiting])

    services.correct_flag(flag=first, reason="性别已经改正。", by=cast.worker, at=AT)
    assert set(states.values_list("state", flat=True)) == {"flagged"}
    services.clear_flag(flag=last, reason="看过出院小结。", by=cast.worker, at=AT)

    assert set(states.values_list("state", flat=True)) == {"verifying"}


def test_visit_is_planned_once_and_on_a_day_to_come(cast: Cast) -> None:
    household = people.widow_applies().household
    plan: dict[str, Any] = {"household": household, "kind": "follow_up", "by": cast.worker}

    refused("in_the_past", services.plan_visit, **plan, due=date(1, 1, 1))
    refused("in_the_past", services.plan_visit, **plan, due=AT.date() - timedelta(days=1))
    services.plan_visit(**plan, due=AT.date(), at=AT)
    refused("planned_already", services.plan_visit, **plan, due=AT.date() + timedelta(days=7))

    assert Visit.objects.get().due == AT.date()


def test_verification_on_the_list_is_not_planned_again(cast: Cast) -> None:
    household = people.verified(people.widow_applies(), cast).household

    refused(
        "planned_already",
        services.plan_visit,
        household=household,
        kind="verification",
        due=AT.date() + timedelta(days=9),
        by=cast.worker,
    )


@pytest.mark.parametrize("moment", [datetime(1, 1, 1, tzinfo=SHANGHAI), AT - timedelta(days=1)])
def test_no_visit_was_made_before_the_family_was_on_file(cast: Cast, moment: datetime) -> None:
    household = people.widow_applies().household
    visit = services.plan_visit(household=household, kind="follow_up", due=AT.date(), by=cast.worker, at=AT)

    refused(
        "before_file",
        services.record_visit,
        visit=visit,
        **visit_answers(by_video=True, done_at=moment),
        by=cast.worker,
    )
