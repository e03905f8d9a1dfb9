"""The points card on the desk: one printable page with its next step, its to-do, and its advice on a family's file."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import PLATFORM_STAFF, Role
from accounts.models import User
from common import clock
from common.forms import ConfirmForm, Form, ReasonForm
from common.gate import get_visible
from common.pages import asked, page, submit
from common.templatetags.ui import day
from common.todos import Panel, Todo
from households.cards.acts import approve_card, retire_card
from households.cards.card import card_from
from households.cards.reading import advice_for
from households.cards.words import questions_of, said_of
from households.enums import CardState
from households.models import Household, PointsCard
from reference.queries import path_label

Frame = dict[str, Any]
RULES = (
    ("card", gettext_lazy("This card")),
    ("deprivation", gettext_lazy("Deprivation score, fitted to nothing")),
    ("regression", gettext_lazy("Regression free in every question")),
)
WAITING = 10


def url_of(card: PointsCard) -> str:
    return reverse("admin:households_pointscard_page", args=[card.public_id])


def card_page(request: HttpRequest, public_id: str, frame: Frame) -> HttpResponse:
    """The card as it is printed, what it is worth beside two other rules, and who may do what with it now."""
    user: User = request.user  # type: ignore[assignment]
    rows = PointsCard.objects.select_related("made_by", "approved_by")
    card = get_visible(rows, user, public_id)
    act = request.POST.get("act", "")
    form: Form = ReasonForm(request.POST) if act == "retire" else ConfirmForm(request.POST or None)
    acts: dict[str, Any] = {
        "approve": lambda data: approve_card(card=card, by=user, at=clock.now()),
        "retire": lambda data: retire_card(card=card, reason=data["reason"], by=user, at=clock.now()),
    }
    chosen = asked(request, acts)
    answer = submit(request, form, chosen, to=url_of(card)) if chosen else None
    if answer is not None:
        messages.success(request, _("Done."))
        return answer
    supervises = (
        user.seat is not None and user.seat.role == Role.SUPERVISOR and card.area.startswith(user.seat.prefix)
    )
    context = {
        **frame,
        "title": f"{card.title} · {card.version}",
        "card": card,
        "questions": questions_of(content := card_from(card.content)),
        "most": content.most,
        "facts": _facts(card),
        "rates": _rates(card),
        "figures": card.figures,
        "form": form,
        "reason": form if act == "retire" else ReasonForm(),
        "own": card.made_by_id == user.pk,
        "may_approve": supervises and card.state == CardState.DRAFT and card.made_by_id != user.pk,
        "may_retire": supervises and card.state != CardState.RETIRED,
    }
    return page(request, "households/desk/card.html", context, form=form)


def _facts(card: PointsCard) -> list[tuple[Any, Any]]:
    facts = [
        (_("area"), path_label(card.area) if card.area else _("the whole country")),
        (_("put up by"), f"{card.made_by.name} · {day(card.created_at)}"),
    ]
    if card.approved_by is not None:
        facts.append((_("approved by"), f"{card.approved_by.name} · {day(card.approved_at)}"))
    return facts


def _rates(card: PointsCard) -> list[tuple[Any, Any]]:
    """The area under the curve of each rule, under the same folds."""
    aucs = card.figures.get("auc", {})
    return [(label, round(aucs[name]["auc"], 3) if aucs.get(name) else "—") for name, label in RULES]


def advice_on_file(household: Household, user: User) -> list[Panel]:
    """Each point with its reason, for whoever works on the file."""
    if user.seat is None or user.seat.role not in PLATFORM_STAFF:
        return []
    advice = advice_for(household, clock.today())
    if advice is None:
        return []
    context = {"advice": advice, "said": said_of(advice.result), "url": url_of(advice.card)}
    return [Panel(_("What the points card says"), "households/desk/card_advice.html", context)]


def waiting(user: User) -> list[Todo]:
    """Cards of the own area a colleague put up."""
    seat = user.seat
    rows = PointsCard.objects.visible_to(user).filter(state=CardState.DRAFT).exclude(made_by=user)
    rows = rows.filter(area__startswith=seat.prefix if seat else "-").order_by("pk")[:WAITING]
    return [
        Todo(
            title=_("Approve a points card: %(title)s") % {"title": card.title}, url=url_of(card), kind="card"
        )
        for card in rows
    ]
