"""What a household said when it applied, from the unchangeable snapshot: its own copy to read and print (PIPL §45)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from common.masking import mask_id, mask_phone
from common.templatetags.ui import amount
from households.enums import Urgency
from households.models import Application
from reference.models import Item
from reference.queries import labels, path_label


@dataclass(frozen=True)
class Said:
    """One answer, in the shape the component reads."""

    label: Any
    value: Any


@dataclass(frozen=True)
class Part:
    """The answers about one person, one need, or the family."""

    title: Any
    rows: list[Said]


def said_in(application: Application) -> list[Part]:
    """Every answer in words, identity numbers masked; what was left open is left out."""
    told: dict[str, Any] = json.loads(application.snapshot)
    slugs = [need["item"] for need in told["needs"]]
    items = {item.slug: item for item in Item.objects.filter(slug__in=slugs)}
    people = told["members"]
    parts = [
        Part(_("Where and how to reach"), list(_home(told))),
        *(Part(person["name"], list(_person(person))) for person in people),
        *(Part(*_need(need, items, people)) for need in told["needs"]),
        Part(_("What happened"), list(_story(told, application))),
    ]
    if told.get("delegate"):
        parts.append(Part(_("Entrusted"), list(_delegate(told["delegate"]))))
    return [Part(part.title, [row for row in part.rows if row.value]) for part in parts]


def _home(told: dict[str, Any]) -> Iterator[Said]:
    yield Said(_("Your village"), path_label(told["area"]))
    yield Said(_("Group or hamlet"), told["group"])
    yield Said(_("How do we find the house?"), told["address"])
    yield Said(_("Telephone"), mask_phone(told["phone"]) if told["phone"] else "")


def _person(person: dict[str, Any]) -> Iterator[Said]:
    yield Said(_("Relation to the head of the household"), _word("relation_to_head", person["relation"]))
    yield Said(_("Woman or man"), _word("sex", person["sex"]))
    yield Said(_("Day of birth"), _birth(person))
    yield Said(_("Document"), _word("identity_document", person["id_kind"]))
    yield Said(_("Identity number"), mask_id(person["id_number"]) if person["id_number"] else "")
    yield Said(_("Ethnic group"), _word("ethnicity", person["ethnicity"]))
    yield Said(_("Schooling"), _word("education", person["education"]))
    yield Said(_("At school"), _word("student", person["student_status"]))
    yield Said(_("Health"), _words("health", person["health"]))
    yield Said(_("Kind of disability"), _word("disability_kind", person["disability_kind"]))
    yield Said(_("Grade of disability"), _word("disability_grade", person["disability_grade"]))
    yield Said(_("Ability to work"), _word("labour", person["labour"]))


def _birth(person: dict[str, Any]) -> str:
    """As far as it was known: a year, a month, a day."""
    length = {"year": 4, "month": 7, "day": 10}.get(person["birth_precision"], 0)
    return (person["birth_date"] or "")[:length]


def _need(
    need: dict[str, Any], items: dict[str, Item], people: list[dict[str, Any]]
) -> tuple[str, list[Said]]:
    item = items[need["item"]]
    known = amount(need["quantity"], item) if need["quantity_known"] else _("The social worker works it out")
    for_whom = people[need["beneficiary"]]["name"] if need["beneficiary"] is not None else ""
    return item.label, [
        Said(_("How much?"), known),
        Said(_("How soon?"), Urgency(need["urgency"]).label),
        Said(_("By when?"), need["deadline"]),
        Said(_("For whom?"), for_whom),
        Said(_("In your own words"), need["story"]),
        Said(_("What can the family do itself?"), need["contribution"]),
    ]


def _story(told: dict[str, Any], application: Application) -> Iterator[Said]:
    """The story with what was added later."""
    yield Said(_("Why life is hard"), _words("cause", told["causes"]))
    yield Said(_("In your own words"), application.story)
    yield Said(_("Help you already get"), _words("measure", told["measures"]))
    yield Said(_("What you agreed to"), _words("consent_purpose", told["consents"]))


def _delegate(delegate: dict[str, Any]) -> Iterator[Said]:
    yield Said(_("Name"), delegate["name"])
    yield Said(_("Relation"), _word("delegate_relation", delegate["relation"]))
    yield Said(_("What this person may do"), _words("delegation_scope", delegate["scope"]))
    yield Said(_("Until"), delegate["valid_to"])


def _word(slug: str, value: str) -> str:
    return str(labels(slug).get(value, value)) if value else ""


def _words(slug: str, values: list[str]) -> str:
    return "\n".join(_word(slug, value) for value in values)
