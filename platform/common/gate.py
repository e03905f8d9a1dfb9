"""The row gate: who may see which rows. Closed unless a model opens it."""

from __future__ import annotations

from typing import Any, Protocol, Self, TypeVar, cast

from django.db import models
from django.http import Http404
from django.utils.translation import gettext as _


class Seat(Protocol):
    """The acting membership: in which role, for which area and organisation the user acts just now."""

    role: str
    prefix: str
    organisation_id: int | None


class GatedQuerySet(models.QuerySet[Any]):
    """A queryset whose rows are handed out through `visible_to` alone; the default is none."""

    def visible_to(self, user: Any) -> Self:
        """The rows this user may see in the seat they act in; nothing for whoever has no seat."""
        return self.seen_by(user, getattr(user, "seat", None))

    def seen_by(self, user: Any, seat: Seat | None) -> Self:
        return self.none()


class OpenQuerySet(GatedQuerySet):
    """Rows that are public facts: reference data, published articles' helpers."""

    def seen_by(self, user: Any, seat: Seat | None) -> Self:
        return self


M = TypeVar("M", bound=models.Model)


def get_visible(source: type[M] | models.QuerySet[M], user: Any, public_id: str) -> M:
    """The object, or a 404 that does not say whether it exists."""
    queryset: Any = source if isinstance(source, models.QuerySet) else cast(Any, source).objects.all()
    return cast(M, row_of(queryset.visible_to(user), public_id))


def row_of(rows: Any, public_id: str) -> Any:
    """The one of these rows, or a 404 in our own words."""
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise Http404(
            _(
                "We did not find this file, or it is outside your area. If you need help, ask your administrator."
            )
        )
    return found
