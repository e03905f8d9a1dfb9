"""Agreements on the side of agency and fund holder: read, written, signed, ended."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Role
from accounts.requests import SignedRequest, acting_seat
from common import clock
from common.gate import get_visible
from common.pages import for_roles, keyset, page, submit
from common.templatetags.ui import day, yuan
from delivery import services
from delivery.enums import AgreementKind, AgreementState, Signer
from delivery.filters import AgreementFilter
from delivery.forms.agreements import EntrustmentForm, ServiceForm, SignForm, TermsForm
from delivery.forms.money import ReasonForm
from delivery.models import Agreement
from delivery.queries import signatures_of
from delivery.rules import SIGNERS
from delivery.views.acts import Act, act_page, open_acts
from delivery.words import AGREEMENT_NEXT, agreement_text
from projects.models import JointAnalysis, Project

_A = AgreementState
AGREEMENTS = Agreement.objects.select_related(
    "project__agency__organisation", "project__fund_holder__organisation", "household", "analysis", "replaces"
)
OWN_SIGNER = {Role.AGENCY: Signer.AGENCY, Role.FUND_HOLDER: Signer.FUND_HOLDER}


def _undo_open(row: Agreement, user: Any) -> bool:
    signature = row.signatures.filter(signer=OWN_SIGNER[user.seat.role], undone_at__isnull=True).first()
    return signature is not None and clock.now() < signature.undo_until


def _undo(row: Agreement, by: Any, at: Any) -> Agreement:
    return services.undo_signature(agreement=row, signer=OWN_SIGNER[by.seat.role], by=by, at=at)


ACTS = {
    "open": Act(
        gettext_lazy("Open for signing"),
        gettext_lazy("The text is fixed, and every party is asked to sign it."),
        Role.AGENCY,
        frozenset({_A.DRAFT}),
        lambda row, data, by, at: services.open_signing(agreement=row, by=by, at=at),
    ),
    "undo": Act(
        gettext_lazy("Take our signature back"),
        gettext_lazy("Within ten minutes, as if it had not been signed."),
        Role.AGENCY,
        frozenset({_A.SIGNING, _A.SIGNED}),
        lambda row, data, by, at: _undo(row, by, at),
        is_main=False,
        when=_undo_open,
    ),
    "undo-holder": Act(
        gettext_lazy("Take our signature back"),
        gettext_lazy("Within ten minutes, as if it had not been signed."),
        Role.FUND_HOLDER,
        frozenset({_A.SIGNING, _A.SIGNED}),
        lambda row, data, by, at: _undo(row, by, at),
        is_main=False,
        when=_undo_open,
    ),
    "fulfil": Act(
        gettext_lazy("Everything agreed was done"),
        gettext_lazy("The agreement is fulfilled and ends; what was shared with you for it is closed."),
        Role.AGENCY,
        frozenset({_A.EFFECTIVE}),
        lambda row, data, by, at: services.fulfil_agreement(agreement=row, by=by, at=at),
        is_main=False,
    ),
    "end": Act(
        gettext_lazy("End the agreement early"),
        gettext_lazy("The other parties read why. What was not handed over yet goes back."),
        Role.AGENCY,
        frozenset({_A.DRAFT, _A.SIGNING, _A.SIGNED, _A.EFFECTIVE}),
        lambda row, data, by, at: services.terminate_agreement(
            agreement=row, reason=data["reason"], by=by, at=at
        ),
        ReasonForm,
        is_main=False,
    ),
}


@for_roles(Role.AGENCY, Role.FUND_HOLDER)
def agreements(request: SignedRequest) -> HttpResponse:
    """Every agreement of the own projects, the newest first."""
    chosen = AgreementFilter(request.GET, queryset=AGREEMENTS.visible_to(request.user))
    found = keyset(request, chosen, order=("-created_at", "-id"))
    return page(
        request, "delivery/agreements.html", {"title": _("Agreements"), "filter": chosen, "page": found}
    )


@for_roles(Role.AGENCY, Role.FUND_HOLDER)
def agreement(request: SignedRequest, public_id: str) -> HttpResponse:
    """The file of an agreement: the text as it is signed, who has signed, what comes next."""
    row = _own(request, public_id)
    user: Any = request.user
    signatures = signatures_of(row)
    mine = OWN_SIGNER[user.seat.role]
    context = {
        "title": _("Agreement %(number)s") % {"number": row},
        "row": row,
        "next_step": AGREEMENT_NEXT[row.state],
        "facts": facts_of(row),
        "parts": agreement_text(row),
        "signatures": signatures,
        "acts": open_acts(ACTS, row, user),
        "may_sign": row.state == _A.SIGNING and mine in SIGNERS[AgreementKind(row.kind)]
        and not any(one["signer"] == mine and one["signature"] for one in signatures),
        "may_edit": user.seat.role == Role.AGENCY and row.state in {_A.DRAFT, _A.SIGNING},
        "may_amend": user.seat.role == Role.AGENCY and row.state == _A.EFFECTIVE,
        "is_agency": user.seat.role == Role.AGENCY,
    }  # fmt: skip
    return page(request, "delivery/agreement.html", context)


@for_roles(Role.AGENCY, Role.FUND_HOLDER)
def agreement_act(request: SignedRequest, public_id: str, slug: str) -> HttpResponse:
    """One step of an agreement."""
    row = _own(request, public_id)
    back = reverse("delivery:agreement", args=[public_id])
    return act_page(request, ACTS, slug, row, back=back, facts=facts_of(row))


@for_roles(Role.AGENCY, Role.FUND_HOLDER)
def sign(request: SignedRequest, public_id: str) -> HttpResponse:
    """Read the whole text once more, then sign exactly it."""
    row = _own(request, public_id)
    user: Any = request.user
    signer = OWN_SIGNER[user.seat.role]
    form = SignForm(request.POST or None, initial={"text_hash": row.content_hash})
    answer = submit(
        request,
        form,
        lambda data: services.sign_agreement(
            agreement=row, signer=signer, method="web", evidence=None, **data, by=user, at=clock.now()
        ),
        to=reverse("delivery:agreement", args=[public_id]),
    )
    context = {
        "title": _("Sign for your organisation"), "form": form, "row": row, "facts": facts_of(row),
        "parts": agreement_text(row), "back": reverse("delivery:agreement", args=[public_id]),
    }  # fmt: skip
    return answer or page(request, "delivery/sign.html", context, form=form)


@for_roles(Role.AGENCY)
def new_service(request: SignedRequest, public_id: str) -> HttpResponse:
    """Write the agreement with a family, beginning from what was found out together."""
    analyses = JointAnalysis.objects.select_related("project__agency", "household")
    analysis: JointAnalysis = get_visible(analyses, request.user, public_id)
    form = ServiceForm(request.POST or None, analysis=analysis)
    given = {"kind": AgreementKind.SERVICE, "project": analysis.project, "household": analysis.household}
    return _write(
        request, form, services.draft_agreement, given, _("Agreement with the family"), analysis.project
    )


@for_roles(Role.AGENCY)
def new_entrustment(request: SignedRequest, public_id: str) -> HttpResponse:
    """Write the agreement with fund holder and platform."""
    own = Project.objects.all().run_by(acting_seat(request).organisation_id)
    project: Project = get_visible(own, request.user, public_id)
    form = EntrustmentForm(request.POST or None, project=project)
    given = {"kind": AgreementKind.ENTRUSTMENT, "project": project, "household": None}
    return _write(request, form, services.draft_agreement, given, _("Entrustment agreement"), project)


@for_roles(Role.AGENCY)
def edit(request: SignedRequest, public_id: str) -> HttpResponse:
    """Change the text before it is in force; signatures given so far are void."""
    row = _own(request, public_id)
    if row.state not in {_A.DRAFT, _A.SIGNING}:
        raise Http404(_("This text is not open for changes any more."))
    form = _form_for(request, row)
    return _write(
        request, form, services.reopen_agreement, {"agreement": row}, _("Change the text"), row.project
    )


@for_roles(Role.AGENCY)
def amend(request: SignedRequest, public_id: str) -> HttpResponse:
    """A new version, signed by the same parties; until then the present one stays in force."""
    row = _own(request, public_id)
    form = _form_for(request, row)
    return _write(request, form, services.amend_agreement, {"agreement": row}, _("New version"), row.project)


def _own(request: SignedRequest, public_id: str) -> Agreement:
    found: Agreement = get_visible(AGREEMENTS, request.user, public_id)
    return found


def _form_for(request: SignedRequest, row: Agreement) -> TermsForm:
    if row.kind == AgreementKind.SERVICE and row.analysis is not None:
        return ServiceForm(request.POST or None, analysis=row.analysis, agreement=row)
    return EntrustmentForm(request.POST or None, project=row.project, agreement=row)


def _write(
    request: SignedRequest, form: TermsForm, service: Any, given: dict[str, Any], title: str, project: Project
) -> HttpResponse:
    """Show the form; what it says in the end goes to the service as the terms of the agreement."""
    answer = submit(
        request,
        form,
        lambda _data: service(**given, **form.terms(), by=request.user, at=clock.now()),
        to=lambda done: reverse("delivery:agreement", args=[done.public_id]),
    )
    context = {"title": title, "form": form, "project": project, "agreement": given.get("agreement")}
    return answer or page(request, "delivery/write.html", context, form=form)


def facts_of(row: Agreement) -> list[tuple[Any, Any]]:
    """Who agrees with whom, about how much, until when."""
    holder = row.project.fund_holder
    facts: list[tuple[Any, Any]] = [(_("Project"), row.project.title), (_("Agency"), row.project.agency.name)]
    if row.household is not None:
        facts.append((_("Family"), row.household.number))
    else:
        facts += [
            (_("Fund holder"), holder.organisation.name if holder else "—"),
            (_("Sum"), yuan(row.amount)),
            (_("Asked for so far"), yuan(row.drawn)),
        ]
    facts.append((_("From – until"), f"{day(row.start)} – {day(row.end)}"))
    return facts
