"""The desk for agreements and deliveries: sign for the platform, speak for a family with its evidence, see disputes."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.enums import PLATFORM_STAFF
from accounts.requests import SignedRequest
from common.admin import RecordAdmin, StateFilter
from common.gate import get_visible
from common.pages import for_roles, page
from common.templatetags.ui import amount, tag, yuan
from delivery.enums import AgreementKind, AgreementState, EndingState, Signer
from delivery.models import Agreement, Delivery, Disbursement, ProgressReport, Signature, Transfer, Voucher
from delivery.queries import signatures_of
from delivery.views import desk
from delivery.views.agreements import AGREEMENTS
from delivery.views.agreements import facts_of as agreement_facts
from delivery.views.deliveries import DELIVERIES
from delivery.views.deliveries import facts_of as delivery_facts
from delivery.words import agreement_next, agreement_text, changes_of, course_of, delivery_next

staff = for_roles(*PLATFORM_STAFF)


def shown_state(obj: Any) -> SafeString:
    return tag(obj.state_label, obj.state)


shown_state.short_description = _("state")  # type: ignore[attr-defined]
shown_state.admin_order_field = "state"  # type: ignore[attr-defined]


class WaitingFilter(admin.SimpleListFilter):
    title = _("waiting")
    parameter_name = "waiting"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("family", _("for the family's signature")),
            ("platform", _("for the platform's signature")),
            ("talk", _("being discussed")),
            ("ending", _("for a word about the end")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "talk":
            return queryset.filter(state=AgreementState.NEGOTIATING)
        if self.value() == "ending":
            return queryset.filter(endings__state=EndingState.OPEN)
        waits = {"family": Signer.HOUSEHOLD, "platform": Signer.PLATFORM}
        kinds = {"family": AgreementKind.SERVICE, "platform": AgreementKind.ENTRUSTMENT}
        value = self.value()
        if value not in waits:
            return queryset
        signed = Signature.objects.filter(
            agreement=OuterRef("pk"), signer=waits[value], undone_at__isnull=True
        )
        return queryset.filter(~Exists(signed), state=AgreementState.SIGNING, kind=kinds[value])


class DeskAdmin(RecordAdmin):
    """A list whose rows lead to one work page, and one page for each act."""

    roles = PLATFORM_STAFF
    work_name = ""
    list_per_page = 25

    def get_urls(self) -> list[URLPattern]:
        work = self.admin_site.admin_view(staff(self.work_view))
        act = self.admin_site.admin_view(staff(self.act_view))
        return [
            path("<slug:public_id>/work/", work, name=f"{self.work_name}_work"),
            path("<slug:public_id>/work/<slug:slug>/", act, name=f"{self.work_name}_act"),
            *super().get_urls(),
        ]

    def work_view(self, request: SignedRequest, public_id: str) -> HttpResponse:
        raise NotImplementedError

    def act_view(self, request: SignedRequest, public_id: str, slug: str) -> HttpResponse:
        raise NotImplementedError

    @admin.display(description=_("next step"))
    def work(self, obj: Any) -> SafeString:
        url = reverse(f"admin:{self.work_name}_work", args=[obj.public_id])
        return format_html('<a href="{}">{}</a>', url, _("Look at it"))

    def frame(self, request: SignedRequest, row: Any) -> dict[str, Any]:
        """The admin's own frame around a page of ours."""
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": row,
            "title": str(row),
            "row": row,
            "act_name": f"admin:{self.work_name}_act",
        }


@admin.register(Agreement)
class AgreementAdmin(DeskAdmin):
    work_name = "delivery_agreement"
    work_url = "delivery_agreement_work"
    list_display = ["number", "version", "kind", "project", "household", shown_state, "created_at", "work"]
    list_filter = [WaitingFilter, StateFilter, "kind"]
    list_select_related = ["project", "household"]
    search_fields = ["number", "project__title", "household__number"]
    ordering = ["-created_at", "-pk"]
    fields = [
        "number",
        "version",
        "kind",
        "project",
        "household",
        "start",
        "end",
        "effective_at",
        "ground",
        "reason",
    ]

    def work_view(self, request: SignedRequest, public_id: str) -> HttpResponse:
        row: Agreement = get_visible(AGREEMENTS, request.user, public_id)
        context = {
            **self.frame(request, row),
            "next_step": agreement_next(row),
            "facts": agreement_facts(row),
            "parts": agreement_text(row),
            "changes": changes_of(row),
            "signatures": signatures_of(row),
            "acts": desk.agreement_acts(row, request.user),
            **course_of(row, request.user),
        }
        return page(request, "delivery/desk/agreement.html", context)

    def act_view(self, request: SignedRequest, public_id: str, slug: str) -> HttpResponse:
        row: Agreement = get_visible(AGREEMENTS, request.user, public_id)
        back = reverse("admin:delivery_agreement_work", args=[public_id])
        frame = {**self.frame(request, row), "parts": agreement_text(row), "changes": changes_of(row)}
        return desk.act(request, desk.AGREEMENT_ACTS, slug, row, back=back, frame=frame)


@admin.register(Delivery)
class DeliveryAdmin(DeskAdmin):
    work_name = "delivery_delivery"
    work_url = "delivery_delivery_work"
    list_display = ["proposal", "what", shown_state, "planned_on", "delivered_at", "confirmed_at", "work"]
    list_filter = [StateFilter]
    list_select_related = ["proposal__need__item"]
    search_fields = ["proposal__number", "proposal__need__household__number"]
    ordering = ["-planned_on", "-pk"]
    fields = ["proposal", "what", "planned_on", "delivered_at", "confirmed_at", "confirm_method", "reason"]
    readonly_fields = ["what"]

    @admin.display(description=_("what"))
    def what(self, obj: Delivery) -> str:
        item = obj.proposal.need.item
        return f"{item.label} · {amount(obj.amount, item)}"

    def work_view(self, request: SignedRequest, public_id: str) -> HttpResponse:
        row: Delivery = get_visible(DELIVERIES, request.user, public_id)
        context = {
            **self.frame(request, row),
            "title": self.what(row),
            "next_step": delivery_next(row),
            "facts": delivery_facts(row),
            "acts": desk.delivery_acts(row, request.user),
        }
        return page(request, "delivery/desk/delivery.html", context)

    def act_view(self, request: SignedRequest, public_id: str, slug: str) -> HttpResponse:
        row: Delivery = get_visible(DELIVERIES, request.user, public_id)
        back = reverse("admin:delivery_delivery_work", args=[public_id])
        frame = {**self.frame(request, row), "facts": delivery_facts(row)}
        return desk.act(request, desk.DELIVERY_ACTS, slug, row, back=back, frame=frame)


class MoneyAdmin(RecordAdmin):
    """Rows with a sum of money, shown in yuan."""

    roles = PLATFORM_STAFF
    readonly_fields = ["shown_sum"]

    @admin.display(description=_("sum"), ordering="amount")
    def shown_sum(self, obj: Any) -> str:
        return yuan(obj.amount)


@admin.register(Transfer)
class TransferAdmin(MoneyAdmin):
    list_display = ["lot", "fund_holder", "shown_sum", shown_state, "sent_on", "arrived_on", "receipt_no"]
    list_filter = [StateFilter]
    list_select_related = ["lot", "fund_holder__organisation"]
    search_fields = ["bank_reference", "receipt_no", "lot__title"]
    ordering = ["-declared_at", "-pk"]
    fields = [
        "lot",
        "fund_holder",
        "shown_sum",
        "sent_on",
        "bank_reference",
        "arrived_on",
        "receipt_no",
        "reason",
    ]


@admin.register(Disbursement)
class DisbursementAdmin(MoneyAdmin):
    list_display = ["number", "project", "tranche", "shown_sum", shown_state, "paid_on", "created_at"]
    list_filter = [StateFilter]
    list_select_related = ["project"]
    search_fields = ["number", "project__title", "payment_reference"]
    ordering = ["-created_at", "-pk"]
    fields = [
        "number", "project", "agreement", "tranche", "shown_sum", "purpose", "requested_by", "checked_by",
        "first_approver", "second_approver", "paid_on", "payment_reference", "reason",
    ]  # fmt: skip


@admin.register(Voucher)
class VoucherAdmin(MoneyAdmin):
    list_display = ["number", "issuer", "shown_sum", "dated", "disbursement", "at"]
    list_select_related = ["disbursement"]
    search_fields = ["number", "issuer", "disbursement__number"]
    ordering = ["-at", "-pk"]
    fields = ["disbursement", "issuer", "number", "shown_sum", "dated", "purpose", "at"]


@admin.register(Signature)
class SignatureAdmin(RecordAdmin):
    roles = PLATFORM_STAFF
    list_display = ["agreement", "signer", "method", "signed_at", "undone_at"]
    list_filter = ["signer", "method"]
    list_select_related = ["agreement"]
    search_fields = ["agreement__number"]
    ordering = ["-signed_at", "-pk"]
    fields = ["agreement", "signer", "method", "signed_at", "undo_until", "undone_at", "text_hash"]


@admin.register(ProgressReport)
class ProgressReportAdmin(RecordAdmin):
    roles = PLATFORM_STAFF
    list_display = ["project", "period_start", "period_end", "households_served", "at"]
    list_select_related = ["project"]
    search_fields = ["project__title", "project__number"]
    ordering = ["-at", "-pk"]
    fields = ["project", "period_start", "period_end", "text", "households_served", "at"]
