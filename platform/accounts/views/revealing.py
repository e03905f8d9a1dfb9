"""One masked value in full, for a minute."""

from __future__ import annotations

from django.apps import apps
from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from accounts import reveal as revealable
from accounts import second_factor
from accounts.forms import RevealForm
from accounts.requests import SignedRequest
from accounts.services import reveal
from common import clock
from common.exceptions import Refused
from common.gate import get_visible
from common.pages import page, signed_in_page


@signed_in_page
@second_factor.require_recent
def reveal_value(request: SignedRequest, label: str, public_id: str, field: str) -> HttpResponse:
    """Asks why, shows the value once, and takes it away after a minute; the address never carries it."""
    entry = revealable.lookup(label, field)
    seat = request.user.seat
    if entry is None or seat is None or seat.role not in entry.roles:
        raise Http404
    model = apps.get_model(entry.label)
    obj = get_visible(model, request.user, public_id)
    form = RevealForm(request.POST or None)
    context = {
        "form": form,
        "seconds": settings.REVEAL_SECONDS,
        "field_label": _("Name") if field == "name" else model._meta.get_field(field).verbose_name,
    }
    if request.method == "POST" and form.is_valid():
        try:
            value = reveal(
                obj=obj, field=field, reason=form.cleaned_data["reason"], by=request.user, at=clock.now()
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            response = page(request, "accounts/revealed.html", {**context, "value": value})
            response.headers["Refresh"] = f"{settings.REVEAL_SECONDS}; url={request.path}"
            response.headers["Cache-Control"] = "no-store, private"
            return response
    return page(request, "accounts/reveal.html", context, form=form)
