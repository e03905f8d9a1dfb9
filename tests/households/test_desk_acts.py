"""Every act through its page: refusals shown and nothing changed, states never forged."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from common import clock
from common.exceptions import Refused
from common.todos import Todo
from households import services
from households.desk import worklist
from households.desk.words import file_url
from households.models import Application, Assessment, Household, Member, Need, Objection, QualityFlag, Visit
from households.services.file import edit_household
from journal.models import Entry
from tests import cast as people
from tests.cast import AT, Cast
from tests.households.objecting import objects

MODELS = (Application, Assessment, Household, Member, Need, QualityFlag, Visit)


@pytest.fixture
def cast(db: None) -> Cast:
    return people.county()


@pytest.fixture
def desk(cast: Cast) -> Client:
    return people.signed_in(cast.worker)


def address(obj: Any, slug: str) -> str:
    return f"/admin/households/{obj._meta.model_name}/{obj.public_id}/do/{slug}/"


def post(client: Client, obj: Any, slug: str, key: str = "k1", **data: Any) -> Any:
    return client.post(address(obj, slug), {"_key": f"{slug}-{obj.public_id}-{key}", **data})


def rows() -> list[Any]:
    return [list(model.objects.order_by("pk").values()) for model in MODELS]


def test_application_is_accepted_once_however_often_it_is_sent(cast: Cast, desk: Client) -> None:
    application = people.widow_applies()

    first = post(desk, application, "accept")
    second = post(desk, application, "accept")

    assert (first.status_code, second.status_code) == (302, 302)
    application.refresh_from_db()
    assert application.state == "accepted"
    assert Household.objects.get().worker == cast.worker


def test_wrong_step_is_refused_with_409_and_changes_nothing(cast: Cast, desk: Client) -> None:
    application = people.widow_applies()
    before = rows()

    response = post(desk, application, "verify")

    assert response.status_code == 409
    assert rows() == before


def test_return_asks_for_a_list(cast: Cast, desk: Client) -> None:
    application = people.widow_applies()

    assert post(desk, application, "return", missing=" ").status_code == 422
    post(desk, application, "return", "k2", missing="户口簿照片\n\n诊断证明")

    application.refresh_from_db()
    assert (application.state, application.missing) == ("returned", ["户口簿照片", "诊断证明"])


@pytest.mark.parametrize("slug", ["review", "approve", "reject"])
def test_supervisors_pages_are_404_for_a_worker(cast: Cast, desk: Client, slug: str) -> None:
    application = people.assessed(people.widow_applies(), cast)
    before = rows()

    assert desk.get(address(application, slug)).status_code == 404
    assert post(desk, application, slug, reason="x").status_code == 404
    assert rows() == before


def test_other_county_finds_nothing(cast: Cast) -> None:
    application = people.widow_applies()
    before = rows()
    far = people.signed_in(cast.stranger)

    for url in (
        f"/admin/households/household/{application.household.public_id}/file/",
        f"/admin/households/application/{application.public_id}/change/",
        address(application, "accept"),
        address(application.household.members.get(is_head=True), "edit"),
    ):
        assert far.get(url).status_code == 404, url
    assert post(far, application, "accept").status_code == 404
    assert application.number not in far.get("/admin/households/application/").content.decode()
    assert rows() == before


@pytest.mark.parametrize("model", ["application", "household", "need", "member", "consent"])
def test_stock_form_changes_no_state(cast: Cast, desk: Client, model: str) -> None:
    application = people.widow_applies()
    household = application.household
    rows_of: dict[str, Any] = {
        "application": application,
        "household": household,
        "need": household.needs.first(),
        "member": household.members.first(),
        "consent": household.consents.first(),
    }
    row = rows_of[model]
    before = rows()

    changed = desk.post(
        f"/admin/households/{model}/{row.public_id}/change/", {"state": "approved", "_key": "f"}
    )
    added = desk.post(f"/admin/households/{model}/add/", {"state": "approved", "_key": "g"})
    deleted = desk.post(f"/admin/households/{model}/{row.public_id}/delete/", {"post": "yes", "_key": "h"})

    assert (changed.status_code, added.status_code, deleted.status_code) == (405, 403, 403)
    assert rows() == before


def test_visit_and_assessment_are_written_page_by_page(cast: Cast, desk: Client) -> None:
    application = people.verified(people.widow_applies(), cast)
    visit = people.planned_visit(application.household)

    alone = post(desk, visit, "record", done_at="2026-11-23T10:00", identity_seen="2", findings="看过")
    done = post(
        desk, visit, "record", "k2", done_at="2026-11-23T10:00", identity_seen="2", findings="看过",
        companion=cast.colleague.public_id,
        papers_of=[member.public_id for member in application.household.members.all()],
    )  # fmt: skip
    assert set(application.household.members.values_list("identity_level", flat=True)) == {2}
    assert (alone.status_code, done.status_code) == (409, 302)

    begun = post(desk, application, "assess")
    assessment = Assessment.objects.get()
    assert begun.url == f"/admin/households/assessment/{assessment.public_id}/write/problem/"
    version = 1
    for level, answers in pages_of_assessment().items():
        url = f"/admin/households/assessment/{assessment.public_id}/write/{level}/"
        response = desk.post(url, {"_key": level, "version": version, **answers})
        assert response.status_code == 302, response.content.decode()
        version += 1
    assert response.headers["Location"] == address(assessment, "send")

    needs = people.needs_of(application)
    table: dict[str, Any] = {"agreed": "on"}
    for place, need in enumerate(reversed(needs), start=1):
        ref = need.public_id
        table |= {
            f"requested_{ref}": "3", f"urgency_{ref}": "soon", f"deadline_{ref}": "", f"public_title_{ref}": "药品",
            f"public_summary_{ref}": "一位老人每天服药", f"contribution_{ref}": "", f"rank_{ref}": f"{place}",
        }  # fmt: skip
    named = post(desk, assessment, "send", **table | {f"public_summary_{needs[0].public_id}": "王秀兰需要药"})
    assert named.status_code == 422
    offered = desk.get(address(assessment, "send")).content.decode()
    for place, need in ((2, needs[0]), (1, needs[1])):  # the quilt has a day it is needed by
        chosen = offered.partition(f'name="rank_{need.public_id}"')[2].partition("</select>")[0]
        assert '<option value="" selected>' in chosen
        hint = offered.partition(f'for="id_rank_{need.public_id}"')[2].partition("<select")[0]
        assert f" {place}" in hint
    for wrong in ("", "1"):
        twice = table | {f"rank_{needs[0].public_id}": wrong, f"rank_{needs[1].public_id}": "1"}
        assert post(desk, assessment, "send", f"r{wrong}", **twice).status_code == 409
    assert Assessment.objects.get().state == "draft"
    assert post(desk, assessment, "send", "k2", **table).status_code == 302
    assert Assessment.objects.get().ranking == [need.public_id for need in reversed(needs)]
    order = "1. 棉被 · 3 床<br>2. "
    file = f"/admin/households/household/{application.household.public_id}/file/?tab=check"
    assert order in desk.get(file).content.decode()
    supervisor = people.signed_in(cast.supervisor)
    assert order in supervisor.get(address(assessment, "send-back")).content.decode()

    application.refresh_from_db()
    assert application.state == "assessed"
    assert [need.requested for need in people.needs_of(application)] == [3, 3]


def pages_of_assessment() -> dict[str, dict[str, Any]]:
    full = people.full_assessment()
    person = {f"functioning_{name}": answer for name, answer in full["functioning"].items()}
    person |= {f"mood_{name}": answer for name, answer in full["mood"].items()}
    return {
        "problem": {
            **{name: full[name] for name in ("problem_words", "problem_view", "category", "frequency", "duration")},
            "onset": "2025-03-01", "grade": "3", "efforts": full["efforts"], "no_risk_seen": "on",
        },
        "person": person
        | {name: full[name] for name in ("health", "skills", "motivation", "strengths", "wish")},
        "situation": {"policies_enjoyed": full["policies_enjoyed"], "no_policy_missing": "on"}
        | {
            name: full[name]
            for name in ("family", "network", "living", "economy", "services_near", "conflict", "language")
        },
        "synthesis": {
            "cause_1": "illness", "level_1": "person",
            **{name: full[name] for name in ("protective", "risk_factors", "objectives")},
        },
    }  # fmt: skip


def test_stale_page_shows_both_versions(cast: Cast, desk: Client) -> None:
    application = people.visited(people.widow_applies(), cast)
    assessment = services.start_assessment(application=application, by=cast.worker, at=AT)
    services.save_assessment(
        assessment=assessment, version=1, changes={"wish": "想看病"}, by=cast.worker, at=AT
    )

    response = desk.post(
        f"/admin/households/assessment/{assessment.public_id}/write/person/",
        {"_key": "s", "version": "1", "wish": "想搬家"},
    )

    page = response.content.decode()
    assert response.status_code == 409
    assert "想看病" in page
    assert "想搬家" in page
    assert Assessment.objects.get().wish == "想看病"


def test_member_is_completed_and_a_wrong_number_named(cast: Cast, desk: Client) -> None:
    household = people.applies(people.clean_answers(1)).household
    member = household.members.get()
    data = {
        "version": "1", "name": "刘桂花", "relation": "head", "birth_precision": "day", "id_kind": "resident_id",
        "id_number": "", "labour": "ordinary", "education": "primary",
    }  # fmt: skip

    wrong = post(desk, member, "edit", **data | {"id_number": "990101198605010013"})
    right = post(desk, member, "edit", "k2", **data)

    assert (wrong.status_code, right.status_code) == (422, 302)
    kept = Member.objects.get()
    assert (kept.name, kept.id_number) == ("刘桂花", member.id_number)


def test_identity_is_masked_on_the_file(cast: Cast, desk: Client) -> None:
    application = people.verified(people.widow_applies(), cast)

    for tab in ("family", "check", "facts", "rights", "acts"):
        url = f"/admin/households/household/{application.household.public_id}/file/?tab={tab}"
        page = desk.get(url).content.decode()
        for secret in (people.WIDOW, people.WIDOW_ID, people.WIDOW_PHONE, "三组12号", "陈小宝"):
            assert secret not in page, (tab, secret)


def test_year_is_recorded_with_income_per_head(cast: Cast, desk: Client) -> None:
    household = people.approved(people.widow_applies(), cast).household
    sources = {
        "wages": "18000", "operating": "9500", "operating_cost": "3200", "property": "800", "transfer": "6530",
        "recorded": "15400",
    }  # fmt: skip
    data = {f"amount_{kind}": amount for kind, amount in sources.items()}

    post(
        desk, household, "year", year="2026", period_start="2025-10-01", period_end="2026-10-01", size="4",
        size_basis="registered", housing_unsafe="yes", **data,
    )  # fmt: skip

    year = household.years.get()
    assert (year.net_income, str(year.per_capita), year.formula_version) == (
        3163000,
        "7907.50",
        "net-income-1",
    )
    assert (year.housing_unsafe, year.water_unsafe, year.below_line) == (True, None, None)


def test_two_decide_an_objection_and_see_the_file_until_it_is_decided(cast: Cast) -> None:
    household = people.approved(people.widow_applies(), cast).household
    asked = [
        people.hire(
            name,
            name,
            "social_worker",
            organisation=cast.station,
            prefix=people.COUNTY,
            by=cast.administrator,
        )
        for name in ("ma", "gao")
    ]
    objection = objects(household, "assessment", by=cast.worker)
    client = people.signed_in(cast.supervisor)
    post(client, objection, "assign", first=asked[0].public_id, second=asked[1].public_id)

    sent_to = [
        post(people.signed_in(user), objection, "decide", user.username, opinion="uphold", answer="重算").url
        for user in asked
    ]

    assert sent_to == [file_url(household, "rights"), "/admin/"]
    assert Objection.objects.get().upheld is True


def todos(user: Any) -> list[str]:
    role = worklist.for_supervisor if user.seat.role == "supervisor" else worklist.for_social_worker
    found: list[Todo] = role(user)
    return [todo.kind for todo in found]


def test_worklist_follows_the_states(cast: Cast) -> None:
    application = people.widow_applies()
    assert todos(cast.worker) == ["accept"]
    assert todos(cast.colleague) == ["accept"]
    people.visited(application, cast)
    assert todos(cast.worker) == ["assess"]
    assert todos(cast.colleague) == []
    assert todos(cast.supervisor) == []
    other = people.assessed(people.applies(people.clean_answers(1)), cast)
    assert todos(cast.supervisor) == ["review"]
    services.start_review(application=other, by=cast.supervisor, at=AT)
    assert todos(cast.supervisor) == ["decide"]
    people.verified(people.applies(people.clean_answers(2)), cast)
    assert sorted(todos(cast.worker)) == ["assess", "visit"]


def test_visit_to_a_family_without_a_worker_stands_with_the_supervisor(cast: Cast) -> None:
    household = people.verified(people.applies(people.clean_answers(1)), cast).household
    assert (todos(cast.worker), todos(cast.supervisor)) == (["visit"], [])

    Household.objects.update(worker=None)
    assert todos(cast.supervisor) == todos(cast.second_supervisor) == ["visit"]

    services.assign_worker(household=household, worker=cast.supervisor, by=cast.second_supervisor, at=AT)
    assert (todos(cast.supervisor), todos(cast.second_supervisor)) == (["visit"], [])

    services.assign_worker(household=household, worker=cast.colleague, by=cast.supervisor, at=AT)
    cast.colleague.memberships.update(state="ended")
    assert "visit" in todos(cast.supervisor)
    assert todos(cast.worker) == []


def photo() -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(content, "PNG")
    return SimpleUploadedFile("form.png", content.getvalue(), content_type="image/png")


def test_consent_on_paper_needs_its_evidence(cast: Cast, desk: Client) -> None:
    household = people.accepted(people.widow_applies(), cast).household
    given = {"purpose": "share_implementer", "receiver": cast.association.public_id, "method": "fingerprint"}

    bare = post(desk, household, "consent", **given)
    assert bare.status_code == 409
    assert not household.consents.filter(purpose="share_implementer").exists()
    assert post(desk, household, "consent", "k2", **given, evidence=photo()).status_code == 302

    consent = household.consents.get(purpose="share_implementer")
    assert consent.receiver == cast.association
    assert consent.evidence is not None
    assert desk.get(f"/files/{consent.evidence.public_id}/").status_code == 200
    assert people.signed_in(cast.stranger).get(f"/files/{consent.evidence.public_id}/").status_code == 404


def test_delegation_is_read_back_first(cast: Cast, desk: Client) -> None:
    household = people.accepted(people.widow_applies(), cast).household
    given: dict[str, Any] = {
        "name": "王强", "relation": "kin", "scope": ["apply"], "evidence_kind": "witness", "witness": "李四",
        "valid_to": str(clock.today() + timedelta(days=365)),
    }  # fmt: skip

    unread = post(desk, household, "delegation", **given)
    assert unread.status_code == 409
    assert not household.delegations.exists()
    assert post(desk, household, "delegation", "k2", **given, read_back="on").status_code == 302
    assert household.delegations.get().state == "given"


def test_one_value_is_revealed_with_a_reason(cast: Cast, desk: Client) -> None:
    member = people.accepted(people.widow_applies(), cast).household.members.get(is_head=True)
    url = f"/seats/reveal/households.member/{member.public_id}/id_number/"

    shown = desk.post(url, {"reason": "identity_check", "_key": "r"})

    assert people.WIDOW_ID not in desk.get(url).content.decode()
    assert people.WIDOW_ID in shown.content.decode()
    assert Entry.objects.filter(action="identity.revealed").count() == 1
    assert people.signed_in(cast.stranger).get(url).status_code == 404


def test_a_member_leaves_for_a_reason_to_leave_only(cast: Cast, desk: Client) -> None:
    member = people.widow_applies().household.members.get(is_head=True)
    before = rows()

    asked = desk.get(address(member, "end"))
    response = post(desk, member, "end", reason="newborn")

    assert 'value="death"' in asked.text
    assert 'value="newborn"' not in asked.text
    assert response.status_code == 422
    assert rows() == before


@pytest.mark.parametrize(
    ("field", "value"),
    [("id_number", "110105194912310029"), ("phone", "12"), ("valid_to", "2999-01-01")],
)
def test_delegate_who_cannot_be_right_is_told_beside_the_field(
    cast: Cast, desk: Client, field: str, value: str
) -> None:
    household = people.accepted(people.widow_applies(), cast).household
    given: dict[str, Any] = {
        "name": "王强", "relation": "kin", "scope": ["apply"], "evidence_kind": "witness", "witness": "李四",
        "valid_to": str(clock.today() + timedelta(days=365)), "read_back": "on",
    }  # fmt: skip

    response = post(desk, household, "delegation", **given | {field: value})

    assert response.status_code == 409
    assert list(response.context["form"].errors) == [field]
    assert not household.delegations.exists()


@pytest.mark.parametrize(
    ("typed", "kept"), [("0931-1234567", "09311234567"), ("139 0000 5678", "13900005678")]
)
def test_telephone_of_the_family_is_read_as_on_its_own_pages(
    cast: Cast, desk: Client, typed: str, kept: str
) -> None:
    household = people.accepted(people.widow_applies(), cast).household
    given: dict[str, Any] = {"version": household.version, **people.CLASS_OF_FILE}

    wrong = post(desk, household, "place", **given, phone="12")
    assert (wrong.status_code, Household.objects.get().phone) == (422, people.WIDOW_PHONE)
    with pytest.raises(Refused, match="11"):
        edit_household(
            household=household, version=household.version, changes={"phone": "12"}, by=cast.worker, at=AT
        )
    assert Household.objects.get().phone == people.WIDOW_PHONE

    assert post(desk, household, "place", "k2", **given, phone=typed).status_code == 302
    assert Household.objects.get().phone == kept
