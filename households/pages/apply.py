"""One question a page: shown, kept in the draft, followed by the next one."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from common import clock
from common.exceptions import Refused
from common.forms import ConfirmForm
from common.pages import page, public_page, submit
from households import services
from households.forms.public import StepForm
from households.models import Draft
from households.pages import journey, saying, store
from households.pages.journey import Stop
from households.pages.saying import spaced
from households.pages.steps import FIRST_OF, MEMBERS, NEEDS

PENDING = "pending"  # what was typed when somebody left in the middle of a page, as it was typed
PARTS = {MEMBERS: ("who", "papers", "life", "disability"), NEEDS: ("topic", "item", "amount", "when")}


@public_page
def step(request: HttpRequest, draft_id: str, slug: str, slot: str = "") -> HttpResponse:
    """Show or keep one page. Saving is repeatable by its nature, so Back and a double click do no harm."""
    draft = store.own_draft(request, draft_id)
    if draft.used_at is not None:
        return _sent_already(request, draft)
    answers = store.answers_of(draft)
    stop = journey.find(answers, slug, slot)
    if stop is None:
        open_page = journey.unanswered(answers)
        return HttpResponseRedirect(
            open_page.url(draft) if open_page else reverse("households:apply_check", args=[draft.public_id])
        )
    form = _form(request, stop, answers)
    if request.method == "POST":
        leaving = "_leave" in request.POST
        if form.is_valid():
            try:
                draft = _keep(request, draft, stop, form, answers)
            except Refused as refused:
                form.refuse(refused)
            else:
                return HttpResponseRedirect(_later(draft) if leaving else _next(request, draft, stop, form))
        elif leaving:
            services.save_draft_step(
                draft=draft, step=f"{PENDING}:{stop.key}", values={"typed": _typed(request)}, at=clock.now()
            )
            return HttpResponseRedirect(_later(draft))
    return _show(request, draft, stop, form, answers)


def _form(request: HttpRequest, stop: Stop, answers: dict[str, Any]) -> StepForm:
    initial = answers.get(stop.key)
    given: dict[str, Any] = {"answers": answers, "slot": stop.slot, "initial": initial}
    if request.method == "POST":
        return stop.step.form(request.POST, request.FILES, **given)
    if typed := answers.get(f"{PENDING}:{stop.key}", {}).get("typed"):
        return stop.step.form(QueryDict(typed), **given)
    return stop.step.form(**given)


def _typed(request: HttpRequest) -> str:
    kept = request.POST.copy()
    for name in ("csrfmiddlewaretoken", "_key", "_leave"):
        kept.pop(name, None)
    return kept.urlencode()


def _keep(request: HttpRequest, draft: Draft, stop: Stop, form: StepForm, answers: dict[str, Any]) -> Draft:
    """The page's answers, and its file when one was chosen, in one transaction."""
    values = form.as_json()
    drop = [f"{PENDING}:{stop.key}", *journey.obsolete(stop, answers, values)]
    if stop.step.adds and values["more"] == "yes":
        return services.save_draft_step(draft=draft, step=stop.key, values=None, drop=drop, at=clock.now())
    return services.save_draft_step(
        draft=draft,
        step=stop.key,
        values=values,
        drop=drop,
        upload=form.cleaned_data.get("photo"),
        by=store.writer(request, draft),
        at=clock.now(),
    )


def _next(request: HttpRequest, draft: Draft, stop: Stop, form: StepForm) -> str:
    """After this page: one more member or need, the page to check, or simply the next one."""
    answers, back = store.answers_of(draft), "back" in request.GET
    if stop.step.adds and form.cleaned_data["more"] == "yes":
        slug = FIRST_OF[stop.step.adds]
        another = journey.find(answers, slug, journey.next_slot(answers, stop.step.adds))
        if another is not None:
            return another.url(draft, back=back)
    _before, after, _here, _all = journey.around(answers, stop)
    if back:
        after = journey.unanswered(answers)
    if after is None:
        return reverse("households:apply_check", args=[draft.public_id])
    return after.url(draft, back=back)


def _show(
    request: HttpRequest, draft: Draft, stop: Stop, form: StepForm, answers: dict[str, Any]
) -> HttpResponse:
    before, _after, here, total = journey.around(answers, stop)
    back_url = before.url(draft) if before else reverse("households:start")
    if "back" in request.GET:
        back_url = reverse("households:apply_check", args=[draft.public_id])
    context = {
        "draft": draft,
        "form": form,
        "title": stop.step.title_for(answers, stop.slot),
        "hint": stop.step.hint,
        "step": here,
        "steps": total,
        "back_url": back_url,
        "listed": saying.listed(draft, answers, stop.step.adds) if stop.step.adds else [],
        "assisted": answers["channel"] != "self",
    }
    if request.method != "POST":  # something left half typed is shown as it was, not as a failure
        return page(request, stop.step.template, context)
    return page(request, stop.step.template, context, form=form)


@public_page
def remove(request: HttpRequest, draft_id: str, slot: str) -> HttpResponse:
    """Take one member or need out again, after asking."""
    draft = store.own_draft(request, draft_id)
    answers = store.answers_of(draft)
    loop = slot[:1]
    if loop not in PARTS or slot not in journey.slots(answers, loop)[1:]:
        raise Http404(_("This was taken out already. Go back to the list."))
    form = ConfirmForm(request.POST or None)
    hub = next(stop for stop in journey.route(answers) if stop.step.adds == loop)
    drop = [f"{slug}:{slot}" for slug in PARTS[loop]]
    answer = submit(
        request,
        form,
        lambda data: services.save_draft_step(
            draft=draft, step=f"{journey.GONE}:{slot}", values={}, drop=drop, at=clock.now()
        ),
        to=hub.url(draft),
    )
    context = {"form": form, "draft": draft, "back_url": hub.url(draft), "what": saying.title(slot, answers)}
    return answer or page(request, "households/public/remove.html", context, form=form)


@public_page
def later(request: HttpRequest, draft_id: str) -> HttpResponse:
    """Saved: the code to go on with, here or elsewhere; closing it on a shared device."""
    draft = store.own_draft(request, draft_id)
    form = ConfirmForm(request.POST or None)
    answer = submit(request, form, lambda data: store.forget(request, draft), to="households:start")
    stop = journey.unanswered(store.answers_of(draft))
    go_on = stop.url(draft) if stop else reverse("households:apply_check", args=[draft.public_id])
    context = {"form": form, "draft": draft, "draft_code": spaced(draft.resume_code), "go_on": go_on}
    return answer or page(request, "households/public/later.html", context, form=form)


def _later(draft: Draft) -> str:
    return reverse("households:apply_later", args=[draft.public_id])


def _sent_already(request: HttpRequest, draft: Draft) -> HttpResponse:
    """A page that stayed open after sending: what is typed there is shown, and kept nowhere."""
    if request.method == "POST":
        words = [
            value for name, value in request.POST.items() if not name.startswith(("_", "csrf")) and value
        ]
        context = {"draft": draft, "words": words}
        return page(request, "households/public/sent_already.html", context, status=409)
    return HttpResponseRedirect(reverse("households:apply_sent", args=[draft.public_id]))
