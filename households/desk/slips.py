"""The slip with a new query code: for the worker who handed it out, for ten minutes, to print."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from common.gate import get_visible
from common.pages import page
from households.desk.words import file_url
from households.models import Application, Household
from households.pages.saying import spaced
from households.queries import keyed_application
from journal.models import Entry


def slip_page(request: HttpRequest, public_id: str, frame: dict[str, Any]) -> HttpResponse:
    """Number, code and where to enter it; afterwards nobody at the desk reads the code any more."""
    user: User = request.user  # type: ignore[assignment]
    household = get_visible(Household, user, public_id)
    application = keyed_application(household)
    if application is None or not _fresh(application, user):
        raise Http404(_("The slip is closed. If the family has not got it, hand out a new code."))
    context = {
        **frame,
        "title": _("The family's query code"),
        "household": household,
        "application": application,
        "code": spaced(application.query_code),
        "back": file_url(household, "rights"),
    }
    return page(request, "households/desk/slip.html", context)


def _fresh(application: Application, user: User) -> bool:
    """Whether this worker handed it out last, and just now."""
    issued = Entry.objects.filter(
        action="application.code_issued",
        object_label=application._meta.label_lower,
        object_ref=application.public_id,
    )
    last = issued.order_by("-id").first()
    since = clock.now() - timedelta(minutes=settings.UNDO_MINUTES)
    return last is not None and last.actor_ref == user.actor_ref and last.at >= since
