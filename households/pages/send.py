"""Check the answers, read them back when somebody else filled in, send once, and keep the slip."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.adapter import client_address
from accounts.models import User
from common import clock
from common.exceptions import Refused
from common.pages import page, public_page, submit, submitter
from files.models import Attachment
from households import access, services
from households.forms.public import ReadBackForm, SendForm
from households.forms.public.step import each
from households.models import Application, Draft
from households.pages import journey, saying, store
from households.pages.compiling import compile_answers
from households.pages.steps import must_read_back
from households.queries import Holder, has_tail


@public_page
def check(request: HttpRequest, draft_id: str) -> HttpResponse:
    """Everything on one page with a way to change each answer; who files for others reads it back on the next one."""
    draft = store.own_draft(request, draft_id)
    answers = store.answers_of(draft)
    if (away := _elsewhere(draft, answers)) is not None:
        return HttpResponseRedirect(away)
    reads_back = must_read_back(answers)
    form = SendForm(request.POST or None)
    answer = None
    if request.method == "POST" and reads_back:
        return HttpResponseRedirect(reverse("households:apply_read", args=[draft.public_id]))
    if not reads_back:
        answer = _send(request, draft, answers, form)
    context = {
        "form": form,
        "draft": draft,
        "seen": draft.saved_at.isoformat(),
        "sections": saying.sections(draft, answers),
        "reads_back": reads_back,
        "back_url": journey.route(answers)[-1].url(draft),
    }
    return answer or page(request, "households/public/check.html", context, form=form)


@public_page
def read(request: HttpRequest, draft_id: str) -> HttpResponse:
    """The whole application in large print, to read aloud; then it is sent."""
    draft = store.own_draft(request, draft_id)
    answers = store.answers_of(draft)
    if (away := _elsewhere(draft, answers)) is not None:
        return HttpResponseRedirect(away)
    form = ReadBackForm(request.POST or None)
    answer = _send(request, draft, answers, form)
    context = {
        "form": form,
        "draft": draft,
        "seen": draft.saved_at.isoformat(),
        "sections": saying.sections(draft, answers),
        "back_url": reverse("households:apply_check", args=[draft.public_id]),
    }
    return answer or page(request, "households/public/read.html", context, form=form)


@public_page
def sent(request: HttpRequest, draft_id: str) -> HttpResponse:
    """Number, query code, what happens next and by when, whom to call; open in the browser that sent it alone."""
    draft = store.own_draft(request, draft_id)
    application = store.sent_application(draft)
    if application is None:
        return HttpResponseRedirect(reverse("households:apply_check", args=[draft.public_id]))
    context = {
        "application": application,
        "code": saying.spaced(application.query_code),
        "assisted": must_read_back(store.answers_of(draft)),
        "has_tail": has_tail(application.household),
        "holds": access.holder(request) == application,
    }
    return page(request, "households/public/sent.html", context)


def _elsewhere(draft: Draft, answers: dict[str, Any]) -> str | None:
    if draft.used_at is not None:
        return reverse("households:apply_sent", args=[draft.public_id])
    stop = journey.unanswered(answers)
    return stop.url(draft, back=True) if stop else None


def _send(request: HttpRequest, draft: Draft, answers: dict[str, Any], form: SendForm) -> HttpResponse | None:
    """Once, whatever is clicked: by the submit key, and by the draft that can be used once."""
    to = reverse("households:apply_sent", args=[draft.public_id])

    def act(data: Mapping[str, Any]) -> Application:
        if data["seen"] != draft.saved_at.isoformat():
            raise Refused(
                "changed_meanwhile",
                _(
                    "An answer was changed after this page was opened. Look at the answers once more, then send."
                ),
            )
        if look is not None:
            services.refuse_over_limit(look)
        by = store.writer(request, draft)
        filer = by if isinstance(by, User) else None
        application, _code = services.submit_application(
            answers=compile_answers(answers, read_back=bool(data.get("read_back")), filer=filer),
            channel=draft.channel,
            by=by,
            at=clock.now(),
            draft=draft,
            delegate_evidence=_evidence(answers),
        )
        return application

    look = _look(request, draft, answers)
    answer = submit(request, form, act, to=lambda _application: to)
    if look is not None:
        known = form.has_error("__all__", "id_known")
        services.settle_look(look=look, known=known, by=store.writer(request, draft), at=clock.now())
    if answer is not None and draft.channel == "self":
        application = store.sent_application(draft)
        if application is not None:
            access.grant(request, Holder(application))
    if answer is None and form.has_error("__all__", "already_sent"):
        return HttpResponseRedirect(to)
    return answer


def _look(request: HttpRequest, draft: Draft, answers: dict[str, Any]) -> services.Look | None:
    """Numbers are about to be compared with the register: counted before they are."""
    numbers = any(papers.get("id_number") for _slot, papers in each(answers, "papers"))
    if request.method != "POST" or not numbers:
        return None
    return services.note_look(
        draft=draft,
        browser=submitter(request),
        address=client_address(request) or "",
        at=clock.now(),
    )


def _evidence(answers: dict[str, Any]) -> Attachment | None:
    kept = answers.get("evidence", {}).get("attachment", "")
    return Attachment.objects.filter(public_id=kept).first() if kept else None
