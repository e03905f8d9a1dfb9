"""Handing over: planned for a match under agreement, recorded with a photo, put right when the family says so."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Role
from accounts.requests import SignedRequest, acting_seat
from common import clock
from common.gate import get_visible
from common.pages import for_roles, keyset, page, submit
from common.templatetags.ui import amount, day, moment
from delivery import services
from delivery.enums import DeliveryState
from delivery.filters import DeliveryFilter
from delivery.forms.handing import HandedOverForm, PlanForm
from delivery.forms.money import ReasonForm, ReportForm
from delivery.models import Delivery, ProgressReport
from delivery.queries import planned_of
from delivery.services.papers import kept
from delivery.views.acts import Act, act_page, open_acts
from delivery.words import delivery_next
from matching.enums import ProposalState
from matching.models import Proposal
from projects.models import Project

_H = DeliveryState
DELIVERIES = Delivery.objects.select_related(
    "proposal__need__item", "proposal__need__household", "proposal__project", "disbursement", "proof"
)
ACTS = {
    "record": Act(
        gettext_lazy("It was handed over"),
        gettext_lazy("Then the family is asked whether it arrived."),
        Role.AGENCY,
        frozenset({_H.PLANNED}),
        lambda row, data, by, at: services.record_delivery(
            delivery=row,
            delivered_on=data["delivered_on"],
            proof=kept(data["upload"], "delivery_proof", row, by=by, at=at),
            by=by,
            at=at,
        ),
        HandedOverForm,
    ),
    "right": Act(
        gettext_lazy("It was put right"),
        gettext_lazy("Say what you did. The family is asked once more."),
        Role.AGENCY,
        frozenset({_H.DISPUTED}),
        lambda row, data, by, at: services.resolve_dispute(delivery=row, reason=data["reason"], by=by, at=at),
        ReasonForm,
    ),
    "cancel": Act(
        gettext_lazy("It will not be handed over"),
        gettext_lazy("The amount can be planned anew."),
        Role.AGENCY,
        frozenset({_H.PLANNED, _H.DISPUTED}),
        lambda row, data, by, at: services.cancel_delivery(delivery=row, reason=data["reason"], by=by, at=at),
        ReasonForm,
        is_main=False,
        is_danger=True,
    ),
}


@for_roles(Role.AGENCY)
def deliveries(request: SignedRequest) -> HttpResponse:
    """Everything planned and handed over, the next day first."""
    chosen = DeliveryFilter(request.GET, queryset=DELIVERIES.visible_to(request.user))
    found = keyset(request, chosen, order=("-planned_on", "-id"))
    return page(
        request, "delivery/deliveries.html", {"title": _("Deliveries"), "filter": chosen, "page": found}
    )


@for_roles(Role.AGENCY)
def delivery(request: SignedRequest, public_id: str) -> HttpResponse:
    """One delivery: what, for which match, what the family says."""
    row: Delivery = get_visible(DELIVERIES, request.user, public_id)
    context = {
        "title": _("Delivery for match %(number)s") % {"number": row.proposal.number},
        "row": row,
        "facts": facts_of(row),
        "next_step": delivery_next(row),
        "acts": open_acts(ACTS, row, request.user),
    }
    return page(request, "delivery/delivery.html", context)


@for_roles(Role.AGENCY)
def delivery_act(request: SignedRequest, public_id: str, slug: str) -> HttpResponse:
    """One step of a delivery."""
    row: Delivery = get_visible(DELIVERIES, request.user, public_id)
    back = reverse("delivery:delivery", args=[public_id])
    return act_page(request, ACTS, slug, row, back=back, facts=facts_of(row))


@for_roles(Role.AGENCY)
def plan(request: SignedRequest, public_id: str) -> HttpResponse:
    """Plan to hand over part or all of a match."""
    own = Proposal.objects.filter(state__in=[ProposalState.AGREED, ProposalState.EXECUTING])
    proposal: Proposal = get_visible(
        own.select_related("need__item", "need__household", "project"), request.user, public_id
    )
    left = proposal.amount - planned_of(proposal)
    form = PlanForm(request.POST or None, proposal=proposal, left=left)

    def act(data: Any) -> Any:
        given = {"disbursement": None, **data}
        return services.plan_delivery(proposal=proposal, **given, by=request.user, at=clock.now())

    answer = submit(request, form, act, to=lambda done: reverse("delivery:delivery", args=[done.public_id]))
    context = {
        "title": _("Plan the delivery"), "form": form, "button": _("Plan it"),
        "back": reverse("projects:file", args=[proposal.project.public_id]) if proposal.project else "/",
        "text": _("Match %(number)s: %(item)s, %(left)s still to be planned.") % {
            "number": proposal.number, "item": proposal.need.item.label, "left": amount(left, proposal.need.item),
        },
    }  # fmt: skip
    return answer or page(request, "delivery/one_form.html", context, form=form)


@for_roles(Role.AGENCY, Role.FUND_HOLDER)
def reports(request: SignedRequest) -> HttpResponse:
    """What was reported on the own projects, the newest first."""
    rows = ProgressReport.objects.select_related("project").visible_to(request.user)
    found = keyset(request, rows, order=("-at", "-id"))
    is_agency = acting_seat(request).role == Role.AGENCY
    context = {"title": _("Progress reports"), "page": found, "is_agency": is_agency}
    return page(request, "delivery/reports.html", context)


@for_roles(Role.AGENCY)
def new_report(request: SignedRequest, public_id: str) -> HttpResponse:
    """Report a period of work."""
    own = Project.objects.all().run_by(acting_seat(request).organisation_id)
    project: Project = get_visible(own, request.user, public_id)
    form = ReportForm(request.POST or None)
    answer = submit(
        request,
        form,
        lambda data: services.report_progress(project=project, **data, by=request.user, at=clock.now()),
        to=reverse("delivery:reports"),
    )
    context = {
        "title": _("Report on the work"), "form": form, "button": _("Send the report"), "text": project.title,
        "back": reverse("projects:file", args=[project.public_id]),
    }  # fmt: skip
    return answer or page(request, "delivery/one_form.html", context, form=form)


def facts_of(row: Delivery) -> list[tuple[Any, Any]]:
    """What is handed over, for whom, when, from which payment."""
    need = row.proposal.need
    facts = [
        (_("What"), f"{need.item.label} · {amount(row.amount, need.item)}"),
        (_("Match"), row.proposal.number),
        (_("Family"), need.household.number),
        (_("Planned for"), day(row.planned_on)),
        (_("Handed over"), moment(row.delivered_at)),
        (_("Confirmed by the family"), moment(row.confirmed_at)),
    ]
    return [*facts, (_("From payment"), row.disbursement.number)] if row.disbursement else facts
