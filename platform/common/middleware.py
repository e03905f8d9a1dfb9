"""Limits and headers that hold for every answer."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

Next = Callable[[HttpRequest], HttpResponse]


class BodyLimitMiddleware:
    """A body over the limit is answered with the 413 page before it is read; a saved draft stays as it was."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) > settings.BODY_LIMIT:
            return render(request, "413.html", {"limit_mb": settings.BODY_LIMIT // 1024 // 1024}, status=413)
        return self.get_response(request)


class PlainTextMiddleware:
    """No keyboard writes the character NUL and PostgreSQL cannot hold it: whoever sends it gets one clear refusal."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> None:
        sent = [*request.GET.lists(), *request.POST.lists()]
        if "\0" in request.path or any("\0" in text for name, values in sent for text in (name, *values)):
            raise BadRequest(
                _("There is a character in it that cannot be stored. Go back, type it again and send it.")
            )


class WrongMethodMiddleware:
    """What is only read, or only sent, says so in one sentence instead of an empty page."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or response.content:
            return response
        said = render(request, "405.html", status=HTTPStatus.METHOD_NOT_ALLOWED)
        said.headers["Allow"] = response.headers["Allow"]
        return said


class PrivateCacheMiddleware:
    """Pages seen by someone signed in, or holding a query code, are never kept by browsers or proxies."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated or request.session.accessed:
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response
