"""An entrustment in force ends early on a named ground, with its evidence and the other parties' word."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.enums import Role
from common import clock
from common.actors import SYSTEM
from common.exceptions import Refused
from delivery import services
from delivery.models import Agreement, Ending, EndingWord
from journal.models import Entry
from notices.models import Notice
from tests.cast import AT, OTHER_COUNTY, hire, signed_in
from tests.delivery.scene import (
    MINUTE,
    Scene,
    admitted_agency,
    ended_by_all,
    paper,
    picture,
    under_agreement,
)
from tests.delivery.test_pages import done, found_in, post

ENDING = re.compile(r'name="ending" value="([0-9a-z]+)"')
REASON = "服务对象都已迁走。"
LATE = AT + timedelta(days=30)


@pytest.fixture(autouse=True)
def still_clock():
    with clock.fixed(AT):
        yield


@pytest.fixture
def entrusted(scene: Scene) -> tuple[Scene, Agreement]:
    fresh, _proposal, agreement = under_agreement(scene)
    return fresh, agreement


Entrusted = tuple[Scene, Agreement]


def shown(agreement: Agreement, by: Any) -> Any:
    return paper("ending_evidence", ("delivery.endings_of_agreement", agreement.public_id), by)


def ask(agreement: Agreement, ground: str, by: Any, **more: Any) -> Ending:
    return services.ask_ending(
        agreement=agreement, ground=ground, **{"reason": REASON, "by": by, "at": AT, **more}
    )


def breach(agreement: Agreement, by: Any, **more: Any) -> Ending:
    given = {"clause": "reporting", "against": "agency", "evidence": shown(agreement, by)}
    return ask(agreement, "breach", by, **given | more)


def say(ending: Ending, answer: str, by: Any, text: str = "", at: Any = AT) -> Ending:
    return services.answer_ending(ending=ending, answer=answer, text=text, by=by, at=at)


def decide(ending: Ending, by: Any, *, ends: bool = True, reason: str = "事实清楚。", at: Any = AT) -> Ending:
    return services.decide_ending(ending=ending, ends=ends, reason=reason, by=by, at=at)


def refused(code: str, act: Any, *given: Any, **more: Any) -> None:
    with pytest.raises(Refused) as found:
        act(*given, **more)
    assert found.value.code == code


def state_of(agreement: Agreement) -> tuple[str, str]:
    agreement.refresh_from_db()
    return agreement.state, agreement.ground


def test_agency_alone_does_not_end_what_is_in_force(entrusted: Entrusted):
    scene, agreement = entrusted

    refused(
        "ground_needed",
        services.terminate_agreement,
        agreement=agreement,
        reason=REASON,
        by=scene.leader,
        at=AT,
    )

    assert state_of(agreement) == ("effective", "")


def test_mutual_end_needs_every_yes_and_ten_minutes(entrusted: Entrusted):
    scene, agreement = entrusted
    ending = ask(agreement, "mutual", scene.leader)
    assert Notice.objects.filter(kind="agreement_ending", to_ref=scene.keepers[0].public_id).exists()

    say(ending, "yes", scene.keepers[0])
    assert services.settle_due_endings(by=SYSTEM, at=LATE) == 0
    assert say(ending, "yes", scene.cast.supervisor).state == "settled"
    assert services.settle_due_endings(by=SYSTEM, at=AT + 9 * MINUTE) == 0
    assert state_of(agreement) == ("effective", "")
    assert services.settle_due_endings(by=SYSTEM, at=AT + 10 * MINUTE) == 1

    assert state_of(agreement) == ("terminated", "mutual")
    ending.refresh_from_db()
    assert ending.state == "done"
    assert Notice.objects.filter(kind="agreement_ended", to_ref=scene.giver.public_id).exists()


def test_one_no_leaves_it_in_force(entrusted: Entrusted):
    scene, agreement = entrusted
    ending = ask(agreement, "mutual", scene.keepers[0])

    say(ending, "no", scene.leader, "孩子们还在等。")

    ending.refresh_from_db()
    assert (ending.state, state_of(agreement)) == ("declined", ("effective", ""))
    refused("ending_closed", say, ending, "yes", scene.cast.supervisor)
    ask(agreement, "mutual", scene.keepers[0])  # another day


def test_yes_is_taken_back_within_ten_minutes(entrusted: Entrusted):
    scene, agreement = entrusted
    ending = ask(agreement, "mutual", scene.leader)
    say(ending, "yes", scene.keepers[0])
    say(ending, "yes", scene.cast.supervisor)

    undo = services.undo_ending_answer
    refused("too_late_to_undo", undo, ending=ending, by=scene.keepers[0], at=AT + 10 * MINUTE)
    undo(ending=ending, by=scene.keepers[0], at=AT + 9 * MINUTE)

    assert services.settle_due_endings(by=SYSTEM, at=LATE) == 0
    ending.refresh_from_db()
    assert (ending.state, state_of(agreement)[0]) == ("open", "effective")


def test_same_person_speaks_for_one_party(entrusted: Entrusted):
    scene, agreement = entrusted
    ending = ask(agreement, "mutual", scene.leader)
    second = hire(
        "second",
        "兼任",
        Role.FUND_HOLDER,
        organisation=scene.holder.organisation,
        by=scene.cast.administrator,
    )
    second.memberships.update(user=scene.leader)
    scene.leader.forget_seats()
    scene.leader.take(next(seat for seat in scene.leader.seats if seat.role == Role.FUND_HOLDER))

    refused("spoke_already", say, ending, "yes", scene.leader)

    assert EndingWord.objects.count() == 1
    say(ending, "yes", scene.keepers[1])
    refused("spoke_already", say, ending, "yes", scene.keepers[2])
    with pytest.raises(IntegrityError), transaction.atomic():
        EndingWord.objects.filter(party="fund_holder").update(party="agency")


def test_strangers_neither_ask_nor_answer(entrusted: Entrusted):
    scene, agreement = entrusted
    _other, other_leader = admitted_agency(scene.cast, 20, "邻县社工站")
    far = hire(
        "far", "远督导", Role.SUPERVISOR, organisation=scene.cast.station, prefix=OTHER_COUNTY,
        by=scene.cast.administrator,
    )  # fmt: skip
    strangers = (other_leader, far, scene.cast.worker, scene.giver)
    for stranger in strangers:
        refused("no_party", ask, agreement, "mutual", stranger)
    ending = ask(agreement, "mutual", scene.leader)
    for stranger in strangers:
        refused("no_party", say, ending, "yes", stranger)
    refused("not_asked", say, ending, "yes", scene.leader)
    refused("not_asked_by_you", services.withdraw_ending, ending=ending, by=scene.keepers[0], at=AT)

    page = reverse("delivery:agreement_act", args=[agreement.public_id, "agree"])
    assert signed_in(other_leader).get(page).status_code == 404
    assert (EndingWord.objects.count(), state_of(agreement)[0]) == (1, "effective")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"clause": ""}, "clause_missing"),
        ({"clause": "weather"}, "clause_missing"),
        ({"against": ""}, "against_missing"),
        ({"against": "fund_holder"}, "against_missing"),  # itself
        ({"against": "platform"}, "against_missing"),
        ({"evidence": None}, "evidence_missing"),
        ({"reason": " "}, "reason_missing"),
    ],
    ids=str,
)
def test_breach_names_clause_party_and_paper(entrusted: Entrusted, wrong: dict, code: str):
    scene, agreement = entrusted

    refused(code, breach, agreement, scene.keepers[0], **wrong)

    assert not Ending.objects.exists()


def test_paper_of_another_file_shows_nothing(entrusted: Entrusted):
    scene, agreement = entrusted
    borrowed = paper("ending_evidence", scene.project, scene.keepers[0])

    refused("evidence_missing", breach, agreement, scene.keepers[0], evidence=borrowed)

    assert not Ending.objects.exists()


def test_breach_is_decided_after_the_other_party_was_heard(entrusted: Entrusted):
    scene, agreement = entrusted
    ending = breach(agreement, scene.keepers[0])
    supervisor = scene.cast.supervisor
    refused("not_heard", decide, ending, supervisor)
    refused("answer", say, ending, "yes", scene.leader)
    refused("text_missing", say, ending, "stated", scene.leader, " ")
    refused("not_asked", say, ending, "stated", supervisor, "我们看到了。")

    say(ending, "stated", scene.leader, "凭证在路上。")
    refused("reason_missing", decide, ending, supervisor, reason=" ")
    refused("supervisor_needed", decide, ending, scene.cast.worker)
    refused("supervisor_needed", decide, ending, scene.keepers[1])
    decide(ending, supervisor)

    assert state_of(agreement) == ("terminated", "breach")
    refused("nothing_to_decide", decide, ending, supervisor)
    assert Entry.objects.filter(action="delivery.ending.done").count() == 1


def test_silence_is_over_after_ten_working_days(entrusted: Entrusted):
    scene, agreement = entrusted
    ending = breach(agreement, scene.keepers[0])
    assert str(ending.due) == "2026-12-07"

    refused("not_heard", decide, ending, scene.cast.supervisor, at=AT + timedelta(days=14))
    decide(ending, scene.cast.supervisor, at=AT + timedelta(days=15))

    assert state_of(agreement) == ("terminated", "breach")


def test_supervisor_who_asked_leaves_the_decision_to_a_colleague(entrusted: Entrusted):
    scene, agreement = entrusted
    ending = breach(agreement, scene.cast.supervisor)
    say(ending, "stated", scene.leader, "凭证在路上。")

    refused("spoke_already", decide, ending, scene.cast.supervisor)
    decide(ending, scene.cast.second_supervisor, ends=False)

    ending.refresh_from_db()
    assert (ending.state, state_of(agreement)) == ("declined", ("effective", ""))


def test_force_majeure_is_shown_and_read_by_the_others(entrusted: Entrusted):
    scene, agreement = entrusted
    refused("evidence_missing", ask, agreement, "force_majeure", scene.leader)
    ending = ask(agreement, "force_majeure", scene.leader, evidence=shown(agreement, scene.leader))
    refused("not_heard", decide, ending, scene.cast.supervisor)

    say(ending, "read", scene.keepers[0])
    decide(ending, scene.cast.supervisor)

    assert state_of(agreement) == ("terminated", "force_majeure")


def test_while_an_end_is_asked_for_nobody_goes_round_it(entrusted: Entrusted):
    scene, agreement = entrusted
    terms: dict[str, Any] = {
        "content": agreement.content,
        "amount": agreement.amount,
        "start": agreement.start,
        "end": agreement.end,
    }
    ending = breach(agreement, scene.keepers[0])

    refused("ending_open", services.fulfil_agreement, agreement=agreement, by=scene.leader, at=AT)
    refused("ending_open", services.amend_agreement, agreement=agreement, by=scene.leader, at=AT, **terms)
    refused("ending_open", ask, agreement, "mutual", scene.leader)
    assert state_of(agreement)[0] == "effective"

    services.expire_agreement(agreement=agreement, by=SYSTEM, at=AT + timedelta(days=400))
    ending.refresh_from_db()
    assert (ending.state, state_of(agreement)) == ("lapsed", ("expired", ""))


def test_asked_by_mistake_is_taken_back(entrusted: Entrusted):
    scene, agreement = entrusted
    ending = ask(agreement, "mutual", scene.leader)
    say(ending, "yes", scene.keepers[0])
    say(ending, "yes", scene.cast.supervisor)

    services.withdraw_ending(ending=ending, by=scene.leader, at=AT + 5 * MINUTE)

    assert services.settle_due_endings(by=SYSTEM, at=LATE) == 0
    assert state_of(agreement)[0] == "effective"
    refused("wrong_state", services.withdraw_ending, ending=ending, by=scene.leader, at=AT)


def test_only_an_entrustment_in_force_is_ended_on_a_ground(entrusted: Entrusted):
    scene, agreement = entrusted
    service = Agreement.objects.get(kind="service")
    refused("no_party", ask, service, "mutual", scene.leader)
    refused("ground", ask, agreement, "left", scene.leader)

    ended_by_all(scene, agreement)
    refused("not_effective", ask, agreement, "mutual", scene.leader)


def test_mutual_end_through_the_pages(entrusted: Entrusted):
    scene, agreement = entrusted
    agency, holder = signed_in(scene.leader), signed_in(scene.keepers[0])
    supervisor, giver = signed_in(scene.cast.supervisor), signed_in(scene.giver)

    def act(slug: str, name: str = "delivery:agreement_act") -> str:
        return reverse(name, args=[agreement.public_id, slug])

    assert post(agency, act("end"), {"reason": REASON}).status_code == 409
    done(post(agency, act("end-mutual"), {"reason": REASON}))
    first = Ending.objects.get()
    assert REASON in holder.get(reverse("delivery:agreement", args=[agreement.public_id])).content.decode()
    assert REASON not in giver.get(reverse("delivery:agreement", args=[agreement.public_id])).content.decode()
    stale = found_in(ENDING, holder.get(act("agree")))
    assert stale == first.public_id
    done(post(agency, act("end-back"), {"ending": first.public_id}))
    done(post(agency, act("end-mutual"), {"reason": "换一种做法。"}))
    refusal = post(holder, act("agree"), {"ending": stale})  # said yes to what is not asked any more
    assert refusal.status_code == 409
    assert post(giver, act("agree"), {"ending": stale}).status_code == 409
    second = Ending.objects.get(state="open")

    done(post(holder, act("agree"), {"ending": second.public_id}))
    done(post(supervisor, act("agree", "admin:delivery_agreement_act"), {"ending": second.public_id}))
    second.refresh_from_db()
    assert second.state == "settled"


def test_breach_through_the_pages(entrusted: Entrusted):
    scene, agreement = entrusted
    agency, holder = signed_in(scene.leader), signed_in(scene.keepers[0])
    supervisor, giver = signed_in(scene.cast.supervisor), signed_in(scene.giver)
    page = reverse("delivery:agreement_act", args=[agreement.public_id, "end-breach"])
    done(post(holder, page, {"clause": "reporting", "reason": "两个月没有报告。", "upload": picture()}))
    ending = Ending.objects.get()
    assert (ending.against, ending.clause) == ("agency", "reporting")

    assert ending.evidence is not None
    slip = reverse("files:show", args=[ending.evidence.public_id])
    assert [one.get(slip).status_code for one in (agency, holder, supervisor, giver)] == [200, 200, 200, 404]
    state = reverse("delivery:agreement_act", args=[agreement.public_id, "state"])
    done(post(agency, state, {"ending": ending.public_id, "text": "报告昨天已补交。"}))
    desk = reverse("admin:delivery_agreement_work", args=[agreement.public_id])
    assert "报告昨天已补交。" in supervisor.get(desk).content.decode()
    choice = {"ending": ending.public_id, "ends": "no", "reason": "已经补交。"}
    done(post(supervisor, f"{desk}decide/", choice))
    ending.refresh_from_db()
    assert (ending.state, state_of(agreement)[0]) == ("declined", "effective")
