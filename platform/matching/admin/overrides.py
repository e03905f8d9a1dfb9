"""Questions to a supervisor about a match in spite of a warning, and the supervisor's own answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.models import User
from accounts.requests import SignedRequest
from common import clock
from common.forms import ConfirmForm
from common.gate import get_visible
from common.pages import keyset, submit
from matching.admin.frame import StaffAdmin, staff
from matching.forms import OverrideForm
from matching.models import Override
from matching.queries import evidence_of, waiting_overrides
from matching.services import confirm_override, decline_override, withdraw_override

LIST = "admin:matching_override_changelist"


@admin.register(Override)
class OverrideAdmin(StaffAdmin):
    def get_urls(self) -> list[URLPattern]:
        def at(address: str, view: Any) -> Any:
            name = f"matching_override_{address}"
            return path(f"<slug:public_id>/{address}/", self.guarded(view), name=name)

        return [at("answer", self.answer_view), at("withdraw", self.withdraw_view), *super().get_urls()]

    @method_decorator(staff)
    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Who asks about which match, and why; the oldest first."""
        rows = keyset(request, waiting_overrides(request.user), order=("asked_at", "id"))
        context = {"title": _("Waiting for a supervisor"), "page": rows}
        return self.framed(request, "matching/overrides.html", context)

    def answer_view(self, request: SignedRequest, public_id: str) -> HttpResponse:
        """Everything the colleague saw, the reason given, and yes or no."""
        override: Override = get_visible(waiting_overrides(request.user), request.user, public_id)
        form = OverrideForm(request.POST or None)
        answer = submit(
            request,
            form,
            lambda data: answer_override(override, data, by=request.user, at=clock.now()),
            to=LIST,
        )
        seat, mine = request.user.seat, override.asked_by_id == request.user.pk
        context = {
            "title": _("Already gets help of this kind: more?"),
            "override": override,
            "chosen": override.proposal,
            "evidence": evidence_of(override.proposal, on=clock.today()),
            "form": form,
            "may_answer": seat is not None and seat.role == Role.SUPERVISOR and not mine,
            "may_withdraw": mine,
            "list": reverse(LIST),
        }
        return answer or self.framed(request, "matching/override.html", context, form=form)

    def withdraw_view(self, request: SignedRequest, public_id: str) -> HttpResponse:
        """The question is taken back; the suggestion is on the desk again."""
        override: Override = get_visible(waiting_overrides(request.user), request.user, public_id)
        form = ConfirmForm(request.POST or None)
        answer = submit(
            request,
            form,
            lambda _data: withdraw_override(override=override, by=request.user, at=clock.now()),
            to=LIST,
        )
        context = {
            "title": _("Take the question back"),
            "proposal": override.proposal,
            "form": form,
            "desk": reverse(LIST),
        }
        return answer or self.framed(request, "matching/one_act.html", context, form=form)


def answer_override(override: Override, data: Mapping[str, Any], *, by: User, at: datetime) -> Any:
    """Yes or no, in the supervisor's own session."""
    if data["answer"] == "yes":
        return confirm_override(override=override, by=by, at=at)
    return decline_override(override=override, reason=data["reason"], by=by, at=at)
