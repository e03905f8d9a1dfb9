"""How a page calls a service: declared roles, one act per submit key, refusals and stale forms shown in place."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _

from common import clock
from common.exceptions import Refused, Stale
from common.filters import CURSOR, StrictFilterSet, refuse_unknown
from common.forms import Form
from common.models import Submission
from common.pagination import Page, keyset_page

View = Callable[..., HttpResponse]
A = TypeVar("A")
V = TypeVar("V", bound=Callable[..., HttpResponseBase])
PUBLIC = "public"
SIGNED_IN = "signed_in"


def public_page(view: V) -> V:
    """Anyone may open this page."""
    return _declare(view, frozenset({PUBLIC}))


def signed_in_page(view: V) -> V:
    """Anyone with an account may open this page, whatever the seat."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return _declare(cast(V, guarded), frozenset({SIGNED_IN}))


def for_roles(*roles: str) -> Callable[[V], V]:
    """Only these roles: a stranger is asked to sign in, another role gets the 404 that says nothing."""
    allowed = frozenset(str(role) for role in roles)

    def decorate(view: V) -> V:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            seat = getattr(request.user, "seat", None)
            if seat is None or seat.role not in allowed:
                raise Http404(_elsewhere(request.user))
            return view(request, *args, **kwargs)

        return _declare(cast(V, guarded), allowed)

    return decorate


def _elsewhere(user: Any) -> str:
    """What to do next: take a role, change it, or ask."""
    if user.seat is None:
        return _("This page needs a role. Register as a donor or an agency on your first page.")
    if len(user.seats) < 2:
        return _("This page belongs to another role than yours.")
    return _("This page belongs to another role. Switch your role at the top of the page.")


def _declare(view: V, roles: frozenset[str]) -> V:
    view.roles = roles  # type: ignore[attr-defined]
    return view


def submit(
    request: HttpRequest,
    form: Form,
    act: Callable[[Mapping[str, Any]], Any],
    *,
    to: str | Callable[[Any], str],
) -> HttpResponse | None:
    """Run the service once for this submit key when the form is good; a redirect on success, None to show the page.

    A repeated key returns the first answer. `to` is a URL (name) or a function of what the service returned.
    """
    if request.method != "POST" or not form.is_valid():
        return None

    def answer() -> str:
        done = act(form.cleaned_data)
        return resolve_url(to(done) if callable(to) else to)

    try:
        return _once(request, answer)
    except Stale as stale:
        return render(
            request, "conflict.html", {"stale": stale, "form": form, "title": stale.message}, status=409
        )
    except Refused as refused:
        form.refuse(refused)
        return None


def _once(request: HttpRequest, act: Callable[[], str]) -> HttpResponse:
    """The act and its remembered answer commit together, so two simultaneous sends still make one record."""
    key = request.POST.get("_key", "")[:64]
    if not key:
        raise BadRequest(_("This form was sent without its number. Reload the page and send it again."))
    actor = submitter(request)
    earlier = Submission.objects.filter(key=key, actor=actor)
    try:
        with transaction.atomic():
            if (row := earlier.first()) is not None:
                return HttpResponseRedirect(row.answer)
            row = Submission.objects.create(
                key=key, actor=actor, path=request.path[:200], answer="", at=clock.now()
            )
            row.answer = act()
            row.save(update_fields=["answer"])
            return HttpResponseRedirect(row.answer)
    except IntegrityError:
        first = earlier.first()
        if first is None:
            raise
        return HttpResponseRedirect(first.answer)


def asked(request: HttpRequest, acts: Mapping[str, A]) -> A | None:
    """The act whose button was pressed; None while the page is only looked at. A name it does not have is refused."""
    if request.method != "POST":
        return None
    name = request.POST.get("act", "")
    if name not in acts:
        raise BadRequest(_("This page has no such step. Reload it and press one of its buttons."))
    return acts[name]


def submitter(request: HttpRequest) -> str:
    """Whose submit keys these are: the user's, or the browser session's for a household without an account."""
    if request.user.is_authenticated:
        return f"user:{request.user.pk}"
    if not request.session.session_key:
        request.session.save()
    return f"session:{request.session.session_key}"


def page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    form: Form | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render a page; a form with errors answers 422, one a service refused 409."""
    if form is not None and form.is_bound and form.errors:
        status = 409 if form.was_refused else 422
    return render(request, template, context, status=status)


def keyset(
    request: HttpRequest,
    rows: QuerySet[Any] | StrictFilterSet,
    *,
    order: tuple[str, ...] = ("-id",),
    size: int = 25,
    known: Collection[str] = (),
) -> Page:
    """The page of a list the request asks for with `?cursor=`.

    A list without a filter refuses every other parameter, `known` aside: nobody is shown everything by a slip.
    """
    if isinstance(rows, StrictFilterSet):
        rows = rows.rows()
    else:
        refuse_unknown(request.GET, {CURSOR, *known})
    return keyset_page(rows, order=order, cursor=request.GET.get(CURSOR, ""), size=size)
