"""Lists of service plans, their steps and ratings."""

from __future__ import annotations

from django.contrib import admin
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.templatetags.ui import day
from households.admin.care import CareAdmin
from households.admin.cells import FILE, HEAD, STATE, due
from households.admin.framed import FramedAdmin
from households.desk import plans
from households.desk.lists import Column
from households.enums import PlanState, StepState
from households.models import PlanRating, PlanStep, ServicePlan


@admin.register(ServicePlan)
class ServicePlanAdmin(FramedAdmin, CareAdmin):
    related = ("household", "author")
    columns = (
        FILE,
        HEAD,
        STATE,
        Column(pgettext_lazy("plan", "edition"), lambda row: row.edition, "num"),
        Column(
            _("look at it again by"),
            lambda row: due(row.review_due, waits=row.state == PlanState.AGREED),
            "nowrap",
        ),
        Column(_("written by"), lambda row: row.author.name),
    )

    def work_urls(self) -> list[URLPattern]:
        view = self.framed(plans.plan_page)
        return [path("<slug:public_id>/write/", view, name="households_serviceplan_write")]


@admin.register(PlanStep)
class PlanStepAdmin(CareAdmin):
    order = ("due", "id")
    columns = (
        Column(_("by when"), lambda row: due(row.due, waits=row.state == StepState.OPEN), "nowrap"),
        HEAD,
        Column(_("what is done"), lambda row: row.what),
        Column(_("who does it"), lambda row: row.get_who_display()),
        STATE,
        FILE,
    )


@admin.register(PlanRating)
class PlanRatingAdmin(CareAdmin):
    related = ("household", "plan", "rated_by")
    columns = (
        FILE,
        HEAD,
        Column(_("stage"), lambda row: f"T{row.stage}"),
        Column("T", lambda row: f"{row.score:.2f}", "num"),
        Column(_("rated on"), lambda row: day(row.rated_on), "nowrap"),
        Column(_("written by"), lambda row: row.rated_by.name),
    )
