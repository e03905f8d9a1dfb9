"""Error pages in plain words: what happened, what was kept, what to do now."""

from traceback import walk_tb
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

LIBRARIES = frozenset({"allauth", "django"})


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render(request, "400.html", {"reason": str(exception or "")}, status=400)


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """A list of the desk is not missing: it belongs to another role."""
    match = request.resolver_match
    of_a_list = match is not None and str(match.url_name).endswith("_changelist")
    return render(request, "403.html", {"of_a_list": of_a_list}, status=403)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    said = exception.args[0] if exception and exception.args else None
    reason = said if isinstance(said, str) and _is_ours(exception) else ""
    return render(request, "404.html", {"reason": reason}, status=404)


def _is_ours(exception: BaseException) -> bool:
    """A library says in English what only its programmers understand."""
    frames = [frame for frame, _line in walk_tb(exception.__traceback__)]
    raised_in = str(frames[-1].f_globals["__name__"]).partition(".")[0] if frames else ""
    return raised_in not in LIBRARIES


def server_error(request: HttpRequest) -> HttpResponse:
    return render(request, "500.html", status=500)
