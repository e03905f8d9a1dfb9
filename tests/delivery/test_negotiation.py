"""An entrustment is discussed before it is signed: remarks, answers, versions, and what strangers cannot do."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.enums import Role
from common import clock
from common.actors import SYSTEM
from common.exceptions import Refused
from delivery import services
from delivery.models import Agreement, Remark, Signature
from journal.models import Entry
from notices.models import Notice
from tests.cast import AT, OTHER_COUNTY, hire, signed_in
from tests.delivery.scene import (
    ENTRUSTMENT,
    HELD,
    MINUTE,
    Scene,
    admitted_agency,
    analysed,
    drafted_entrustment,
    drafted_service,
    in_force,
    matched,
    sign,
    verified_donor,
)
from tests.delivery.test_pages import HASH, done, found_in, key_of, post, terms

TEXT = "第二笔请写明验收后几日内拨付。"
BETTER = {**ENTRUSTMENT, "tranches": "两笔，第二笔在中期评估通过后十日内。"}


@pytest.fixture(autouse=True)
def still_clock():
    with clock.fixed(AT):
        yield


def discussed(scene: Scene) -> Agreement:
    """Laid before the parties; the mill's money is in it."""
    matched(scene)
    analysed(scene)
    in_force(scene, drafted_service(scene))
    return services.open_negotiation(agreement=drafted_entrustment(scene), by=scene.leader, at=AT)


def asked(agreement: Agreement, by: Any, kind: str = "money", text: str = TEXT) -> Remark:
    return services.ask_for_change(agreement=agreement, kind=kind, text=text, by=by, at=AT)


def rewritten(scene: Scene, agreement: Agreement, content: Any = None, **more: Any) -> Agreement:
    return services.rewrite_agreement(
        agreement=agreement, content=content or BETTER, amount=HELD, start=agreement.start,
        end=agreement.end, by=scene.leader, at=AT, **more,
    )  # fmt: skip


def refused(code: str, act: Any, **given: Any) -> None:
    with pytest.raises(Refused) as found:
        act(**given)
    assert found.value.code == code


def test_entrustment_is_not_signed_before_the_parties_saw_it(scene: Scene):
    analysed(scene)
    service = in_force(scene, drafted_service(scene))
    draft = drafted_entrustment(scene)

    refused("not_discussed", services.open_signing, agreement=draft, by=scene.leader, at=AT)
    refused("no_negotiation", services.open_negotiation, agreement=service, by=scene.leader, at=AT)
    refused("not_your_project", services.open_negotiation, agreement=draft, by=scene.keepers[0], at=AT)

    draft.refresh_from_db()
    assert draft.state == "draft"


def test_draft_is_laid_before_fund_holder_platform_and_donor(scene: Scene):
    agreement = discussed(scene)

    assert agreement.state == "negotiating"
    told = set(Notice.objects.filter(kind="agreement_to_read").values_list("to_ref", flat=True))
    people = (scene.keepers[0], scene.giver, scene.cast.supervisor)
    assert {person.public_id for person in people} <= told
    assert scene.leader.public_id not in told
    refused("not_a_draft", services.open_negotiation, agreement=agreement, by=scene.leader, at=AT)


def test_remark_holds_up_the_signing_until_a_new_version_answers_it(scene: Scene):
    agreement = discussed(scene)
    remark = asked(agreement, scene.keepers[0])
    assert Notice.objects.filter(kind="agreement_remark", to_ref=scene.leader.public_id).exists()

    refused("remarks_open", services.open_signing, agreement=agreement, by=scene.leader, at=AT)
    seen = [remark.public_id]
    with pytest.raises(Refused) as found:
        rewritten(scene, agreement, answer=" ", seen=seen)
    assert (found.value.code, found.value.field) == ("answer_missing", "answer")
    with pytest.raises(Refused) as found:
        rewritten(scene, agreement, ENTRUSTMENT, answer="改了。", seen=seen)
    assert found.value.code == "nothing_changed"
    assert Agreement.objects.filter(kind="entrustment").count() == 1

    second = rewritten(scene, agreement, answer="已写明十日。", seen=seen)

    agreement.refresh_from_db()
    remark.refresh_from_db()
    assert (agreement.state, agreement.content["tranches"]) == ("amended", ENTRUSTMENT["tranches"])
    assert (second.version, second.state, second.number) == (2, "negotiating", agreement.number)
    assert (remark.outcome, remark.answer) == ("rewritten", "已写明十日。")
    services.open_signing(agreement=second, by=scene.leader, at=AT)
    sign(scene, second, "agency", "fund_holder", "platform")
    services.make_due_effective(by=SYSTEM, at=AT + 10 * MINUTE)
    second.refresh_from_db()
    assert second.state == "effective"


def test_text_stays_with_a_reason(scene: Scene):
    agreement = discussed(scene)
    remark = asked(agreement, scene.giver, "purpose", "请把棉被写进去。")
    given: dict[str, Any] = {"agreement": agreement, "seen": [remark.public_id], "at": AT}

    refused("answer_missing", services.keep_text, answer="", by=scene.leader, **given)
    refused("not_your_project", services.keep_text, answer="不改。", by=scene.keepers[0], **given)
    remark.refresh_from_db()
    assert remark.outcome == "open"

    services.keep_text(answer="棉被在另一份协议里。", by=scene.leader, **given)
    remark.refresh_from_db()
    assert (remark.outcome, remark.party) == ("kept", "donor")
    assert Notice.objects.filter(kind="agreement_answered", to_ref=scene.giver.public_id).exists()
    services.open_signing(agreement=agreement, by=scene.leader, at=AT)


def test_remark_that_came_in_meanwhile_goes_along_unanswered(scene: Scene):
    agreement = discussed(scene)
    first = asked(agreement, scene.keepers[0])
    later = asked(agreement, scene.giver, "purpose", "请把棉被写进去。")

    second = rewritten(scene, agreement, answer="已写明。", seen=[first.public_id])

    later.refresh_from_db()
    assert (later.agreement, later.outcome) == (second, "open")
    refused("remarks_open", services.open_signing, agreement=second, by=scene.leader, at=AT)


def test_late_remark_of_a_signing_party_voids_the_signatures(scene: Scene):
    agreement = discussed(scene)
    services.open_signing(agreement=agreement, by=scene.leader, at=AT)
    sign(scene, agreement, "agency", "fund_holder")
    refused("not_open_for_remarks", asked, agreement=agreement, by=scene.giver)

    asked(agreement, scene.cast.supervisor)

    agreement.refresh_from_db()
    assert agreement.state == "negotiating"
    assert not Signature.objects.filter(agreement=agreement, undone_at__isnull=True).exists()


def test_new_version_voids_the_signatures_and_the_old_text_is_signed_by_nobody(scene: Scene):
    first = discussed(scene)
    services.open_signing(agreement=first, by=scene.leader, at=AT)
    sign(scene, first, "agency", "fund_holder")

    second = rewritten(scene, first)
    services.open_signing(agreement=second, by=scene.leader, at=AT)

    assert not Signature.objects.filter(undone_at__isnull=True, agreement__kind="entrustment").exists()
    given: dict[str, Any] = {"signer": "platform", "method": "web", "evidence": None, "at": AT}
    stale = {"text_hash": first.content_hash, "by": scene.cast.supervisor}
    refused("replaced", services.sign_agreement, agreement=first, **given, **stale)
    refused("text_changed", services.sign_agreement, agreement=second, **given, **stale)
    assert not Signature.objects.filter(agreement=second).exists()


def test_who_has_no_part_in_it_asks_for_nothing(scene: Scene):
    agreement = discussed(scene)
    _other, other_leader = admitted_agency(scene.cast, 20, "邻县社工站")
    other_giver, _donor = verified_donor(scene.cast, 21, "秋实米厂")
    far = hire(
        "far", "远督导", Role.SUPERVISOR, organisation=scene.cast.station, prefix=OTHER_COUNTY,
        by=scene.cast.administrator,
    )  # fmt: skip

    for stranger in (other_leader, other_giver, far, scene.cast.worker):
        refused("no_party", asked, agreement=agreement, by=stranger)
    refused("not_open_for_remarks", asked, agreement=agreement, by=scene.leader)  # its own text
    refused("kind", asked, agreement=agreement, by=scene.giver, kind="weather")
    refused("text_missing", asked, agreement=agreement, by=scene.giver, text="  ")
    assert not Remark.objects.exists()


def test_strangers_get_no_page(scene: Scene):
    agreement = discussed(scene)
    _other, other_leader = admitted_agency(scene.cast, 20, "邻县社工站")
    other_giver, _donor = verified_donor(scene.cast, 21, "秋实米厂")
    page = reverse("delivery:agreement", args=[agreement.public_id])
    ask = reverse("delivery:agreement_act", args=[agreement.public_id, "change"])

    for stranger in (other_leader, other_giver):
        client = signed_in(stranger)
        assert client.get(page).status_code == 404
        assert client.post(ask, {"_key": "k", "kind": "money", "text": TEXT}).status_code == 404
    assert not Remark.objects.exists()


def test_donor_does_not_read_a_draft_nor_what_is_not_of_its_money(scene: Scene):
    analysed(scene)
    in_force(scene, drafted_service(scene))
    draft = drafted_entrustment(scene)
    services.open_negotiation(agreement=draft, by=scene.leader, at=AT)
    assert not Agreement.objects.all().visible_to(scene.giver).exists()  # no match carries its money yet

    matched(scene)
    assert list(Agreement.objects.all().visible_to(scene.giver)) == [draft]
    services.terminate_agreement(agreement=draft, reason="写错了", by=scene.leader, at=AT)
    again = drafted_entrustment(scene)
    assert again.state == "draft"
    assert not Agreement.objects.all().visible_to(scene.giver).exists()


def test_same_point_is_asked_once_and_taken_back(scene: Scene):
    agreement = discussed(scene)
    asked(agreement, scene.keepers[0])
    refused("asked_already", asked, agreement=agreement, by=scene.keepers[0])
    asked(agreement, scene.keepers[1])  # a colleague may see it otherwise
    refused("no_remark", services.withdraw_remarks, agreement=agreement, by=scene.giver, at=AT)

    assert services.withdraw_remarks(agreement=agreement, by=scene.keepers[0], at=AT) == 1

    outcomes = Remark.objects.order_by("pk").values_list("outcome", flat=True)
    assert list(outcomes) == ["withdrawn", "open"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Remark.objects.filter(outcome="open").update(outcome="kept")


def test_journal_names_the_point_and_never_the_words(scene: Scene):
    agreement = discussed(scene)
    asked(agreement, scene.keepers[0])

    entry = Entry.objects.get(action="agreement.change_asked")
    assert entry.parameters["kind"] == "money"
    assert TEXT not in str(entry.parameters)


def test_discussion_through_the_pages(scene: Scene):
    matched(scene)
    analysed(scene)
    in_force(scene, drafted_service(scene))
    draft = drafted_entrustment(scene)
    agency, holder, giver = signed_in(scene.leader), signed_in(scene.keepers[0]), signed_in(scene.giver)
    supervisor = signed_in(scene.cast.supervisor)

    def act(row: Agreement, slug: str) -> str:
        return reverse("delivery:agreement_act", args=[row.public_id, slug])

    done(post(agency, act(draft, "show")))
    assert holder.get(act(draft, "show")).status_code == 404
    key = key_of(holder.get(act(draft, "change")))
    body = {"_key": key, "kind": "money", "text": TEXT}
    assert done(holder.post(act(draft, "change"), body)) == done(holder.post(act(draft, "change"), body))
    done(post(giver, act(draft, "change"), {"kind": "leftover", "text": "结余请告诉我们。"}))
    desk = reverse("admin:delivery_agreement_act", args=[draft.public_id, "change"])
    done(post(supervisor, desk, {"kind": "duties", "text": "请写上每月报告。"}))
    assert Remark.objects.count() == 3

    edit = reverse("delivery:edit", args=[draft.public_id])
    shown = agency.get(edit).content.decode()
    assert TEXT in shown
    seen = ",".join(Remark.objects.order_by("pk").values_list("public_id", flat=True))
    assert seen in shown
    body = {
        "purpose": "助困", "use_of_funds": "补助", "amount": "1000", "tranche_1": "600", "tranche_2": "400",
        "tranche_3": "", "tranches": "第二笔十日内", "duties": "送达", "reporting": "每月", "leftover": "退回",
        "liability": "追回", "seen": seen,
    }  # fmt: skip
    assert post(agency, edit, terms(**body)).status_code == 422  # no answer to the remarks
    key = key_of(agency.get(edit))
    good = {"_key": key, **terms(**body, answer="三条都改了。")}
    new = done(agency.post(edit, good))
    assert done(agency.post(edit, good)) == new  # a second click makes no third version
    second = Agreement.objects.get(kind="entrustment", state="negotiating")
    assert (second.version, new) == (2, reverse("delivery:agreement", args=[second.public_id]))
    assert "三条都改了。" in holder.get(new).content.decode()
    assert agency.get(edit).status_code == 404

    done(post(agency, act(second, "open")))
    sign_page = reverse("delivery:sign", args=[second.public_id])
    done(post(holder, sign_page, {"text_hash": found_in(HASH, holder.get(sign_page))}))
    stale = reverse("delivery:sign", args=[draft.public_id])
    refusal = post(agency, stale, {"text_hash": draft.content_hash})
    assert refusal.status_code == 409
    assert giver.get(sign_page).status_code == 404
