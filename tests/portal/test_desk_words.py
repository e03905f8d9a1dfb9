"""What is stored as a structure is read in words on the desk."""

from __future__ import annotations

from datetime import date

import pytest

from common.actors import SYSTEM
from evaluation.services import load_rating_policy
from policy.models import EligibilityRule, Policy
from tests import cast as people
from tests.cast import AT, signed_in

pytestmark = pytest.mark.django_db


def test_rating_policy_and_eligibility_rule_are_read_in_words() -> None:
    cast = people.county()
    rating = load_rating_policy(by=SYSTEM, at=AT)
    policy = Policy.objects.create(
        title="帮扶标准", issuer="农业农村局", area=people.COUNTY, category="帮扶标准",
        effective_from=date(2026, 1, 1), state="published", state_since=AT, published_at=AT,
        created_at=AT, doc_no="清农发1号", full_text="全文", plain_summary="大意", drafter=cast.worker,
        reviewer=cast.supervisor,
    )  # fmt: skip
    rule = EligibilityRule.objects.create(
        policy=policy, subject="household", benefit="可申请纳入帮扶", where_to_apply="便民服务点",
        conditions=[{"field": "per_capita", "op": "at_most", "value": 8000}],
    )  # fmt: skip

    desk = signed_in(cast.supervisor)
    shown = desk.get(f"/admin/evaluation/ratingpolicy/{rating.public_id}/change/").content.decode()
    asked = desk.get(f"/admin/policy/eligibilityrule/{rule.public_id}/change/").content.decode()

    assert "及格分" in shown
    assert "pass_marks" not in shown
    assert "{" not in shown.split('class="fact"', 1)[1].split("</section>", 1)[0]
    assert "8000" in asked
    assert "per_capita" not in asked
