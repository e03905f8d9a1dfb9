"""The agency's and the fund holder's pages and the desk, as a browser uses them."""

import pytest
from django.urls import reverse

from accounts.enums import OrganisationKind, Role
from implementers import services
from implementers.enums import AgencyState, FundHolderState, Licence
from implementers.models import Admission, Agency, FundHolder
from implementers.panels import agency_given, agency_got, agency_todos, desk_todos, holder_got, holder_todos
from tests.cast import credit_code
from tests.donors.browser import post, signed_in
from tests.donors.conftest import COUNTY, NOW, organisation, person, seat
from tests.implementers.conftest import SCORES, picture


def answer(client, name, slug, data):
    response = client.post(reverse(f"implementers:{name}", args=[slug]), data)
    assert response.status_code == 302, response.content.decode()
    return response


def test_agency_registers_one_question_a_page(leader):
    client = signed_in(leader)
    assert client.get(reverse("implementers:start")).status_code == 200
    answer(client, "register", "kind", {"kind": "association"})
    answer(client, "register", "body", {"name": "Helpers", "uscc": credit_code(5, "association")})
    answer(client, "register", "work", {"area": COUNTY, "licensed_workers": "4", "about": "We visit."})
    answer(client, "register", "contact", {"contact_name": "Qian", "contact_phone": "13800005678"})

    done = post(client, reverse("implementers:register_check"))

    agency = Agency.objects.get()
    assert (done.url, agency.licensed_workers, agency.area) == (reverse("implementers:home"), 4, COUNTY)
    assert client.get(done.url).status_code == 200


def test_fund_holder_registers_one_question_a_page(treasurer):
    client = signed_in(treasurer)
    answer(client, "register_holder", "kind", {"kind": "charity"})
    answer(client, "register_holder", "body", {"name": "Foundation", "uscc": credit_code(6, "foundation")})
    answer(client, "register_holder", "account", {"bank_name": "Bank", "account": "6222020200011112222"})
    answer(client, "register_holder", "contact", {"contact_name": "Sun", "contact_phone": "13800009999"})

    done = post(client, reverse("implementers:register_holder_check"))

    assert FundHolder.objects.get().account == "6222020200011112222"
    page = client.get(done.url)
    assert page.status_code == 200
    assert b"6222020200011112222" not in page.content


def test_agency_keeps_papers_staff_and_particulars(agency, leader):
    client = signed_in(leader)
    paper = {"kind": "audit", "issuer": "Auditors", "valid_from": "2026-01-01", "proof": picture()}

    assert post(client, reverse("implementers:new_credential"), paper).status_code == 302
    assert (
        post(client, reverse("implementers:new_staff"), {"name": "Wu", "licence": "assistant"}).status_code
        == 422
    )
    staff = {"name": "Wu", "licence": "assistant", "licence_number": "A1"}
    assert post(client, reverse("implementers:new_staff"), staff).status_code == 302
    edited = {
        "area": COUNTY,
        "licensed_workers": "9",
        "contact_name": "Q",
        "contact_phone": "13800005678",
        "version": agency.version,
    }
    assert post(client, reverse("implementers:edit"), edited).status_code == 302
    assert post(client, reverse("implementers:edit"), edited).status_code == 409
    wu = agency.staff.get(name="Wu")
    assert "标记为已离职" in client.get(reverse("implementers:home")).content.decode()
    assert "button-danger" in client.get(reverse("implementers:leave")).content.decode()
    assert post(client, reverse("implementers:staff_left", args=[wu.public_id])).status_code == 302

    agency.refresh_from_db()
    wu.refresh_from_db()
    assert (agency.credentials.count(), agency.licensed_workers, wu.left_at is None) == (2, 9, False)


def test_another_agencys_staff_does_not_exist(agency):
    house = organisation("Rival", OrganisationKind.ASSOCIATION, 66)
    rival = seat(person("rival"), Role.AGENCY, organisation=house)
    client = signed_in(rival)
    staff = agency.staff.get()

    assert client.get(reverse("implementers:home")).status_code == 404
    assert client.get(reverse("implementers:agency", args=[agency.public_id])).status_code == 404
    url = reverse("implementers:staff_left", args=[staff.public_id])
    assert client.post(url, {"_key": "a"}).status_code == 404
    staff.refresh_from_db()
    assert staff.left_at is None


def test_public_part_shows_level_and_rating_with_their_basis(admitted):
    giver = seat(person("giver"), Role.DONOR)
    page = signed_in(giver).get(reverse("implementers:agency", args=[admitted.public_id])).content.decode()

    assert "Qinghe helpers" in page
    assert "二级（项目不超过" in page
    assert "还没有通过结项评估的项目" in page
    assert "13800005678" not in page
    assert "Qian" not in page
    declared, named = admitted.licensed_workers, admitted.staff.exclude(licence="none").count()
    assert f"自报 {declared} 人，已登记持证人员 {named} 人" in page


def test_worker_scores_and_supervisor_decides_at_the_desk(agency, worker, supervisor):
    client = signed_in(worker)
    url = reverse("admin:implementers_agency_work", args=[agency.public_id])

    assert client.get(reverse("admin:implementers_agency_changelist")).status_code == 200
    assert post(client, url, {"act": "take_on"}).status_code == 302
    assert post(client, url, {**SCORES, "legal": 25, "rationale": "x"}).status_code == 422
    assert post(client, url, {**SCORES, "rationale": "Solid."}).status_code == 302
    admission = Admission.objects.get()
    decide = reverse("admin:implementers_admission_decide", args=[admission.public_id])
    assert decide in client.get(reverse("admin:implementers_admission_changelist")).content.decode()
    shown = client.get(decide)
    assert shown.status_code == 200
    assert shown.context["decides"] is False
    assert client.post(decide, {"act": "admit", "level": "L2", "_key": "1"}).status_code == 404
    admission.refresh_from_db()
    assert admission.decided_at is None
    assert client.get(url).status_code == 200

    boss = signed_in(supervisor)
    assert [todo.kind for todo in desk_todos(supervisor)]
    assert boss.get(reverse("admin:implementers_admission_changelist")).status_code == 200
    assert post(boss, decide, {"act": "refuse", "reason": ""}).status_code == 409
    assert post(boss, decide, {"act": "admit", "level": "L4"}).status_code == 422
    assert post(boss, decide, {"act": "admit", "level": "L2"}).status_code == 302

    agency.refresh_from_db()
    assert (agency.state, agency.level) == (AgencyState.ADMITTED, "L2")


def test_fund_holder_is_admitted_at_the_desk(holder, worker, supervisor):
    url = reverse("admin:implementers_fundholder_work", args=[holder.public_id])
    client = signed_in(worker)

    assert client.get(reverse("admin:implementers_fundholder_changelist")).status_code == 200
    assert post(client, url, {"act": "take_on"}).status_code == 302
    assert post(client, url, {"act": "admit"}).status_code == 409
    assert post(signed_in(supervisor), url, {"act": "admit"}).status_code == 302

    holder.refresh_from_db()
    assert holder.state == FundHolderState.ADMITTED


def test_fund_holder_keeps_its_papers_and_account(holder, treasurer):
    client = signed_in(treasurer)
    paper = {"kind": "tax_deduction", "issuer": "Tax office", "valid_from": "2026-01-01", "proof": picture()}

    assert post(client, reverse("implementers:new_qualification"), paper).status_code == 302
    edited = {
        "bank_name": "Other bank",
        "account": "6222020200011113333",
        "contact_name": "Sun",
        "contact_phone": "13800009999",
        "version": holder.version,
    }
    assert post(client, reverse("implementers:holder_edit"), edited).status_code == 302

    holder.refresh_from_db()
    assert (holder.qualifications.count(), holder.account) == (3, "6222020200011113333")


def test_home_panels_speak_of_what_waits(agency, leader, holder, treasurer, worker):
    assert agency_todos(leader) == []
    assert [figure.value for figure in agency_given(leader)] == [1]
    assert len(agency_got(leader)) == 2
    assert holder_todos(treasurer) == []
    assert holder_got(treasurer)
    assert [todo.count for todo in desk_todos(worker)] == [1, 1]


@pytest.mark.parametrize("name", ["start"])
def test_stranger_is_asked_to_sign_in(client, db, name):
    assert client.get(reverse(f"implementers:{name}")).status_code == 302


def test_agency_leaves_of_its_own_wish_and_may_come_back(admitted, leader):
    client = signed_in(leader)
    assert reverse("implementers:leave") in client.get(reverse("implementers:home")).content.decode()

    assert post(client, reverse("implementers:leave"), {}).status_code == 422
    admitted.refresh_from_db()
    assert admitted.state == AgencyState.ADMITTED
    assert post(client, reverse("implementers:leave"), {"sure": "on"}).status_code == 302

    admitted.refresh_from_db()
    assert admitted.state == AgencyState.LEFT
    page = client.get(reverse("implementers:home")).content.decode()
    assert reverse("implementers:leave") not in page
    assert reverse("implementers:again") in page


def test_admitted_fund_holder_without_an_account_is_led_to_it(holder, worker, supervisor, treasurer):
    services.start_checking_fund_holder(holder=holder, by=worker, at=NOW)
    services.admit_fund_holder(holder=holder, by=supervisor, at=NOW)
    client = signed_in(treasurer)
    edit = f'class="button" href="{reverse("implementers:holder_edit")}"'
    assert edit not in client.get(reverse("implementers:holder_home")).content.decode()

    holder.refresh_from_db()
    holder.account = ""
    holder.save(update_fields=["account"])

    page = client.get(reverse("implementers:holder_home")).content.decode()
    assert "没有地方付款" in page
    assert edit in page
    assert "account" in [todo.kind for todo in holder_todos(treasurer)]


def test_licence_is_named_as_the_state_names_it():
    assert str(Licence.SOCIAL_WORKER.label) == "社会工作师"
