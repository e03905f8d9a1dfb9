"""Limits and headers that hold for every answer."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

Next = Callable[[HttpRequest], HttpResponse]


class BodyLimitMiddleware:
    """A body over the limit is answered with the 413 page before it is read; a saved draft stays as it was."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) > settings.BODY_LIMIT:
            request.user = None  # type: ignore[assignment]
            return render(request, "413.html", {"limit_mb": settings.BODY_LIMIT // 1024 // 1024}, status=413)
        return self.get_response(request)


class PrivateCacheMiddleware:
    """Pages seen by someone signed in, or holding a query code, are never kept by browsers or proxies."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated or request.session.accessed:
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response
