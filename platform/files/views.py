"""The one door to every file."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common import clock
from common.pages import public_page
from common.recording import record
from files.enums import ENDINGS, IMAGES, DataClass
from files.gates import opener_of
from files.models import Attachment
from files.services import content_of


@require_safe
@public_page
def show(request: HttpRequest, public_id: str) -> HttpResponse:
    """A file for whoever may see its owner; opening identity or health files is journaled. Everybody else: 404."""
    attachment: Attachment | None = Attachment.objects.filter(public_id=public_id, erased_at=None).first()
    opener = opener_of(request, attachment) if attachment else None
    if attachment is None or opener is None:
        raise Http404(
            _(
                "We did not find this file, or it is outside your area. If you need help, ask your administrator."
            )
        )
    content = content_of(attachment)
    if attachment.data_class != DataClass.ORDINARY:
        record("file.opened", attachment, by=opener, at=clock.now(), data_class=attachment.data_class)
    shown = "inline" if attachment.content_type in IMAGES else "attachment"
    name = f"{attachment.purpose}-{attachment.public_id}.{ENDINGS.get(attachment.content_type, 'bin')}"
    return HttpResponse(
        content,
        content_type=attachment.content_type,
        headers={
            "Content-Disposition": f'{shown}; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store, private",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cross-Origin-Resource-Policy": "same-origin",
        },
    )
