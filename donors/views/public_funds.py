"""Public funds entered by an office."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.requests import SignedRequest
from common import clock
from common.pages import for_roles, page, submit
from donors.enums import ConditionField
from donors.forms.acts import PublicFundForm
from donors.models import Lot
from donors.services import register_public_fund


@for_roles(Role.OFFICER)
def new_public_fund(request: SignedRequest) -> HttpResponse:
    """One page: document, budget line, amount, area within the office's own."""
    form = PublicFundForm(request.POST or None, user=request.user)

    def act(data: Any) -> Lot:
        stated = [
            {"field": ConditionField.GROUP, "value": data["group"]} if data["group"] else None,
            {"field": ConditionField.VALID_UNTIL, "value": data["valid_until"]}
            if data["valid_until"]
            else None,
        ]
        plain = {
            name: data[name]
            for name in (
                "title",
                "department",
                "document_no",
                "budget_line",
                "amount",
                "fair_value",
                "area",
                "policy",
                "fund_holder",
            )
        }
        return register_public_fund(
            officer=request.user,
            items=[data["item"]],
            conditions=[one for one in stated if one],
            **plain,
            by=request.user,
            at=clock.now(),
        )

    answer = submit(request, form, act, to=lambda lot: reverse("donors:lot", args=[lot.public_id]))
    return answer or page(
        request, "donors/public_fund.html", {"form": form, "title": _("Enter public funds")}, form=form
    )
