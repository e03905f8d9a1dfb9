"""What is new for me."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import SignedRequest
from common import clock
from common.forms import ConfirmForm
from common.gate import get_visible
from common.pages import keyset, page, signed_in_page, submit
from notices.models import Notice
from notices.services import mark_all_read, mark_read


@require_safe
@signed_in_page
def notice_list(request: SignedRequest) -> HttpResponse:
    """One's own notices, newest first."""
    rows = keyset(request, Notice.objects.visible_to(request.user), order=("-at", "-id"))
    return page(request, "notices/list.html", {"page": rows})


@require_POST
@signed_in_page
def open_notice(request: SignedRequest, public_id: str) -> HttpResponse:
    """Mark it read and go where it points."""
    notice: Notice = get_visible(Notice, request.user, public_id)
    to = notice.url or reverse("notices:list")
    act = lambda _data: mark_read(notice=notice, by=request.user, at=clock.now())  # noqa: E731
    return submit(request, ConfirmForm(request.POST), act, to=to) or redirect("notices:list")


@require_POST
@signed_in_page
def read_all(request: SignedRequest) -> HttpResponse:
    """Nothing is new any more."""
    act = lambda _data: mark_all_read(user=request.user, at=clock.now())  # noqa: E731
    return submit(request, ConfirmForm(request.POST), act, to="notices:list") or redirect("notices:list")
