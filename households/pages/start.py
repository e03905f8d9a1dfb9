"""/help/: what happens, what we ask, and the choice for whom; also the paper form and going on with a draft."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from accounts.enums import Role
from common import clock
from common.actors import CodeHolder
from common.exceptions import Refused
from common.forms import ConfirmForm
from common.models import new_public_id
from common.pages import for_roles, page, public_page, submit, submitter
from households import services
from households.enums import Channel
from households.forms.public import AgainForm, ResumeForm, words
from households.forms.public.topics import TOPICS
from households.models import Draft
from households.pages import journey, store


@public_page
def start(request: HttpRequest) -> HttpResponse:
    """The first page; choosing begins a draft."""
    form = AgainForm(request.POST or None)
    answer = submit(request, form, lambda data: _begin(request, data["whose"]), to=first_page)
    context = {"form": form, "drafts": [(draft, first_page(draft)) for draft in store.open_drafts(request)]}
    return answer or page(request, "households/public/start.html", context, form=form)


@for_roles(Role.VILLAGE_WORKER, Role.SOCIAL_WORKER, Role.SUPERVISOR)
def start_assisted(request: HttpRequest) -> HttpResponse:
    """A village worker, or the desk, begins for a family of the own area."""
    form = ConfirmForm(request.POST or None)
    answer = submit(request, form, lambda data: _begin_assisted(request.user), to=first_page)
    return answer or page(request, "households/public/start_assisted.html", {"form": form}, form=form)


@public_page
def resume(request: HttpRequest) -> HttpResponse:
    """Go on with a draft by its code."""
    form = ResumeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            draft = services.open_draft(
                code=form.cleaned_data["code"], browser=submitter(request), at=clock.now()
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            store.remember(request, draft)
            return HttpResponseRedirect(first_page(draft))
    return page(request, "households/public/resume.html", {"form": form}, form=form)


@public_page
def paper_form(request: HttpRequest) -> HttpResponse:
    """The same questions on paper, to print and fill in by hand."""
    context = {
        "topics": TOPICS,
        "health": words.HEALTH.values(),
        "labour": words.LABOUR.values(),
        "causes": words.CAUSES.values(),
        "urgency": words.URGENCY.values(),
    }
    return page(request, "households/public/paper.html", context)


def first_page(draft: Draft) -> str:
    """Where to go on: the first page without an answer, the check page when there is none."""
    if draft.used_at is not None:
        return reverse("households:apply_sent", args=[draft.public_id])
    stop = journey.unanswered(store.answers_of(draft))
    return stop.url(draft) if stop else reverse("households:apply_check", args=[draft.public_id])


def _begin(request: HttpRequest, channel: str) -> Draft:
    by = request.user if request.user.is_authenticated else CodeHolder(new_public_id())
    draft = services.start_draft(channel=channel, owner=None, by=by, at=clock.now())
    store.remember(request, draft)
    return draft


def _begin_assisted(user: Any) -> Draft:
    seat = user.seat
    if seat is None:
        raise Http404
    channel = Channel.VILLAGE_WORKER if seat.role == Role.VILLAGE_WORKER else Channel.DESK
    return services.start_draft(channel=channel, scope=seat.prefix, owner=user, by=user, at=clock.now())
