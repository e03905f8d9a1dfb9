"""What people take home from an import: the template to fill in, and their own table with the findings beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from accounts.models import User
from accounts.second_factor import require_recent
from common import clock
from common.gate import get_visible
from common.recording import record
from households.imports.annotated import annotated_book, harmless
from households.imports.findings import Finding
from households.imports.template import template_book, template_name
from households.models import ImportBatch, ImportRow

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def template(request: HttpRequest, frame: dict[str, Any]) -> HttpResponse:
    """The official table, empty."""
    return _sheet(template_book(), template_name())


@require_recent
def annotated_copy(request: HttpRequest, public_id: str, frame: dict[str, Any]) -> HttpResponse:
    """The sender's own rows as they came, each with what was found in it; of rows that wait nothing is said."""
    user: Any = request.user
    batch = get_visible(ImportBatch, user, public_id)
    if not copy_of(batch, user):
        raise Http404
    record("import.copy_taken", batch, by=user, at=clock.now())
    rows = batch.rows.exclude(content="").order_by("line")
    first = rows.first()
    headers = list(json.loads(first.content)) if first is not None else []
    seen = set(ImportRow.objects.visible_to(user).filter(batch=batch).values_list("pk", flat=True))
    return _sheet(annotated_book(headers, _lines(rows, headers, seen)), f"import-{batch.public_id}.xlsx")


def copy_of(batch: ImportBatch, user: User) -> str:
    """Where its sender, and nobody else, takes the table with its findings, while its rows are kept."""
    if batch.by_user_id != user.pk or not batch.rows.exclude(content="").exists():
        return ""
    return reverse("admin:households_importbatch_copy", args=[batch.public_id])


def _lines(rows: Any, headers: list[str], seen: set[int]) -> Iterator[list[str]]:
    for row in rows.iterator(chunk_size=500):
        content = json.loads(row.content)
        said = [_told(row, found) for found in row.findings] if row.pk in seen else []
        yield [*(harmless(content.get(name, "")) for name in headers), " ".join(said)]


def _told(row: ImportRow, found: dict[str, Any]) -> str:
    finding = Finding(found["line"], found["column"], found["code"], found["value"])
    return finding.told(kept_out=row.kept_out)


def _sheet(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=SHEET)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    answer.headers["Cache-Control"] = "no-store, private"
    return answer
