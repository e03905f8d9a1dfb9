"""The one door to every file."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common import clock
from common.pages import public_page
from files.enums import ENDINGS, IMAGES
from files.gates import may_open
from files.models import Attachment
from files.services import content_of
from journal.services import record


@public_page
@require_safe
def show(request: HttpRequest, public_id: str) -> HttpResponse:
    """A file for whoever may see its owner; opening identity or health files is journaled. Everybody else: 404."""
    attachment = Attachment.objects.filter(public_id=public_id, erased_at__isnull=True).first()
    if attachment is None or not may_open(request, attachment):
        raise Http404(
            _(
                "We did not find this file, or it is outside your area. If you need help, ask your administrator."
            )
        )
    if attachment.data_class != "ordinary" and request.user.is_authenticated:
        record("file.opened", attachment, by=request.user, at=clock.now(), data_class=attachment.data_class)
    inline = attachment.content_type in IMAGES
    name = f"{attachment.purpose}-{attachment.public_id}.{ENDINGS.get(attachment.content_type, 'bin')}"
    return HttpResponse(
        content_of(attachment),
        content_type=attachment.content_type,
        headers={
            "Content-Disposition": f'{"inline" if inline else "attachment"}; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store, private",
            "Content-Security-Policy": "sandbox; default-src 'none'",
        },
    )
