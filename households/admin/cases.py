"""Applications, files, needs, visits, data questions, assessments, objections."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from common.templatetags.ui import amount, day, moment, severity
from households.admin.cells import FILE, HEAD, PLACE, STATE, WORKER, due
from households.desk.facts import rule_with_code
from households.desk.filters import (
    ApplicationFilter,
    FlagFilter,
    HouseholdFilter,
    NeedFilter,
    ObjectionFilter,
    RemedyFilter,
    RowFilter,
    VisitFilter,
)
from households.desk.lists import Column, DeskAdmin
from households.desk.slips import slip_page
from households.desk.views import assessment_page, file_page
from households.desk.words import about_words, act_url, file_url, missing_words
from households.enums import (
    ApplicationState,
    HouseholdState,
    NeedState,
    ObjectionState,
    RemedyState,
    VisitState,
)
from households.models import Application, Assessment, Household, Need, Objection, QualityFlag, Remedy, Visit
from households.queries.page import with_asking

DECIDED = {ApplicationState.APPROVED, ApplicationState.REJECTED, ApplicationState.WITHDRAWN}


def _application_due(row: Application) -> Any:
    """The next day to keep: accept, then decide; none while the file is paused."""
    waits = row.state not in DECIDED and row.household.state != HouseholdState.SUSPENDED
    return due(row.accept_due if row.state == ApplicationState.SUBMITTED else row.decide_due, waits=waits)


@admin.register(Application)
class ApplicationAdmin(DeskAdmin):
    filterset = ApplicationFilter
    related = ("household", "household__worker")
    lead = _("Newest first. What waits for you stands on the first page.")
    columns = (
        Column(_("number"), lambda row: row.number, "nowrap"),
        HEAD,
        STATE,
        PLACE,
        Column(_("received"), lambda row: day(row.submitted_at), "nowrap"),
        Column(_("due by"), _application_due, "nowrap"),
        WORKER,
    )

    def row_url(self, row: Application) -> str:
        return file_url(row.household)


@admin.register(Household)
class HouseholdAdmin(DeskAdmin):
    filterset = HouseholdFilter
    related = ("worker",)
    heads = ""
    columns = (
        Column(_("file number"), lambda row: row.number, "nowrap"),
        HEAD,
        STATE,
        PLACE,
        WORKER,
        Column(_("filed on"), lambda row: day(row.filed_at), "nowrap"),
        Column(_("still missing"), missing_words),
    )

    def work_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self._for_roles(self.file_view))
        slip = self.admin_site.admin_view(self._for_roles(self.slip_view))
        return [
            path("<slug:public_id>/file/", view, name="households_household_file"),
            path("<slug:public_id>/slip/", slip, name="households_household_slip"),
        ]

    def file_view(self, request: HttpRequest, public_id: str) -> HttpResponse:
        return file_page(request, public_id, {**self.admin_site.each_context(request), "opts": self.opts})

    def slip_view(self, request: HttpRequest, public_id: str) -> HttpResponse:
        return slip_page(request, public_id, {**self.admin_site.each_context(request), "opts": self.opts})

    def row_url(self, row: Household) -> str:
        return file_url(row)


def _severity(row: Need) -> Any:
    """A need the assessment has not looked at has no severity yet; one that ended before gets none."""
    waits = row.state in {NeedState.DRAFT, NeedState.ASSESSED}
    return severity(row.severity) or (_("not assessed yet") if waits else "—")


@admin.register(Need)
class NeedAdmin(DeskAdmin):
    filterset = NeedFilter
    related = ("household", "item", "application")
    columns = (
        Column(_("number"), lambda row: row.number, "nowrap"),
        Column(_("need"), lambda row: row.item.label),
        Column(_("severity"), _severity),
        HEAD,
        Column(_("quantity"), lambda row: amount(row.requested, row.item), "num"),
        Column(_("still missing"), lambda row: amount(row.remaining, row.item), "num"),
        Column(_("needed by"), lambda row: due(row.deadline, waits=row.state == "open"), "nowrap"),
        STATE,
    )

    def name_rows(self, rows: list[Need]) -> None:
        super().name_rows(rows)
        with_asking(rows)


@admin.register(Visit)
class VisitAdmin(DeskAdmin):
    filterset = VisitFilter
    related = ("household", "household__worker", "visitor")
    order = ("due", "id")
    columns = (
        Column(_("visit by"), lambda row: due(row.due, waits=row.state == VisitState.PLANNED), "nowrap"),
        HEAD,
        Column(_("kind of visit"), lambda row: row.get_kind_display()),
        STATE,
        PLACE,
        WORKER,
        Column(_("visited"), lambda row: moment(row.done_at), "nowrap"),
    )

    def row_url(self, row: Visit) -> str:
        if row.state == VisitState.PLANNED:
            return act_url(row, "record")
        return file_url(row.household, "check")


@admin.register(QualityFlag)
class QualityFlagAdmin(DeskAdmin):
    filterset = FlagFilter
    columns = (
        Column(_("question"), lambda row: rule_with_code(row.rule)),
        HEAD,
        STATE,
        Column(_("since"), lambda row: day(row.raised_at), "nowrap"),
        FILE,
    )

    def row_url(self, row: QualityFlag) -> str:
        return file_url(row.household, "check")


@admin.register(Assessment)
class AssessmentAdmin(DeskAdmin):
    filterset = RowFilter
    related = ("household", "assessor", "application")
    columns = (
        FILE,
        HEAD,
        STATE,
        Column(_("written by"), lambda row: row.assessor.name),
        Column(_("begun"), lambda row: day(row.created_at), "nowrap"),
        Column(_("sent up"), lambda row: day(row.submitted_at), "nowrap"),
    )

    def work_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self._for_roles(self.write_view))
        return [path("<slug:public_id>/write/<slug:level>/", view, name="households_assessment_write")]

    def write_view(self, request: HttpRequest, public_id: str, level: str) -> HttpResponse:
        frame = {**self.admin_site.each_context(request), "opts": self.opts}
        return assessment_page(request, public_id, level, frame)

    def row_url(self, row: Assessment) -> str:
        return file_url(row.household, "check")


@admin.register(Remedy)
class RemedyAdmin(DeskAdmin):
    filterset = RemedyFilter
    related = ("household", "objection")
    order = ("due", "id")
    lead = _("What follows from objections in which the family was right. The earliest day comes first.")
    empty = _(
        "Supervisors act on an objection the family was right in. None that you may read waits or is done."
    )
    columns = (
        Column(_("objection"), lambda row: row.objection.number, "nowrap"),
        Column(_("about"), lambda row: about_words(row.objection)),
        HEAD,
        STATE,
        Column(_("act by"), lambda row: due(row.due, waits=row.state == RemedyState.WAITING), "nowrap"),
        Column(_("what came of it"), lambda row: row.get_outcome_display() or "—"),
    )

    def row_url(self, row: Remedy) -> str:
        return file_url(row.household, "rights")


@admin.register(Objection)
class ObjectionAdmin(DeskAdmin):
    filterset = ObjectionFilter
    empty = _(
        "Objections are read by the supervisors of the area and by the two people who decide them. Whoever was involved"
        " in a case does not decide; when you are named, the objection stands here."
    )
    columns = (
        Column(_("number"), lambda row: row.number, "nowrap"),
        Column(_("about"), about_words),
        HEAD,
        STATE,
        Column(_("answer by"), lambda row: due(row.due, waits=row.state != ObjectionState.DECIDED), "nowrap"),
    )

    def row_url(self, row: Objection) -> str:
        if row.state == ObjectionState.RECEIVED:
            return act_url(row, "assign")
        if row.state == ObjectionState.INVESTIGATING:
            return act_url(row, "decide")
        return file_url(row.household, "rights")
