"""Read-only lists over the gate; an unknown parameter is an error, never "everything"."""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar

from django.core.exceptions import BadRequest
from django.db.models import Model, QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.viewsets import ReadOnlyModelViewSet

from accounts.enums import GOVERNMENT, PLATFORM_STAFF, Role
from common import clock
from common.api import KeysetPagination
from common.gate import row_of
from donors.models import Lot
from donors.queries import donor_of
from households.models import Need
from matching.api.filters import LotFilter, NeedFilter
from matching.api.serializers import LotSerializer, NeedSerializer
from matching.queries import needs_shown

R = TypeVar("R", bound=Model)


class StrictBackend(DjangoFilterBackend):
    """The product's own filter sets answer with HTTP 400 themselves; programs get it as JSON."""

    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        try:
            chosen = self.get_filterset(request, queryset, view)
        except BadRequest as unknown:
            raise ValidationError({"detail": [str(unknown)]}) from None
        if not chosen.form.is_valid():
            raise ValidationError(chosen.form.errors)
        return chosen.qs


class NeedCursor(KeysetPagination):
    ordering = ("-severity", "opened_at", "id")


class LotCursor(KeysetPagination):
    ordering = ("-created_at", "-id")


class Seated(IsAuthenticated):
    """Signed in and acting in one of the roles the view declares."""

    def has_permission(self, request: Request, view: Any) -> bool:
        seat = getattr(request.user, "seat", None)
        return super().has_permission(request, view) and seat is not None and seat.role in view.roles


class Shown(ReadOnlyModelViewSet[R]):
    """Rows a seat may see, each under its own random name."""

    permission_classes = (Seated,)
    filter_backends = (StrictBackend,)
    lookup_field = "public_id"
    lookup_url_kwarg = "id"

    def get_object(self) -> R:
        found: R = row_of(self.filter_queryset(self.get_queryset()), self.kwargs["id"])
        return found


class NeedViewSet(Shown[Need]):
    """Open needs, the most urgent and the longest waiting first. A donor reads them once it has been checked."""

    roles: ClassVar[frozenset[str]] = frozenset(
        {Role.DONOR, Role.AGENCY, Role.FUND_HOLDER, Role.EVALUATOR, *PLATFORM_STAFF, *GOVERNMENT}
    )
    queryset = Need.objects.none()
    serializer_class = NeedSerializer
    filterset_class = NeedFilter
    pagination_class = NeedCursor

    def get_queryset(self) -> QuerySet[Need]:
        user: Any = self.request.user
        if not user.is_authenticated:
            return Need.objects.none()
        donor = donor_of(user) if user.seat and user.seat.role == Role.DONOR else None
        if user.seat and user.seat.role == Role.DONOR and (donor is None or not donor.is_verified):
            return Need.objects.none()
        return needs_shown(user, clock.today())


class LotViewSet(Shown[Lot]):
    """The lots this seat may see, the newest first."""

    roles: ClassVar[frozenset[str]] = frozenset({Role.DONOR, Role.FUND_HOLDER, *PLATFORM_STAFF, *GOVERNMENT})
    queryset = Lot.objects.none()
    serializer_class = LotSerializer
    filterset_class = LotFilter
    pagination_class = LotCursor

    def get_queryset(self) -> QuerySet[Lot]:
        user: Any = self.request.user
        if not user.is_authenticated:
            return Lot.objects.none()
        rows: QuerySet[Lot] = Lot.objects.all().visible_to(user)
        return rows.select_related("donor").prefetch_related("items")
