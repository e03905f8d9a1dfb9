"""Work pages: one for every act, the file, the pages of the assessment."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock, panels
from common.filters import refuse_unknown
from common.gate import get_visible
from common.pages import page, submit
from households.desk.acts import act_of, household_of, offered
from households.desk.facts import facts_of
from households.desk.file import TABS, tab_context
from households.desk.forms.assessment import LEVELS
from households.desk.words import act_url, file_url, head_of, missing_whose, next_step
from households.enums import (
    ApplicationState,
    AssessmentState,
    HouseholdState,
    ObjectionState,
    RemedyState,
    SafetyState,
    VisitState,
)
from households.models import Application, Assessment, Household, Member
from households.queries.missing import unfinished
from households.rules import unclassified
from households.services import save_assessment
from reference.queries import path_label

ENDED = [ApplicationState.APPROVED, ApplicationState.REJECTED, ApplicationState.WITHDRAWN]


def act_page(
    request: HttpRequest, model: type[Any], public_id: str, slug: str, frame: dict[str, Any]
) -> HttpResponse:
    """Ask what the act needs to know, call its one service, go back to the file."""
    act = act_of(model, slug)
    user: User = request.user  # type: ignore[assignment]
    if act is None or user.seat is None or user.seat.role not in act.roles:
        raise Http404(_("This page belongs to another role. Switch your role at the top of the page."))
    obj = get_visible(model, user, public_id)
    household = household_of(obj)
    form = act.form(request.POST or None, request.FILES or None, obj=obj, user=user)

    def run(_data: Any) -> Any:
        done = act.run(obj, form, user, clock.now())
        messages.success(request, act.done)
        return done

    def where(done: Any) -> str:
        return act.to(done) if act.to else _back(household, user, act.tab)

    answer = submit(request, form, run, to=where)
    context = {
        **frame,
        "act": act,
        "form": form,
        "title": act.title,
        "obj": obj,
        "household": household,
        "facts": facts_of(obj),
        "back": _back(household, user, act.tab),
        "panels": panels.collect(f"act.{model._meta.model_name}", obj, user),
    }
    return answer or page(request, "households/desk/act.html", context, form=form)


def _back(household: Household, user: User, tab: str) -> str:
    """The file, or the list of what waits for whoever decides without seeing the file."""
    if Household.objects.visible_to(user).filter(pk=household.pk).exists():
        return file_url(household, tab)
    return reverse("admin:index")


def file_page(request: HttpRequest, public_id: str, frame: dict[str, Any]) -> HttpResponse:
    """One household on one page: state and next step, then the tab the worker asked for."""
    user: User = request.user  # type: ignore[assignment]
    rows = Household.objects.select_related("worker").prefetch_related("members")
    household = get_visible(rows, user, public_id)
    application = current_application(household)
    refuse_unknown(request.GET, {"tab"})
    tab = request.GET.get("tab") or next(iter(TABS))
    if tab not in TABS:
        raise Http404
    targets = [row for row in (application, household) if row is not None]
    acts = [(act, act_url(row, act.slug)) for row in targets for act in offered(row, user)]
    waiting = [(act, act_url(row, act.slug)) for row in waiting_rows(household) for act in offered(row, user)]
    context = {
        **frame,
        "title": head_of(household),
        "household": household,
        "application": application,
        "next_step": next_step(household, application),
        "missing": missing_whose(household),
        "completing": completing_url(household, user),
        "acts": [*(pair for pair in waiting if pair[0].look == "primary"), *acts],
        "writing": writing_url(household, user),
        "place": path_label(household.area),
        "tabs": [(slug, label, file_url(household, slug)) for slug, label in TABS.items()],
        "tab": tab,
        "tab_template": f"households/desk/tab_{tab}.html",
        **tab_context(tab, household, application, user),
    }
    return page(request, "households/desk/file.html", context)


def current_application(household: Household) -> Application | None:
    """The application still on its way, otherwise the newest one."""
    applications = list(household.applications.order_by("-pk"))
    waiting = (row for row in applications if row.state not in ENDED)
    return next(waiting, applications[0] if applications else None)


def waiting_rows(household: Household) -> list[Any]:
    """Visits to be made, objections to be answered or acted on: their first act stands on the file."""
    visits = household.visits.filter(state=VisitState.PLANNED).order_by("due")[:1]
    objections = household.objections.filter(
        state__in=[ObjectionState.RECEIVED, ObjectionState.INVESTIGATING]
    )
    remedies = household.remedies.filter(state=RemedyState.WAITING).select_related("objection")
    alerts = household.safety_alerts.exclude(state=SafetyState.CLOSED).select_related("result", "household")
    return [*alerts, *visits, *objections, *remedies, *anew_rows(household)]


def anew_rows(household: Household) -> list[Assessment]:
    """What is assessed anew in a file that stays approved: what was set aside, or the new one sent up."""
    rows = household.assessments.filter(
        state__in=[AssessmentState.SET_ASIDE, AssessmentState.SUBMITTED],
        application__state=ApplicationState.APPROVED,
    ).exclude(application__assessments__state=AssessmentState.APPROVED)
    rows = rows.select_related("application", "household").order_by("pk")
    return list({row.application_id: row for row in rows}.values())


def writing_url(household: Household, user: User) -> str:
    """The assessment this worker has begun and not sent up yet; it rests while the file is paused."""
    if household.state == HouseholdState.SUSPENDED:
        return ""
    begun = household.assessments.filter(
        assessor=user, state__in=[AssessmentState.DRAFT, AssessmentState.SENT_BACK]
    ).first()
    return reverse("admin:households_assessment_write", args=[begun.public_id, "problem"]) if begun else ""


def completing_url(household: Household, user: User) -> str:
    """Where the category and the standard are entered, or the first person is completed, while something is open."""
    rows = [household] if unclassified(household) else unfinished(household)
    slugs = {Household: "place", Member: "edit"}
    pages = (
        act_url(row, act.slug)
        for row in rows
        if (act := act_of(type(row), slugs[type(row)])) and act.offered(row, user)
    )
    return next(pages, "")


def _source_of(name: str) -> str:
    """The column behind a question of an instrument, or of the causes."""
    first = name.partition("_")[0]
    return {"functioning": "functioning", "cause": "causes", "level": "causes"}.get(first, name)


def assessment_page(request: HttpRequest, public_id: str, level: str, frame: dict[str, Any]) -> HttpResponse:
    """One of the four pages; saving goes on to the next one, a stale save shows both versions."""
    if level not in LEVELS:
        raise Http404(_("The assessment has four pages: problem, person, situation, and what follows."))
    user: User = request.user  # type: ignore[assignment]
    assessment = get_visible(Assessment.objects.select_related("household", "carried_from"), user, public_id)
    if assessment.state not in {AssessmentState.DRAFT, AssessmentState.SENT_BACK}:
        raise Http404(_("This assessment is with the supervisor; read it in the file."))
    title, form_class = LEVELS[level]
    form = form_class(request.POST or None, obj=assessment, user=user)
    slugs = list(LEVELS)
    place = slugs.index(level)
    following = slugs[place + 1] if place + 1 < len(slugs) else ""
    urls = {slug: reverse("admin:households_assessment_write", args=[public_id, slug]) for slug in slugs}
    answer = submit(
        request,
        form,
        lambda data: save_assessment(
            assessment=assessment, version=data["version"], changes=form.changes, by=user, at=clock.now()
        ),
        to=lambda _done: urls[following] if following else act_url(assessment, "send"),
    )
    context = {
        **frame,
        "title": title,
        "form": form,
        "assessment": assessment,
        "carried": [name for name in form.fields if _source_of(name) in assessment.carried],
        "household": assessment.household,
        "levels": [(slug, label, urls[slug]) for slug, (label, _form) in LEVELS.items()],
        "level": level,
        "step": place + 1,
        "steps": len(slugs),
        "back": urls[slugs[place - 1]] if place else file_url(assessment.household, "check"),
    }
    return answer or page(request, "households/desk/assessment.html", context, form=form)
