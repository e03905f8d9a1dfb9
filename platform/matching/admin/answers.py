"""Answers that are waited for; a worker writes down what the household said, with what shows it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.requests import SignedRequest
from common import clock
from common.gate import get_visible
from common.pages import keyset, submit
from files.services import keep
from matching.admin.frame import StaffAdmin, staff
from matching.enums import ConfirmationState, Party
from matching.filters import AnswerFilter
from matching.forms import HouseholdAnswerForm
from matching.models import Confirmation, Proposal
from matching.queries import waiting_answers
from matching.services import confirm, decline

LIST = "admin:matching_confirmation_changelist"


@admin.register(Confirmation)
class ConfirmationAdmin(StaffAdmin):
    def get_urls(self) -> list[URLPattern]:
        view = self.guarded(self.answer_view)
        return [
            path("<slug:public_id>/answer/", view, name="matching_confirmation_answer"),
            *super().get_urls(),
        ]

    @method_decorator(staff)
    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Who is asked and since when, the most overdue first."""
        filtered = AnswerFilter(request.GET, queryset=waiting_answers(request.user))
        rows = keyset(request, filtered, order=("due", "id"))
        context = {
            "title": _("Waiting for an answer"),
            "page": rows,
            "filter": filtered,
            "today": clock.today(),
        }
        return self.framed(request, "matching/waiting.html", context)

    def answer_view(self, request: SignedRequest, public_id: str) -> HttpResponse:
        """What the family said on the telephone or at home."""
        asked = Confirmation.objects.filter(party=Party.HOUSEHOLD, state=ConfirmationState.ASKED)
        question = get_visible(
            asked.select_related("proposal__need__item", "proposal__need__household"),
            request.user,
            public_id,
        )
        form = HouseholdAnswerForm(request.POST or None, request.FILES or None)
        answer = submit(
            request,
            form,
            lambda data: record_answer(question.proposal, data, by=request.user, at=clock.now()),
            to=LIST,
        )
        context = {
            "title": _("The family's answer"),
            "button": _("Save the answer"),
            "proposal": question.proposal,
            "form": form,
            "desk": reverse(LIST),
        }
        return answer or self.framed(request, "matching/one_act.html", context, form=form)


@transaction.atomic
def record_answer(proposal: Proposal, data: Mapping[str, Any], *, by: User, at: datetime) -> Any:
    """The evidence is kept with the match it belongs to, together with the answer or not at all."""
    evidence = data["evidence"]
    kept = evidence and keep(upload=evidence, purpose="confirmation_evidence", owner=proposal, by=by, at=at)
    given: dict[str, Any] = {"proposal": proposal, "party": Party.HOUSEHOLD, "method": "worker"}
    given["evidence"] = kept or None
    if data["answer"] == "no":
        return decline(**given, reason="", by=by, at=at)
    return confirm(**given, by=by, at=at)
