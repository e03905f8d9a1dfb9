"""The family's own pages: the agreement in plain words, and whether the help has arrived."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from common import clock
from common.forms import ConfirmForm, Form
from common.pages import page, submit
from delivery import services
from delivery.enums import AgreementKind, AgreementState, DeliveryState, Signer
from delivery.forms.agreements import SignForm
from delivery.forms.handing import EvidenceForm, WrongForm
from delivery.models import Agreement, Delivery
from delivery.queries import own_signature
from delivery.rules import SIGNING_SCOPE
from delivery.services.papers import kept
from delivery.words import agreement_text
from households.access import actor, current, holder, household_page

STATUS = "households:status"


class SignWithEvidence(SignForm, EvidenceForm):
    """A delegate signs with the family's own signature in a photo."""


@household_page
def agreement(request: HttpRequest, public_id: str) -> HttpResponse:
    """Read it in peace; sign, or leave it for now."""
    row = _agreement(request, public_id)
    signature = own_signature(row, Signer.HOUSEHOLD)
    context = {
        "title": _("An agreement to read"),
        "row": row,
        "parts": agreement_text(row),
        "signature": signature,
        "undo_open": signature is not None
        and row.state in {AgreementState.SIGNING, AgreementState.SIGNED}
        and clock.now() < signature.undo_until,
        "may_sign": row.state == AgreementState.SIGNING and signature is None,
        "may_leave": row.state in {AgreementState.SIGNING, AgreementState.SIGNED, AgreementState.EFFECTIVE},
    }
    return page(request, "delivery/household_agreement.html", context)


@household_page(needs=SIGNING_SCOPE)
def sign(request: HttpRequest, public_id: str) -> HttpResponse:
    """Yes, we agree; ten minutes to think again."""
    row = _agreement(request, public_id)
    is_delegate = _is_delegate(request)
    kind = SignWithEvidence if is_delegate else SignForm
    form: Form = kind(request.POST or None, request.FILES or None, initial={"text_hash": row.content_hash})

    def act(data: Any) -> Any:
        at, by = clock.now(), actor(request)
        return services.sign_agreement(
            agreement=row,
            signer=Signer.HOUSEHOLD,
            text_hash=data["text_hash"],
            method="delegate" if is_delegate else "web",
            evidence=kept(data.get("upload"), "signature_evidence", row, by=by, at=at),
            by=by,
            at=at,
        )

    answer = submit(request, form, act, to=_back(row))
    if answer is not None:
        messages.success(request, _("Thank you. You have ten minutes to think again."))
    context = {
        "title": _("Do you agree?"), "form": form, "row": row, "parts": agreement_text(row), "back": _back(row),
        "button": _("Yes, we agree"), "no": _("Not now"),
    }  # fmt: skip
    return answer or page(request, "delivery/household_sign.html", context, form=form)


@household_page(needs=SIGNING_SCOPE)
def undo(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ten minutes to think again."""
    row = _agreement(request, public_id)
    form = ConfirmForm(request.POST or None)
    answer = submit(
        request,
        form,
        lambda _data: services.undo_signature(
            agreement=row, signer=Signer.HOUSEHOLD, by=actor(request), at=clock.now()
        ),
        to=_back(row),
    )
    words = {"title": _("Think again?"), "button": _("Take our signature back"), "no": _("Leave it as it is")}
    text = _("It is as if you had not signed. You can sign later, or not at all.")
    context = {"form": form, "back": _back(row), "text": text, **words}
    return answer or page(request, "delivery/household_act.html", context, form=form)


@household_page(needs=SIGNING_SCOPE)
def leave(request: HttpRequest, public_id: str) -> HttpResponse:
    """Leave the agreement, at any time and without a reason."""
    row = _agreement(request, public_id)
    form = ConfirmForm(request.POST or None)
    answer = submit(
        request,
        form,
        lambda _data: services.terminate_agreement(
            agreement=row, reason="", by=actor(request), at=clock.now()
        ),
        to=STATUS,
    )
    if answer is not None:
        messages.success(
            request, _("You have left the agreement. The agency sees nothing of yours any more.")
        )
    words = {"title": _("Leave the agreement?"), "button": _("Yes, leave it"), "no": _("No, stay")}
    text = _(
        "You need no reason. What you have received stays yours. What was not brought yet does not come this way; "
        "your application stays, and we go on looking."
    )
    context = {"form": form, "back": _back(row), "text": text, "danger": True, **words}
    return answer or page(request, "delivery/household_act.html", context, form=form)


@household_page
def arrived(request: HttpRequest, public_id: str) -> HttpResponse:
    """Has it arrived? Yes."""
    row = _delivery(request, public_id)
    form: Form = (EvidenceForm if _is_delegate(request) else ConfirmForm)(
        request.POST or None, request.FILES or None
    )

    def act(data: Any) -> Any:
        at, by = clock.now(), actor(request)
        return services.confirm_receipt(
            delivery=row,
            method="delegate" if _is_delegate(request) else "web",
            evidence=kept(data.get("upload"), "confirmation_evidence", row, by=by, at=at),
            by=by,
            at=at,
        )

    answer = submit(request, form, act, to=STATUS)
    if answer is not None:
        messages.success(
            request,
            _(
                "Thank you for telling us. You have ten minutes to think again; then we pass it on, without your name."
            ),
        )
    words = {"title": _("Has it arrived?"), "button": _("Yes, it has arrived"), "no": _("Go back")}
    context = {"form": form, "row": row, "back": reverse(STATUS), **words}
    return answer or page(request, "delivery/household_act.html", context, form=form)


@household_page
def undo_arrived(request: HttpRequest, public_id: str) -> HttpResponse:
    """Not arrived after all, or not looked at closely: ten minutes to think again."""
    row = _delivery(request, public_id, DeliveryState.CONFIRMED)
    if request.method == "GET" and not row.may_undo(clock.now()):
        raise Http404(_("The ten minutes are over. Please call us."))
    form = ConfirmForm(request.POST or None)
    answer = submit(
        request,
        form,
        lambda _data: services.undo_receipt(delivery=row, by=actor(request), at=clock.now()),
        to=STATUS,
    )
    words = {"title": _("Think again?"), "button": _("Take our word back"), "no": _("Leave it as it is")}
    text = _("It is as if you had not answered. Look at everything in peace, then tell us.")
    context = {"form": form, "row": row, "back": reverse(STATUS), "text": text, **words}
    return answer or page(request, "delivery/household_act.html", context, form=form)


@household_page
def wrong(request: HttpRequest, public_id: str) -> HttpResponse:
    """Something is not right: a few words are enough, staff look after it."""
    row = _delivery(request, public_id)
    form = WrongForm(request.POST or None)
    answer = submit(
        request,
        form,
        lambda _data: services.dispute_delivery(
            delivery=row, reason=form.reason, by=actor(request), at=clock.now()
        ),
        to=STATUS,
    )
    if answer is not None:
        messages.success(request, _("Thank you for telling us. Somebody looks into it and gets in touch."))
    words = {"title": _("What is not right?"), "button": _("Tell us"), "no": _("Go back")}
    context = {"form": form, "row": row, "back": reverse(STATUS), **words}
    return answer or page(request, "delivery/household_act.html", context, form=form)


def _agreement(request: HttpRequest, public_id: str) -> Agreement:
    """An agreement of the family whose code was given, once it is open for signing."""
    application = holder(request)
    if application is None:
        raise Http404(_("We did not find this page. Go back to your status page."))
    row: Agreement | None = (
        Agreement.objects.filter(
            public_id=public_id,
            kind=AgreementKind.SERVICE,
            household=application.household,
        )
        .exclude(state=AgreementState.DRAFT)
        .select_related("project__agency__organisation", "household")
        .first()
    )
    if row is None:
        raise Http404(_("We did not find this page. Go back to your status page."))
    return row


def _delivery(request: HttpRequest, public_id: str, state: str = DeliveryState.DELIVERED) -> Delivery:
    """Something handed over to this family that waits for its word, or was just answered; a delegate needs the scope.

    A form sent once more, or too late, meets the service's own words.
    """
    states = [state] if request.method == "GET" else [DeliveryState.DELIVERED, DeliveryState.CONFIRMED]
    found = current(request)
    if found is None:
        raise Http404(_("We did not find this page. Go back to your status page."))
    row: Delivery | None = (
        Delivery.objects.filter(
            public_id=public_id,
            state__in=states,
            proposal__need__household=found.application.household,
        )
        .select_related("proposal__need__item", "proposal__project__agency__organisation")
        .first()
    )
    if row is None:
        raise Http404(_("We did not find this page. Go back to your status page."))
    if not found.may("receive_money" if row.proposal.need.item.is_money else "receive_goods"):
        raise Http404(_("The family did not entrust this to you. They can do it themselves, or ask us."))
    return row


def _is_delegate(request: HttpRequest) -> bool:
    found = current(request)
    return found is not None and found.delegation is not None


def _back(row: Agreement) -> str:
    return reverse("delivery:household_agreement", args=[row.public_id])
