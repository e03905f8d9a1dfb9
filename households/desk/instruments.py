"""A version of a questionnaire, and the answers to one, to read."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from common import clock
from common.gate import get_visible
from common.masking import mask_name
from common.pages import page
from households.desk.scores import outcome_words
from households.desk.words import file_url
from households.measures.scales import REFUSED
from households.models import Instrument, InstrumentResult, Training

Frame = dict[str, Any]


WORDING = {"zh": gettext_lazy("Chinese"), "en": gettext_lazy("English")}


def instrument_page(request: HttpRequest, public_id: str, frame: Frame) -> HttpResponse:
    """One version with its words, its licence and how it is counted; also when a newer one is asked today."""
    user: User = request.user  # type: ignore[assignment]
    instrument = get_visible(Instrument, user, public_id)
    versions = Instrument.objects.visible_to(user).filter(code=instrument.code).order_by("-pk")
    context = {
        **frame,
        "title": instrument.scale.title,
        "instrument": instrument,
        "scale": instrument.scale,
        "own": [WORDING[code] for code in instrument.scale.own_wording if code in WORDING],
        "trainings": Training.objects.visible_to(user)
        .in_force(clock.today())
        .filter(code=instrument.code)
        .select_related("holder"),
        "versions": [row for row in versions if row.pk != instrument.pk],
        "back": reverse("admin:households_instrument_changelist"),
    }
    return page(request, "households/desk/care/instrument.html", context)


def result_page(request: HttpRequest, public_id: str, frame: Frame) -> HttpResponse:
    """Each answer beside its question, as the version asked then put it."""
    rows = InstrumentResult.objects.select_related("instrument", "member", "household", "taken_by")
    result = get_visible(rows, request.user, public_id)
    scale = result.instrument.scale
    said = {choice.slug: str(choice.words) for choice in scale.choices} | {REFUSED: _("prefers not to say")}
    context = {
        **frame,
        "title": scale.title,
        "result": result,
        "scale": scale,
        "person": mask_name(result.member.name),
        "outcome": outcome_words(scale, result.found),
        "answers": [
            (question.words, said.get(result.answers.get(question.slug, ""), _("not asked")))
            for question in scale.questions
        ],
        "household": result.household,
        "back": file_url(result.household, "care"),
    }
    return page(request, "households/desk/care/result.html", context)
