"""Drafts, two pairs of eyes, publication, amendment; and the pages around them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.enums import OrganisationKind, Role
from accounts.models import User
from common import clock
from common.exceptions import Refused, Stale
from common.panels import collect
from common.todos import Figure
from policy import panels, services
from policy.enums import PolicyState
from policy.models import Line, Policy
from policy.queries import line_for, rules_for
from tests import cast
from tests.cast import AT, COUNTY, signed_in
from tests.refusing import refuses

WORDS: dict[str, Any] = {
    "title": "清河县低收入人口帮扶办法",
    "doc_no": "清政发[2026]3号",
    "issuer": "清河县人民政府",
    "category": "assistance",
    "effective_from": date(2026, 1, 1),
    "effective_to": None,
    "full_text": "第一条……",
    "plain_summary": "人均年收入低于标准的家庭可以申请补助，到乡镇服务大厅问。",
}
LINE: dict[str, Any] = {
    "scope": "county",
    "area": COUNTY,
    "year": 2026,
    "kind": "dibao",
    "amount": Decimal("6000.00"),
}


@pytest.fixture(autouse=True)
def today() -> Any:
    with clock.fixed(AT):
        yield


@pytest.fixture
def people(db: None) -> cast.Cast:
    return cast.county()


@pytest.fixture
def office(people: cast.Cast) -> Any:
    return cast.body("清河县民政局", OrganisationKind.GOVERNMENT, 11)


@pytest.fixture
def officer(people: cast.Cast, office: Any) -> User:
    return cast.hire(
        "gao", "高科长", Role.OFFICER, organisation=office, prefix=COUNTY, by=people.administrator
    )


@pytest.fixture
def colleague(people: cast.Cast, office: Any) -> User:
    return cast.hire(
        "ma", "马科员", Role.OFFICER, organisation=office, prefix=COUNTY, by=people.administrator
    )


@pytest.fixture
def draft(officer: User) -> Policy:
    return services.draft_policy(area=COUNTY, by=officer, at=AT, **WORDS)


def published(draft: Policy, officer: User, colleague: User) -> Policy:
    services.review_policy(policy=draft, by=colleague, at=AT)
    return services.publish_policy(policy=draft, by=colleague, at=AT)


def refusal(code: str, act: Any) -> None:
    with pytest.raises(Refused) as refused:
        act()
    assert refused.value.code == code


def test_drafter_may_not_review(draft: Policy, officer: User):
    refusal("four_eyes", lambda: services.review_policy(policy=draft, by=officer, at=AT))

    draft.refresh_from_db()
    assert draft.state == PolicyState.DRAFT
    with pytest.raises(IntegrityError), transaction.atomic():
        Policy.objects.filter(pk=draft.pk).update(reviewer=officer)


def test_drafter_may_not_publish(draft: Policy, officer: User, colleague: User):
    first = published(draft, officer, colleague)
    amendment = services.amend_policy(policy=first, by=officer, at=AT)
    services.review_policy(policy=amendment, by=colleague, at=AT)

    refusal("four_eyes", lambda: services.publish_policy(policy=amendment, by=officer, at=AT))

    amendment.refresh_from_db()
    first.refresh_from_db()
    assert (amendment.state, first.state) == (PolicyState.REVIEWED, PolicyState.PUBLISHED)


def test_officer_of_another_area_may_not_touch_it(draft: Policy, people: cast.Cast, office: Any):
    far = cast.hire(
        "far", "远科长", Role.OFFICER, organisation=office, prefix="990102", by=people.administrator
    )

    refusal("outside_area", lambda: services.review_policy(policy=draft, by=far, at=AT))
    assert signed_in(far).get(f"/policy/desk/{draft.public_id}/").status_code == 404


def test_reviewed_draft_is_not_edited_from_a_page_opened_before(
    draft: Policy, officer: User, colleague: User
):
    services.review_policy(policy=draft, by=colleague, at=AT)

    with refuses("not_a_draft"):
        services.edit_policy(policy=draft, version=draft.version, title="别的办法", by=officer, at=AT)


def test_draft_nobody_sent_is_not_sent_back(draft: Policy, colleague: User):
    with refuses("not_sent"):
        services.send_back_policy(policy=draft, reason="标准不对。", by=colleague, at=AT)


def test_line_counts_only_when_published_and_the_most_specific_wins(
    draft: Policy, officer: User, colleague: User
):
    services.add_line(policy=draft, **LINE, basis="", by=officer, at=AT)
    assert line_for(area=COUNTY, year=2026, kind="dibao") is None

    published(draft, officer, colleague)

    line = line_for(area="990101100201", year=2026, kind="dibao")
    assert line is not None
    assert line.amount == Decimal("6000.00")
    assert line_for(area="990102", year=2026, kind="dibao") is None


def test_same_line_twice_is_refused(draft: Policy, officer: User):
    services.add_line(policy=draft, **LINE, basis="", by=officer, at=AT)
    other = services.draft_policy(area=COUNTY, by=officer, at=AT, **WORDS)

    refusal("line_twice", lambda: services.add_line(policy=draft, **LINE, basis="", by=officer, at=AT))
    refusal("line_exists", lambda: services.add_line(policy=other, **LINE, basis="", by=officer, at=AT))
    assert Line.objects.count() == 1


def test_line_outside_the_own_area_is_refused(draft: Policy, officer: User):
    refusal(
        "outside_area",
        lambda: services.add_line(policy=draft, **LINE | {"area": "990102"}, basis="", by=officer, at=AT),
    )
    refusal(
        "scope_area",
        lambda: services.add_line(policy=draft, **LINE | {"area": "99"}, basis="", by=officer, at=AT),
    )
    assert not Line.objects.exists()


def test_amendment_takes_the_place_of_the_policy_and_its_lines(draft: Policy, officer: User, colleague: User):
    services.add_line(policy=draft, **LINE, basis="", by=officer, at=AT)
    first = published(draft, officer, colleague)

    amendment = services.amend_policy(policy=first, by=officer, at=AT)
    refusal("amended_already", lambda: services.amend_policy(policy=first, by=officer, at=AT))
    services.remove_part(part=amendment.lines.get(), by=officer, at=AT)
    services.add_line(policy=amendment, **LINE | {"amount": Decimal(6600)}, basis="", by=officer, at=AT)
    standing = line_for(area=COUNTY, year=2026, kind="dibao")
    assert standing is not None
    assert standing.amount == 6000
    published(amendment, officer, colleague)

    first.refresh_from_db()
    assert first.state == PolicyState.AMENDED
    line = line_for(area=COUNTY, year=2026, kind="dibao")
    assert line is not None
    assert line.amount == 6600


def test_repealed_lines_no_longer_count(draft: Policy, officer: User, colleague: User):
    services.add_line(policy=draft, **LINE, basis="", by=officer, at=AT)
    policy = published(draft, officer, colleague)

    services.repeal_policy(policy=policy, reason="已有新办法", by=officer, at=AT)

    assert line_for(area=COUNTY, year=2026, kind="dibao") is None


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ({"field": "ethnicity", "op": "is", "value": "x"}, "unknown_field"),
        ({"field": "size", "op": "is", "value": "3"}, "bad_condition"),
        ({"field": "size", "op": "at_least", "value": "many"}, "bad_condition"),
        ({"field": "group", "op": "in", "value": []}, "bad_condition"),
    ],
)
def test_rule_speaks_of_known_fields_only(draft: Policy, officer: User, condition: dict[str, Any], code: str):
    refusal(
        code,
        lambda: services.add_rule(
            policy=draft, subject="household", conditions=[condition], benefit="b", standard="",
            where_to_apply="w", by=officer, at=AT,
        ),
    )  # fmt: skip
    assert not draft.rules.exists()


def test_stale_edit_shows_both_sides(draft: Policy, officer: User, colleague: User):
    services.edit_policy(policy=draft, version=1, by=colleague, at=AT, title="新题目")

    with pytest.raises(Stale) as stale:
        services.edit_policy(policy=draft, version=1, by=officer, at=AT, title="另一个题目")
    assert [(one.theirs, one.yours) for one in stale.value.differences] == [("新题目", "另一个题目")]

    draft.refresh_from_db()
    assert draft.title == "新题目"


def test_review_of_a_version_changed_since_is_refused(draft: Policy, officer: User, colleague: User):
    services.edit_policy(policy=draft, version=1, by=officer, at=AT, title="新题目")

    refusal("changed_since", lambda: services.review_policy(policy=draft, version=1, by=colleague, at=AT))


# --- pages ------------------------------------------------------------------------------------------------------------
def test_officers_write_review_and_publish_on_pages(officer: User, colleague: User):
    writer, reader = signed_in(officer), signed_in(colleague)
    words = {**WORDS, "effective_to": "", "area": COUNTY, "effective_from": "2026-01-01", "_key": "1"}

    assert writer.post("/policy/desk/new/", words).status_code == 302
    policy = Policy.objects.get()
    desk = f"/policy/desk/{policy.public_id}"
    line = {"scope": "county", "area": COUNTY, "year": 2026, "kind": "dibao", "amount": "6000", "_key": "2"}
    assert writer.post(f"{desk}/lines/new/", line).status_code == 302
    rule = {
        "benefit": "生活补助", "where_to_apply": "乡镇服务大厅", "field0": "group", "op0": "in",
        "value0": "残疾人、children", "_key": "3",
    }  # fmt: skip
    assert writer.post(f"{desk}/rules/household/", rule).status_code == 302
    assert rules_for(subject="household", area=COUNTY).count() == 0
    assert writer.post(f"{desk}/send/", {"_key": "4"}).status_code == 302
    assert [todo.kind for todo in collect("todo.officer", colleague)] == ["policy"]
    assert writer.post(f"{desk}/review/", {"version": 1, "_key": "5"}).status_code == 409
    assert reader.post(f"{desk}/review/", {"version": 1, "_key": "6"}).status_code == 302
    assert collect("todo.officer", officer) == []
    assert [todo.kind for todo in collect("todo.officer", colleague)] == ["policy"]
    assert "/publish/" not in writer.get(desk + "/").content.decode()
    assert "/publish/" in reader.get(desk + "/").content.decode()
    assert writer.post(f"{desk}/publish/", {"_key": "7"}).status_code == 409
    policy.refresh_from_db()
    assert (policy.state, policy.published_at) == (PolicyState.REVIEWED, None)
    assert reader.post(f"{desk}/publish/", {"_key": "8"}).status_code == 302

    public = Client().get(f"/policy/{policy.public_id}/").content.decode()
    assert WORDS["title"] in public
    assert "6,000" in public
    assert "残疾人" in public
    assert rules_for(subject="household", area=COUNTY).count() == 1
    assert writer.get(desk + "/").status_code == 200


def test_sent_back_draft_is_the_drafters_again(draft: Policy, officer: User, colleague: User):
    services.send_policy(policy=draft, by=officer, at=AT)

    answer = signed_in(colleague).post(
        f"/policy/desk/{draft.public_id}/send-back/", {"reason": "第二条缺日期", "_key": "1"}
    )

    assert answer.status_code == 302
    assert "第二条缺日期" in signed_in(officer).get(f"/policy/desk/{draft.public_id}/").content.decode()


def test_stale_edit_page_answers_409(draft: Policy, officer: User, colleague: User):
    services.edit_policy(policy=draft, version=1, by=colleague, at=AT, title="新题目")
    words = {**WORDS, "effective_to": "", "effective_from": "2026-01-01", "version": 1, "_key": "1"}

    answer = signed_in(officer).post(f"/policy/desk/{draft.public_id}/edit/", words)

    assert answer.status_code == 409
    assert "新题目" in answer.content.decode()


def test_drafts_are_nobodys_business(draft: Policy, people: cast.Cast):
    assert Client().get(f"/policy/{draft.public_id}/").status_code == 404
    assert signed_in(people.worker).get("/policy/desk/").status_code == 404
    assert Client().get("/policy/").context["rows"] == []


@pytest.mark.parametrize(
    ("query", "found"),
    [("q=低收入", 1), ("q=教育", 0), ("category=assistance", 1), ("category=education", 0), (f"area={COUNTY}", 1),
     ("area=990102", 0), ("state=repealed", 0)],
)  # fmt: skip
def test_public_list_filters(draft: Policy, officer: User, colleague: User, query: str, found: int):
    published(draft, officer, colleague)

    assert len(Client().get(f"/policy/?{query}").context["rows"]) == found


def test_unknown_filter_is_an_error(db: None):
    assert Client().get("/policy/?colour=red").status_code == 400
    assert Client().get("/policy/?area=nowhere").status_code == 400


def test_public_list_costs_the_same_at_one_and_three(officer: User, colleague: User):
    def add() -> None:
        published(services.draft_policy(area=COUNTY, by=officer, at=AT, **WORDS), officer, colleague)

    def count() -> int:
        with CaptureQueriesContext(connection) as caught:
            Client().get("/policy/")
        return len(caught)

    add()
    one = count()
    add()
    add()

    assert len(Client().get("/policy/").context["rows"]) == 3
    assert count() == one


def test_workers_look_policies_up_at_their_desk(
    draft: Policy, officer: User, colleague: User, people: cast.Cast
):
    policy = published(draft, officer, colleague)
    client = signed_in(people.worker)

    assert client.get("/admin/policy/policy/").status_code == 200
    assert client.get(f"/admin/policy/policy/{policy.public_id}/change/").status_code == 200
    assert client.get("/admin/policy/line/").status_code == 200


def test_home_of_the_office_counts_what_it_published(
    draft: Policy, officer: User, colleague: User, people: cast.Cast
):
    assert given(officer).value == "0"

    published(draft, officer, colleague)

    assert given(officer).value == given(colleague).value == "1"
    other = cast.body("青石县农业农村局", OrganisationKind.GOVERNMENT, 92, area=cast.OTHER_COUNTY)
    neighbour = cast.hire(
        "shi", "石科", Role.OFFICER, organisation=other, prefix=cast.OTHER_COUNTY, by=people.administrator
    )
    assert given(neighbour).value == "0"


def given(user: User) -> Figure:
    figure: Figure = panels.published(user)[0]
    return figure
