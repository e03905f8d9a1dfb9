"""A supervisor writes down who is trained, and takes it back."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from common.gate import get_visible
from common.pages import page, submit
from common.templatetags.ui import day
from households.desk.forms.base import Confirm
from households.desk.forms.trainings import TrainingForm
from households.models import Training
from households.services import record_training, revoke_training

Frame = dict[str, Any]


def training_page(request: HttpRequest, frame: Frame) -> HttpResponse:
    """A supervisor writes down whose certificate was seen."""
    user: User = request.user  # type: ignore[assignment]
    prefix = user.seat.prefix if user.seat else ""
    form = TrainingForm(request.POST or None, obj=prefix, user=user)
    answer = submit(
        request,
        form,
        lambda data: record_training(**data, by=user, at=clock.now()),
        to=lambda _done: reverse("admin:households_training_changelist"),
    )
    context = {
        **frame,
        "form": form,
        "title": _("Write down a training"),
        "lead": _("Only after you have seen the certificate. Another supervisor writes down your own."),
        "button": _("Write it down"),
        "back": reverse("admin:households_training_changelist"),
    }
    return answer or page(request, "households/desk/care/plain_form.html", context, form=form)


def revoke_page(request: HttpRequest, public_id: str, frame: Frame) -> HttpResponse:
    """Taken back, with effect from now on."""
    user: User = request.user  # type: ignore[assignment]
    training = get_visible(Training.objects.select_related("holder"), user, public_id)
    if training.revoked_at is not None:
        raise Http404(_("This training is taken back already."))
    form = Confirm(request.POST or None, obj=training, user=user)
    answer = submit(
        request,
        form,
        lambda _data: revoke_training(training=training, by=user, at=clock.now()),
        to=lambda _done: reverse("admin:households_training_changelist"),
    )
    context = {
        **frame,
        "form": form,
        "title": _("Take a training back"),
        "lead": _("From now on the colleague no longer asks it; what was asked stays."),
        "facts": [
            (_("worker"), training.holder.name),
            (_("questionnaire"), training.code),
            (_("course and certificate"), training.course),
            (_("valid until"), day(training.valid_to)),
        ],
        "button": _("Take it back"),
        "back": reverse("admin:households_training_changelist"),
    }
    return answer or page(request, "households/desk/care/plain_form.html", context, form=form)
