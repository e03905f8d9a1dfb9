"""Asking for a report and making it: gated by the seat it was asked in, masked, hashed, journaled."""

from __future__ import annotations

import hashlib
from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override, pgettext

from accounts.enums import Role
from accounts.models import Membership, User
from common import clock
from common.actors import SystemActor
from common.exceptions import Refused
from common.locking import lock
from common.recording import record
from files.services import keep_content
from jobs.models import Job
from jobs.registry import Step, handler
from jobs.services import enqueue
from notices.services import notify
from reference.coding import is_trial
from reference.models import Division
from reference.queries import path_label
from reports import catalogue  # noqa: F401 — registers the catalogue
from reports.files import write_csv, write_xlsx
from reports.models import Report
from reports.registry import kinds, period_of

READERS = frozenset({Role.OFFICER, Role.VIEWER, Role.SUPERVISOR})
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class PlatformSeat:
    """The seat the platform itself reads from when nobody is named: a viewer's, for the one area asked for."""

    prefix: str
    role: str = Role.VIEWER
    organisation_id: None = None


@dataclass(frozen=True)
class PlatformReader:
    """Whoever runs the machine, at its own shell: sees no more than a viewer of the area, and is journaled."""

    seat: PlatformSeat
    username: str = "system"
    actor_kind: str = "system"
    actor_ref: str = "system"
    pk: None = None


@transaction.atomic
def request_report(
    *,
    code: str,
    area: str,
    period: str,
    state: str,
    format: str,
    reason: str,
    by: User | SystemActor,
    at: datetime,
    language: str = settings.LANGUAGE_CODE,
) -> Report:
    """A report over an area inside the own one, for a period, with the reason for asking; made by a durable job.

    Titles, headings and definitions are in the language it was asked in.
    """
    seat = by.seat if isinstance(by, User) else PlatformSeat("")
    if seat is None or seat.role not in READERS:
        raise Refused("not_a_reader", _("Reports are for government staff and supervisors."))
    if code not in kinds():
        raise Refused("unknown_report", _("There is no such report. Choose one from the list."), field="code")
    if not area or not area.startswith(seat.prefix):
        raise Refused(
            "outside_area", _("This area is not yours. Choose one inside your own area."), field="area"
        )
    if is_trial(area):
        raise Refused(
            "trial_area",
            _("This is a place of trial surveys, and trial surveys are in no ledger. Choose another area."),
            field="area",
        )
    if not Division.objects.filter(code=area).exists():  # of any year: facts keep the code of their time
        raise Refused(
            "unknown_area",
            _("There is no place with this code. Search for its name in the list of places."),
            field="area",
        )
    if period_of(period) is None:
        raise Refused("period", _("Write the period as 2026, 2026Q3 or 2026-09."), field="period")
    if period_of(period)[0] > clock.day_of(at):  # type: ignore[index]  # read a moment ago
        raise Refused(
            "period_not_begun",
            _("This period has not begun, so nothing can be counted in it. Choose one that has."),
            field="period",
        )
    if state and state not in dict(kinds()[code].states):
        raise Refused(
            "unknown_state",
            _("This report has no such state. Choose one of its own, or none."),
            field="state",
        )
    if not reason.strip():
        raise Refused("reason_missing", _("Say what you need the report for."), field="reason")
    report = Report.objects.create(
        code=code,
        area=area,
        period=period,
        state=state,
        format=format,
        reason=reason,
        language=language,
        by=by if isinstance(by, User) else None,
        role=seat.role,
        seat_ref="" if isinstance(seat, PlatformSeat) else seat.public_id,
        asked_at=at,
    )
    job = enqueue(
        "reports.make", key=f"reports.make:{report.public_id}", params={"id": report.pk}, by=by, at=at
    )
    report.job_ref = job.public_id
    report.save(update_fields=["job_ref"])
    record(
        "report.asked", report, by=by, at=at, code=code, area=area, period=period, state=state, format=format
    )
    return report


@handler("reports.make", lease=900, title=gettext_lazy("Making a report"))
def make_report(job: Job) -> Generator[Step, None, dict[str, Any]]:
    """Read through the gate of the seat it was asked in; when that seat has ended meanwhile nothing is made."""
    report = lock(Report.objects.select_related("by").get(pk=job.params["id"]))
    yield Step(done=0, total=2)
    user = reader_of(report)
    content, count = render(report, user, at=clock.now())
    yield Step(done=1, total=2)
    at = clock.now()
    report.file = keep_content(
        content=content,
        content_type=XLSX if report.format == "xlsx" else "text/csv",
        purpose=f"report-{report.code}",
        owner=report,
        by=user,
        at=at,
        data_class="ordinary",
    )
    report.rows, report.sha256, report.made_at = count, hashlib.sha256(content).hexdigest(), at
    report.save(update_fields=["file", "rows", "sha256", "made_at"])
    record("report.made", report, by=user, at=at, rows=count, sha256=report.sha256)
    if isinstance(user, User):
        notify(
            to=user,
            kind="report_ready",
            params={"code": report.code},
            url=f"/reports/{report.public_id}/",
            by=user,
            at=at,
        )
    return {"output": report.file.public_id, "rows": count}


def reader_of(report: Report) -> User | PlatformReader:
    """Whoever asked, in the seat it was asked in."""
    if report.by_id is None:
        return PlatformReader(PlatformSeat(report.area))
    membership = Membership.objects.in_force().filter(public_id=report.seat_ref).first()
    if membership is None:
        raise Refused("seat_ended", _("The role this report was asked in has ended."))
    asker: User = User.objects.get(pk=report.by_id)
    return asker.take(membership)


def render(report: Report, user: User | PlatformReader, *, at: datetime) -> tuple[bytes, int]:
    """The file's bytes and its number of rows."""
    kind = kinds()[report.code]
    period = period_of(report.period)
    if period is None:
        raise Refused("period", _("Write the period as 2026, 2026Q3 or 2026-09."))
    with override(report.language):
        rows = kind.rows(user, report.area, *period, report.state)
        notes = [
            (pgettext("report", "Report"), f"{report.code} {kind.title}"),
            (pgettext("report", "Area"), f"{report.area} {path_label(report.area)}"),
            (
                pgettext("report", "Period"),
                pgettext("report", "%(first)s to %(end)s, that day not counted")
                % {"first": period[0], "end": period[1]},
            ),
            (pgettext("report", "State"), kind.state_in_words(report.state)),
            (pgettext("report", "Made at"), at.astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M")),
            (pgettext("report", "Asked by"), user.username),
            (pgettext("report", "What for"), report.reason),
            *((str(label), str(text)) for label, text in kind.definitions),
            (
                pgettext("report", "States and sums"),
                pgettext(
                    "report",
                    "As on the day of making, %(day)s, also in a report about an earlier period; the period only "
                    "chooses the rows.",
                )
                % {"day": clock.day_of(at)},
            ),
            (
                pgettext("report", "Watermark"),
                pgettext("report", "Made for %(who)s on %(day)s, for: %(reason)s. Not to be passed on.")
                % {"who": user.username, "day": clock.day_of(at), "reason": report.reason},
            ),
        ]
        write = write_xlsx if report.format == "xlsx" else write_csv
        return write(kind, rows, notes)
