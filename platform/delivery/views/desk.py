"""What staff do at the desk: read with the family and sign with its evidence, hear its word, sign for the platform."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Role
from common import clock
from common.forms import ConfirmForm, Form
from common.pages import page, submit
from delivery import services
from delivery.enums import AgreementKind, AgreementState, DeliveryState, Party, Signer
from delivery.forms.agreements import SignForm
from delivery.forms.handing import EvidenceForm, WrongForm
from delivery.forms.negotiation import PlatformBreachForm
from delivery.models import Agreement, Delivery
from delivery.queries import own_signature
from delivery.rules import party_of
from delivery.services.papers import kept
from delivery.views.parties import DECIDE, STEPS, Step


class SignForFamily(SignForm, EvidenceForm):
    """The text that was read aloud, and the family's own signature."""


@dataclass(frozen=True)
class DeskAct:
    """An act at the desk; `open` says whether it is possible now."""

    title: Any
    text: Any
    form: type[Form]
    open: Callable[[Any, Any], bool]
    run: Callable[[Any, Form, Any, Any], Any]
    is_main: bool = True
    is_danger: bool = False  # undoes what stands
    reads: bool = False  # the page shows the whole text before the button
    initial: Callable[[Any], dict[str, Any]] = lambda row: {}


def _sign_family(row: Agreement, form: Form, by: Any, at: Any) -> Any:
    data = form.cleaned_data
    paper = kept(data["upload"], "signature_evidence", row, by=by, at=at)
    return services.sign_agreement(
        agreement=row, signer=Signer.HOUSEHOLD, text_hash=data["text_hash"], method="worker", evidence=paper,
        by=by, at=at,
    )  # fmt: skip


def _sign_platform(row: Agreement, form: Form, by: Any, at: Any) -> Any:
    return services.sign_agreement(
        agreement=row, signer=Signer.PLATFORM, text_hash=form.cleaned_data["text_hash"], method="web",
        evidence=None, by=by, at=at,
    )  # fmt: skip


def _confirm(row: Delivery, form: Form, by: Any, at: Any) -> Any:
    paper = kept(form.cleaned_data["upload"], "confirmation_evidence", row, by=by, at=at)
    return services.confirm_receipt(delivery=row, method="worker", evidence=paper, by=by, at=at)


def _leave(row: Agreement, form: Form, by: Any, at: Any) -> Any:
    word = kept(form.cleaned_data["upload"], "confirmation_evidence", row.household, by=by, at=at)
    return services.terminate_agreement(agreement=row, reason="", evidence=word, by=by, at=at)


def _dispute(row: Delivery, form: Any, by: Any, at: Any) -> Any:
    return services.dispute_delivery(delivery=row, reason=form.reason, by=by, at=at)


def _unsigned(signer: str) -> Callable[[Agreement, Any], bool]:
    def is_open(row: Agreement, user: Any) -> bool:
        return row.state == AgreementState.SIGNING and own_signature(row, signer) is None

    return is_open


def _platform_may_sign(row: Agreement, user: Any) -> bool:
    is_entrustment = row.kind == AgreementKind.ENTRUSTMENT
    return is_entrustment and user.seat.role == Role.SUPERVISOR and _unsigned(Signer.PLATFORM)(row, user)


def _undoable(signer: str) -> Callable[[Agreement, Any], bool]:
    def is_open(row: Agreement, user: Any) -> bool:
        if row.state not in {AgreementState.SIGNING, AgreementState.SIGNED}:
            return False
        signature = own_signature(row, signer)
        return (
            signature is not None
            and signature.by_ref == user.public_id
            and clock.now() < signature.undo_until
        )

    return is_open


def _undo(signer: str) -> Callable[[Agreement, Form, Any, Any], Any]:
    return lambda row, form, by, at: services.undo_signature(agreement=row, signer=signer, by=by, at=at)


def _family_may_leave(row: Agreement, user: Any) -> bool:
    alive = {AgreementState.SIGNING, AgreementState.SIGNED, AgreementState.EFFECTIVE}
    return row.kind == AgreementKind.SERVICE and row.state in alive


def _of_platform(step: Step, form: type[Form] | None = None) -> DeskAct:
    """A step of a party, taken by a supervisor for the platform."""
    return DeskAct(
        step.title,
        step.text,
        form or step.form,
        lambda row, user: party_of(row, user) == Party.PLATFORM and step.when(row, user),
        lambda row, form, by, at: step.run(row, form.cleaned_data, by, at),
        step.is_main,
        initial=step.initial,
        is_danger=step.is_danger,
    )


AGREEMENT_ACTS: Mapping[str, DeskAct] = {
    "family": DeskAct(
        gettext_lazy("The family signs"),
        gettext_lazy("Read the text aloud to the family. It signs on paper; you add the photo."),
        SignForFamily,
        lambda row, user: row.kind == AgreementKind.SERVICE and _unsigned(Signer.HOUSEHOLD)(row, user),
        _sign_family,
        reads=True,
    ),
    "platform": DeskAct(
        gettext_lazy("Sign for the platform"),
        gettext_lazy("You confirm that gate, family and text fit together."),
        SignForm,
        _platform_may_sign,
        _sign_platform,
        reads=True,
    ),
    "undo-family": DeskAct(
        gettext_lazy("The family thinks again"),
        gettext_lazy("Within ten minutes, as if it had not signed."),
        ConfirmForm,
        _undoable(Signer.HOUSEHOLD),
        _undo(Signer.HOUSEHOLD),
        is_main=False,
    ),
    "undo-platform": DeskAct(
        gettext_lazy("Take our signature back"),
        gettext_lazy("Within ten minutes, as if it had not been signed."),
        ConfirmForm,
        _undoable(Signer.PLATFORM),
        _undo(Signer.PLATFORM),
        is_main=False,
    ),
    "leave": DeskAct(
        gettext_lazy("The family leaves the agreement"),
        gettext_lazy("It may at any time and needs no reason. The agency sees nothing of it any more."),
        EvidenceForm,
        _family_may_leave,
        _leave,
        is_main=False,
        is_danger=True,
    ),
    **{slug: _of_platform(step) for slug, step in STEPS.items()},
    "end-breach": _of_platform(STEPS["end-breach"], PlatformBreachForm),
    "decide": _of_platform(DECIDE),
}
DELIVERY_ACTS: Mapping[str, DeskAct] = {
    "arrived": DeskAct(
        gettext_lazy("The family says that it arrived"),
        gettext_lazy("Add what shows its own word: a signed slip or a recording."),
        EvidenceForm,
        lambda row, user: row.state == DeliveryState.DELIVERED,
        _confirm,
    ),
    "wrong": DeskAct(
        gettext_lazy("The family says that something is not right"),
        gettext_lazy("The agency puts it right and asks again."),
        WrongForm,
        lambda row, user: row.state == DeliveryState.DELIVERED,
        _dispute,
        is_main=False,
    ),
    "undo-arrived": DeskAct(
        gettext_lazy("The family thinks again"),
        gettext_lazy("Within ten minutes, as if it had not answered."),
        ConfirmForm,
        lambda row, user: row.state == DeliveryState.CONFIRMED and row.may_undo(clock.now()),
        lambda row, form, by, at: services.undo_receipt(delivery=row, by=by, at=at),
        is_main=False,
    ),
}


def agreement_acts(row: Agreement, user: Any) -> list[tuple[str, DeskAct]]:
    return [(slug, one) for slug, one in AGREEMENT_ACTS.items() if one.open(row, user)]


def delivery_acts(row: Delivery, user: Any) -> list[tuple[str, DeskAct]]:
    return [(slug, one) for slug, one in DELIVERY_ACTS.items() if one.open(row, user)]


def act(
    request: HttpRequest,
    acts: Mapping[str, DeskAct],
    slug: str,
    row: Any,
    *,
    back: str,
    frame: dict[str, Any],
) -> HttpResponse:
    """One act on its own page inside the desk."""
    chosen = acts.get(slug)
    if chosen is None:
        raise Http404(_("This step does not exist here. Go back and look what can be done."))
    initial = {"text_hash": row.content_hash} if chosen.reads else chosen.initial(row)
    form = chosen.form(request.POST or None, request.FILES or None, initial=initial)
    answer = submit(request, form, lambda _data: chosen.run(row, form, request.user, clock.now()), to=back)
    context = {**frame, "title": chosen.title, "act": chosen, "form": form, "back": back}
    return answer or page(request, "delivery/desk/act.html", context, form=form)
