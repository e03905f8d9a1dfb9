"""Whatever a delegate does in the family's name, the family's own phone hears of it (domain §2.10)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from accounts.models import User
from common import clock
from common.actors import SYSTEM, Actor, CodeHolder
from delivery import services
from households import services as households
from households.models import Delegation, Household, QualityFlag
from matching import services as matches
from matching.models import Proposal
from notices.models import Notice
from projects import services as projects
from tests import cast
from tests.cast import AT
from tests.delivery.scene import (
    Scene,
    analysed,
    drafted_service,
    handed_over,
    matched,
    money_arrived,
    opened,
    paid,
    paper,
    sign,
    under_agreement,
)
from tests.households.test_submit import HELPER

SCOPES = ("apply", "update", "receive_goods", "receive_money")
Heard = Callable[[Actor], Any]


@pytest.fixture(autouse=True)
def still_clock():
    with clock.fixed(AT):
        yield


def helper_of(household: Household, user: User | None = None) -> Delegation:
    by = CodeHolder(household.applications.get().public_id)
    given = households.grant_delegation(
        household=household, delegate=replace(HELPER, scope=SCOPES), evidence=None, by=by, at=AT
    )
    Delegation.objects.filter(pk=given.pk).update(user=user)
    return given


def told(household: Household) -> int:
    return Notice.objects.filter(to_ref=household.public_id, kind="delegate_acted").count()


def asked(scene: Scene) -> Proposal:
    """Only the family has not answered yet."""
    proposal = matches.propose_by_hand(
        need=scene.money, lot=scene.lot, amount=scene.money.remaining, by=scene.cast.worker, at=AT
    )
    matches.decide(
        proposal=proposal, project=scene.project, amount=proposal.amount, by=scene.cast.worker, at=AT
    )
    matches.confirm(proposal=proposal, party="agency", method="web", evidence=None, by=scene.leader, at=AT)
    return proposal


def answers(scene: Scene) -> list[Heard]:
    one: dict[str, Any] = {"proposal": asked(scene), "party": "household", "at": AT}
    evidence = paper("confirmation_evidence", one["proposal"], scene.cast.worker)
    shown: dict[str, Any] = {"method": "delegate", "evidence": evidence}
    return [
        lambda by: matches.confirm(**one, **shown, by=by),
        lambda by: matches.undo_confirmation(**one, by=by),
        lambda by: matches.decline(**one, **shown, reason="", by=by),
    ]


def words(scene: Scene) -> list[Heard]:
    matched(scene)
    analysis = projects.open_joint_analysis(
        project=scene.project, household=scene.household, by=scene.leader, at=AT
    )
    changes = {"causes": ["illness"], "strengths": "能干。", "responses": "每月探访。", "goals": ["够用"]}
    analysis = projects.edit_joint_analysis(
        analysis=analysis, version=analysis.version, changes=changes, by=scene.leader, at=AT
    )
    projects.propose_joint_analysis(analysis=analysis, by=scene.leader, at=AT)
    one: dict[str, Any] = {"analysis": analysis, "at": AT}
    evidence = paper("confirmation_evidence", analysis, scene.cast.worker)
    return [
        lambda by: projects.confirm_joint_analysis_for_household(
            **one, method="delegate", evidence=evidence, by=by
        ),
        lambda by: projects.end_joint_analysis(**one, by=by),
    ]


def signatures(scene: Scene) -> list[Heard]:
    analysed(scene)
    agreement = opened(scene, drafted_service(scene))
    sign(scene, agreement, "agency")
    one: dict[str, Any] = {"agreement": agreement, "at": AT}
    evidence = paper("signature_evidence", agreement, scene.cast.worker)
    return [
        lambda by: services.sign_agreement(
            **one, signer="household", text_hash=agreement.content_hash, method="delegate",
            evidence=evidence, by=by,
        ),
        lambda by: services.undo_signature(**one, signer="household", by=by),
        lambda by: services.terminate_agreement(**one, reason="", evidence=evidence, by=by),
    ]  # fmt: skip


def receipts(scene: Scene) -> list[Heard]:
    scene, proposal, agreement = under_agreement(scene)
    money_arrived(scene)
    delivery = handed_over(scene, proposal, 60_000, paid(scene, agreement, 60_000))
    one: dict[str, Any] = {"delivery": delivery, "at": AT}
    evidence = paper("confirmation_evidence", delivery, scene.cast.worker)
    return [
        lambda by: services.confirm_receipt(**one, method="delegate", evidence=evidence, by=by),
        lambda by: services.undo_receipt(**one, by=by),
        lambda by: services.dispute_delivery(**one, reason="少了一半。", by=by),
    ]


@pytest.mark.parametrize("acts", [answers, words, signatures, receipts])
def test_family_hears_of_each_act_of_its_delegate(scene: Scene, acts: Any) -> None:
    delegate = CodeHolder(helper_of(scene.household).public_id, "delegate")
    before = told(scene.household)

    for done, act in enumerate(acts(scene), start=1):
        act(delegate)
        assert told(scene.household) == before + done


def test_family_hears_of_a_delegate_who_signed_in(scene: Scene) -> None:
    helper = User.objects.create_user(username="helper", name="王强")
    helper_of(scene.household, helper)
    proposal = asked(scene)
    evidence = paper("confirmation_evidence", proposal, scene.cast.worker)
    before = told(scene.household)

    matches.confirm(
        proposal=proposal, party="household", method="delegate", evidence=evidence, by=helper, at=AT
    )

    assert told(scene.household) == before + 1


def test_what_the_family_and_its_worker_do_is_no_delegate(scene: Scene) -> None:
    for act in answers(scene)[:2]:
        act(scene.family)
    proposal = Proposal.objects.get()
    evidence = paper("confirmation_evidence", proposal, scene.cast.worker)

    matches.confirm(
        proposal=proposal, party="household", method="worker", evidence=evidence, by=scene.cast.worker, at=AT
    )

    assert told(scene.household) == 0


@pytest.mark.django_db
def test_family_hears_what_its_delegate_explained_and_brought() -> None:
    people = cast.county()
    application = cast.widow_applies()
    household = application.household
    delegate = CodeHolder(helper_of(household).public_id, "delegate")
    before = told(household)

    households.return_application(application=application, missing=["存折"], by=people.worker, at=AT)
    households.resubmit_application(application=application, note="带来了。", by=delegate, at=AT)
    assert told(household) == before + 1

    flag = QualityFlag.objects.create(
        household=household, application=application, rule="TEL-01", severity="info", raised_at=AT,
        state="asked", state_since=AT,
    )  # fmt: skip
    households.explain_flag(flag=flag, explanation="在外打工。", by=delegate, at=AT)
    assert told(household) == before + 2


def test_family_hears_that_its_delegate_named_a_new_day(scene: Scene) -> None:
    delegate = CodeHolder(helper_of(scene.household).public_id, "delegate")
    households.expire_need(need=scene.money, by=SYSTEM, at=AT)
    before = told(scene.household)

    households.renew_need(need=scene.money, deadline=AT.date(), by=delegate, at=AT)

    assert told(scene.household) == before + 1
