"""Who may not write policies, asked of every service itself."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.enums import OrganisationKind, Role
from accounts.models import User
from common.actors import CodeHolder
from policy import services
from policy.models import Policy
from tests import cast
from tests.cast import AT, COUNTY, OTHER_COUNTY
from tests.gates import assert_all_refused, assert_complete
from tests.policy.test_policy import LINE, WORDS


@pytest.fixture
def people(db: None) -> cast.Cast:
    return cast.county()


def officer(people: cast.Cast, name: str, prefix: str, number: int) -> User:
    office = cast.body(f"{name}局", OrganisationKind.GOVERNMENT, number, area=prefix)
    return cast.hire(name, name, Role.OFFICER, organisation=office, prefix=prefix, by=people.administrator)


@pytest.fixture
def drafted(people: cast.Cast) -> Policy:
    return services.draft_policy(area=COUNTY, by=officer(people, "gao", COUNTY, 11), at=AT, **WORDS)


def table_of(policy: Policy) -> dict[str, dict[str, Any]]:
    one = {"policy": policy}
    line = services.add_line(policy=policy, basis="", by=policy.drafter, at=AT, **LINE)
    rule = {
        "subject": "household", "conditions": [{"field": "size", "op": "at_least", "value": 3}], "benefit": "x",
        "standard": "", "where_to_apply": "x",
    }  # fmt: skip
    return {
        "add_line": {**one, **LINE, "year": 2027, "basis": ""},
        "add_rule": {**one, **rule},
        "amend_policy": one,
        "draft_policy": {"area": COUNTY, **WORDS},
        "edit_policy": {**one, "version": policy.version, "title": "x"},
        "publish_policy": one,
        "remove_part": {"part": line},
        "repeal_policy": {**one, "reason": "no"},
        "review_policy": one,
        "send_back_policy": {**one, "reason": "no"},
        "send_policy": one,
    }


def test_every_service_refuses_other_counties_other_roles_and_households(
    people: cast.Cast, drafted: Policy
) -> None:
    table = table_of(drafted)
    office = cast.body("清河县统计局", OrganisationKind.GOVERNMENT, 13)
    viewer = cast.hire("kan", "看", Role.VIEWER, organisation=office, prefix=COUNTY, by=people.administrator)
    strangers = {
        "another county's officer": officer(people, "shi", OTHER_COUNTY, 12),
        "the county's own worker": people.worker,
        "the county's own supervisor": people.supervisor,
        "a viewer of the county": viewer,
        "a household": CodeHolder("a"),
    }

    assert_complete(services, table, below=())
    assert_all_refused(services, table, strangers, "policy", "notices")
