"""What a donor gave its money for changes with the donor's own yes alone (domain §10.6)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.enums import Role
from common import clock
from common.actors import SYSTEM
from common.panels import collect
from common.templatetags.ui import yuan
from delivery import services
from delivery.models import Agreement, Signature
from donors.services import list_lot, review_lot
from donors.services.public_fund import register_public_fund
from journal.models import Entry
from matching.models import Proposal
from notices.models import Notice
from reference.queries import get_item
from tests.cast import AT, COUNTY, body, hire, signed_in
from tests.delivery.scene import (
    HELD,
    MINUTE,
    Scene,
    analysed,
    drafted_entrustment,
    drafted_service,
    in_force,
    listed_lot,
    matched,
    money_arrived,
    opened,
    paid,
    sign,
    under_agreement,
    verified_donor,
)
from tests.delivery.test_pages import HASH, done, found_in, post
from tests.gates import refused

OTHER_USE = {"purpose": "改建村卫生室。", "use_of_funds": "建筑材料。"}


@pytest.fixture(autouse=True)
def still_clock():
    with clock.fixed(AT):
        yield


def newer(scene: Scene, first: Agreement, **changes: Any) -> Agreement:
    """A new version, discussed and open for signing."""
    row = services.amend_agreement(
        agreement=first, content={**first.content, **changes}, amount=first.amount, start=first.start,
        end=first.end, by=scene.leader, at=AT,
    )  # fmt: skip
    return opened(scene, row)


def signs(agreement: Agreement, by: Any, signer: str = "donor") -> Signature:
    return services.sign_agreement(
        agreement=agreement, signer=signer, text_hash=agreement.content_hash, method="web", evidence=None,
        by=by, at=AT,
    )  # fmt: skip


def states(*agreements: Agreement) -> list[str]:
    """What they are once every ten minutes are over."""
    services.make_due_effective(by=SYSTEM, at=AT + 10 * MINUTE)
    return [Agreement.objects.get(pk=row.pk).state for row in agreements]


@pytest.mark.parametrize("part", ["purpose", "use_of_funds"])
def test_other_use_waits_for_the_donor(scene: Scene, part: str) -> None:
    scene, _proposal, first = under_agreement(scene)
    second = newer(scene, first, **{part: OTHER_USE[part]})

    second = sign(scene, second, "agency", "fund_holder", "platform")

    assert states(first, second) == ["effective", "signing"]
    assert list(Notice.objects.filter(kind="use_to_agree").values_list("to_ref", flat=True)) == [
        scene.giver.public_id
    ]
    signs(second, scene.giver)
    assert states(first, second) == ["amended", "effective"]


def test_same_use_asks_no_donor(scene: Scene) -> None:
    scene, _proposal, first = under_agreement(scene)
    second = newer(scene, first, duties="按时送达，每月多上门一次。")

    refused(
        "not_a_signer", services.sign_agreement,
        agreement=second, signer="donor", text_hash=second.content_hash, method="web", evidence=None,
        by=scene.giver, at=AT,
    )  # fmt: skip
    sign(scene, second, "agency", "fund_holder", "platform")

    assert not second.signatures.filter(signer="donor").exists()
    assert states(first, second) == ["amended", "effective"]


def test_no_of_the_donor_keeps_the_version_in_force(scene: Scene) -> None:
    scene, _proposal, first = under_agreement(scene)
    second = newer(scene, first, **OTHER_USE)
    sign(scene, second, "agency", "fund_holder", "platform")

    services.ask_for_change(
        agreement=second,
        kind="purpose",
        text="这笔钱是给老人过冬的，我们不同意改用途。",
        by=scene.giver,
        at=AT,
    )

    assert states(first, second) == ["effective", "negotiating"]
    assert not second.signatures.filter(undone_at__isnull=True).exists()


def test_stranger_signs_for_no_donor(scene: Scene) -> None:
    scene, _proposal, first = under_agreement(scene)
    second = newer(scene, first, **OTHER_USE)
    stranger, _donor = verified_donor(scene.cast, 14, "路过的公司")

    for by in (stranger, scene.leader, scene.keepers[0], scene.cast.supervisor, scene.family):
        refused(
            "not_a_signer", services.sign_agreement,
            agreement=second, signer="donor", text_hash=second.content_hash, method="web", evidence=None,
            by=by, at=AT,
        )  # fmt: skip

    assert not second.signatures.exists()


def test_donor_reads_signs_and_thinks_again_on_the_pages(scene: Scene) -> None:
    scene, _proposal, first = under_agreement(scene)
    second = newer(scene, first, **OTHER_USE)
    sign(scene, second, "agency", "fund_holder", "platform")
    giver = signed_in(scene.giver)
    page = reverse("delivery:agreement", args=[second.public_id])

    assert page in [todo.url for todo in collect("todo.donor", scene.giver)]
    shown = giver.get(page).content.decode()
    url = reverse("delivery:sign", args=[second.public_id])
    assert url in shown
    assert reverse("delivery:agreement_act", args=[second.public_id, "change"]) in shown
    done(post(giver, url, {"text_hash": found_in(HASH, giver.get(url))}))

    second.refresh_from_db()
    assert second.state == "signed"
    assert page not in [todo.url for todo in collect("todo.donor", scene.giver)]
    done(post(giver, reverse("delivery:agreement_act", args=[second.public_id, "undo"])))
    assert states(first, second) == ["effective", "signing"]


def test_money_that_has_reached_its_family_asks_nobody_any_more(scene: Scene) -> None:
    scene, proposal, first = under_agreement(scene)
    second = newer(scene, first, **OTHER_USE)
    sign(scene, second, "agency", "fund_holder", "platform")
    assert states(second) == ["signing"]

    Proposal.objects.filter(pk=proposal.pk).update(state="completed")

    assert states(second) == ["signed"]
    services.make_due_effective(by=SYSTEM, at=AT + timedelta(hours=1))
    first.refresh_from_db()
    assert first.state == "amended"


def test_database_keeps_one_signature_a_donor(scene: Scene) -> None:
    scene, _proposal, first = under_agreement(scene)
    second = newer(scene, first, **OTHER_USE)
    signature = signs(second, scene.giver)

    for broken in ({"by_ref": "u00000000001"}, {"by_ref": "u00000000002", "donor": None}):
        values = {"signer": "donor", "donor": scene.donor, "text_hash": "x", "method": "web"} | broken
        with pytest.raises(IntegrityError), transaction.atomic():
            Signature.objects.create(agreement=second, signed_at=AT, undo_until=AT, **values)
    assert second.signatures.get() == signature


def test_office_agrees_to_another_use_of_its_public_money(scene: Scene) -> None:
    office = body("清河县民政局", "government", 60)
    officer = hire(
        "qin", "秦科长", Role.OFFICER, prefix=COUNTY, organisation=office, by=scene.cast.administrator
    )
    private = listed_lot(scene.cast, scene.donor, scene.giver, scene.holder, quantity=HELD // 2)
    public = register_public_fund(
        officer=officer, title="临时救助", department="民政局", document_no="Q1", budget_line="2081901",
        items=[get_item("living_aid")], amount=HELD // 2, area=COUNTY, fund_holder=scene.holder.organisation,
        by=officer, at=AT,
    )  # fmt: skip
    if public.state == "submitted":
        public = review_lot(lot=public, by=scene.cast.worker, at=AT + 10 * MINUTE)
        public = list_lot(lot=public, by=scene.cast.worker, at=AT + 10 * MINUTE)
    for lot in (private, public):
        scene.money.refresh_from_db()
        matched(scene, lot=lot)
    analysed(scene)
    in_force(scene, drafted_service(scene))
    first = in_force(scene, drafted_entrustment(scene))
    second = sign(scene, newer(scene, first, **OTHER_USE), "agency", "fund_holder", "platform")
    signs(second, scene.giver)
    assert states(first, second) == ["effective", "signing"]

    page = reverse("delivery:agreement", args=[second.public_id])
    assert page in [todo.url for todo in collect("todo.officer", officer)]
    browser = signed_in(officer)
    url = reverse("delivery:sign", args=[second.public_id])
    assert url in browser.get(page).content.decode()
    done(post(browser, url, {"text_hash": found_in(HASH, browser.get(url))}))

    assert states(first, second) == ["amended", "effective"]


def test_donor_says_no_with_a_reason(scene: Scene) -> None:
    scene, _proposal, first = under_agreement(scene)
    second = newer(scene, first, **OTHER_USE)
    sign(scene, second, "agency", "fund_holder", "platform")

    refused("reason_missing", services.decline_use, agreement=second, reason=" ", by=scene.giver, at=AT)
    said = services.decline_use(agreement=second, reason="这笔钱是给老人过冬的。", by=scene.giver, at=AT)

    assert (said.party, said.kind, said.outcome) == ("donor", "declined", "open")
    assert states(first, second) == ["effective", "negotiating"]
    assert not second.signatures.filter(undone_at__isnull=True).exists()
    entry = Entry.objects.get(action="agreement.change_asked", object_ref=second.public_id)
    assert entry.parameters["kind"] == "declined"
    told = Notice.objects.filter(kind="use_declined").values_list("to_ref", flat=True)
    assert list(told) == [scene.leader.public_id]


def test_declined_version_is_not_signed_until_the_no_is_gone(scene: Scene) -> None:
    scene, _proposal, first = under_agreement(scene)
    second = newer(scene, first, **OTHER_USE)
    said = services.decline_use(agreement=second, reason="不同意。", by=scene.giver, at=AT)
    second.refresh_from_db()

    refused("remarks_open", services.open_signing, agreement=second, by=scene.leader, at=AT)
    refused(
        "use_declined", services.keep_text,
        agreement=second, answer="还是要改。", seen=[said.public_id], by=scene.leader, at=AT,
    )  # fmt: skip
    refused(
        "kind", services.ask_for_change, agreement=second, kind="declined", text="x", by=scene.giver, at=AT
    )

    third = services.rewrite_agreement(
        agreement=second, content={**second.content, "purpose": first.content["purpose"],
        "use_of_funds": first.content["use_of_funds"], "duties": "每月多上门一次。"}, amount=second.amount,
        start=second.start, end=second.end, answer="用途不改了。", seen=[said.public_id], by=scene.leader, at=AT,
    )  # fmt: skip
    third = sign(
        scene,
        services.open_signing(agreement=third, by=scene.leader, at=AT),
        "agency",
        "fund_holder",
        "platform",
    )
    assert states(first, third) == ["amended", "effective"]


def test_pages_offer_the_no_and_show_what_changes_and_was_paid(scene: Scene) -> None:
    scene, _proposal, first = under_agreement(scene)
    money_arrived(scene, HELD)
    paid(scene, first, 60_000)
    first.refresh_from_db()
    second = newer(scene, first, **OTHER_USE)
    giver = signed_in(scene.giver)
    page, no = (
        reverse("delivery:agreement", args=[second.public_id]),
        reverse("delivery:agreement_act", args=[second.public_id, "decline"]),
    )

    for url in (page, reverse("delivery:sign", args=[second.public_id])):
        answer = giver.get(url)
        shown = answer.content.decode()
        for words in (first.content["purpose"], *OTHER_USE.values()):
            assert words in shown
        said = [value for _label, value in answer.context["facts"]]
        assert said.count(yuan(60_000)) == 2  # asked for and paid out under the version in force
    assert no in giver.get(page).content.decode()
    changed = [label for label, _before, _now in giver.get(page).context["changes"]]
    assert len(changed) == 2
    assert giver.get(no).status_code == 200
    assert post(giver, no, {"reason": ""}).status_code == 422
    done(post(giver, no, {"reason": "这笔钱是给老人过冬的。"}))

    second.refresh_from_db()
    assert second.state == "negotiating"
    assert "这笔钱是给老人过冬的。" in signed_in(scene.leader).get(page).content.decode()
    assert no not in giver.get(page).content.decode()
