"""Answers as a reader says them: the page to check, the text to read aloud, the printed slip."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _

from common.masking import mask_id
from common.templatetags.ui import day
from households.forms.public import vocabulary
from households.forms.public.dates import PartialDateField
from households.forms.public.step import StepForm
from households.models import Draft
from households.pages.journey import Stop, route, slots
from households.pages.steps import BY_SLUG, FIRST_OF, MEMBERS, NEEDS, Answers
from reference import queries as reference


@dataclass(frozen=True)
class Said:
    """One row: what was asked, what was answered, where to change it."""

    label: Any
    value: Any
    change_url: str = ""


@dataclass(frozen=True)
class Section:
    """The rows about one person, one need, or the household."""

    title: Any
    rows: list[Said]


def sections(draft: Draft, answers: Answers) -> list[Section]:
    """Every answer in words, grouped by person and need, in the order of the questions."""
    with vocabulary.read_once():
        return list(_sections(draft, answers))


def _sections(draft: Draft, answers: Answers) -> Iterable[Section]:
    groups: dict[str, list[Said]] = {}
    for stop in route(answers):
        if stop.step.listed and stop.key in answers:
            rows = groups.setdefault(stop.slot or _group(stop), [])
            form = stop.step.form(initial=answers[stop.key], answers=answers, slot=stop.slot)
            rows += list(_rows(form, answers[stop.key], stop.url(draft, back=True)))
    for key, rows in groups.items():
        yield Section(title(key, answers), rows)


def _group(stop: Stop) -> str:
    return {"phone": "home", "village": "home", "guardian": "home", "helper": "helper", "present": "helper",
            "powers": "delegate", "evidence": "delegate"}.get(stop.step.slug, "story")  # fmt: skip


def title(key: str, answers: Answers) -> Any:
    if key.startswith(MEMBERS) and key[1:].isdigit():
        return answers.get(f"who:{key}", {}).get("name", "")
    if key.startswith(NEEDS) and key[1:].isdigit():
        return need_title(answers, key)
    titles = {"home": _("Where and how to reach"), "helper": _("Who fills in"), "delegate": _("Entrusted")}
    return titles.get(key, _("What happened"))


def need_title(answers: Answers, slot: str) -> str:
    """What a need is about, in one line."""
    found = vocabulary.items().get(answers.get(f"item:{slot}", {}).get("item", ""))
    return found.label if found else _("A social worker looks with the family")


def _rows(form: StepForm, values: dict[str, Any], url: str) -> Iterable[Said]:
    for bound in form.visible_fields():
        if isinstance(bound.field, forms.FileField):
            text: Any = _("kept") if values.get("attachment") else ""
        elif bound.name == "unsure" and not values.get("unsure"):
            continue
        else:
            text = say(bound.field, values.get(bound.name))
        if bound.name == "id_number" and text:
            text = mask_id(text) if len(text) >= 18 else text
        if bound.name == "village" and text:
            text = reference.path_label(values["village"])
        yield Said(bound.label, text, url)


def say(field: forms.Field, value: Any) -> Any:
    """One answer in the reader's words; an empty text when it was left open."""
    if value in (None, "", []):
        return ""
    if isinstance(field, forms.BooleanField):
        return _("yes") if value else ""
    if isinstance(field, PartialDateField):
        return "-".join(f"{part:02d}" for part in value if part)
    if isinstance(field, forms.DateField):
        return day(date.fromisoformat(value))
    choices = dict(_flat(getattr(field, "choices", ())))
    if isinstance(value, list):
        return "\n".join(str(choices.get(one, one)) for one in value)
    if choices:
        return str(choices.get(str(value), value))
    unit = getattr(field, "unit", "")
    return f"{value} {unit}" if unit else str(value)


def _flat(choices: Iterable[Any]) -> Iterable[tuple[str, Any]]:
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from _flat(label)
        else:
            yield str(value), label


@dataclass(frozen=True)
class Listed:
    """One member or need on its list page, with the ways to change it or take it out."""

    title: Any
    detail: Any
    change_url: str
    remove_url: str


def listed(draft: Draft, answers: Answers, loop: str) -> list[Listed]:
    """What was added so far; the first one stays."""
    with vocabulary.read_once():
        return list(_listed(draft, answers, loop))


def _listed(draft: Draft, answers: Answers, loop: str) -> Iterable[Listed]:
    relations = reference.labels("relation_to_head") if loop == MEMBERS else {}
    for place, slot in enumerate(slots(answers, loop)):
        first = Stop(BY_SLUG[FIRST_OF[loop]], slot)
        if loop == MEMBERS:
            detail: Any = relations.get(answers.get(f"who:{slot}", {}).get("relation", ""), "")
        else:
            detail = _how_much(answers, slot)
        remove_url = reverse("households:apply_remove", args=[draft.public_id, slot]) if place else ""
        yield Listed(title(slot, answers), detail, first.url(draft), remove_url)


def _how_much(answers: Answers, slot: str) -> str:
    amount = answers.get(f"amount:{slot}", {})
    if amount.get("unsure") or not amount.get("quantity"):
        return ""
    item = vocabulary.items()[answers[f"item:{slot}"]["item"]]
    return f"{amount['quantity']} {item.unit_label}"


def spaced(code: str) -> str:
    """XXXXX-XXXXX, as it is printed."""
    return f"{code[:5]}-{code[5:]}".upper()
