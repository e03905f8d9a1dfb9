"""The service plan on the file, and the page on which it is written."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from common.attainment import LEVELS
from common.charts import Row, line_chart
from common.gate import get_visible
from common.pages import page, submit
from common.templatetags.ui import day
from common.todos import Panel
from households.desk.care_acts import acts_on
from households.desk.forms.plans import PlanForm
from households.desk.words import file_url, head_of
from households.enums import PlanState
from households.models import Household, ServicePlan
from households.services import save_plan
from households.services.agreeing import open_points

Frame = dict[str, Any]


def plans(household: Household, user: User) -> list[Panel]:
    """The plan in force, the one being written, and older ones to read."""
    rows = household.plans.visible_to(user).select_related("author", "household", "evidence")
    rows = rows.prefetch_related("tasks__household", "ratings__plan", "ratings__rated_by")
    context = {"plans": [_plan(row, user) for row in rows.order_by("-edition")]}
    return [Panel(_("Service plan"), "households/desk/care/plans.html", context)]


def _plan(plan: ServicePlan, user: User) -> dict[str, Any]:
    goals: Any = plan.goals
    steps = sorted(plan.tasks.all(), key=lambda step: (step.due, step.pk))
    ratings = sorted(plan.ratings.all(), key=lambda rating: rating.stage)
    last: Any = ratings[-1].levels if ratings else [goal["now"] for goal in goals]
    return {
        "plan": plan,
        "acts": acts_on(plan, user),
        "write": plan.state == PlanState.DRAFT,
        "missing": [words for _code, words in open_points(plan, clock.today())]
        if plan.state == PlanState.DRAFT
        else [],
        "goals": [
            (goal, list(zip(LEVELS, goal["levels"], strict=True)), level)
            for goal, level in zip(goals, last, strict=True)
        ],
        "steps": [(step, acts_on(step, user)) for step in steps],
        "chart": _attained(ratings) if ratings else None,
        "ratings": ratings,
        "today": clock.today(),
    }


def _attained(ratings: list[Any]) -> Any:
    """T of every stage; 50 is exactly as hoped for."""
    rows = [
        Row(label=f"T{one.stage} {day(one.rated_on)}", value=one.score, shown=f"{one.score:.2f}")
        for one in ratings
    ]
    change = ratings[-1].score - ratings[0].score
    said = _("50 is exactly as hoped for; %(change)s since the plan began.") % {"change": f"{change:+.2f}"}
    return line_chart(
        rows, title=_("How far the goals are reached"), headings=(_("Stage"), "T"), description=said
    )


def plan_page(request: HttpRequest, public_id: str, frame: Frame) -> HttpResponse:
    """The plan is written on one page; a stale save shows both versions answer by answer."""
    user: User = request.user  # type: ignore[assignment]
    plan = get_visible(ServicePlan.objects.select_related("household"), user, public_id)
    if plan.state != PlanState.DRAFT:
        raise Http404(_("The family has agreed to this plan; read it in the file."))
    form = PlanForm(request.POST or None, obj=plan, user=user)
    answer = submit(
        request,
        form,
        lambda data: save_plan(
            plan=plan, version=data["version"], changes=form.changes, by=user, at=clock.now()
        ),
        to=lambda _done: file_url(plan.household, "care"),
    )
    context = {
        **frame,
        "title": _("Service plan"),
        "form": form,
        "plan": plan,
        "household": plan.household,
        "head": head_of(plan.household),
        "back": file_url(plan.household, "care"),
    }
    return answer or page(request, "households/desk/care/plan_write.html", context, form=form)
