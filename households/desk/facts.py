"""What a worker must see beside the question of an act: a few facts about the row, never a number in clear."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.masking import mask_id, mask_name
from common.templatetags.ui import amount, day, moment, severity_words
from households.desk.care_facts import CARE_FACTS
from households.desk.words import about_words, head_of, missing_whose
from households.enums import ApplicationState, AssessmentState, Urgency
from households.models import (
    Application,
    Assessment,
    Consent,
    Delegation,
    Household,
    Member,
    Need,
    Objection,
    QualityFlag,
    Remedy,
    SafetyAlert,
    Visit,
)
from households.quality import RULES
from households.queries.page import with_asking
from households.queries.ranking import ranking_words
from households.services.needs import AT_ONCE, OVERRIDDEN
from reference.queries import label_of

Facts = list[tuple[Any, Any]]


def facts_of(obj: Any) -> Facts:
    """A few pairs of label and value."""
    return _FACTS[type(obj)](obj)


def rule_words(code: str) -> str:
    """What a quality rule asks, in plain words."""
    return str(RULES[code].explanation) if code in RULES else code


def rule_with_code(code: str) -> SafeString:
    """The question first, and small behind it the code by which the catalogue of rules knows it."""
    return format_html('{} <span class="soft">{}</span>', rule_words(code), code)


def _application(row: Application) -> Facts:
    """What was asked for, and once it is assessed what was found: who decides reads it beside the button."""
    needs = row.needs.select_related("item").order_by("pk")
    asked = "\n".join(f"{need.item.label} · {amount(need.requested, need.item)}" for need in needs)
    facts: Facts = [
        (_("application number"), row.number),
        (_("head of household"), head_of(row.household)),
        (_("received"), moment(row.submitted_at)),
        (_("channel"), row.get_channel_display()),
        (_("in the family's words"), row.story or "—"),
        (_("what is needed"), asked or "—"),
    ]
    if row.state == ApplicationState.REVIEWING and (missing := missing_whose(row.household)):
        facts.append((_("still missing"), missing))
    found = row.assessments.exclude(state=AssessmentState.SET_ASIDE).select_related("assessor").last()
    if found is not None and found.submitted_at is not None:
        causes = _(", ").join(label_of("cause", cause["code"]) for cause in found.causes)
        facts += [
            (_("assessed by"), found.assessor.name),
            (_("how severe (0–4)"), found.grade),
            (_("causes"), causes or "—"),
            (_("objectives"), found.objectives or "—"),
            (_("needs in order"), ranking_words(found) or "—"),
        ]
    return facts


def _household(row: Household) -> Facts:
    facts = [(_("file number"), row.number), (_("head of household"), head_of(row))]
    return [*facts, (_("still missing"), missing)] if (missing := missing_whose(row)) else facts


def _flag(row: QualityFlag) -> Facts:
    facts: Facts = [(_("question"), rule_with_code(row.rule))]
    if row.member is not None:
        facts.append((_("about"), mask_name(row.member.name)))
    if row.explanation:
        facts.append((_("the family explains"), row.explanation))
    if row.first_decider is not None:
        facts.append((_("first opinion"), f"{row.first_decider.name}: {row.reason}"))
    return facts


def _visit(row: Visit) -> Facts:
    return [
        (_("head of household"), head_of(row.household)),
        (_("kind of visit"), row.get_kind_display()),
        (_("visit by"), day(row.due)),
    ]


def _need(row: Need) -> Facts:
    return [
        (_("need"), f"{row.public_title or row.item.label} · {row.number}"),
        (_("quantity"), amount(row.requested, row.item)),
        (_("severity"), _severity(row)),
        (_("state"), with_asking([row])[0].state_label),
    ]


SEVERITY_REASONS = {
    "deadline_near": gettext_lazy("the day it is needed by is near"),
    "immediate_risk": gettext_lazy("somebody is in danger"),
}


def _severity(row: Need) -> str:
    """The severity and why: the rule's reasons in words, or the supervisor's own."""
    if row.severity is None:
        return "—"
    reasons = row.severity_reason.split(",")
    if row.severity_rule in {OVERRIDDEN, AT_ONCE}:
        said = row.severity_reason
    else:
        grades = [one.removeprefix("grade_") for one in reasons if one.startswith("grade_")]
        said = _(", ").join(
            [
                *(_("problem of grade %(grade)s") % {"grade": grade} for grade in grades),
                *(str(SEVERITY_REASONS[one]) for one in reasons if one in SEVERITY_REASONS),
            ]
        )
    return f"{row.severity} · {severity_words(row.severity)} · {said}"


def _objection(row: Objection) -> Facts:
    facts: Facts = [
        (_("number"), row.number),
        (_("about"), about_words(row)),
        (_("in the household's words"), row.text),
        (_("answer by"), day(row.due)),
    ]
    return [*facts, (_("answer so far"), row.answer)] if row.answer else facts


def _remedy(row: Remedy) -> Facts:
    objection = row.objection
    return [
        (_("objection"), objection.number),
        (_("head of household"), head_of(row.household)),
        (_("about"), about_words(objection)),
        (_("in the household's words"), objection.text),
        (_("the decision says"), objection.answer),
        (_("act by"), day(row.due)),
    ]


def _member(row: Member) -> Facts:
    return [
        (_("Name"), mask_name(row.name)),
        (_("identity number"), mask_id(row.id_number) or "—"),
        (_("relation to the head"), label_of("relation_to_head", row.relation)),
    ]


def _assessment(row: Assessment) -> Facts:
    facts: Facts = [(_("head of household"), head_of(row.household)), (_("written by"), row.assessor.name)]
    if row.ranking:
        facts.append((_("needs in order"), ranking_words(row)))
    if row.revised:
        facts.append((_("what it makes of open needs"), revised_words(row)))
    return [*facts, (_("sent back because"), row.sent_back_reason)] if row.sent_back_reason else facts


def revised_words(row: Assessment) -> str:
    """Each need that is open already, as it is and as it is to be."""
    entries = {entry["need"]: entry for entry in row.revised}
    needs = Need.objects.filter(public_id__in=entries, household=row.household_id).select_related("item")
    return "\n".join(_revised(need, entries[need.public_id]) for need in needs.order_by("pk"))


def _revised(need: Need, entry: dict[str, Any]) -> str:
    last = entry.get("deadline")
    words = {
        "need": need.item.label,
        "before": amount(need.requested, need.item),
        "after": amount(entry.get("requested", need.requested), need.item),
        "urgency": Urgency(entry.get("urgency", need.urgency)).label,
    }
    said = _("%(need)s: %(before)s → %(after)s, %(urgency)s") % words
    return f"{said}, {day(date.fromisoformat(last))}" if last else said


def _consent(row: Consent) -> Facts:
    receiver = row.receiver.name if row.receiver else _("this platform")
    return [(_("purpose"), label_of("consent_purpose", row.purpose)), (_("receiver"), receiver)]


def _delegation(row: Delegation) -> Facts:
    return [(_("name of the delegate"), mask_name(row.name)), (_("valid until"), day(row.valid_to))]


def _alert(row: SafetyAlert) -> Facts:
    result = row.result
    facts: Facts = [
        (_("head of household"), head_of(row.household)),
        (_("about"), mask_name(result.member.name)),
        (
            _("asked and written down by"),
            f"{result.taken_by.name} · {result.instrument.scale.title} · {day(result.asked_on)}",
        ),
        (_("act by"), moment(row.due)),
    ]
    if row.done_by is not None:
        facts += [
            (_("what was done"), f"{row.done}\n{row.done_by.name} · {moment(row.done_at)}"),
            (_("next contact by"), day(row.next_contact)),
        ]
    return facts


_FACTS: dict[type[Any], Callable[[Any], Facts]] = {
    Application: _application,
    Assessment: _assessment,
    Consent: _consent,
    Delegation: _delegation,
    Household: _household,
    Member: _member,
    Need: _need,
    Objection: _objection,
    QualityFlag: _flag,
    Remedy: _remedy,
    SafetyAlert: _alert,
    Visit: _visit,
    **CARE_FACTS,
}
