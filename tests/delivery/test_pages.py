"""The pages of agency, fund holder, donor, family and desk, as a browser uses them."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from common import clock
from common.actors import SYSTEM
from common.panels import collect
from delivery import services
from delivery.models import Agreement, Delivery, Disbursement, Transfer, Voucher
from donors.models import Lot
from households import access
from households.queries import Holder
from projects.models import Project
from tests.cast import AT, COUNTY, signed_in
from tests.delivery.scene import (
    HELD,
    MINUTE,
    Scene,
    admitted_agency,
    analysed,
    drafted_entrustment,
    drafted_service,
    ended_by_all,
    handed_over,
    in_force,
    matched,
    money_arrived,
    opened,
    paid,
    picture,
    requested,
    sign,
    under_agreement,
    verified_donor,
    vouchered,
)

ACCOUNT = "6228480000000000019"
KEY = re.compile(r'name="_key" value="([0-9a-f]+)"')
HASH = re.compile(r'name="text_hash" value="([0-9a-f]+)"')


@pytest.fixture(autouse=True)
def still_clock():
    with clock.fixed(AT):
        yield


def found_in(pattern: re.Pattern[str], response: Any) -> str:
    found = pattern.search(response.content.decode())
    assert found is not None
    return found[1]


def key_of(response: Any) -> str:
    return found_in(KEY, response)


def post(client: Client, url: str, data: dict | None = None, *, key: str = ""):
    """Open the page, then send its form with its number."""
    found = client.get(url)
    assert found.status_code == 200, found.content.decode()[:400]
    return client.post(url, {"_key": key or key_of(found), **(data or {})})


def done(response) -> str:
    assert response.status_code == 302, re.sub(r"\s+", " ", response.content.decode())[:3000]
    return str(response.url)


def at_home(scene: Scene) -> Client:
    """The browser of the family, which proved itself by code and number."""
    client = Client()
    client.get(reverse("households:start"))
    application = scene.household.applications.get()
    request = type("Request", (), {"session": client.session})()
    request.session.cycle_key = lambda: None
    access.grant(request, Holder(application))
    request.session.save()
    client.cookies["sessionid"] = request.session.session_key
    return client


def terms(**changes) -> dict:
    return {"start": AT.date().isoformat(), "end": (AT.date() + timedelta(days=300)).isoformat(), **changes}


def test_agency_writes_and_both_sign_the_service_agreement(scene: Scene):
    analysis = analysed(scene)
    agency, family = signed_in(scene.leader), at_home(scene)
    url = reverse("delivery:new_service", args=[analysis.public_id])
    shown = agency.get(url).content.decode()
    assert "每月探访" in shown  # from what was found out together

    body = {
        "causes": "收入少", "goals": "够用", "agency_duties": "探访", "household_duties": "在家",
        "privacy": "不外传", "complaints": "打电话", "withdrawal": "",
    }  # fmt: skip
    page = done(post(agency, url, terms(**body)))
    agreement = Agreement.objects.get()
    assert agreement.content["withdrawal"]  # not the family's right to lose
    assert reverse("delivery:agreement", args=[agreement.public_id]) == page

    done(post(agency, reverse("delivery:agreement_act", args=[agreement.public_id, "open"])))
    for client, name in ((agency, "sign"), (family, "household_sign")):
        url = reverse(f"delivery:{name}", args=[agreement.public_id])
        found = found_in(HASH, client.get(url))
        done(post(client, url, {"text_hash": found}))
    agreement.refresh_from_db()
    assert agreement.state == "signed"

    done(post(family, reverse("delivery:household_undo", args=[agreement.public_id])))
    agreement.refresh_from_db()
    assert agreement.state == "signing"
    done(post(family, reverse("delivery:household_leave", args=[agreement.public_id])))
    agreement.refresh_from_db()
    assert agreement.state == "terminated"


def test_missing_part_is_told_beside_its_field(scene: Scene):
    analysis = analysed(scene)
    agency = signed_in(scene.leader)

    response = post(agency, reverse("delivery:new_service", args=[analysis.public_id]), terms(causes=""))

    assert response.status_code == 422
    assert not Agreement.objects.exists()


def test_entrustment_and_payment_through_the_pages(scene: Scene):
    matched(scene)
    analysed(scene)
    in_force(scene, drafted_service(scene))
    agency = signed_in(scene.leader)
    body = {
        "purpose": "助困", "use_of_funds": "补助", "amount": "1000", "tranche_1": "600", "tranche_2": "400",
        "tranche_3": "", "tranches": "两笔", "duties": "送达", "reporting": "每季", "leftover": "退回",
        "liability": "追回",
    }  # fmt: skip
    done(post(agency, reverse("delivery:new_entrustment", args=[scene.project.public_id]), terms(**body)))
    agreement = Agreement.objects.get(kind="entrustment")
    assert (agreement.amount, agreement.content["tranche_amounts"]) == (HELD, [60_000, 40_000])
    in_force(scene, agreement)

    giver, keeper = signed_in(scene.giver), signed_in(scene.keepers[0])
    declare = reverse("delivery:declare", args=[scene.lot.public_id])
    assert scene.holder.organisation.name in giver.get(declare).content.decode()
    slip = {"amount": "1000", "sent_on": AT.date().isoformat(), "bank_reference": "B7", "upload": picture()}
    done(post(giver, declare, slip))
    transfer = Transfer.objects.get()
    confirm = reverse("delivery:transfer_act", args=[transfer.public_id, "confirm"])
    seen = {"arrived_on": AT.date().isoformat(), "receipt_no": "R7", "upload": picture()}
    done(post(keeper, confirm, seen))
    transfer.refresh_from_db()
    assert (transfer.state, transfer.amount) == ("arrived", HELD)
    assert giver.get(reverse("files:show", args=[transfer.proof.public_id])).status_code == 200
    assert keeper.get(reverse("files:show", args=[transfer.proof.public_id])).status_code == 200
    assert agency.get(reverse("files:show", args=[transfer.proof.public_id])).status_code == 404

    ask = reverse("delivery:request_payment", args=[scene.project.public_id])
    done(post(agency, ask, {"amount": "600", "purpose": "补助"}))
    row = Disbursement.objects.get()
    steps = [("check", scene.keepers[0]), ("approve", scene.keepers[1]), ("approve", scene.keepers[2])]
    for slug, person in steps:
        done(post(signed_in(person), reverse("delivery:payment_act", args=[row.public_id, slug])))
    slip = {"paid_on": AT.date().isoformat(), "reference": "P7", "upload": picture()}
    done(post(keeper, reverse("delivery:payment_act", args=[row.public_id, "pay"]), slip))
    done(post(agency, reverse("delivery:payment_act", args=[row.public_id, "received"])))
    paper = {"issuer": "供销社", "number": "V7", "amount": "600", "dated": AT.date().isoformat(), "purpose": "x",
             "upload": picture()}  # fmt: skip
    done(post(agency, reverse("delivery:add_voucher", args=[row.public_id]), paper))
    done(post(keeper, reverse("delivery:payment_act", args=[row.public_id, "reconcile"])))
    row.refresh_from_db()
    assert row.state == "reconciled"
    assert keeper.get(reverse("delivery:payment", args=[row.public_id])).status_code == 200


def test_refusal_is_shown_on_the_form_and_changes_nothing(scene: Scene):
    scene, _proposal, agreement = under_agreement(scene)
    agency = signed_in(scene.leader)

    response = post(
        agency, reverse("delivery:request_payment", args=[scene.project.public_id]),
        {"amount": "600", "purpose": "补助"},
    )  # fmt: skip

    assert response.status_code == 409
    assert not Disbursement.objects.exists()
    agreement.refresh_from_db()
    assert agreement.drawn == 0


def test_double_submit_asks_once(scene: Scene):
    scene, _proposal, _agreement = under_agreement(scene)
    money_arrived(scene)
    agency = signed_in(scene.leader)
    url = reverse("delivery:request_payment", args=[scene.project.public_id])
    key = key_of(agency.get(url))

    first = agency.post(url, {"_key": key, "amount": "100", "purpose": "x"})
    second = agency.post(url, {"_key": key, "amount": "100", "purpose": "x"})

    assert (done(first), Disbursement.objects.count()) == (done(second), 1)


def test_delivery_is_planned_handed_over_and_confirmed_by_the_family(scene: Scene):
    scene, proposal, agreement = under_agreement(scene)
    money_arrived(scene)
    row = paid(scene, agreement)
    agency, family = signed_in(scene.leader), at_home(scene)

    plan = reverse("delivery:plan", args=[proposal.public_id])
    done(post(agency, plan, {"amount": "600", "planned_on": "2026-11-24", "disbursement": row.public_id}))
    delivery = Delivery.objects.get()
    record = reverse("delivery:delivery_act", args=[delivery.public_id, "record"])
    done(post(agency, record, {"delivered_on": AT.date().isoformat(), "upload": picture()}))
    assert agency.get(reverse("delivery:delivery", args=[delivery.public_id])).status_code == 200
    assert (
        reverse("delivery:household_arrived", args=[delivery.public_id])
        in family.get(reverse("households:status")).content.decode()
    )

    wrong = reverse("delivery:household_wrong", args=[delivery.public_id])
    done(post(family, wrong, {"what": "less", "words": "少了"}))
    right = reverse("delivery:delivery_act", args=[delivery.public_id, "right"])
    done(post(agency, right, {"reason": "补齐了"}))
    done(post(family, reverse("delivery:household_arrived", args=[delivery.public_id])))
    delivery.refresh_from_db()
    assert delivery.proof is not None
    proof = reverse("files:show", args=[delivery.proof.public_id])
    assert (delivery.state, delivery.confirm_method) == ("confirmed", "web")
    assert [client.get(proof).status_code for client in (agency, signed_in(scene.giver))] == [200, 404]


def test_other_people_rows_do_not_exist(scene: Scene):
    scene, proposal, agreement = under_agreement(scene)
    money_arrived(scene)
    row = paid(scene, agreement)
    delivery = handed_over(scene, proposal, 1_000, row)
    service = Agreement.objects.get(kind="service")
    transfer = Transfer.objects.get()
    _agency, rival = admitted_agency(scene.cast, 20, "邻县社工中心")
    other_giver, _donor = verified_donor(scene.cast, 21, "别家厂")
    urls: dict[str, Any] = {
        "agreement": agreement, "sign": agreement, "payment": row, "add_voucher": row, "delivery": delivery,
        "plan": proposal, "request_payment": scene.project, "new_entrustment": scene.project,
        "new_report": scene.project, "new_service": service.analysis,
    }  # fmt: skip

    client = signed_in(rival)
    for name, thing in urls.items():
        assert client.get(reverse(f"delivery:{name}", args=[thing.public_id])).status_code == 404, name
    client = signed_in(other_giver)
    assert client.get(reverse("delivery:transfer", args=[transfer.public_id])).status_code == 404
    assert client.get(reverse("delivery:declare", args=[scene.lot.public_id])).status_code == 404
    holder = signed_in(scene.keepers[0])
    assert holder.get(reverse("delivery:agreement", args=[service.public_id])).status_code == 404
    stranger = signed_in(scene.cast.stranger)
    for model, thing in (("agreement", service), ("delivery", delivery)):
        url = reverse(f"admin:delivery_{model}_work", args=[thing.public_id])
        assert stranger.get(url).status_code == 404
    nobody = Client().get(reverse("delivery:household_agreement", args=[service.public_id]))
    assert nobody.status_code == 302


def test_worker_signs_and_confirms_for_the_family_at_the_desk(scene: Scene):
    analysed(scene)
    agreement = services.open_signing(agreement=drafted_service(scene), by=scene.leader, at=AT)
    worker = signed_in(scene.cast.worker)
    assert worker.get(reverse("admin:delivery_agreement_changelist") + "?waiting=family").status_code == 200
    url = reverse("admin:delivery_agreement_act", args=[agreement.public_id, "family"])

    bare = post(worker, url, {"text_hash": agreement.content_hash})
    assert bare.status_code == 422
    done(post(worker, url, {"text_hash": agreement.content_hash, "upload": picture()}))
    signature = agreement.signatures.get()
    assert (signature.signer, signature.method) == ("household", "worker")
    assert worker.get(reverse("admin:delivery_agreement_work", args=[agreement.public_id])).status_code == 200
    assert signature.evidence is not None
    assert worker.get(reverse("files:show", args=[signature.evidence.public_id])).status_code == 200

    done(post(worker, reverse("admin:delivery_agreement_act", args=[agreement.public_id, "undo-family"])))
    sign(scene, agreement, "agency", "household")
    services.make_due_effective(by=SYSTEM, at=AT + 10 * MINUTE)
    matched(scene)
    in_force(scene, drafted_entrustment(scene))
    money_arrived(scene)
    entrustment = Agreement.objects.get(kind="entrustment")
    proposal = scene.money.proposals.get()
    delivery = handed_over(scene, proposal, 1_000, paid(scene, entrustment))
    assert worker.get(reverse("admin:delivery_delivery_work", args=[delivery.public_id])).status_code == 200
    url = reverse("admin:delivery_delivery_act", args=[delivery.public_id, "arrived"])
    done(post(worker, url, {"upload": picture()}))
    delivery.refresh_from_db()
    assert (delivery.state, delivery.confirm_method) == ("confirmed", "worker")


def test_supervisor_signs_for_the_platform_at_the_desk(scene: Scene):
    analysed(scene)
    in_force(scene, drafted_service(scene))
    agreement = opened(scene, drafted_entrustment(scene))
    assert any("waiting=platform" in todo.url for todo in collect("todo.supervisor", scene.cast.supervisor))
    url = reverse("admin:delivery_agreement_act", args=[agreement.public_id, "platform"])

    worker = signed_in(scene.cast.worker)
    refused = post(worker, url, {"text_hash": agreement.content_hash})
    assert refused.status_code == 409
    done(post(signed_in(scene.cast.supervisor), url, {"text_hash": agreement.content_hash}))

    assert [row.signer for row in agreement.signatures.all()] == ["platform"]


def test_todos_lead_everybody_to_the_next_step(scene: Scene):
    proposal = matched(scene)
    analysis = analysed(scene)
    todo = {role: lambda user, role=role: [one.url for one in collect(f"todo.{role}", user)] for role in
            ("agency", "fund_holder", "donor")}  # fmt: skip
    assert reverse("delivery:new_service", args=[analysis.public_id]) in todo["agency"](scene.leader)
    assert reverse("delivery:declare", args=[scene.lot.public_id]) in todo["donor"](scene.giver)
    own = Project.objects.filter(pk=scene.project.pk)
    before = own.get().state
    own.update(state="accepted")
    assert reverse("delivery:new_service", args=[analysis.public_id]) not in todo["agency"](scene.leader)
    own.update(state=before)

    in_force(scene, drafted_service(scene))
    assert reverse("delivery:new_entrustment", args=[scene.project.public_id]) in todo["agency"](scene.leader)
    agreement = drafted_entrustment(scene)
    page = reverse("delivery:agreement", args=[agreement.public_id])
    assert page in todo["agency"](scene.leader)
    assert page not in todo["donor"](scene.giver)
    services.open_negotiation(agreement=agreement, by=scene.leader, at=AT)
    for role, person in (("agency", scene.leader), ("fund_holder", scene.keepers[0]), ("donor", scene.giver)):
        assert page in todo[role](person)
    assert any("waiting=talk" in one.url for one in collect("todo.supervisor", scene.cast.supervisor))
    services.open_signing(agreement=agreement, by=scene.leader, at=AT)
    assert page in todo["agency"](scene.leader)
    assert page in todo["fund_holder"](scene.keepers[0])
    sign(scene, agreement, "agency", "fund_holder", "platform")
    services.make_due_effective(by=SYSTEM, at=AT + 10 * MINUTE)
    assert reverse("delivery:plan", args=[proposal.public_id]) in todo["agency"](scene.leader)

    money_arrived(scene)
    assert reverse("delivery:declare", args=[scene.lot.public_id]) not in todo["donor"](scene.giver)
    agreement.refresh_from_db()
    row = requested(scene, agreement)
    page = reverse("delivery:payment", args=[row.public_id])
    services.check_disbursement(disbursement=row, by=scene.keepers[0], at=AT)
    assert page not in todo["fund_holder"](scene.keepers[0])
    assert page in todo["fund_holder"](scene.keepers[1])


def test_files_of_project_lot_and_family_show_their_panels(scene: Scene):
    scene, _proposal, _agreement = under_agreement(scene)
    money_arrived(scene)

    agency = signed_in(scene.leader)
    shown = agency.get(reverse("projects:file", args=[scene.project.public_id])).content.decode()
    assert reverse("delivery:request_payment", args=[scene.project.public_id]) in shown
    giver = signed_in(scene.giver)
    shown = giver.get(reverse("donors:lot", args=[scene.lot.public_id])).content.decode()
    assert reverse("delivery:declare", args=[scene.lot.public_id]) in shown
    assert collect("household.file", scene.household, scene.cast.worker)
    for role, person in (("agency", scene.leader), ("fund_holder", scene.keepers[0]), ("donor", scene.giver)):
        assert collect(f"given.{role}", person) is not None
        assert collect(f"got.{role}", person) is not None


@pytest.mark.parametrize("name", ["agreements", "payments", "transfers", "deliveries", "reports"])
def test_list_costs_the_same_at_one_row_and_at_three(scene: Scene, name: str):
    scene, proposal, agreement = under_agreement(scene)
    money_arrived(scene, 10_000)
    row = paid(scene, agreement, 10_000)
    handed_over(scene, proposal, 1_000, row)
    services.report_progress(
        project=scene.project, period_start=AT.date(), period_end=AT.date() + timedelta(days=9), text="x",
        households_served=1, spent=1, by=scene.leader, at=AT,
    )  # fmt: skip
    client = signed_in(scene.keepers[0] if name == "transfers" else scene.leader)
    url = reverse(f"delivery:{name}")
    models = {
        "agreements": Agreement,
        "payments": Disbursement,
        "transfers": Transfer,
        "deliveries": Delivery,
    }
    client.get(url)

    before = queries(client, url)
    for number in range(2):
        copy_of(models.get(name), number)
    assert queries(client, url) == before


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(url).status_code == 200
    return len(found)


def copy_of(model, number: int) -> None:
    """Another row like the first, past the services: only the list's cost is looked at."""
    from delivery.models import ProgressReport

    row: Any = (model or ProgressReport).objects.first()
    row.pk, row.public_id = None, f"copycopyco{number:02d}"
    changes: dict[str, dict[str, Any]] = {
        "Agreement": {"number": f"X-{number}", "state": "expired"},
        "Disbursement": {"number": f"X-{number}", "tranche": 8 + number},
        "Transfer": {"bank_reference": f"X-{number}", "receipt_no": f"X-{number}"},
    }
    for name, value in changes.get(type(row).__name__, {}).items():
        setattr(row, name, value)
    row.save(force_insert=True)


def test_unknown_filter_is_an_error(scene: Scene):
    agency = signed_in(scene.leader)

    assert agency.get(reverse("delivery:payments") + "?colour=red").status_code == 400
    assert agency.get(reverse("delivery:payments") + "?state=requested").status_code == 200


def test_desk_names_ways_and_vouchers_in_plain_words(scene: Scene):
    under_agreement(scene)
    shown = signed_in(scene.cast.supervisor).get(reverse("admin:delivery_signature_changelist"))

    words = shown.content.decode()
    assert "网上" in words
    assert ">web<" not in words
    with translation.override("zh-hans"):
        assert str(Voucher._meta.get_field("issuer").verbose_name) == "开票单位"


# --- words ------------------------------------------------------------------------------------------------------------
def in_english(client: Client, url: str) -> str:
    """The page as it reads in English."""
    client.cookies["language"] = "en"
    return re.sub(r"\s+", " ", client.get(url).content.decode())


def test_giver_reads_where_to_send_the_money_and_public_funds_get_no_receipt(scene: Scene):
    giver = signed_in(scene.giver)
    url = reverse("delivery:declare", args=[scene.lot.public_id])
    receipt = "The fund holder issues the donation receipt."
    page = in_english(giver, url)
    assert "Tell us that you have sent the money" in page
    assert f"ask {scene.holder.organisation.name}" in page
    assert receipt in page

    scene.holder.refresh_from_db()
    scene.holder.bank_name, scene.holder.account = "农村信用社", ACCOUNT
    scene.holder.save(update_fields=["bank_name", "account"])
    Lot.objects.filter(pk=scene.lot.pk).update(
        origin="public_fund", document_no="Q1", budget_line="2081901", area_prefix=COUNTY
    )

    page = in_english(giver, url)
    assert ACCOUNT in page
    assert "农村信用社" in page
    assert receipt not in page
    for other in (scene.keepers[0], scene.leader):
        assert ACCOUNT not in signed_in(other).get(url).content.decode()


def test_agreement_that_ended_says_from_when_to_when_it_was_in_force(scene: Scene):
    scene, _proposal, agreement = under_agreement(scene)
    url = reverse("delivery:agreement", args=[agreement.public_id])
    agency = signed_in(scene.leader)
    assert "In force since 2026-" in in_english(agency, url)

    ended_by_all(scene, agreement)

    page = in_english(agency, url)
    assert "In force since" not in page
    assert re.search(r"In force from 2026-\S+ \S+ to 2026-", page)
    assert "How it ended:" in page


def test_lists_name_the_project_and_reports_lead_to_it(scene: Scene):
    scene, _proposal, agreement = under_agreement(scene)
    services.report_progress(
        project=scene.project, period_start=AT.date(), period_end=AT.date() + timedelta(days=9), text="x",
        households_served=1, spent=1, by=scene.leader, at=AT,
    )  # fmt: skip
    agency = signed_in(scene.leader)

    listed = in_english(agency, reverse("delivery:agreements"))
    assert f">{scene.project.title}</a>" in listed
    assert f"{agreement.number} v{agreement.version}" in listed
    reports = in_english(agency, reverse("delivery:reports"))
    assert "1 household served" in reports
    assert "To our projects" in reports
    assert "To our projects" not in in_english(signed_in(scene.keepers[0]), reverse("delivery:reports"))


def test_payment_says_how_much_of_it_has_vouchers(scene: Scene):
    scene, _proposal, agreement = under_agreement(scene)
    money_arrived(scene)
    row = vouchered(scene, paid(scene, agreement), 30_000)

    page = in_english(signed_in(scene.leader), reverse("delivery:payment", args=[row.public_id]))

    assert "Vouchers for ¥ 300.00 of ¥ 600.00" in page
