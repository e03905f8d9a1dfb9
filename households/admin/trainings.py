"""Who is trained to ask a questionnaire."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from common.templatetags.ui import day, tag
from households.admin.framed import FramedAdmin
from households.desk import trainings
from households.desk.filters import CurrentFilter
from households.desk.lists import Column
from households.models import Training


@admin.register(Training)
class TrainingAdmin(FramedAdmin):
    roles = frozenset({Role.SUPERVISOR})
    filterset = CurrentFilter
    related = ("holder",)
    heads = None
    lead = _(
        "Who may ask a questionnaire that asks for training. A row leads to the page that takes it back."
    )
    columns = (
        Column(_("worker"), lambda row: row.holder.name),
        Column(_("questionnaire"), lambda row: row.code.upper()),
        Column(_("course and certificate"), lambda row: row.course),
        Column(_("valid until"), lambda row: day(row.valid_to), "nowrap"),
        Column(
            _("state"),
            lambda row: (
                tag(_("taken back"), "cancelled") if row.revoked_at else tag(_("in force"), "in_force")
            ),
        ),
    )

    def work_urls(self) -> list[URLPattern]:
        return [
            path("record/", self.framed(trainings.training_page), name="households_training_record"),
            path(
                "<slug:public_id>/revoke/",
                self.framed(trainings.revoke_page),
                name="households_training_revoke",
            ),
        ]

    def list_acts(self) -> list[tuple[Any, str]]:
        return [(_("Write down a training"), reverse("admin:households_training_record"))]

    def name_rows(self, rows: list[Any]) -> None:
        return None

    def row_url(self, row: Training) -> str:
        return "" if row.revoked_at else reverse("admin:households_training_revoke", args=[row.public_id])
