"""Pairs kept for the next run and pairs excluded from it: who said so, since when, and the way to lift it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from accounts.requests import SignedRequest
from common import clock
from common.forms import ConfirmForm
from common.gate import get_visible
from common.pages import keyset, submit
from matching.admin.frame import StaffAdmin, staff
from matching.forms import WhyForm
from matching.models import Ban, Pin
from matching.services import lift_ban, unpin_pair

PINS = "admin:matching_pin_changelist"
BANS = "admin:matching_ban_changelist"


class PairAdmin(StaffAdmin):
    """The list both kinds of pairs have; those lifted are history and are not listed."""

    title: Any = ""
    lead: Any = ""
    lift_name = ""

    def get_urls(self) -> list[URLPattern]:
        view = self.guarded(self.lift_view)
        return [path("<slug:public_id>/lift/", view, name=self.lift_name), *super().get_urls()]

    def in_force(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.model._default_manager.in_force()
        return rows.select_related("need__item", "need__household", "lot__donor", "by")

    def lift_view(self, request: SignedRequest, public_id: str) -> HttpResponse:
        raise NotImplementedError

    @method_decorator(staff)
    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        rows = keyset(request, self.in_force().visible_to(request.user), order=("-id",))  # type: ignore[attr-defined]
        context = {
            "title": self.title,
            "lead": self.lead,
            "page": rows,
            "are_pins": self.model is Pin,
            "lift": f"admin:{self.lift_name}",
        }
        return self.framed(request, "matching/pairs.html", context)


@admin.register(Pin)
class PinAdmin(PairAdmin):
    title = _("Kept for the next run")
    lead = _(
        "The next run suggests these pairs again with the same amount, as long as every condition holds."
    )
    lift_name = "matching_pin_lift"

    def lift_view(self, request: SignedRequest, public_id: str) -> HttpResponse:
        """The next run chooses freely again."""
        pin: Pin = get_visible(self.in_force(), request.user, public_id)
        form = ConfirmForm(request.POST or None)
        answer = submit(
            request, form, lambda _data: unpin_pair(pin=pin, by=request.user, at=clock.now()), to=PINS
        )
        context = {"title": _("Set this pair free"), "pair": pin, "form": form, "desk": reverse(PINS)}
        return answer or self.framed(request, "matching/one_act.html", context, form=form)


@admin.register(Ban)
class BanAdmin(PairAdmin):
    title = _("Excluded pairs")
    lead = _("No run suggests these pairs again. When the reason is gone, lift it.")
    lift_name = "matching_ban_lift"

    def lift_view(self, request: SignedRequest, public_id: str) -> HttpResponse:
        """The pair may come up again; why stays on record."""
        ban: Ban = get_visible(self.in_force(), request.user, public_id)
        form = WhyForm(request.POST or None)
        answer = submit(
            request, form, lambda data: lift_ban(ban=ban, **data, by=request.user, at=clock.now()), to=BANS
        )
        context = {
            "title": _("Let this pair come up again"),
            "pair": ban,
            "form": form,
            "desk": reverse(BANS),
        }
        return answer or self.framed(request, "matching/one_act.html", context, form=form)
