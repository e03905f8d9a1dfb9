"""Notes, supervision, referral and closing: facts in time, the family's word, a second person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from common import clock
from households import services
from households.desk import worklist
from households.models import (
    ClosingSummary,
    Household,
    ProcessNote,
    Referral,
    ServicePlan,
    Supervision,
    Visit,
)
from notices.models import Notice
from tests import cast as people
from tests.cast import AT, Cast
from tests.households.test_desk_acts import photo, post
from tests.households.test_service_plan import agreed, word
from tests.refusing import refuses

DAY = timedelta(days=1)
CLOSING: dict[str, Any] = {
    "reason": "reached",
    "result": "药按时吃上了。",
    "family": "心里踏实了。",
    "follow_up": "每季度去看一次，可随时打电话。",
    "first_visit": (AT + 90 * DAY).date(),
}


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with clock.fixed(AT):
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    return people.county()


@pytest.fixture
def household(cast: Cast) -> Household:
    return people.approved(people.widow_applies(), cast).household


def noted(household: Household, cast: Cast, **changes: Any) -> ProcessNote:
    given: dict[str, Any] = {
        "household": household,
        "served_at": AT - timedelta(hours=2),
        "kind": "home",
        "facts": "一起去村卫生室量了血压。",
        "next": "",
        "by": cast.worker,
        "at": AT,
    }
    return services.write_note(**(given | changes))


def test_note_is_marked_late_after_a_day(cast: Cast, household: Household) -> None:
    assert not noted(household, cast, served_at=AT - timedelta(hours=24)).late
    assert noted(household, cast, served_at=AT - timedelta(hours=24, minutes=1)).late


def test_note_is_put_right_by_a_further_one_of_its_writer(cast: Cast, household: Household) -> None:
    first = noted(household, cast)
    second = noted(household, cast, corrects=first, facts="是在家里量的。", served_at=AT - 3 * DAY)

    assert (second.corrects, second.late) == (first, False)
    assert ProcessNote.objects.get(pk=first.pk).facts == "一起去村卫生室量了血压。"
    with refuses("not_yours"):
        noted(household, cast, corrects=first, by=cast.supervisor)
    with refuses("text_missing"):
        noted(household, cast, facts=" ")
    with refuses("in_the_future"):
        noted(household, cast, served_at=AT + DAY)
    with refuses("answer_unknown"):
        noted(household, cast, kind="dream")
    with refuses("not_your_case"):
        noted(household, cast, by=cast.stranger)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProcessNote.objects.update(written_at=AT - 9 * DAY)


def test_notes_have_a_level_of_their_own(cast: Cast, household: Household) -> None:
    noted(household, cast)
    Household.objects.filter(pk=household.pk).update(worker=None)

    assert Household.objects.visible_to(cast.colleague).exists()
    assert not ProcessNote.objects.visible_to(cast.colleague).exists()
    assert ProcessNote.objects.visible_to(cast.worker).exists()
    assert ProcessNote.objects.visible_to(cast.supervisor).exists()
    for person in (cast.stranger, cast.village_worker, cast.administrator):
        assert not ProcessNote.objects.visible_to(person).exists()


def advised(household: Household, cast: Cast, **changes: Any) -> Supervision:
    given: dict[str, Any] = {
        "household": household,
        "worker": cast.worker,
        "held_on": AT.date(),
        "about": "老人情绪低落。",
        "advice": "先约精神科，再谈就业。",
        "due": None,
        "by": cast.supervisor,
        "at": AT,
    }
    return services.record_supervision(**(given | changes))


def test_advice_is_read_by_the_colleague_it_is_for(cast: Cast, household: Household) -> None:
    talk = advised(household, cast, due=(AT + DAY).date())
    assert Notice.objects.filter(kind="supervision_for_worker", to_ref=cast.worker.public_id).exists()
    assert any(todo.kind == "supervision" for todo in worklist.for_social_worker(cast.worker))
    assert not Supervision.objects.visible_to(cast.colleague).exists()
    with refuses("not_yours"):
        services.read_supervision(supervision=talk, by=cast.supervisor, at=AT)

    services.read_supervision(supervision=talk, by=cast.worker, at=AT)

    with refuses("read_already"):
        services.read_supervision(supervision=talk, by=cast.worker, at=AT)
    assert not any(todo.kind == "supervision" for todo in worklist.for_social_worker(cast.worker))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"held_on": (AT + DAY).date()}, "in_the_future"),
        ({"due": (AT - DAY).date()}, "in_the_past"),
        ({"advice": " "}, "text_missing"),
    ],
)
def test_supervision_is_whole(cast: Cast, household: Household, changes: dict[str, Any], code: str) -> None:
    with refuses(code):
        advised(household, cast, **changes)
    with refuses("supervisor_needed"):
        advised(household, cast, by=cast.colleague)
    with refuses("not_a_colleague"):
        advised(household, cast, worker=cast.stranger)


def referred(household: Household, cast: Cast, **changes: Any) -> Referral:
    given: dict[str, Any] = {
        "household": household,
        "receiver": "清河县人民医院",
        "contact": "0919-1234567",
        "matter": "看精神科",
        "told": "姓名和就诊需要",
        "evidence": word(household, cast),
        "by": cast.worker,
        "at": AT,
    }
    return services.refer_household(**(given | changes))


def test_family_is_referred_by_its_own_word_and_the_answer_is_kept(cast: Cast, household: Household) -> None:
    shown = word(household, cast)
    with refuses("evidence_missing"):
        referred(household, cast, evidence=None)
    with refuses("text_missing"):
        referred(household, cast, told=" ", evidence=shown)
    referral = referred(household, cast, evidence=shown)
    assert any(todo.kind == "referral" for todo in worklist.for_social_worker(cast.worker))
    answer: dict[str, Any] = {"to": "accepted", "answer": "周三上午来", "answered_on": AT.date(), "at": AT}
    with refuses("answer_day"):
        services.answer_referral(
            referral=referral, by=cast.worker, **(answer | {"answered_on": (AT - DAY).date()})
        )
    with refuses("answer_unknown"):
        services.answer_referral(referral=referral, by=cast.worker, **(answer | {"to": "ended"}))
    with refuses("wrong_state"):
        services.end_referral(referral=referral, outcome="已就诊", by=cast.worker, at=AT)

    services.answer_referral(referral=referral, by=cast.worker, **answer)
    services.end_referral(referral=referral, outcome="已就诊，开了药。", by=cast.worker, at=AT)

    referral.refresh_from_db()
    assert referral.state == "ended"
    assert not any(todo.kind == "referral" for todo in worklist.for_social_worker(cast.worker))


def test_family_takes_a_referral_back(cast: Cast, household: Household) -> None:
    referral = referred(household, cast)
    with refuses("evidence_missing"):
        services.take_referral_back(referral=referral, evidence=None, by=cast.worker, at=AT)

    services.take_referral_back(referral=referral, evidence=word(household, cast), by=cast.worker, at=AT)

    assert Referral.objects.get().state == "taken_back"


@pytest.fixture
def plan(cast: Cast, household: Household) -> ServicePlan:
    return agreed(services.start_plan(household=household, by=cast.worker, at=AT), cast)


def test_plan_is_closed_by_two_people_and_followed_up(
    cast: Cast, household: Household, plan: ServicePlan
) -> None:
    given: dict[str, Any] = {"household": household, "by": cast.worker, "at": AT, **CLOSING}
    with refuses("not_rated"):
        services.write_summary(**given)
    services.rate_plan(plan=plan, levels=[0, 1, -1], note="", rated_on=AT.date(), by=cast.worker, at=AT)
    with refuses("steps_open"):
        services.write_summary(**given)
    for step in plan.tasks.all():
        services.end_step(step=step, to="done", word="办好了", by=cast.worker, at=AT)
    with refuses("in_the_past"):
        services.write_summary(**(given | {"first_visit": AT.date()}))
    with refuses("answer_unknown"):
        services.write_summary(**(given | {"reason": "tired"}))
    with refuses("text_missing"):
        services.write_summary(**(given | {"family": " "}))

    summary = services.write_summary(**given)
    with refuses("written_already"):
        services.write_summary(**given)
    with refuses("supervisor_needed"):
        services.decide_summary(summary=summary, confirm=True, reason="", by=cast.worker, at=AT)
    with refuses("text_missing"):
        services.decide_summary(summary=summary, confirm=False, reason=" ", by=cast.supervisor, at=AT)
    services.decide_summary(
        summary=summary, confirm=False, reason="家里怎么看再问问", by=cast.supervisor, at=AT
    )
    plan.refresh_from_db()
    assert plan.state == "agreed"
    own = services.write_summary(**(given | {"by": cast.supervisor}))
    with refuses("four_eyes"):
        services.decide_summary(summary=own, confirm=True, reason="", by=cast.supervisor, at=AT)
    assert any(todo.kind == "summary" for todo in worklist.for_supervisor(cast.second_supervisor))

    services.decide_summary(summary=own, confirm=True, reason="", by=cast.second_supervisor, at=AT)

    plan.refresh_from_db()
    visit = Visit.objects.get(household=household, kind="follow_up")
    assert (plan.state, visit.due, visit.cause_ref) == ("closed", CLOSING["first_visit"], own.public_id)
    with refuses("no_plan"):
        services.write_summary(**given)


def test_papers_are_written_on_the_desk(cast: Cast, household: Household) -> None:
    desk, boss = people.signed_in(cast.worker), people.signed_in(cast.supervisor)
    note = {"served_at": "2026-11-21T09:00", "kind": "phone", "facts": "电话里说药快没了。"}
    assert post(desk, household, "note", **note).status_code == 302
    first = ProcessNote.objects.get()
    assert post(desk, first, "correct", **(note | {"facts": "药还有一周。"})).status_code == 302
    advice: dict[str, Any] = {
        "worker": cast.worker.public_id,
        "held_on": "2026-11-23",
        "about": "用药",
        "advice": "先办慢病卡",
    }
    assert post(boss, household, "supervise", **advice).status_code == 302
    assert post(desk, Supervision.objects.get(), "read").status_code == 302
    told: dict[str, Any] = {"receiver": "县医院", "matter": "看病", "told": "姓名", "upload": photo()}
    assert post(desk, household, "refer", **told).status_code == 302
    referral = Referral.objects.get()
    answer = {"to": "accepted", "answer": "来吧", "answered_on": "2026-11-23"}
    assert post(desk, referral, "answer", **answer).status_code == 302
    assert post(desk, referral, "end", outcome="已就诊").status_code == 302

    page = desk.get(f"/admin/households/household/{household.public_id}/file/?tab=care").content.decode()

    for said in ("电话里说药快没了。", "药还有一周。", "先办慢病卡", "县医院", "已就诊"):
        assert said in page


def test_closing_stands_on_the_desk(cast: Cast, household: Household, plan: ServicePlan) -> None:
    services.rate_plan(plan=plan, levels=[0, 1, -1], note="", rated_on=AT.date(), by=cast.worker, at=AT)
    for step in plan.tasks.all():
        services.end_step(step=step, to="dropped", word="不用了", by=cast.worker, at=AT)
    desk, boss = people.signed_in(cast.worker), people.signed_in(cast.supervisor)
    assert post(desk, household, "closing", **CLOSING).status_code == 302
    assert post(boss, ClosingSummary.objects.get(), "send-back", reason="再问问").status_code == 302
    assert post(desk, household, "closing", "k2", **CLOSING).status_code == 302
    assert post(boss, ClosingSummary.objects.get(state="written"), "confirm").status_code == 302

    assert ServicePlan.objects.get().state == "closed"


@pytest.mark.parametrize(
    "name",
    ["serviceplan", "planstep", "planrating", "processnote", "supervision", "referral", "closingsummary"],
)
def test_lists_open(cast: Cast, household: Household, plan: ServicePlan, name: str) -> None:
    noted(household, cast)
    advised(household, cast)
    referred(household, cast)

    assert people.signed_in(cast.supervisor).get(f"/admin/households/{name}/").status_code == 200
