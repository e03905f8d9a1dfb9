"""The desk itself: suggestions by urgency on the left, the evidence on the right, one decision a click."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from accounts.requests import SignedRequest, acting_seat
from common import clock
from common.gate import get_visible
from common.pages import keyset, submit
from donors.queries import lots_listed
from matching.admin.frame import StaffAdmin, staff
from matching.enums import ProposalState
from matching.filters import QueueFilter
from matching.forms import DecideForm, KeepForm, OtherLotForm, WhyForm
from matching.models import Proposal
from matching.queries import evidence_of, latest_runs, queue, waiting_overrides
from matching.rules import pair_conditions
from matching.services import ask_override, ban, decide, pin_pair, release, take_other_lot
from reference.queries import path_labels

DESK = "admin:matching_proposal_changelist"
LOTS_LOOKED_AT = 60  # for one family; the filter by item leaves few


@admin.register(Proposal)
class ProposalAdmin(StaffAdmin):
    def get_urls(self) -> list[URLPattern]:
        def at(address: str, view: Any, name: str) -> Any:
            return path(f"<slug:public_id>/{address}/", self.guarded(view), name=f"matching_proposal_{name}")

        return [
            at("decide", self.decide_view, "decide"),
            at("not-this", self.ban_view, "ban"),
            at("keep", self.keep_view, "keep"),
            at("other", self.other_view, "other"),
            at("release", self.release_view, "release"),
            *super().get_urls(),
        ]

    @method_decorator(staff)
    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The queue of suggestions, with the evidence of the one chosen (`?at=`) or the first."""
        return self._desk(request)

    def _desk(
        self, request: Any, *, chosen: Proposal | None = None, form: DecideForm | None = None
    ) -> HttpResponse:
        data = request.GET.copy()
        at = data.pop("at", [""])[-1]
        filtered = QueueFilter(data, queryset=queue(request.user))
        rows = keyset(request, filtered, order=("-need__severity", "rank", "id"))
        if chosen is None:
            chosen = next((row for row in rows if row.public_id == at), None)
        if chosen is None and at:
            chosen = get_visible(queue(request.user), request.user, at)
        if chosen is None:
            chosen = rows.rows[0] if rows.rows else None
        today = clock.today()
        evidence = evidence_of(chosen, on=today) if chosen else None
        if evidence is not None and form is None:
            form = self._form(evidence)
        towns = path_labels({row.need.area[:9] for row in rows})
        context = {
            "title": _("Matching desk"),
            "page": rows,
            "rows": [(row, towns[row.need.area[:9]].rpartition(" / ")[2]) for row in rows],
            "filter": filtered,
            "query": data.urlencode(),
            "chosen": chosen,
            "evidence": evidence,
            "form": form,
            "waiting": queue(request.user).count(),
            "questions": waiting_overrides(request.user).count(),
            "run": latest_runs(today, prefix=acting_seat(request).prefix).order_by("-pk").first(),
        }
        return self.framed(request, "matching/desk.html", context, form=form)

    def _form(self, evidence: Any, data: Any = None) -> DecideForm:
        return DecideForm(
            data,
            proposal=evidence.proposal,
            projects=evidence.projects,
            warned=bool(evidence.measures),
        )

    def decide_view(self, request: SignedRequest, public_id: str) -> HttpResponse:
        """Accept, perhaps with another amount, or ask a supervisor; the next of the queue comes up."""
        proposal = get_visible(Proposal, request.user, public_id)
        evidence = evidence_of(proposal, on=clock.today())
        form = self._form(evidence, request.POST or None)
        act: Any = ask_override if evidence.measures else decide
        answer = submit(
            request,
            form,
            lambda data: act(proposal=proposal, **data, by=request.user, at=clock.now()),
            to=DESK,
        )
        if answer is not None and evidence.measures:
            messages.success(request, _("A supervisor is asked now. Until the answer nothing is set aside."))
        elif answer is not None:
            messages.success(request, _("Accepted. The project's agency is asked now."))
        return answer or self._desk(request, chosen=proposal, form=form)

    def ban_view(self, request: SignedRequest, public_id: str) -> HttpResponse:
        """Not this pair, with the reason; no run brings it again."""
        proposal = get_visible(Proposal, request.user, public_id)
        form = WhyForm(request.POST or None)
        answer = submit(
            request,
            form,
            lambda data: ban(proposal=proposal, **data, by=request.user, at=clock.now()),
            to=DESK,
        )
        context = {
            "title": _("Not this one"),
            "hint": _(
                "No later run suggests this pair again until somebody lifts it under “Excluded pairs”."
            ),
            "proposal": proposal,
            "form": form,
            "desk": reverse(DESK),
        }
        return answer or self.framed(request, "matching/one_act.html", context, form=form)

    def keep_view(self, request: SignedRequest, public_id: str) -> HttpResponse:
        """Keep this pair with this amount in the next run, when it cannot be decided today."""
        proposal = get_visible(
            Proposal.objects.select_related("need__item", "need__household", "lot"), request.user, public_id
        )
        form = KeepForm(request.POST or None, proposal=proposal)
        answer = submit(
            request,
            form,
            lambda data: pin_pair(proposal=proposal, **data, by=request.user, at=clock.now()),
            to=f"{reverse(DESK)}?at={public_id}",
        )
        context = {
            "title": _("Keep for the next run"),
            "hint": _("The next run suggests it again with this amount. Nothing is set aside by it."),
            "proposal": proposal,
            "form": form,
            "desk": f"{reverse(DESK)}?at={public_id}",
        }
        return answer or self.framed(request, "matching/one_act.html", context, form=form)

    def other_view(self, request: SignedRequest, public_id: str) -> HttpResponse:
        """Another resource for the same family; it is decided like any other."""
        proposal = get_visible(Proposal.objects.select_related("need__item"), request.user, public_id)
        need, today = proposal.need, clock.today()
        known = lots_listed(today).filter(items=need.item_id).exclude(pk=proposal.lot_id)
        lots = [
            lot
            for lot in known.select_related("donor").prefetch_related("items").order_by("pk")[:LOTS_LOOKED_AT]
            if all(pair_conditions(need, lot, min(need.remaining, lot.available), today).values())
        ]
        form = OtherLotForm(request.POST or None, need=need, lots=lots)
        answer = submit(
            request,
            form,
            lambda data: take_other_lot(proposal=proposal, **data, by=request.user, at=clock.now()),
            to=lambda made: f"{reverse(DESK)}?at={made.public_id}",
        )
        context = {
            "title": _("Another resource"),
            "proposal": proposal,
            "form": form,
            "lots": lots,
            "desk": reverse(DESK),
        }
        return answer or self.framed(request, "matching/other_lot.html", context, form=form)

    def release_view(self, request: SignedRequest, public_id: str) -> HttpResponse:
        """End a match that was decided: need, resource and project get back what was held."""
        decided = Proposal.objects.exclude(state=ProposalState.SUGGESTED)
        proposal = get_visible(decided, request.user, public_id)
        form = WhyForm(request.POST or None)
        answer = submit(
            request,
            form,
            lambda data: release(proposal=proposal, **data, by=request.user, at=clock.now()),
            to="admin:matching_confirmation_changelist",
        )
        context = {
            "title": _("Call this match off"),
            "proposal": proposal,
            "form": form,
            "desk": reverse("admin:matching_confirmation_changelist"),
        }
        return answer or self.framed(request, "matching/one_act.html", context, form=form)
