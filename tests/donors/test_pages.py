"""The donor's pages and the desk, as a browser uses them."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from accounts.enums import OrganisationKind, Role
from common import clock
from donors import services
from donors.enums import Binding, DonorState, LotState
from donors.forms.lots import with_unit
from donors.models import Donor, FeedbackDue, Lot
from donors.panels import desk_todos, donor_given, donor_got, donor_todos, feedback_todos, officer_given
from donors.tasks import daily, settle
from jobs.models import Job
from notices.models import Notice
from reference.queries import get_item
from tests.cast import PAPERS, credit_code
from tests.donors.browser import key_of, post, signed_in
from tests.donors.conftest import COUNTY, LATER, NOW, draft, listed, organisation, person, seat


@pytest.fixture(autouse=True)
def still_clock():
    with clock.fixed(LATER):
        yield


def answer(client, slug, data):
    response = client.post(reverse("donors:register", args=[slug]), data)
    assert response.status_code == 302, response.content.decode()
    return response


def walk_registration(client, *, code):
    answer(client, "kind", {"kind": "enterprise"})
    answer(client, "body", {"body_name": "Qinling mill", "uscc": code, "area": COUNTY})
    answer(client, "ownership", {"legal_representative": "Zhang San", "approval_doc": ""})
    answer(client, "naming", {"naming": "alias", "alias": "A mill"})
    return answer(client, "contact", {"contact_name": "Zhang San", "contact_phone": "13800001234"})


def test_registration_one_question_a_page_to_the_seat(miller):
    client = signed_in(miller)

    last = walk_registration(client, code=credit_code(3))
    assert last.url == reverse("donors:register_check")
    assert b"13800001234" not in str(dict(client.session)).encode()
    done = post(client, reverse("donors:register_check"))

    donor = Donor.objects.get()
    assert done.url == reverse("donors:registered")
    assert (donor.display_name, donor.public_name, donor.state) == (
        "Qinling mill",
        "A mill",
        DonorState.REGISTERED,
    )
    assert donor.contact_phone == "13800001234"
    for name in ("registered", "lots", "pledges", "feedback", "profile", "papers", "new_lot"):
        assert client.get(reverse(f"donors:{name}")).status_code == 200


def test_wrong_credit_code_is_told_beside_the_field(miller):
    client = signed_in(miller)
    answer(client, "kind", {"kind": "enterprise"})
    code = credit_code(3)

    response = client.post(
        reverse("donors:register", args=["body"]),
        {"body_name": "X", "uscc": code[:-1] + ("0" if code[-1] != "0" else "1")},
    )

    assert response.status_code == 422
    assert not Donor.objects.exists()


def test_check_page_leads_back_to_what_is_missing(miller):
    client = signed_in(miller)
    answer(client, "kind", {"kind": "individual"})

    assert client.get(reverse("donors:register_check"))["Location"] == reverse(
        "donors:register", args=["naming"]
    )
    assert client.get(reverse("donors:register", args=["body"])).status_code == 404


NOT_VALUED = re.compile("not valued|未估价")


def write_offer(client):
    kind = client.get(reverse("donors:new_lot"), {"kind": "goods"})
    made = post(client, kind.url, {"items": ["quilt"], "quantity": "200", "title": "Winter quilts"})
    lot = Lot.objects.get()
    assert made.url == reverse("donors:lot_part", args=[lot.public_id, "goods"])
    pages: dict[str, dict[str, object]] = {
        "goods": {"goods_condition": "new", "fair_value": "20000"},
        "where": {"region": COUNTY, "group": ["students", "elderly"]},
        "limits": {"severity": "3", "household_cap": "2", "least_households": "50"},
        "carrier": {
            "implementer_kind": ["association", "foundation"],
            "agency_level": "B",
            "admin_fee_cap": "5",
            "delivery_mode": "home_delivery",
            "only_so": "on",
        },
        "time": {"valid_until": "2027-03-01", "confirm_each": "on"},
        "wishes": {"reporting": "1", "co_funding": "20", "note": "before the snow"},
    }
    for slug, data in pages.items():
        lot.refresh_from_db()
        url = reverse("donors:lot_part", args=[lot.public_id, slug])
        response = post(client, url, {**data, "version": lot.version})
        assert response.status_code == 302, response.content.decode()
    lot.refresh_from_db()
    return lot


def test_offer_is_written_page_by_page_and_sent_once(donor, miller):
    client = signed_in(miller)

    lot = write_offer(client)
    assert (lot.area_prefix, lot.min_severity, lot.per_household_cap, lot.fair_value) == (
        COUNTY,
        3,
        2,
        2_000_000,
    )
    assert sorted(lot.groups) == ["elderly", "students"]
    assert (lot.confirm_each, lot.min_agency_level) == (True, "B")
    stated = {one.field: (one.value, one.hard) for one in lot.conditions.all()}
    assert stated["delivery_mode"] == ("home_delivery", True)
    assert stated["admin_fee_cap"] == (5, True)
    assert stated["implementer_kind"] == (["association", "foundation"], True)
    assert (stated["reporting"], stated["co_funding"]) == ((1, False), (20, False))

    url = reverse("donors:lot_check", args=[lot.public_id])
    key = key_of(client.get(url))
    first = post(client, url, key=key)
    second = post(client, url, key=key)
    lot.refresh_from_db()
    assert (first.url, lot.state) == (reverse("donors:lot", args=[lot.public_id]), LotState.SUBMITTED)
    assert second.status_code in {302, 404}
    assert client.get(first.url).status_code == 200


def test_double_submit_makes_one_lot(donor, miller):
    client = signed_in(miller)
    url = reverse("donors:new_lot_items", args=["goods"])
    key = key_of(client.get(url))
    data = {"items": ["quilt"], "quantity": "5"}

    first, second = (post(client, url, data, key=key) for _ in range(2))

    assert (first.status_code, second.status_code, first.url) == (302, 302, second.url)
    assert Lot.objects.count() == 1


def test_money_button_never_says_donate(donor, miller, holder):
    client = signed_in(miller)
    lot = draft(donor, miller, slug="living_aid", quantity=100_000, fund_holder=holder)

    text = client.get(reverse("donors:lot_check", args=[lot.public_id])).content.decode()

    assert re.search(r'<button class="button">(Put my wish to give on record|登记捐赠意向)</button>', text)
    assert "捐款" not in text


def test_undo_on_the_page_and_refusal_after_ten_minutes(donor, miller):
    client = signed_in(miller)
    lot = services.submit_lot(lot=draft(donor, miller), by=miller, at=LATER)
    url = reverse("donors:undo", args=[lot.public_id])

    with clock.fixed(LATER + timedelta(minutes=9)):
        assert post(client, url).status_code == 302
    lot.refresh_from_db()
    assert lot.state == LotState.DRAFT

    services.submit_lot(lot=lot, by=miller, at=LATER)
    with clock.fixed(LATER + timedelta(minutes=11)):
        assert post(client, url).status_code == 409
    lot.refresh_from_db()
    assert lot.state == LotState.SUBMITTED


@pytest.mark.parametrize("name", ["lot", "lot_check", "undo", "reopen", "withdraw"])
def test_another_organisations_lot_does_not_exist(lot, name):
    rival_house = organisation("Rival", OrganisationKind.ENTERPRISE, 66)
    rival = seat(person("rival"), Role.DONOR, organisation=rival_house)
    Donor.objects.create(
        kind="enterprise", organisation=rival_house, display_name="Rival", state="verified", registered_at=NOW
    )
    client = signed_in(rival)

    assert client.get(reverse(f"donors:{name}", args=[lot.public_id])).status_code == 404
    assert client.post(reverse(f"donors:{name}", args=[lot.public_id]), {"_key": "a"}).status_code == 404
    lot.refresh_from_db()
    assert lot.state == LotState.LISTED


def test_part_is_taken_back_on_the_page(lot, miller):
    client = signed_in(miller)

    assert post(client, reverse("donors:withdraw", args=[lot.public_id]), {"amount": "30"}).status_code == 302

    lot.refresh_from_db()
    assert (lot.available, lot.returned) == (70, 30)
    page = client.get(reverse("donors:lot", args=[lot.public_id])).content.decode()
    assert page.count("<tr>") >= 3


def test_unknown_filter_is_an_error(donor, miller):
    client = signed_in(miller)

    assert client.get(reverse("donors:lots"), {"owner": "all"}).status_code == 400
    assert client.get(reverse("donors:lots"), {"state": "draft"}).status_code == 200


def test_pledges_and_their_undo(donor, miller):
    from reference.queries import get_item

    made = services.make_pledge(
        donor=donor,
        item=get_item("quilt"),
        quantity=2,
        need_ref="n00000000001",
        title="Two quilts",
        by=miller,
        at=LATER,
    )
    client = signed_in(miller)
    shown = client.get(reverse("donors:lot", args=[made.lot.public_id])).content.decode()

    assert "您认捐的那一项需求" in shown
    assert "用在最需要的地方" not in shown
    assert "Two quilts" in client.get(reverse("donors:pledges")).content.decode()
    assert post(client, reverse("donors:pledge_withdraw", args=[made.public_id])).status_code == 302
    made.refresh_from_db()
    assert made.state == "withdrawn"


def test_worker_checks_a_donor_at_the_desk(mill, worker):
    client = signed_in(worker)
    url = reverse("admin:donors_donor_work", args=[mill.public_id])

    assert client.get(reverse("admin:donors_donor_changelist")).status_code == 200
    assert post(client, url, {"act": "refuse", "reason": ""}).status_code == 409
    assert post(client, url, {"act": "suspend"}).status_code == 422
    assert post(client, url, {"act": "verify", "reason": PAPERS}).status_code == 302
    mill.refresh_from_db()
    assert (mill.state, mill.verified_by) == (DonorState.VERIFIED, worker)


def test_worker_reviews_an_offer_at_the_desk(donor, miller, worker):
    lot = services.submit_lot(lot=draft(donor, miller), by=miller, at=NOW)
    client = signed_in(worker)
    url = reverse("admin:donors_lot_work", args=[lot.public_id])

    assert client.get(reverse("admin:donors_lot_changelist"), {"waiting": "yes"}).status_code == 200
    assert post(client, url, {"act": "list"}).status_code == 422
    assert post(client, url, {"act": "review"}).status_code == 302
    assert post(client, url, {"act": "list"}).status_code == 302
    lot.refresh_from_db()
    assert lot.state == LotState.LISTED
    for name in ("lot", "pledge", "feedbackdue", "ledgerentry"):
        assert client.get(reverse(f"admin:donors_{name}_changelist")).status_code == 200
    shown = client.get(reverse("admin:donors_lot_change", args=[lot.public_id]))
    assert shown.headers["Location"] == reverse("admin:donors_lot_work", args=[lot.public_id])


def test_donor_cannot_open_the_desk(mill, miller):
    client = signed_in(miller)

    response = client.post(
        reverse("admin:donors_donor_work", args=[mill.public_id]),
        {"act": "verify", "reason": PAPERS, "_key": "a"},
    )

    assert response.status_code in {302, 404}
    mill.refresh_from_db()
    assert mill.state == DonorState.REGISTERED


def test_officer_enters_public_funds(officer, holder):
    client = signed_in(officer)
    data = {
        "title": "Winter money",
        "department": "Civil affairs",
        "document_no": "Qing 2026-11",
        "budget_line": "2081901",
        "item": "living_aid",
        "amount": "50000",
        "area": COUNTY,
        "fund_holder": holder.public_id,
    }
    url = reverse("donors:new_public_fund")

    assert post(client, url, {**data, "area": "610102"}).status_code == 422
    assert post(client, url, data).status_code == 302
    lot = Lot.objects.get()
    assert (lot.quantity, lot.document_no, lot.origin) == (5_000_000, "Qing 2026-11", "public_fund")
    assert client.get(reverse("donors:lots")).status_code == 200
    assert officer_given(officer)


def test_public_funds_form_knows_the_county_and_asks_who_receives_money(officer, holder):
    client = signed_in(officer)
    client.cookies["language"] = "en"
    url = reverse("donors:new_public_fund")
    page = client.get(url).content.decode()
    assert f'value="{COUNTY} ' in page
    assert "not money" not in page
    label = page[page.index("(needed for money)") :]
    assert "(optional)" not in label[: label.index("</label>")]
    data = {
        "title": "Winter money", "department": "Civil affairs", "document_no": "Qing 2026-11",
        "budget_line": "2081901", "item": "living_aid", "amount": "50000", "area": COUNTY, "fund_holder": "",
    }  # fmt: skip

    refused = post(client, url, data)

    assert refused.status_code == 409
    assert refused.context["form"].errors["fund_holder"].as_data()[0].code == "fund_holder_missing"
    assert not Lot.objects.exists()


def test_things_are_listed_with_their_unit_in_the_brackets_of_the_language(donor, miller):
    client = signed_in(miller)
    kind = client.get(reverse("donors:new_lot"), {"kind": "goods"})
    quilt = get_item("quilt")
    with translation.override("en"):
        expected = f"{quilt.label} ({quilt.unit_label})"
        assert with_unit(quilt) == expected
    client.cookies["language"] = "en"

    assert expected in client.get(kind["Location"]).content.decode()


def test_what_a_pledge_means_addresses_nobody():
    with translation.override("en"):
        assert not any("you" in str(label).lower().split() for label in Binding.labels)


@pytest.fixture
def owed(lot, worker):
    agency = organisation("Helpers", OrganisationKind.SERVICE_ORGANISATION, 88)
    helper = seat(person("helper"), Role.AGENCY, organisation=agency)
    feedback = services.open_feedback(
        lot=lot,
        kind="allocation",
        cause=("tests.delivery", "d00000000001"),
        responsible=agency,
        by=worker,
        at=LATER,
    )
    return feedback, helper


def test_agency_tells_the_donor(owed, miller):
    feedback, helper = owed
    client = signed_in(helper)

    assert feedback_todos(helper)
    assert client.get(reverse("donors:feedback_owed")).status_code == 200
    url = reverse("donors:feedback_give", args=[feedback.public_id])
    assert post(client, url, {"text": "Sixty quilts reached the village."}).status_code == 302

    feedback.refresh_from_db()
    assert feedback.done_at == LATER
    told = Notice.objects.get(kind="feedback_given", to_ref=miller.public_id)
    assert told.url == reverse("donors:feedback")
    assert "Sixty quilts" in signed_in(miller).get(reverse("donors:feedback")).content.decode()
    assert donor_got(miller)


def test_late_feedback_is_a_fact_on_the_agency_until_it_is_given(owed, worker):
    feedback, helper = owed
    late = LATER + timedelta(days=8)

    with clock.fixed(late):
        run(daily)
    agency = feedback.responsible
    agency.refresh_from_db()
    assert agency.feedback_overdue_since == feedback.due

    services.give_feedback(feedback=feedback, text="They arrived.", by=helper, at=late)
    agency.refresh_from_db()
    assert agency.feedback_overdue_since is None


def run(handler):
    steps = handler(Job(kind="x", key="x"))
    for _ in steps:
        pass


def test_clock_work_ends_lots_and_settles_pledges(donor, miller, worker):
    lot = listed(donor, miller, worker, conditions=[{"field": "valid_until", "value": "2026-11-30"}])

    with clock.fixed(NOW + timedelta(days=10)):
        run(daily)
        run(settle)

    lot.refresh_from_db()
    assert (lot.state, lot.returned) == (LotState.EXPIRED, 100)


def test_home_panels_speak_of_what_waits(donor, miller, worker, lot):
    draft(donor, miller)

    assert [todo.url for todo in donor_todos(miller)] != []
    assert donor_given(miller)[0].value == "1"
    assert desk_todos(worker) == []
    assert FeedbackDue.objects.count() == 0


def test_home_tells_what_was_received_of_every_kind(donor, miller, worker):
    given = {"quilt": 60, "elder_care_hour": 5, "flour": 90, "wheelchair": 1, "chronic_medicine": 4}
    items = {slug: get_item(slug) for slug in given}
    for slug, units in given.items():
        lot = listed(donor, miller, worker, slug=slug, quantity=100 * items[slug].unit_factor)
        part = units * items[slug].unit_factor
        type(lot).objects.filter(pk=lot.pk).update(disbursed=part, available=lot.quantity - part)

    figures = donor_given(miller)

    largest = [items[slug] for slug in ("flour", "quilt", "elder_care_hour")]
    assert [figure.value for figure in figures[1:]] == ["90 公斤", "60 床", "5 小时", "2"]
    for figure, item in zip(figures[1:], largest, strict=False):
        assert item.label in str(figure.label)


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_take_a_constant_number_of_queries(donor, miller, worker, rows, django_assert_max_num_queries):
    for _ in range(rows):
        listed(donor, miller, worker)
    client = signed_in(miller)
    client.get(reverse("donors:lots"))

    with django_assert_max_num_queries(14):
        client.get(reverse("donors:lots"))


def test_hours_get_a_value_on_their_page_and_are_called_not_valued_without_one(donor, miller):
    client: Any = signed_in(miller)
    kind = client.get(reverse("donors:new_lot"), {"kind": "service"})
    made = post(client, kind.url, {"items": ["companionship"], "quantity": "30"})
    lot = Lot.objects.get()
    page = reverse("donors:lot_part", args=[lot.public_id, "value"])
    assert made.url == page
    check = reverse("donors:lot_check", args=[lot.public_id])
    assert NOT_VALUED.search(client.get(check).content.decode())

    assert post(client, page, {"fair_value": "0", "version": lot.version}).status_code == 422
    assert post(client, page, {"fair_value": "900", "version": lot.version}).status_code == 302

    lot.refresh_from_db()
    assert lot.fair_value == 90_000
    shown = client.get(check).content.decode()
    assert "900.00" in shown
    assert not NOT_VALUED.search(shown)
    assert "900.00" in client.get(page).content.decode()


def test_money_of_an_office_has_its_amount_for_a_value(officer, holder):
    client = signed_in(officer)
    data = {
        "title": "Winter money", "department": "Civil affairs", "document_no": "Qing 2026-11",
        "budget_line": "2081901", "item": "living_aid", "amount": "50000", "area": COUNTY,
        "fund_holder": holder.public_id, "fair_value": "1",
    }  # fmt: skip
    url = reverse("donors:new_public_fund")

    assert post(client, url, data).status_code == 422
    assert not Lot.objects.exists()

    goods = {**data, "item": "quilt", "amount": "100", "fund_holder": "", "fair_value": "12000"}
    assert post(client, url, goods).status_code == 302
    assert Lot.objects.get().fair_value == 1_200_000
