"""What is new for me."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from common import clock
from common.gate import get_visible
from common.pages import keyset, page, signed_in_page
from notices.kinds import KINDS
from notices.models import Notice
from notices.services import mark_read


@signed_in_page
@require_safe
def notice_list(request: HttpRequest) -> HttpResponse:
    """One's own notices, newest first."""
    rows = keyset(request, Notice.objects.visible_to(request.user))
    notices = [
        {
            "notice": notice,
            "title": KINDS[notice.kind].title,
            "body": str(KINDS[notice.kind].body) % notice.params if KINDS[notice.kind].body else "",
        }
        for notice in rows
    ]
    return page(request, "notices/list.html", {"notices": notices, "page": rows})


@signed_in_page
@require_POST
def open_notice(request: HttpRequest, public_id: str) -> HttpResponse:
    """Mark it read and go where it points."""
    notice = mark_read(notice=get_visible(Notice, request.user, public_id), at=clock.now())
    return redirect(notice.url or "notices:list")
