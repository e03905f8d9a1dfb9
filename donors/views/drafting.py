"""Writing an offer, one page after the other, until it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Role
from accounts.requests import SignedRequest
from common import clock
from common.forms import ConfirmForm
from common.gate import get_visible
from common.pages import for_roles, page, submit
from donors.enums import LotKind, LotState
from donors.forms.lots import (
    CarrierForm,
    GoodsForm,
    HolderForm,
    LimitsForm,
    LotItemsForm,
    LotKindForm,
    LotPartForm,
    TimeForm,
    ValueForm,
    WhereForm,
    WishesForm,
)
from donors.models import Lot
from donors.services import draft_lot, edit_lot, state_conditions, submit_lot
from donors.views.registration import own_donor_or_404
from donors.words import condition_rows, lot_rows, submit_words


@dataclass(frozen=True)
class Part:
    """One page of a draft."""

    slug: str
    title: Any
    form: type[LotPartForm]
    kinds: frozenset[str] = frozenset(LotKind.values)
    hint: Any = ""


PARTS = (
    Part("goods", gettext_lazy("About the goods"), GoodsForm, frozenset({LotKind.GOODS})),
    Part(
        "value",
        gettext_lazy("What is it worth?"),
        ValueForm,
        frozenset({LotKind.SERVICE, LotKind.JOB, LotKind.TRAINING, LotKind.INFORMATION}),
        hint=gettext_lazy(
            "Thanks and boards count by this value. Leave it open when you cannot say: the gift is then “not valued”."
        ),
    ),
    Part("holder", gettext_lazy("Who receives the money?"), HolderForm, frozenset({LotKind.MONEY})),
    Part("where", gettext_lazy("For whom, and where?"), WhereForm),
    Part("limits", gettext_lazy("Any limits?"), LimitsForm),
    Part("carrier", gettext_lazy("Who brings it, and how?"), CarrierForm),
    Part("time", gettext_lazy("From when, until when?"), TimeForm),
    Part(
        "wishes",
        gettext_lazy("Anything else you wish?"),
        WishesForm,
        hint=gettext_lazy("Wishes are passed on; they do not bind the match."),
    ),
)


def own_lot_or_404(request: SignedRequest, public_id: str) -> Lot:
    """A lot of the donor in whose seat the user acts; anybody else's does not exist."""
    own = Lot.objects.filter(donor=own_donor_or_404(request))
    lot: Lot = get_visible(own, request.user, public_id)
    return lot


def own_draft_or_404(request: SignedRequest, public_id: str) -> Lot:
    lot = own_lot_or_404(request, public_id)
    if lot.state != LotState.DRAFT:
        raise Http404(_("This offer has been sent. Open its page to see what can be done."))
    return lot


@for_roles(Role.DONOR)
def new_lot(request: SignedRequest) -> HttpResponse:
    """What kind of thing is it?"""
    form = LotKindForm(request.GET or None)
    if form.is_bound and form.is_valid():
        return HttpResponseRedirect(reverse("donors:new_lot_items", args=[form.cleaned_data["kind"]]))
    own_donor_or_404(request)
    context = {"form": form, "title": _("What can you give?")}
    return page(request, "donors/lot_kind.html", context, form=form)


@for_roles(Role.DONOR)
def new_lot_items(request: SignedRequest, kind: str) -> HttpResponse:
    """Which things of this kind, and how much of them: here the draft begins."""
    if kind not in LotKind.values:
        raise Http404(_("Choose what you can give from the page before."))
    donor = own_donor_or_404(request)
    form = LotItemsForm(request.POST or None, kind=kind)
    answer = submit(
        request,
        form,
        lambda data: draft_lot(donor=donor, **data, by=request.user, at=clock.now()),
        to=lambda lot: reverse("donors:lot_part", args=[lot.public_id, parts_of(lot)[0].slug]),
    )
    context = {
        "form": form,
        "title": LotKind(kind).label,
        "back_url": resolve_url("donors:new_lot"),
        "keep_labels": True,
    }
    return answer or page(request, "donors/lot_part.html", context, form=form)


@for_roles(Role.DONOR)
def lot_part(request: SignedRequest, public_id: str, slug: str) -> HttpResponse:
    """One page of the draft: particulars, or conditions stated as data."""
    lot = own_draft_or_404(request, public_id)
    parts = parts_of(lot)
    place = next((number for number, part in enumerate(parts) if part.slug == slug), None)
    if place is None:
        raise Http404(_("This question is not asked here. Begin again from the first one."))
    part = parts[place]
    form = part.form(request.POST or None, request.FILES or None, lot=lot)
    steps = [reverse("donors:lot_part", args=[lot.public_id, one.slug]) for one in parts]
    steps.append(reverse("donors:lot_check", args=[lot.public_id]))
    after = steps[-1] if "back" in request.GET else steps[place + 1]
    answer = submit(request, form, lambda data: _save(lot, form, data, request), to=lambda _lot: after)
    context = {
        "form": form,
        "title": part.title,
        "hint": part.hint,
        "step": place + 1,
        "steps": len(parts) + 1,
        "back_url": steps[place - 1] if place else "",
        "leave_url": resolve_url("donors:lots"),
        "keep_labels": len(form.visible_fields()) > 1,
    }
    return answer or page(request, "donors/lot_part.html", context, form=form)


@for_roles(Role.DONOR)
def lot_check(request: SignedRequest, public_id: str) -> HttpResponse:
    """Everything once more, then send; a draft of a donor still being checked waits."""
    lot = own_draft_or_404(request, public_id)
    form = ConfirmForm(request.POST or None)
    answer = submit(
        request,
        form,
        lambda _data: submit_lot(lot=lot, by=request.user, at=clock.now()),
        to=lambda sent: reverse("donors:lot", args=[sent.public_id]),
    )
    links = {
        part.slug: reverse("donors:lot_part", args=[lot.public_id, part.slug]) + "?back"
        for part in parts_of(lot)
    }
    context = {
        "form": form,
        "lot": lot,
        "title": _("Check your offer"),
        "answers": [*lot_rows(lot), *condition_rows(lot)],
        "links": [(part.title, links[part.slug]) for part in parts_of(lot)],
        "button": submit_words(lot),
    }
    return answer or page(request, "donors/lot_check.html", context, form=form)


def parts_of(lot: Lot) -> list[Part]:
    """The pages this lot's kind needs."""
    return [part for part in PARTS if lot.kind in part.kinds]


def _save(lot: Lot, form: LotPartForm, data: Any, request: SignedRequest) -> Lot:
    changes = dict(data)
    version = changes.pop("version")
    if not form.conditions:
        return edit_lot(lot=lot, version=version, **changes, by=request.user, at=clock.now())
    kept = [
        {"field": one.field, "value": one.value, "hard": one.hard}
        for one in lot.conditions.all()
        if one.field not in form.conditions
    ]
    return state_conditions(
        lot=lot, version=version, conditions=[*kept, *form.stated()], by=request.user, at=clock.now()
    )
