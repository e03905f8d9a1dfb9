"""Agreements: who signs what, the ten minutes, versions, leaving."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.enums import Duty, Role
from accounts.models import Involvement
from common import clock
from common.actors import SYSTEM, CodeHolder
from common.exceptions import Refused
from delivery import services
from delivery.forms.agreements import EntrustmentForm, ServiceForm
from delivery.models import Agreement, Signature
from households.models import CaseAccess
from households.services import withdraw_consent
from journal.models import Entry
from notices.models import Notice
from tests.cast import AT, hire
from tests.delivery.scene import (
    HELD,
    MINUTE,
    SERVICE,
    Scene,
    analysed,
    drafted_entrustment,
    drafted_service,
    in_force,
    matched,
    paper,
    sign,
    under_agreement,
)
from tests.delivery.scene import opened as opened_for_signing


def opened(scene: Scene) -> Agreement:
    analysed(scene)
    agreement = drafted_service(scene)
    return services.open_signing(agreement=agreement, by=scene.leader, at=AT)


def test_service_agreement_waits_for_the_joint_analysis(scene: Scene):
    with pytest.raises(Refused) as refused:
        drafted_service(scene)

    assert refused.value.code == "analysis_missing"
    assert not Agreement.objects.exists()


def test_right_to_leave_may_not_be_left_out(scene: Scene):
    analysed(scene)

    with pytest.raises(Refused) as refused:
        drafted_service(scene, withdrawal=" ")

    assert (refused.value.code, refused.value.field) == ("incomplete", "withdrawal")
    assert not Agreement.objects.exists()


def test_entrustment_waits_for_gate_and_a_family(scene: Scene):
    with pytest.raises(Refused) as refused:
        drafted_entrustment(scene)
    assert refused.value.code == "no_service_agreement"

    scene.project.gates.all().delete()
    with pytest.raises(Refused) as refused:
        drafted_entrustment(scene)
    assert refused.value.code == "gate_missing"
    assert not Agreement.objects.exists()


def test_tranches_add_up_to_the_sum(scene: Scene):
    analysed(scene)
    in_force(scene, drafted_service(scene))

    with pytest.raises(Refused) as refused:
        drafted_entrustment(scene, tranche_amounts=[60_000, 30_000])

    assert refused.value.code == "tranches"
    assert not Agreement.objects.filter(kind="entrustment").exists()


def test_changed_text_is_not_signed(scene: Scene):
    agreement = opened(scene)
    second = services.rewrite_agreement(
        agreement=agreement, content={**SERVICE, "goals": "别的。"}, amount=0, start=agreement.start,
        end=agreement.end, by=scene.leader, at=AT,
    )  # fmt: skip
    services.open_signing(agreement=second, by=scene.leader, at=AT)

    for row, code in ((agreement, "replaced"), (second, "text_changed")):
        with pytest.raises(Refused) as refused:
            services.sign_agreement(
                agreement=row, signer="household", text_hash=agreement.content_hash, method="web", evidence=None,
                by=scene.family, at=AT,
            )  # fmt: skip
        assert refused.value.code == code
    assert not Signature.objects.exists()


def test_changing_the_text_voids_the_signatures(scene: Scene):
    agreement = sign(scene, opened(scene), "household")

    second = services.rewrite_agreement(
        agreement=agreement, content={**SERVICE, "goals": "别的。"}, amount=0, start=agreement.start,
        end=agreement.end, by=scene.leader, at=AT,
    )  # fmt: skip

    agreement.refresh_from_db()
    assert (agreement.state, second.state, second.version) == ("amended", "draft", 2)
    assert not Signature.objects.filter(undone_at__isnull=True).exists()


def test_signature_is_taken_back_at_minute_nine_and_not_at_eleven(scene: Scene):
    agreement = sign(scene, opened(scene), "agency", "household")
    assert agreement.state == "signed"

    services.undo_signature(agreement=agreement, signer="household", by=scene.family, at=AT + 9 * MINUTE)
    agreement.refresh_from_db()
    assert (agreement.state, agreement.signed_at) == ("signing", None)

    later = AT + 9 * MINUTE
    sign(scene, agreement, "household", at=later)
    with pytest.raises(Refused) as refused:
        services.undo_signature(
            agreement=agreement, signer="household", by=scene.family, at=later + 11 * MINUTE
        )
    agreement.refresh_from_db()
    assert (refused.value.code, agreement.state) == ("too_late_to_undo", "signed")


def test_agreement_is_in_force_from_the_tenth_minute(scene: Scene):
    agreement = sign(scene, opened(scene), "agency", "household")

    assert services.make_due_effective(by=SYSTEM, at=AT + 9 * MINUTE) == 0
    assert services.make_due_effective(by=SYSTEM, at=AT + 10 * MINUTE) == 1
    agreement.refresh_from_db()
    assert agreement.state == "effective"
    assert Notice.objects.filter(kind="agreement_effective", to_ref=scene.leader.public_id).exists()
    assert Notice.objects.filter(kind="agreement_in_force_for_household").exists()


def test_party_signs_for_itself_alone(scene: Scene):
    agreement = opened(scene)
    stranger = CodeHolder("nobodynobody")
    attempts: list[tuple[str, Any]] = [
        ("household", scene.leader),  # the agency for the family
        ("household", scene.giver),
        ("household", stranger),
        ("household", scene.cast.stranger),  # a worker of another county
        ("agency", scene.keepers[0]),
        ("platform", scene.cast.supervisor),  # no party here
    ]

    for signer, by in attempts:
        with pytest.raises(Refused):
            services.sign_agreement(
                agreement=agreement, signer=signer, text_hash=agreement.content_hash, method="web",
                evidence=None, by=by, at=AT,
            )  # fmt: skip
    assert not Signature.objects.exists()


def test_worker_signs_for_the_family_only_with_its_own_signature(scene: Scene):
    agreement = opened(scene)
    given: dict[str, Any] = {
        "agreement": agreement,
        "signer": "household",
        "text_hash": agreement.content_hash,
        "at": AT,
    }

    with pytest.raises(Refused) as refused:
        services.sign_agreement(method="web", evidence=None, by=scene.cast.worker, **given)
    assert refused.value.code == "evidence_missing"
    assert not Signature.objects.exists()

    proof = paper("signature_evidence", agreement, scene.cast.worker)
    signature = services.sign_agreement(method="worker", evidence=proof, by=scene.cast.worker, **given)
    assert (signature.method, signature.evidence) == ("worker", proof)


def test_second_agreement_with_the_same_family_is_refused(scene: Scene):
    opened(scene)

    with pytest.raises(Refused) as refused:
        drafted_service(scene)
    assert refused.value.code == "draft_exists"

    sign(scene, Agreement.objects.get(), "agency", "household")
    services.make_due_effective(by=SYSTEM, at=AT + 10 * MINUTE)
    with pytest.raises(Refused) as refused:
        drafted_service(scene)
    assert refused.value.code == "in_force_already"
    assert Agreement.objects.count() == 1


def test_new_version_takes_the_place_of_the_old_one(scene: Scene):
    scene, _proposal, first = under_agreement(scene)
    Agreement.objects.filter(pk=first.pk).update(drawn=10_000)

    second = services.amend_agreement(
        agreement=first, content=first.content, amount=first.amount, start=first.start,
        end=first.end - timedelta(days=1), by=scene.leader, at=AT,
    )  # fmt: skip
    in_force(scene, second)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state, second.version, second.drawn) == ("amended", "effective", 2, 10_000)


def test_ended_draft_does_not_block_the_next_version(scene: Scene):
    analysed(scene)
    first = in_force(scene, drafted_service(scene))
    terms: dict[str, Any] = {"content": SERVICE, "amount": 0, "start": first.start, "end": first.end}
    second = services.amend_agreement(agreement=first, **terms, by=scene.leader, at=AT)
    services.terminate_agreement(agreement=second, reason="写错了", by=scene.leader, at=AT)

    third = services.amend_agreement(agreement=first, **terms, by=scene.leader, at=AT)

    first.refresh_from_db()
    assert (third.version, first.state) == (3, "effective")


def test_family_leaves_at_any_time_and_sharing_stops(scene: Scene):
    scene, proposal, _entrustment = under_agreement(scene)
    agreement = Agreement.objects.get(kind="service")

    services.terminate_agreement(agreement=agreement, reason="", by=scene.family, at=AT)

    agreement.refresh_from_db()
    proposal.refresh_from_db()
    scene.money.refresh_from_db()
    assert (agreement.state, agreement.ground) == ("terminated", "left")
    assert (proposal.state, scene.money.reserved) == ("released", 0)
    assert not CaseAccess.objects.in_force().exists()
    assert Notice.objects.filter(kind="agreement_ended", to_ref=scene.leader.public_id).exists()


def test_agency_needs_a_reason_to_end_it(scene: Scene):
    analysed(scene)
    agreement = in_force(scene, drafted_service(scene))

    with pytest.raises(Refused) as refused:
        services.terminate_agreement(agreement=agreement, reason=" ", by=scene.leader, at=AT)

    agreement.refresh_from_db()
    assert (refused.value.code, agreement.state) == ("reason_missing", "effective")


def test_family_that_leaves_is_not_bound_by_the_version_it_signed_last(scene: Scene):
    analysed(scene)
    first = in_force(scene, drafted_service(scene))
    second = services.amend_agreement(
        agreement=first, content={**SERVICE, "goals": "别的。"}, amount=0, start=first.start, end=first.end,
        by=scene.leader, at=AT,
    )  # fmt: skip
    services.open_signing(agreement=second, by=scene.leader, at=AT)
    sign(scene, second, "agency", "household")

    services.terminate_agreement(agreement=first, reason="", by=scene.family, at=AT)

    assert services.make_due_effective(by=SYSTEM, at=AT + 10 * MINUTE) == 0
    second.refresh_from_db()
    assert (second.state, second.ground) == ("terminated", "withdrawn")
    assert not CaseAccess.objects.in_force().exists()


def test_withdrawn_consent_closes_the_access(scene: Scene):
    analysed(scene)
    in_force(scene, drafted_service(scene))
    consent = scene.household.consents.get(purpose="share_implementer")
    assert CaseAccess.objects.in_force().get().organisation == scene.agency.organisation

    withdraw_consent(consent=consent, by=scene.family, at=AT)

    assert not CaseAccess.objects.in_force().exists()


def test_match_confirmed_later_waits_for_its_own_ten_minutes(scene: Scene):
    analysed(scene)
    in_force(scene, drafted_service(scene))
    in_force(scene, drafted_entrustment(scene))
    proposal = matched(scene, at=AT + 30 * MINUTE)
    scene = scene.fresh()
    assert scene.project.state == "agreed"  # approved, then funded by a match of all it needs

    services.make_due_effective(by=SYSTEM, at=AT + 39 * MINUTE)
    proposal.refresh_from_db()
    assert proposal.state == "confirmed"
    services.make_due_effective(by=SYSTEM, at=AT + 40 * MINUTE)
    proposal.refresh_from_db()
    assert proposal.state == "agreed"


def test_agreement_past_its_last_day_expires(scene: Scene):
    analysed(scene)
    agreement = in_force(scene, drafted_service(scene))

    with pytest.raises(Refused):
        services.expire_agreement(agreement=agreement, by=SYSTEM, at=AT)
    services.expire_agreement(agreement=agreement, by=SYSTEM, at=AT + timedelta(days=301))

    agreement.refresh_from_db()
    assert agreement.state == "expired"
    assert not CaseAccess.objects.in_force().exists()


@pytest.mark.parametrize(
    "broken",
    [
        {"gate": None},
        {"drawn": 100_001},
        {"drawn": -1},
        {"effective_at": None},
        {"state": "eternal"},
        {"state": "terminated"},
        {"ground": "mutual"},
        {"amount": -1},
    ],
    ids=str,
)
def test_database_refuses_what_the_rules_forbid(scene: Scene, broken: dict):
    scene, _proposal, agreement = under_agreement(scene)

    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.filter(pk=agreement.pk).update(**broken)


def test_database_keeps_one_agreement_in_force(scene: Scene):
    analysed(scene)
    first = in_force(scene, drafted_service(scene))
    second = services.amend_agreement(
        agreement=first, content=SERVICE, amount=0, start=first.start, end=first.end, by=scene.leader, at=AT
    )

    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.filter(pk=second.pk).update(state="effective", signed_at=AT, effective_at=AT)


def test_one_person_with_two_seats_signs_for_one_party(scene: Scene):
    analysed(scene)
    in_force(scene, drafted_service(scene))
    agreement = opened_for_signing(scene, drafted_entrustment(scene))
    second = hire(
        "second",
        "兼任",
        Role.FUND_HOLDER,
        organisation=scene.holder.organisation,
        by=scene.cast.administrator,
    )
    second.memberships.update(user=scene.leader)
    sign(scene, agreement, "agency")
    scene.leader.forget_seats()
    scene.leader.take(next(seat for seat in scene.leader.seats if seat.role == Role.FUND_HOLDER))

    with pytest.raises(Refused) as refused:
        sign_as(agreement, "fund_holder", scene.leader)

    agreement.refresh_from_db()
    assert (refused.value.code, agreement.state) == ("signed_for_another", "signing")
    assert agreement.signatures.count() == 1
    sign_as(agreement, "fund_holder", scene.keepers[0])


def test_database_keeps_one_party_a_person(scene: Scene):
    agreement = sign(scene, opened(scene), "agency", "household")
    first, second = agreement.signatures.order_by("pk")

    with pytest.raises(IntegrityError), transaction.atomic():
        Signature.objects.filter(pk=second.pk).update(by_ref=first.by_ref)
    Signature.objects.filter(pk=first.pk).update(undone_at=AT)
    Signature.objects.filter(pk=second.pk).update(by_ref=first.by_ref)


def test_worker_who_signs_for_the_family_decides_no_objection(scene: Scene):
    agreement, worker = opened(scene), scene.cast.second_supervisor
    proof = paper("signature_evidence", agreement, worker)

    sign_as(agreement, "household", worker, method="worker", evidence=proof)

    assert Involvement.objects.filter(
        user=worker, duty=Duty.SPOKESPERSON, file_ref=scene.household.public_id
    ).exists()


@pytest.mark.parametrize(
    ("amounts", "code"),
    [
        (None, "tranches"),
        ([], "tranches"),
        ([HELD], "first_tranche"),
        ([60_001, 39_999], "first_tranche"),
        ([60_000, 40_000, 0], "tranches"),
    ],
)
def test_evaluation_midway_decides_about_a_part_of_the_money(scene: Scene, amounts: Any, code: str):
    analysed(scene)
    in_force(scene, drafted_service(scene))

    with pytest.raises(Refused) as refused:
        drafted_entrustment(scene, tranche_amounts=amounts)

    assert refused.value.code == code
    assert not Agreement.objects.filter(kind="entrustment").exists()


def test_new_version_may_keep_what_was_paid_first(scene: Scene):
    scene, _proposal, first = under_agreement(scene)
    Agreement.objects.filter(pk=first.pk).update(drawn=60_000)
    first.refresh_from_db()
    content = {**first.content, "tranche_amounts": [60_000, 20_000]}
    given: dict[str, Any] = {
        "agreement": first,
        "amount": 80_000,
        "start": first.start,
        "end": first.end,
        "at": AT,
    }

    assert services.amend_agreement(content=content, by=scene.leader, **given).amount == 80_000


def sign_as(agreement: Agreement, signer: str, by: Any, **more: Any) -> Signature:
    given = {"method": "web", "evidence": None}
    return services.sign_agreement(
        agreement=agreement, signer=signer, text_hash=agreement.content_hash, by=by, at=AT, **given | more
    )


def test_family_leaves_through_its_worker_with_its_own_word_alone(scene: Scene):
    under_agreement(scene)
    worker, agreement = scene.cast.worker, Agreement.objects.get(kind="service", state="effective")

    with pytest.raises(Refused) as refused:
        services.terminate_agreement(agreement=agreement, reason="", by=worker, at=AT)
    assert refused.value.code == "evidence_missing"
    agreement.refresh_from_db()
    assert agreement.state == "effective"

    assert agreement.household is not None
    word = paper("confirmation_evidence", agreement.household, worker)
    services.terminate_agreement(agreement=agreement, reason="", evidence=word, by=worker, at=AT)

    agreement.refresh_from_db()
    assert (agreement.state, agreement.ground) == ("terminated", "left")
    kept = Entry.objects.get(action="household.word_kept", object_ref=agreement.household.public_id)
    assert kept.parameters["evidence"] == word.public_id


def test_agreement_begins_no_earlier_than_it_is_signed(scene: Scene):
    analysed(scene)
    given: dict[str, Any] = {
        "kind": "service", "project": scene.project, "household": scene.household, "content": SERVICE,
        "amount": 0, "end": AT.date() + timedelta(days=300), "by": scene.leader, "at": AT,
    }  # fmt: skip
    with pytest.raises(Refused) as found:
        services.draft_agreement(**given, start=AT.date() - timedelta(days=1))
    assert (found.value.code, found.value.field) == ("start_passed", "start")
    assert not Agreement.objects.exists()

    written = services.draft_agreement(**given, start=AT.date())
    with pytest.raises(Refused) as found:
        services.open_signing(agreement=written, by=scene.leader, at=AT + timedelta(days=1))
    assert found.value.code == "start_passed"
    written.refresh_from_db()
    assert written.state == "draft"


def test_new_version_goes_on_from_the_first_day_in_force(scene: Scene):
    _scene, _proposal, first = under_agreement(scene)
    later = AT + timedelta(days=40)
    given: dict[str, Any] = {
        "agreement": first, "content": {**first.content, "duties": "每月多上门一次。"}, "amount": first.amount,
        "end": first.end, "by": scene.leader, "at": later,
    }  # fmt: skip

    with pytest.raises(Refused) as found:
        services.amend_agreement(**given, start=first.start - timedelta(days=1))
    assert found.value.code == "start_passed"
    assert services.amend_agreement(**given, start=first.start).start == first.start


@pytest.mark.parametrize("days", [-30, 40])
def test_form_offers_the_later_of_today_and_the_first_day(scene: Scene, days: int):
    analysis = analysed(scene)
    today = scene.project.start + timedelta(days=days)
    with clock.fixed(datetime.combine(today, time(4), tzinfo=UTC)):
        offered = [
            ServiceForm(analysis=analysis).initial["start"],
            EntrustmentForm(project=scene.project).initial["start"],
        ]
    assert offered == [max(today, scene.project.start)] * 2
