"""Pages of an import: send the file, watch the check, read the report, let it in or turn it away."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import User
from accounts.second_factor import require_recent
from common import clock
from common.forms import ConfirmForm, Form, ReasonForm
from common.gate import get_visible
from common.pages import keyset, page, submit
from common.recording import record
from common.templatetags.ui import day, moment, number, tag
from common.todos import Figure
from households.desk.forms.imports import ImportForm, mapping_words
from households.desk.import_copies import copy_of
from households.imports.acts import merge_import, receive_file, refuse_import, repeat_import
from households.imports.annotated import harmless
from households.imports.findings import kind_of_finding, what_to_do
from households.imports.forgetting import UNDECIDED
from households.imports.reading import named
from households.models import ImportBatch, ImportRow
from households.models.imports import BatchState, RowState
from jobs.enums import JobState
from jobs.models import Job

Frame = dict[str, Any]
DAY = timedelta(days=1)
STUCK = (JobState.FAILED, JobState.CANCELLED)


def upload_page(request: HttpRequest, frame: Frame) -> HttpResponse:
    """A file of the own area; what its first line tells is said here, the rest on the page of the import."""
    form = ImportForm(request.POST or None, request.FILES or None)
    answer = submit(
        request,
        form,
        lambda data: receive_file(**data, by=_user(request), at=clock.now()),
        to=page_of,
    )
    context = {
        **frame,
        "form": form,
        "title": _("Send a file of households"),
        "lead": _("Every row is checked first. Nothing goes into the register before a supervisor says so."),
        "button": _("Send and check"),
        "template_url": reverse("admin:households_importbatch_template"),
        "back": reverse("admin:households_importbatch_changelist"),
    }
    return answer or page(request, "households/desk/import_form.html", context, form=form)


def import_page(request: HttpRequest, public_id: str, frame: Frame) -> HttpResponse:
    """The check while it runs, then its report; the same address shows both, so a reload loses nothing."""
    batch = get_visible(ImportBatch.objects.select_related("by_user", "decided_by"), request.user, public_id)
    job = Job.objects.filter(public_id=batch.job_ref).first()
    found = _rows(batch, _user(request))
    context = {
        **frame,
        "title": batch.name,
        "batch": batch,
        "job": job if batch.state in {BatchState.PENDING, BatchState.MERGING} else None,
        "job_stuck": job is not None and job.state in STUCK,
        "job_url": page_of(batch),
        "facts": _facts(batch),
        "figures": _figures(batch),
        "kinds": _kinds(batch),
        "watched": sorted(batch.summary.get("watched", {}).items()),
        "refusal": _refusal(batch),
        "acts": _acts(batch, _user(request), job),
        "decides": _decides(batch, _user(request)),
        "page": (listed := keyset(request, found, order=("line", "id"), size=30)),
        "rows": [(row, said_of(row), _settling(batch, row, _user(request))) for row in listed],
        "findings_url": reverse("admin:households_importbatch_findings", args=[batch.public_id]),
        "copy_url": copy_of(batch, _user(request)),
    }
    part = "households/desk/import_report.html"
    return page(request, part if "X-Fragment" in request.headers else "households/desk/import.html", context)


@require_recent
def findings(request: HttpRequest, public_id: str, frame: Frame) -> StreamingHttpResponse:
    """Every finding of the check as a table to correct the file by; its values are those of the file."""
    batch = get_visible(ImportBatch, request.user, public_id)
    record("import.findings_taken", batch, by=_user(request), at=clock.now())
    answer = StreamingHttpResponse(
        _lines(_rows(batch, _user(request))), content_type="text/csv; charset=utf-8"
    )
    answer.headers["Content-Disposition"] = f'attachment; filename="import-{batch.public_id}.csv"'
    answer.headers["Cache-Control"] = "no-store, private"
    return answer


def merge_page(request: HttpRequest, public_id: str, frame: Frame) -> HttpResponse:
    """The second person's yes."""
    return _act_page(
        request,
        public_id,
        frame,
        ConfirmForm(request.POST or None),
        lambda batch, data: merge_import(batch=batch, by=_user(request), at=clock.now()),
        title=_("Let it into the register"),
        lead=_(
            "Every household without a fault becomes a file. Those with a fault stay out and are named in the report."
        ),
        done=_("The households are going into the register."),
    )


def refuse_page(request: HttpRequest, public_id: str, frame: Frame) -> HttpResponse:
    """The second person's no, or the sender's own second thought."""
    return _act_page(
        request,
        public_id,
        frame,
        ReasonForm(request.POST or None),
        lambda batch, data: refuse_import(batch=batch, **data, by=_user(request), at=clock.now()),
        title=_("Turn the file away"),
        lead=_(
            "Nothing of it goes into the register; its rows are not kept. A corrected file can be sent again."
        ),
        done=_("The file was turned away."),
        danger=True,
    )


def again_page(request: HttpRequest, public_id: str, frame: Frame) -> HttpResponse:
    """Work that was stopped goes on."""
    return _act_page(
        request,
        public_id,
        frame,
        ConfirmForm(request.POST or None),
        lambda batch, data: repeat_import(batch=batch, by=_user(request), at=clock.now()),
        title=_("Go on with it"),
        lead=_("The work goes on where it stopped; nothing is done twice."),
        done=_("The work goes on."),
    )


def _act_page(
    request: HttpRequest,
    public_id: str,
    frame: Frame,
    form: Form,
    act: Callable[[ImportBatch, Mapping[str, Any]], ImportBatch],
    *,
    title: str,
    lead: str,
    done: str,
    danger: bool = False,
) -> HttpResponse:
    batch = get_visible(ImportBatch, request.user, public_id)

    def run(data: Mapping[str, Any]) -> ImportBatch:
        result = act(batch, data)
        messages.success(request, done)
        return result

    answer = submit(request, form, run, to=page_of)
    context = {
        **frame,
        "form": form,
        "title": title,
        "lead": lead,
        "button": title,
        "danger": danger,
        "facts": [*_facts(batch), *((figure.label, figure.value) for figure in _figures(batch))],
        "back": page_of(batch),
    }
    return answer or page(request, "households/desk/import_form.html", context, form=form)


def page_of(batch: ImportBatch) -> str:
    return reverse("admin:households_importbatch_report", args=[batch.public_id])


def _user(request: HttpRequest) -> User:
    return request.user  # type: ignore[return-value]


def _facts(batch: ImportBatch) -> list[tuple[str, Any]]:
    facts = [
        (_("state"), tag(batch.state_label, batch.state)),
        (_("file"), batch.name),
        (_("mapping"), mapping_words(batch.mapping)),
        (_("sent by"), batch.by_user.name if batch.by_user else _("the platform")),
        (_("sent"), moment(batch.created_at)),
    ]
    if batch.period:
        first, end = batch.period
        facts.append((_("facts of"), f"{day(first)} – {day(end - DAY)}"))
    if batch.decided_by:
        facts.append((_("decided by"), batch.decided_by.name))
    return facts


def _figures(batch: ImportBatch) -> list[Figure]:
    """What the check counted; of imports older than their report only the counts there are."""
    seen = batch.summary
    if not batch.rows_read:
        return []
    figures = [
        Figure(_("rows"), number(batch.rows_read)),
        Figure(_("households in the file"), number(batch.households_read)),
    ]
    if seen:
        figures += [
            Figure(_("households that can go in"), number(_can_go_in(batch))),
            Figure(_("members that can go in"), number(seen["members_ready"])),
            Figure(_("households left out"), number(seen["left_out"])),
            Figure(_("without a head"), number(seen["no_head"])),
            Figure(_("whose answers differ"), number(seen["disagree"])),
        ]
        if seen.get("unclassified"):
            figures.append(Figure(_("without category or standard"), number(seen["unclassified"])))
        if seen.get("waiting"):
            figures.append(Figure(_("wait to be looked at beyond the area"), number(seen["waiting"])))
    if batch.state in {BatchState.MERGING, BatchState.MERGED}:
        figures += [
            Figure(_("households in the register"), number(batch.households_merged)),
            Figure(_("members in the register"), number(batch.members_merged)),
        ]
    return figures


def _can_go_in(batch: ImportBatch) -> int:
    seen = batch.summary
    return int(batch.households_read - seen["left_out"] - seen.get("waiting", 0))


def _kinds(batch: ImportBatch) -> list[tuple[str, int]]:
    """How often each thing was found, the most frequent first."""
    counted = sorted(batch.findings.items(), key=lambda pair: (-pair[1], pair[0]))
    return [(kind_of_finding(code), count) for code, count in counted]


def _refusal(batch: ImportBatch) -> str:
    if batch.refusal_code == "nothing_sound":
        return _("No household in it is without a fault. Correct the file by the report and send it again.")
    if batch.refusal_code == UNDECIDED:
        return _("Nobody decided on it in time. Send it again if it is still wanted.")
    return str(batch.refusal)


def _decides(batch: ImportBatch, user: User) -> bool:
    """A supervisor of the area who did not send it."""
    supervisor = user.seat is not None and user.seat.role == Role.SUPERVISOR
    return batch.state == BatchState.CHECKED and supervisor and batch.by_user_id != user.pk


def _acts(batch: ImportBatch, user: User, job: Job | None) -> list[tuple[str, str, str]]:
    """What this person may do with it now: label, address, look."""
    supervisor = user.seat is not None and user.seat.role == Role.SUPERVISOR
    own = batch.by_user_id == user.pk
    acts = []
    if _decides(batch, user):
        acts.append((_("Let it into the register"), "merge", ""))
    if job is not None and job.state in STUCK and (supervisor or own) and _unfinished(batch):
        acts.append((_("Go on with it"), "again", ""))
    if batch.state in {BatchState.PENDING, BatchState.CHECKED} and (supervisor or own):
        acts.append((_("Turn the file away"), "refuse", "button-secondary"))
    return [
        (label, reverse(f"admin:households_importbatch_{name}", args=[batch.public_id]), css)
        for label, name, css in acts
    ]


def _unfinished(batch: ImportBatch) -> bool:
    return batch.state in {BatchState.PENDING, BatchState.MERGING}


def said_of(row: ImportRow) -> list[str]:
    return [f"{named(found['column'].split(', '))}: {_to_do(row, found)}" for found in row.findings]


def _to_do(row: ImportRow, found: dict[str, str]) -> str:
    return what_to_do(found["code"], found["value"], kept_out=row.kept_out)


def _settling(batch: ImportBatch, row: ImportRow, user: User) -> str:
    """Where a household that waits is settled, for a supervisor who did not send the file."""
    supervisor = user.seat is not None and user.seat.role == Role.SUPERVISOR
    if not supervisor or batch.by_user_id == user.pk:
        return ""
    if batch.state != BatchState.MERGED or row.state != RowState.PENDING:
        return ""
    return reverse("admin:households_importbatch_waiting", args=[batch.public_id, row.public_id])


def _rows(batch: ImportBatch, user: User) -> Any:
    """What this reader may know of what was found; of rows that wait, only who sees both places."""
    return ImportRow.objects.visible_to(user).filter(batch=batch).exclude(findings=[]).defer("content")


def _lines(rows: Any) -> Any:
    """The table of findings, a row at a time, in the reader's language."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow([_("row"), _("household in the file"), _("state"), _("column"), _("what was found")])
    rows = rows.order_by("line")
    yield "\ufeff" + _taken(buffer)
    for row in rows.iterator(chunk_size=500):
        for found in row.findings:
            said = _to_do(row, found)
            cells = [row.household_key, row.get_state_display(), found["column"], said]
            writer.writerow([row.line, *(harmless(str(cell)) for cell in cells)])
        yield _taken(buffer)


def _taken(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text
