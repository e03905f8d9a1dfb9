"""The desk for donors: check registrations, look at offers, hold them, watch late feedback."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.requests import SignedRequest
from accounts.rules import works_with
from common import clock
from common.admin import RecordAdmin, StateFilter, yes_or_no
from common.gate import get_visible
from common.masking import mask_name
from common.pages import for_roles, page, submit
from common.templatetags.ui import amount, tag
from donors.enums import LotState
from donors.forms.desk import DONOR_ACTS, LOT_ACTS, DonorDecisionForm, LotDecisionForm
from donors.models import Donor, FeedbackDue, LedgerEntry, Lot, Pledge
from donors.queries import ledger_of
from donors.words import condition_rows, counter_rows, lot_rows

DESK = frozenset({Role.SOCIAL_WORKER, Role.SUPERVISOR})
workers = for_roles(*DESK)


def shown_state(obj: Any) -> SafeString:
    return tag(obj.state_label, obj.state)


shown_state.short_description = _("state")  # type: ignore[attr-defined]
shown_state.admin_order_field = "state"  # type: ignore[attr-defined]


class WaitingFilter(admin.SimpleListFilter):
    title = _("waiting")
    parameter_name = "waiting"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("to look at"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() != "yes":
            return queryset
        return queryset.filter(state__in=[LotState.SUBMITTED, LotState.REVIEWING])


class LateFilter(admin.SimpleListFilter):
    title = _("late")
    parameter_name = "late"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("late and not given"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return (
            queryset.filter(done_at__isnull=True, due__lt=clock.now()) if self.value() == "yes" else queryset
        )


class DeskAdmin(RecordAdmin):
    """A list whose rows lead to one work page: evidence and decision together."""

    roles = DESK

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(workers(self.work_view))
        return [path("<slug:public_id>/work/", view, name=self.work_url), *super().get_urls()]

    def work_view(self, request: SignedRequest, public_id: str) -> HttpResponse:
        raise NotImplementedError

    @admin.display(description=_("next step"))
    def work(self, obj: Any) -> SafeString:
        url = reverse(f"admin:{self.work_url}", args=[obj.public_id])
        return format_html('<a href="{}">{}</a>', url, _("Look at it"))

    def decide(
        self, request: HttpRequest, obj: Any, form: Any, acts: Any, context: dict[str, Any]
    ) -> HttpResponse:
        """Run the chosen act once; back to the list."""

        def act(data: Any) -> Any:
            return acts[data["act"]].run(obj, data["reason"], request.user, clock.now())

        answer = submit(
            request, form, act, to=reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        )
        base = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": obj,
            "title": str(obj),
        }
        return answer or page(request, "donors/desk.html", {**base, "form": form, **context}, form=form)


@admin.register(Donor)
class DonorAdmin(DeskAdmin):
    work_url = "donors_donor_work"
    list_display = [
        "display_name",
        "kind",
        shown_state,
        "is_state_owned",
        "look_twice",
        "star",
        "registered_at",
        "work",
    ]
    list_filter = [StateFilter, "kind", "needs_review", "state_owned"]
    search_fields = ["display_name", "organisation__uscc"]
    ordering = ["-registered_at", "-pk"]
    fields = [
        "display_name", "kind", "alias", "show_name", "legal_representative", "state_owned", "approval_doc",
        "needs_review", "star", "registered_at", "verified_at", "reason",
    ]  # fmt: skip

    @admin.display(description=_("state-owned"), ordering="state_owned")
    def is_state_owned(self, row: Donor) -> str:
        return yes_or_no(row.state_owned)

    @admin.display(description=_("look at every offer twice"), ordering="needs_review")
    def look_twice(self, row: Donor) -> str:
        return yes_or_no(row.needs_review)

    def work_view(self, request: SignedRequest, public_id: str) -> HttpResponse:
        donor: Donor = get_visible(Donor, request.user, public_id)
        body = donor.organisation
        near = works_with(request.user, body)
        if request.method == "POST" and not near:
            raise Http404(_("The workers of the places where it is at work do this step."))
        form = DonorDecisionForm(request.POST or None, donor=donor, near=near)
        qualifications = (
            (_("Recognised as a charity"), donor.is_charity),
            (_("May raise funds in public"), donor.may_fundraise),
            (_("Gifts to it reduce tax"), donor.tax_deductible),
        )
        facts = [
            (_("Kind"), donor.get_kind_display()),
            (_("Credit code"), body.uscc if body else ""),
            (_("Legal representative"), donor.legal_representative),
            (_("Registered with"), donor.get_registration_level_display()),
            *((label, yes_or_no(said)) for label, said in qualifications if said is not None),
            (_("State-owned"), yes_or_no(donor.state_owned)),
            (_("Approval"), donor.approval_doc),
            (_("Contact person"), donor.contact_name if near else mask_name(donor.contact_name)),
            (_("Named in public"), donor.public_name),
            (_("Offers not kept"), donor.lots.filter(state=LotState.DEFAULTED).count()),
        ]
        papers = [
            (label, one)
            for label, one in ((donor.certificate_name, donor.licence), (_("Approval"), donor.approval_file))
            if one and near
        ]
        stated = [(label, value) for label, value in facts if value != ""]
        return self.decide(
            request,
            donor,
            form,
            DONOR_ACTS,
            {"facts": stated, "papers": papers, "subject": donor, "is_far": not near},
        )


@admin.register(Lot)
class LotAdmin(DeskAdmin):
    work_url = "donors_lot_work"
    list_display = ["title", "donor", "kind", "how_much", "origin", shown_state, "submitted_at", "work"]
    list_filter = [WaitingFilter, StateFilter, "kind", "origin"]
    list_select_related = ["donor"]
    search_fields = ["title", "donor__display_name", "document_no"]
    ordering = ["pk"]
    fields = [
        "title",
        "donor",
        "kind",
        "how_much",
        "valid_from",
        "valid_until",
        "submitted_at",
        "listed_at",
        "reason",
    ]
    readonly_fields = ["how_much"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("items")

    @admin.display(description=_("quantity"), ordering="quantity")
    def how_much(self, obj: Lot) -> str:
        return amount(obj.quantity, obj.unit_item)

    def work_view(self, request: SignedRequest, public_id: str) -> HttpResponse:
        lot: Lot = get_visible(Lot, request.user, public_id)
        form = LotDecisionForm(request.POST or None, lot=lot)
        facts = [
            (_("Donor"), lot.donor.display_name),
            (_("State of the donor"), lot.donor.state_label),
            *((row.label, row.value) for row in lot_rows(lot)),
            (_("Sent"), lot.submitted_at),
        ]
        context = {
            "facts": facts,
            "conditions": [(row.label, row.value) for row in condition_rows(lot)],
            "counters": counter_rows(lot) if lot.listed_at else [],
            "papers": [(_("Evidence of the value"), lot.value_evidence)] if lot.value_evidence else [],
            "entries": ledger_of(lot)[:20],
            "item": lot.unit_item,
            "subject": lot,
            "warn_twice": lot.donor.needs_review,
        }
        return self.decide(request, lot, form, LOT_ACTS, context)


class OfLotAdmin(RecordAdmin):
    """Rows that count units of a lot: yuan, quilts, hours, never the bare number."""

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("lot__items")

    @admin.display(description=_("quantity"), ordering="quantity")
    def how_much(self, obj: Any) -> str:
        return amount(obj.quantity, obj.lot.unit_item)


@admin.register(Pledge)
class PledgeAdmin(OfLotAdmin):
    roles = DESK
    list_display = ["lot", "donor", "how_much", "binding", shown_state, "made_at"]
    list_filter = [StateFilter, "binding"]
    list_select_related = ["lot", "donor"]
    search_fields = ["donor__display_name", "need_ref"]
    ordering = ["-made_at", "-pk"]
    fields = ["donor", "lot", "need_ref", "how_much", "binding", "made_at", "undo_until", "reason"]
    readonly_fields = ["how_much"]


@admin.register(FeedbackDue)
class FeedbackDueAdmin(RecordAdmin):
    roles = DESK
    list_display = ["lot", "kind", "responsible", "due", "done_at"]
    list_filter = [LateFilter, "kind"]
    list_select_related = ["lot", "responsible"]
    search_fields = ["lot__title", "responsible__name"]
    ordering = ["due", "pk"]
    fields = ["lot", "donor", "kind", "responsible", "opened_at", "due", "done_at", "text"]


@admin.register(LedgerEntry)
class LedgerEntryAdmin(OfLotAdmin):
    roles = DESK
    list_display = ["at", "lot", "kind", "source", "target", "how_much"]
    list_filter = ["kind"]
    list_select_related = ["lot"]
    search_fields = ["lot__title", "cause_ref"]
    ordering = ["-at", "-pk"]
    fields = ["at", "lot", "kind", "source", "target", "how_much", "cause_label", "cause_ref"]
    readonly_fields = ["how_much"]
