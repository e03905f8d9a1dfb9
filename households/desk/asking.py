"""A questionnaire is asked on one page; a danger it names leads to what to do now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from common.gate import get_visible
from common.pages import page, submit
from households.desk.forms.scales import QuestionnaireForm
from households.desk.words import act_url, file_url, head_of
from households.models import Household, Instrument, InstrumentResult, SafetyAlert
from households.queries.scales import trained_for
from households.services import record_answers

Frame = dict[str, Any]


def ask_page(request: HttpRequest, public_id: str, household: str, frame: Frame) -> HttpResponse:
    """The questions of one version, to one person of one family."""
    user: User = request.user  # type: ignore[assignment]
    instrument = get_visible(Instrument.objects.current(), user, public_id)
    found = get_visible(Household.objects.prefetch_related("members"), user, household)
    form = QuestionnaireForm(request.POST or None, obj=found, user=user, instrument=instrument)

    def run(data: Mapping[str, Any]) -> InstrumentResult:
        result = record_answers(
            household=found,
            instrument=instrument,
            member=data["member"],
            mode=data["mode"],
            proxy=data["proxy"],
            answers=form.answers,
            asked_on=data["asked_on"],
            by=user,
            at=clock.now(),
        )
        messages.success(request, _("Kept. A refusal counts as a refusal, never as zero."))
        return result

    def where(result: InstrumentResult) -> str:
        alert = SafetyAlert.objects.filter(result=result).first()
        return act_url(alert, "act") if alert else file_url(found, "care")

    context = {
        **frame,
        "title": instrument.scale.title,
        "scale": instrument.scale,
        "form": form,
        "household": found,
        "head": head_of(found),
        "trained": not instrument.scale.trained or instrument.code in trained_for(user, clock.today()),
        "back": file_url(found, "care"),
    }
    answer = submit(request, form, run, to=where)
    return answer or page(request, "households/desk/care/ask.html", context, form=form)
