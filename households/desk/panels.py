"""What the desk gives to the rest of the product: to-dos, navigation, revealable values, files behind the gate."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.utils.translation import gettext_lazy as _

from accounts import reveal
from accounts.enums import Role
from accounts.models import User
from common import panels
from common.todos import Panel
from files import gates
from households.desk import cards, duplicates, papers, plans, scales, worklist
from households.desk.maps.panel import maps
from households.desk.words import file_url
from households.models import Household, Objection, Remedy
from households.queries.decisions import decision_named
from households.rules import CASE_ROLES

REVEALABLE = (
    ("households.member", "name"),
    ("households.member", "id_number"),
    ("households.household", "phone"),
    ("households.household", "address"),
)
OWNERS = ("consent", "delegation", "visit", "importbatch")


def install() -> None:
    panels.provide(f"todo.{Role.SOCIAL_WORKER}", worklist.for_social_worker)
    panels.provide(f"todo.{Role.SUPERVISOR}", worklist.for_supervisor)
    panels.provide(f"todo.{Role.SUPERVISOR}", cards.waiting)
    panels.provide("household.file", cards.advice_on_file, order=30)
    for role in CASE_ROLES:
        panels.provide(f"nav.{role}", navigation)
        panels.provide(f"todo.{role}", duplicates.todos, order=90)
    panels.provide("household.care", plans.plans, order=10)
    panels.provide("household.care", papers.papers, order=20)
    panels.provide("household.care", maps, order=30)
    panels.provide("household.care", scales.questionnaires, order=40)
    panels.provide("act.safetyalert", scales.what_to_do_now)
    for slot in ("act.objection", "act.remedy"):
        panels.provide(slot, decision_objected_to, order=10)
    for label, field in REVEALABLE:
        reveal.register(label, field, roles=CASE_ROLES)
    for name in OWNERS:
        gates.allow(f"households.{name}", _gate_of(name))


def navigation(user: Any) -> list[tuple[int, Any, str]]:
    """The worker's pages in the order of the working day."""
    return [
        (10, _("Today's work"), "admin:index"),
        (20, _("Household files"), "admin:households_household_changelist"),
        (50, _("Visits"), "admin:households_visit_changelist"),
    ]


def decision_objected_to(obj: Objection | Remedy, user: User) -> list[Panel]:
    """The very decision, and where the file shows it for those who may open the file."""
    objection = obj if isinstance(obj, Objection) else obj.objection
    decision = decision_named(objection)
    if decision is None:
        return []
    household = objection.household
    sees = Household.objects.visible_to(user).filter(pk=household.pk).exists()
    context = {"decision": decision, "url": file_url(household, decision.tab) if sees else ""}
    return [Panel(_("The decision objected to"), "households/desk/decision.html", context)]


def _gate_of(name: str) -> gates.Gate:
    """Case workers open the files of the rows they may see."""

    def gate(user: Any, ref: str) -> bool:
        seat = user.seat
        model = apps.get_model("households", name)
        rows: Any = model._default_manager.all()
        return (
            seat is not None
            and seat.role in CASE_ROLES
            and bool(rows.visible_to(user).filter(public_id=ref).exists())
        )

    return gate
