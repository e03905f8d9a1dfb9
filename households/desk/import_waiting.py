"""One household of a file that waits, beside the file elsewhere that has its number; let in or left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from common import clock
from common.exceptions import Refused
from common.gate import get_visible
from common.masking import mask_name
from common.pages import page, submit
from households.desk.forms.imports import SettleForm
from households.desk.imports import page_of
from households.desk.words import file_url
from households.imports.settling import on_file_elsewhere, settle_waiting, waiting_household
from households.models import Household, ImportBatch, ImportRow, Member
from households.models.imports import RowState
from reference.queries import path_label


def waiting_page(request: HttpRequest, public_id: str, row: str, frame: dict[str, Any]) -> HttpResponse:
    """What the file says of this household, where its number stands otherwise, and the decision."""
    user: Any = request.user
    batch = get_visible(ImportBatch, user, public_id)
    waits = get_visible(ImportRow.objects.filter(batch=batch, state=RowState.PENDING), user, row)
    form = SettleForm(request.POST or None)

    def run(data: Mapping[str, Any]) -> ImportBatch:
        settled = settle_waiting(batch=batch, key=waits.household_key, **data, by=user, at=clock.now())
        messages.success(request, _("The household is settled."))
        return settled

    if answer := submit(request, form, run, to=page_of):
        return answer
    context = {
        **frame,
        "form": form,
        "title": _("A household that waits"),
        "lead": _(
            "An identity number in this file belongs to somebody on file elsewhere. Look at that file and speak with "
            "the colleagues there; then say what becomes of this household."
        ),
        "button": _("Put this decision down"),
        "facts": _facts(batch, waits, user),
        "back": page_of(batch),
    }
    return page(request, "households/desk/import_form.html", context, form=form)


def _facts(batch: ImportBatch, waits: ImportRow, user: Any) -> list[tuple[str, Any]]:
    facts: list[tuple[str, Any]] = [
        (_("file"), batch.name),
        (_("sent by"), batch.by_user.name if batch.by_user else _("the platform")),
        (_("household in the file"), waits.household_key),
    ]
    try:
        read, _mapping = waiting_household(batch, waits.household_key)
    except Refused as refused:
        return [*facts, (_("what was found"), str(refused.message))]
    facts.append((_("place"), path_label(read.area)))
    elsewhere = on_file_elsewhere(read)
    for member in read.members:
        named = mask_name(member.person.name)
        known = elsewhere.get(member.line)
        said = _elsewhere(known, user) if known else _("on no file elsewhere")
        facts.append((_("row %(line)s") % {"line": member.line}, format_html("{} · {}", named, said)))
    return facts


def _elsewhere(member: Member, user: Any) -> Any:
    household = member.household
    said = _("on file as %(name)s, %(place)s") % {
        "name": mask_name(member.name),
        "place": path_label(household.area),
    }
    if not Household.objects.visible_to(user).filter(pk=household.pk).exists():
        return said
    return format_html('{} — <a href="{}">{}</a>', said, file_url(household), household.number)
