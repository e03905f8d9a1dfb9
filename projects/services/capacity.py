"""The capacity counter, held by the database."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from common.actors import Actor
from common.exceptions import Refused
from common.recording import record
from projects.enums import OPEN_TO_MATCHES
from projects.models import Project, ProjectItem
from reference.models import Item


@transaction.atomic
def reserve_capacity(*, project: Project, item: Item, amount: int, by: Actor, at: datetime) -> None:
    """Take room in a project for a match; never more than it has."""
    rows = ProjectItem.objects.filter(project=project, item=item, project__state__in=list(OPEN_TO_MATCHES))
    if not _shift(rows, amount):
        raise Refused(
            "no_capacity", _("This project has no room left for that. Choose another."), field="project"
        )
    record("project.capacity_reserved", project, by=by, at=at, item=item.slug, amount=amount)


@transaction.atomic
def release_capacity(*, project: Project, item: Item, amount: int, by: Actor, at: datetime) -> None:
    """Give room back."""
    if not _shift(ProjectItem.objects.filter(project=project, item=item), -amount):
        raise Refused("not_reserved", _("This room is no longer reserved. Reload the page."))
    record("project.capacity_released", project, by=by, at=at, item=item.slug, amount=amount)


def _shift(rows: object, amount: int) -> bool:
    try:
        with transaction.atomic():
            return bool(rows.update(reserved=F("reserved") + amount))  # type: ignore[attr-defined]
    except IntegrityError:
        return False
