"""The tabs of a household's file; each fetches what it shows and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.models import User
from common import clock, panels
from households.desk.acts import Act, offered
from households.desk.facts import revised_words, rule_words
from households.desk.reading import Section, sections_of
from households.desk.timeline import timeline_of
from households.desk.words import about_words, act_url, age_of
from households.enums import ENDED, AssessmentState, FlagState
from households.measures.alkire_foster import score
from households.models import Application, Household, HouseholdYear, Member, Objection
from households.queries.decisions import Decision, decisions_named
from households.queries.page import with_asking
from households.scores.reading import kept_score
from households.services.ending import RELEASING
from households.services.facts import DEPRIVATIONS
from reference.queries import label_of, labels

TABS = {
    "family": _("Family and needs"),
    "check": _("Checks and visits"),
    "facts": _("Income and help"),
    "care": _("Care and plan"),
    "rights": _("Consents and objections"),
    "acts": _("What has been done"),
}
SHARED = {"contact": _("name and telephone"), "address": _("address"), "needs": _("what is needed")}
OPEN_FLAGS = {FlagState.RAISED, FlagState.ASKED, FlagState.EXPLAINED}


@dataclass(frozen=True)
class Row:
    """A row of the file with the acts offered on it, and words the template cannot find itself."""

    obj: Any
    acts: list[tuple[Act, str]]
    words: Any = ""


def tab_context(
    tab: str, household: Household, application: Application | None, user: User
) -> dict[str, Any]:
    return _TABS[tab](household, application, user)


def rows_of(rows: Iterable[Any], user: User, words: Callable[[Any], Any] = lambda row: "") -> list[Row]:
    return [
        Row(row, [(act, act_url(row, act.slug)) for act in offered(row, user)], words(row)) for row in rows
    ]


def _family(household: Household, application: Application | None, user: User) -> dict[str, Any]:
    relations, health, labour = labels("relation_to_head"), labels("health"), labels("labour")

    def member_words(member: Member) -> dict[str, str]:
        return {
            "relation": relations.get(member.relation, member.relation),
            "age": age_of(member),
            "health": gettext(", ").join(health.get(slug, slug) for slug in member.health),
            "labour": labour.get(member.labour, member.labour),
        }

    people = list(household.members.all())
    released = RELEASING if household.state in ENDED else frozenset()
    today = clock.today()
    running = [
        measure
        for measure in household.measures.all()
        if not measure.period_end or measure.period_end >= today
    ]
    covered = {measure.item_id for measure in running if measure.item_id}
    causes = labels("cause")
    return {
        "members": rows_of((m for m in people if m.live or m.ended_reason in released), user, member_words),
        "former": [m for m in people if not m.live and m.ended_reason not in released],
        "needs": rows_of(
            with_asking(household.needs.select_related("item", "household", "application").order_by("pk")),
            user,
            lambda need: need.item_id in covered,
        ),
        "causes": [
            causes.get(slug, slug)
            for slug in (household.cause_main, household.cause_second, household.cause_third)
            if slug
        ],
        "category": label_of("household_attribute", household.category) if household.category else "",
        "standard": label_of("identification_standard", household.standard) if household.standard else "",
        "panels": panels.collect("household.file", household, user),
    }


def _check(household: Household, application: Application | None, user: User) -> dict[str, Any]:
    flags = list(household.flags.select_related("member", "first_decider").order_by("pk"))
    assessments = list(
        household.assessments.select_related("assessor", "reviewer", "household", "application").order_by(
            "-pk"
        )
    )
    return {
        "flags": rows_of((f for f in flags if f.state in OPEN_FLAGS), user, lambda f: rule_words(f.rule)),
        "settled": [(flag, rule_words(flag.rule)) for flag in flags if flag.state not in OPEN_FLAGS],
        "visits": rows_of(
            household.visits.select_related("visitor", "companion", "evidence").order_by("-due", "-pk"), user
        ),
        "today": clock.today(),
        "assessments": rows_of(assessments, user, _assessment_words),
    }


def _assessment_words(assessment: Any) -> dict[str, Any]:
    open_to_write = assessment.state in {AssessmentState.DRAFT, AssessmentState.SENT_BACK}
    sections: list[Section] = sections_of(assessment)
    return {
        "sections": sections,
        "writing": open_to_write,
        "revised": revised_words(assessment) if assessment.revised else "",
    }


def _facts(household: Household, application: Application | None, user: User) -> dict[str, Any]:
    kinds, statuses = labels("measure"), labels("household_attribute")
    years = household.years.select_related("line", "score").prefetch_related("income_lines").order_by("-year")
    return {
        "years": [(year, _lacks(year), _score(year), kept_score(year)) for year in years],
        "measures": [
            (row, kinds.get(row.kind, row.kind))
            for row in household.measures.select_related("item").order_by("-period_start", "-pk")
        ],
        "statuses": [
            (row, statuses.get(row.status, row.status))
            for row in household.official_statuses.order_by("-valid_from", "-pk")
        ],
    }


def _lacks(year: HouseholdYear) -> dict[str, list[Any]]:
    """What the household lacks that year, and what is not known."""
    named = {name: str(HouseholdYear._meta.get_field(name).verbose_name) for name in DEPRIVATIONS}  # type: ignore[union-attr]
    return {
        "yes": [label for name, label in named.items() if getattr(year, name)],
        "unknown": [label for name, label in named.items() if getattr(year, name) is None],
    }


def _score(year: HouseholdYear) -> Any:
    """The share of deprivations by weight, or None when too much is unknown."""
    found = score({"below_line": year.below_line, **{name: getattr(year, name) for name in DEPRIVATIONS}})
    return None if found.value is None else float(found.value)


def _care(household: Household, application: Application | None, user: User) -> dict[str, Any]:
    return {"panels": panels.collect("household.care", household, user)}


def _rights(household: Household, application: Application | None, user: User) -> dict[str, Any]:
    purposes, relations = labels("consent_purpose"), labels("delegate_relation")
    objections = list(
        household.objections.visible_to(user)
        .select_related("first_decider", "second_decider", "household")
        .order_by("-pk")
    )
    named = decisions_named(objections)
    remedies = household.remedies.visible_to(user).select_related("objection", "done_by").order_by("-pk")
    return {
        "consents": rows_of(
            household.consents.select_related("receiver").order_by("-pk"),
            user,
            lambda row: purposes.get(row.purpose, row.purpose),
        ),
        "delegations": rows_of(
            household.delegations.order_by("-pk"),
            user,
            lambda row: relations.get(row.relation, row.relation),
        ),
        "accesses": [
            (row, [SHARED.get(name, name) for name in row.fields])
            for row in household.case_accesses.select_related("organisation").order_by("-pk")
        ],
        "sees_objections": user.seat is not None and user.seat.role == Role.SUPERVISOR,
        "objections": rows_of(objections, user, lambda row: _about(row, named)),
        "remedies": rows_of(remedies, user, lambda row: _about(row.objection, named)),
    }


def _about(objection: Objection, named: dict[int, Decision | None]) -> str:
    """The very decision with its day, else the subject, told of the family."""
    decision = named.get(objection.pk)
    return decision.dated if decision else about_words(objection)


def _acts(household: Household, application: Application | None, user: User) -> dict[str, Any]:
    return {"timeline": timeline_of(household)}


_TABS: dict[str, Callable[[Household, Application | None, User], dict[str, Any]]] = {
    "family": _family,
    "check": _check,
    "facts": _facts,
    "care": _care,
    "rights": _rights,
    "acts": _acts,
}
