"""Agreements on the side of agency and fund holder: read, written, signed, ended."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

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
from delivery.models import Agreement
from delivery.queries import drawn_under, open_remarks, own_signature, paid_under, signatures_of
from delivery.rules import use_changes
from delivery.services.writing import REWRITABLE
from delivery.views.acts import act_page, open_acts
from delivery.views.agreement_acts import ACTS, signer_of
from delivery.words import agreement_next, agreement_text, changes_of, course_of, told_remarks
from projects.models import JointAnalysis, Project

_A = AgreementState
AGREEMENTS = Agreement.objects.select_related(
    "project__agency__organisation", "project__fund_holder__organisation", "household", "analysis", "replaces"
)


@for_roles(Role.AGENCY, Role.FUND_HOLDER, Role.DONOR, Role.OFFICER)
def agreements(request: SignedRequest) -> HttpResponse:
    """Every agreement of the own projects, the newest first."""
    chosen = AgreementFilter(request.GET, queryset=AGREEMENTS.visible_to(request.user))
    found = keyset(request, chosen, order=("-created_at", "-id"))
    return page(
        request, "delivery/agreements.html", {"title": _("Agreements"), "filter": chosen, "page": found}
    )


@for_roles(Role.AGENCY, Role.FUND_HOLDER, Role.DONOR, Role.OFFICER)
def agreement(request: SignedRequest, public_id: str) -> HttpResponse:
    """The file of an agreement: the text as it is signed, who has signed, what comes next."""
    row = _own(request, public_id)
    user: Any = request.user
    signer, donor = signer_of(row, user)
    context = {
        "title": _("Agreement %(number)s") % {"number": row},
        "row": row,
        "next_step": agreement_next(row),
        "facts": facts_of(row),
        "parts": agreement_text(row),
        "changes": changes_of(row),
        "signatures": signatures_of(row),
        "acts": open_acts(ACTS, row, user),
        "may_sign": row.state == _A.SIGNING and signer is not None
        and own_signature(row, signer, donor) is None,
        "changes_use": row.state in {_A.NEGOTIATING, _A.SIGNING} and use_changes(row),
        "may_edit": user.seat.role == Role.AGENCY and row.state in REWRITABLE,
        "may_amend": user.seat.role == Role.AGENCY and row.state == _A.EFFECTIVE,
        **course_of(row, user),
    }  # fmt: skip
    return page(request, "delivery/agreement.html", context)


@for_roles(Role.AGENCY, Role.FUND_HOLDER, Role.DONOR, Role.OFFICER)
def agreement_act(request: SignedRequest, public_id: str, slug: str) -> HttpResponse:
    """One step of an agreement."""
    row = _own(request, public_id)
    back = reverse("delivery:agreement", args=[public_id])
    return act_page(request, ACTS, slug, row, back=back, facts=facts_of(row))


@for_roles(Role.AGENCY, Role.FUND_HOLDER, Role.DONOR, Role.OFFICER)
def sign(request: SignedRequest, public_id: str) -> HttpResponse:
    """Read the whole text once more, then sign exactly it."""
    row = _own(request, public_id)
    user: Any = request.user
    signer = signer_of(row, user)[0]
    if signer is None:
        raise Http404(_("This text is not signed by you. Go back and read what comes next."))
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
        "title": _("Agree that your money is used this way") if signer == Signer.DONOR
        else _("Sign for your organisation"), "form": form, "row": row, "facts": facts_of(row),
        "parts": agreement_text(row), "changes": changes_of(row),
        "back": reverse("delivery:agreement", args=[public_id]),
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
    """Change the text before it is in force; what others have read becomes an earlier version."""
    row = _own(request, public_id)
    if request.method == "GET" and row.state not in REWRITABLE:
        raise Http404(_("This text is not open for changes any more."))
    form = _form_for(request, row)
    title = _("Change the text") if row.state == _A.DRAFT else _("New version")
    return _write(request, form, services.rewrite_agreement, {"agreement": row}, title, row.project)


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
    remarks = list(open_remarks(row))
    return EntrustmentForm(request.POST or None, project=row.project, agreement=row, remarks=remarks)


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
    agreement = given.get("agreement")
    remarks = told_remarks(open_remarks(agreement)) if agreement is not None else []
    context = {"title": title, "form": form, "project": project, "agreement": agreement, "remarks": remarks}
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
            (_("Asked for so far"), yuan(drawn_under(row))),
            (_("Paid out so far"), yuan(paid_under(row))),
        ]
    facts.append((_("From – until"), f"{day(row.start)} – {day(row.end)}"))
    return facts
