"""What officers see of reports on their pages."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.panels import provide
from common.todos import Figure, Todo
from jobs.models import Job
from reference.queries import path_labels
from reports.models import Report

ROLES = ("officer", "viewer")


def install() -> None:
    """Called once when the apps are ready."""
    for role in ROLES:
        provide(f"nav.{role}", lambda _who: [(20, _("Reports"), "reports:list")])
        provide(f"start.{role}", start)
        provide(f"todo.{role}", ready)
        provide(f"got.{role}", got)
    provide("job.output", made_by)
    provide("nav.supervisor", lambda _who: [(60, _("Reports"), "reports:list")])


def start(_user: User) -> list[Todo]:
    """The one thing officers come for."""
    return [Todo(_("Download a report"), reverse("reports:ask"))]


def ready(user: User) -> list[Todo]:
    """The newest three whose file is at hand."""
    made = Report.objects.visible_to(user).filter(file__isnull=False, file__erased_at__isnull=True)
    rows = list(made.order_by("-id")[:3])
    places = path_labels({row.area for row in rows})
    return [
        Todo(
            " · ".join((f"{row.code} {row.title}", places[row.area], row.period, *_chosen(row))),
            reverse("reports:show", args=[row.public_id]),
            detail=_("ready to download"),
        )
        for row in rows
    ]


def _chosen(row: Report) -> list[str]:
    return [row.state_in_words] if row.state else []


def made_by(job: Job, user: User) -> list[tuple[Any, str]]:
    """On the page of the job: the same download as on the report's own page, while its week lasts."""
    if job.kind != "reports.make":
        return []
    rows = Report.objects.visible_to(user).filter(
        job_ref=job.public_id, file__isnull=False, file__erased_at__isnull=True
    )
    return [(_("Download"), reverse("reports:download", args=[row.public_id])) for row in rows]


def got(user: User) -> list[Figure]:
    """How many reports were made."""
    count: Any = Report.objects.visible_to(user).filter(made_at__isnull=False).count()
    return [Figure(_("Reports made"), f"{count:,}", url=reverse("reports:list"))]
