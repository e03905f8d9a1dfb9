"""Help in spite of a warning: one asks, a supervisor answers in the own session, nothing is held before."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Involvement
from common import clock
from common.actors import SYSTEM
from common.exceptions import Refused
from common.panels import collect
from households.models import MeasureReceived, Need
from households.services import assign_objection
from matching import services
from matching.enums import ProposalState
from matching.models import Decision, Override, Proposal
from matching.queries import queue
from notices.models import Notice
from projects.models import ProjectItem
from tests.cast import AT, COUNTY, signed_in
from tests.households.objecting import objects
from tests.matching.conftest import Scene, listed_lot
from tests.matching.test_run import performed, started

DESK = "/admin/matching/proposal/"
WHY = "旧被子破了"


@pytest.fixture
def proposal(scene: Scene) -> Proposal:
    """A quilt for a family that got quilts from elsewhere."""
    MeasureReceived.objects.create(
        household=scene.quilts.household, kind="goods", item=scene.quilts.item, source="charitable",
        period_start=AT.date(), recorded_at=AT,
    )  # fmt: skip
    lot = listed_lot(scene)
    return services.propose_by_hand(need=scene.quilts, lot=lot, amount=1, by=scene.cast.worker, at=AT)


def asked(scene: Scene, proposal: Proposal, **more: Any) -> Override:
    given: dict[str, Any] = {
        "project": scene.project,
        "amount": 1,
        "reason": WHY,
        "by": scene.cast.worker,
        "at": AT,
    }
    return services.ask_override(proposal=proposal, **given | more)


def books() -> list[Any]:
    """Everything an answer could change."""
    return [
        list(Proposal.objects.order_by("pk").values("state", "amount", "project")),
        list(Need.objects.order_by("pk").values("reserved", "state")),
        list(ProjectItem.objects.order_by("pk").values("reserved")),
        list(Override.objects.order_by("pk").values()),
        Decision.objects.count(),
        Involvement.objects.count(),
    ]


def refused(code: str, act: Callable[[], Any]) -> None:
    before = books()
    with pytest.raises(Refused) as caught:
        act()
    assert caught.value.code == code
    assert books() == before


def test_nothing_is_held_until_a_supervisor_agrees(scene: Scene, proposal: Proposal):
    refused(
        "second_person_needed",
        lambda: services.decide(
            proposal=proposal, project=scene.project, amount=1, by=scene.cast.worker, at=AT
        ),
    )
    override = asked(scene, proposal)
    assert Need.objects.get(pk=scene.quilts.pk).reserved == 0
    assert not queue(scene.cast.worker).exists()
    kinds = [todo.kind for todo in collect("todo.supervisor", scene.cast.supervisor)]
    assert kinds[0] == "matching.override"
    told = Notice.objects.filter(kind="override_waiting").values_list("to_ref", flat=True)
    assert set(told) == {scene.cast.supervisor.public_id, scene.cast.second_supervisor.public_id}

    taken = services.confirm_override(override=override, by=scene.cast.supervisor, at=AT)

    assert taken.state == ProposalState.PROPOSED
    assert Need.objects.get(pk=scene.quilts.pk).reserved == 1
    decision = Decision.objects.get(proposal=proposal)
    assert (decision.kind, decision.reason) == ("override", WHY)
    assert (decision.decided_by, decision.second_person) == (scene.cast.worker, scene.cast.supervisor)
    assert Notice.objects.filter(kind="override_agreed").exists()


def test_first_person_never_answers_nor_does_a_worker(scene: Scene, proposal: Proposal):
    override = asked(scene, proposal, by=scene.cast.supervisor)

    for code, by in (
        ("second_person_needed", scene.cast.supervisor),
        ("supervisor_needed", scene.cast.worker),
        ("supervisor_needed", scene.cast.stranger),
        ("supervisor_needed", scene.miller),
    ):
        refused(code, partial(services.confirm_override, override=override, by=by, at=AT))
        refused(code, partial(services.decline_override, override=override, reason="x", by=by, at=AT))

    services.confirm_override(override=override, by=scene.cast.second_supervisor, at=AT)


def test_question_has_a_reason_and_is_asked_once_and_only_where_it_is_needed(
    scene: Scene, proposal: Proposal
):
    refused("reason_missing", lambda: asked(scene, proposal, reason=" "))
    refused("more_than_there_is", lambda: asked(scene, proposal, amount=3))
    asked(scene, proposal)
    refused("asked_already", lambda: asked(scene, proposal))
    MeasureReceived.objects.all().delete()
    refused("nothing_to_override", lambda: asked(scene, proposal))


def test_need_covered_meanwhile_is_not_decided_any_more(scene: Scene, proposal: Proposal):
    override = asked(scene, proposal)
    Need.objects.filter(pk=scene.quilts.pk).update(state="closed")

    refused(
        "need_closed",
        lambda: services.confirm_override(override=override, by=scene.cast.supervisor, at=AT),
    )

    assert services.lapse_stale_overrides(by=SYSTEM, at=AT) == 1
    refused(
        "answered_already",
        lambda: services.confirm_override(override=override, by=scene.cast.supervisor, at=AT),
    )


def test_resource_taken_meanwhile_is_refused_whole(scene: Scene, proposal: Proposal):
    override = asked(scene, proposal)
    type(proposal.lot).objects.filter(pk=proposal.lot_id).update(available=0, reserved=10)

    before = books()
    with pytest.raises(Refused):
        services.confirm_override(override=override, by=scene.cast.supervisor, at=AT)

    assert books() == before
    assert services.lapse_stale_overrides(by=SYSTEM, at=AT) == 1


def test_no_keeps_the_suggestion_and_may_be_asked_again(scene: Scene, proposal: Proposal):
    override = asked(scene, proposal)
    refused(
        "reason_missing",
        lambda: services.decline_override(override=override, reason=" ", by=scene.cast.supervisor, at=AT),
    )

    services.decline_override(override=override, reason="上月刚领过", by=scene.cast.supervisor, at=AT)

    override.refresh_from_db()
    assert (override.state, override.answer) == ("declined", "上月刚领过")
    assert list(queue(scene.cast.worker)) == [proposal]
    assert Notice.objects.filter(kind="override_not_agreed").exists()
    again = asked(scene, proposal, reason="水泡过，不能用了")
    services.confirm_override(override=again, by=scene.cast.supervisor, at=AT)


def test_only_who_asked_takes_the_question_back(scene: Scene, proposal: Proposal):
    override = asked(scene, proposal)
    refused(
        "not_yours",
        lambda: services.withdraw_override(override=override, by=scene.cast.colleague, at=AT),
    )

    services.withdraw_override(override=override, by=scene.cast.worker, at=AT)

    assert list(queue(scene.cast.worker)) == [proposal]
    refused(
        "answered_already",
        lambda: services.withdraw_override(override=override, by=scene.cast.worker, at=AT),
    )


def test_excluded_pair_needs_no_answer(scene: Scene, proposal: Proposal):
    override = asked(scene, proposal)

    services.ban(proposal=proposal, reason="太薄", by=scene.cast.colleague, at=AT)

    override.refresh_from_db()
    assert override.state == "lapsed"


@pytest.mark.django_db(transaction=True)
def test_newer_run_carries_the_question_to_its_own_suggestion(scene: Scene, proposal: Proposal):
    override = asked(scene, proposal)

    run = performed(started(scene))

    override.refresh_from_db()
    assert (override.state, override.proposal.run) == ("asked", run)
    taken = services.confirm_override(override=override, by=scene.cast.supervisor, at=AT)
    assert (taken.amount, taken.state) == (1, ProposalState.PROPOSED)


def test_newer_run_without_the_pair_leaves_the_question(scene: Scene, proposal: Proposal):
    asked(scene, proposal)

    assert services.expire_suggestions(prefix=COUNTY, by=SYSTEM, at=AT) == 0


@pytest.mark.parametrize(
    "broken",
    [
        {"reason": ""},
        {"amount": 0},
        {"state": "gone"},
        {"state": "confirmed"},
        {"state": "declined", "answered_at": AT},
    ],
    ids=str,
)
def test_database_refuses_half_an_answer(scene: Scene, proposal: Proposal, broken: dict[str, Any]):
    override = asked(scene, proposal)

    with pytest.raises(IntegrityError), transaction.atomic():
        Override.objects.filter(pk=override.pk).update(**broken)
    with pytest.raises(IntegrityError), transaction.atomic():
        Override.objects.filter(pk=override.pk).update(
            state="confirmed", answered_by=override.asked_by, answered_at=AT
        )


def test_who_agreed_and_who_asked_decide_no_objection(scene: Scene, proposal: Proposal):
    override = asked(scene, proposal)
    services.confirm_override(override=override, by=scene.cast.second_supervisor, at=AT)
    household = scene.quilts.household
    objection = objects(household, "match", text="为什么只有一床？")

    for first in (scene.cast.worker, scene.cast.second_supervisor):
        refused(
            "incompatible_duty",
            partial(assign_objection,
                objection=objection, first=first, second=scene.cast.village_worker,
                by=scene.cast.supervisor, at=AT,
            ),
        )  # fmt: skip


def test_desk_asks_and_the_supervisor_answers_on_the_own_page(scene: Scene, proposal: Proposal):
    data = {"project": scene.project.public_id, "amount": "1"}
    with clock.fixed(AT):
        worker, supervisor = signed_in(scene.cast.worker), signed_in(scene.cast.supervisor)
        url = f"{DESK}{proposal.public_id}/decide/"
        assert worker.post(url, {**data, "_key": "a"}).status_code == 422
        assert worker.post(url, {**data, "reason": WHY, "_key": "b"}).status_code == 302
        override = Override.objects.get()
        answer = f"/admin/matching/override/{override.public_id}/answer/"

        assert WHY in worker.get("/admin/matching/override/").content.decode()
        assert "<textarea" not in worker.get(answer).content.decode()
        assert worker.post(answer, {"answer": "yes", "_key": "c"}).status_code == 409
        assert signed_in(scene.cast.stranger).get(answer).status_code == 404
        assert WHY in supervisor.get(answer).content.decode()
        assert supervisor.post(answer, {"answer": "no", "_key": "d"}).status_code == 409
        assert supervisor.post(answer, {"answer": "yes", "_key": "e"}).status_code == 302

    proposal.refresh_from_db()
    assert proposal.state == ProposalState.PROPOSED


def test_asker_takes_it_back_on_the_page(scene: Scene, proposal: Proposal):
    override = asked(scene, proposal)
    with clock.fixed(AT):
        url = f"/admin/matching/override/{override.public_id}/withdraw/"
        worker = signed_in(scene.cast.worker)
        assert worker.get(url).status_code == 200
        assert worker.post(url, {"_key": "w"}).status_code == 302

    override.refresh_from_db()
    assert override.state == "lapsed"


def test_answer_page_says_when_a_reason_is_needed_and_counts_no_rank_of_one(scene: Scene, proposal: Proposal):
    Proposal.objects.filter(pk=proposal.pk).update(explanation={"rank": 1, "peers": 1})
    override = asked(scene, proposal)
    client = signed_in(scene.cast.supervisor)
    client.cookies["language"] = "en"

    page = client.get(f"/admin/matching/override/{override.public_id}/answer/").content.decode()

    label = page[page.index("Reason (needed for a no)") :]
    assert "(optional)" not in label[: label.index("</label>")]
    assert "Should this family get more?" in page
    assert "No other family is as urgent." in page
    assert "number 1 of 1" not in page
