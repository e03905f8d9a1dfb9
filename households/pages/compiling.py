"""From the pages of a draft to the typed answers the service takes."""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.models import User
from households.answers import ApplicationAnswers, DelegateAnswer, NeedAnswer, PersonAnswer
from households.enums import BirthPrecision, Channel
from households.forms.public.dates import as_date, precision
from households.forms.public.topics import UNSURE, UNSURE_ITEM
from households.pages.journey import route
from households.pages.steps import MEMBERS, NEEDS, Answers, must_read_back, needs_delegation

CONSENT_METHODS = {
    "signed_form": "signature",
    "fingerprint": "fingerprint",
    "voice": "voice",
    "witness": "witness",
}
WORKER_RELATIONS = {Channel.VILLAGE_WORKER: "village_cadre", Channel.DESK: "social_worker"}


def compile_answers(answers: Answers, *, read_back: bool, filer: User | None) -> ApplicationAnswers:
    """Only pages on the way count: what an earlier answer made obsolete is left out."""
    pages = {stop.key: answers.get(stop.key, {}) for stop in route(answers)}
    people = _slots(pages, MEMBERS)
    evidence = pages.get("evidence", {})
    present = pages.get("present", {}).get("present")
    place = pages["village"]
    return ApplicationAnswers(
        area=place["village"],
        group=place.get("group", ""),
        address=place.get("address", ""),
        phone=pages.get("phone", {}).get("phone", ""),
        members=tuple(_person(pages, slot) for slot in people),
        needs=tuple(_need(pages, slot, people) for slot in _slots(pages, NEEDS)),
        consents=("apply", "sensitive", *(["child_data"] if "guardian" in pages else [])),
        consent_method=CONSENT_METHODS.get(evidence.get("evidence_kind", ""), "click"),
        story=pages.get("cause", {}).get("story", ""),
        causes=_causes(pages),
        measures=tuple(pages.get("measures", {}).get("measures", [])),
        delegate=_delegate(answers, pages, read_back, filer) if needs_delegation(answers) else None,
        guardian=pages.get("guardian", {}).get("guardian", ""),
        read_back=read_back and must_read_back(answers),
        present=None if present is None else present == "yes",
    )


def _slots(pages: Answers, loop: str) -> list[str]:
    seen = (key.rpartition(":")[2] for key in pages if ":" in key)
    return list(dict.fromkeys(slot for slot in seen if slot.startswith(loop)))


def _person(pages: Answers, slot: str) -> PersonAnswer:
    who, papers, life = pages[f"who:{slot}"], pages[f"papers:{slot}"], pages[f"life:{slot}"]
    disability = pages.get(f"disability:{slot}", {})
    kind, _colon, level = life["schooling"].partition(":")
    birth = papers.get("birth")
    return PersonAnswer(
        name=who["name"],
        relation=who["relation"],
        sex=who["sex"],
        birth_date=as_date(birth) if birth else None,
        birth_precision=str(precision(birth) if birth else BirthPrecision.UNKNOWN),
        id_kind=papers.get("id_kind", ""),
        id_number=papers.get("id_number", ""),
        education=level if kind == "e" else "",
        student_status=level if kind == "s" else "",
        health=tuple(life["health"]),
        disability_kind=disability.get("disability_kind", ""),
        disability_grade=disability.get("disability_grade", ""),
        labour=life["labour"],
    )


def _need(pages: Answers, slot: str, people: list[str]) -> NeedAnswer:
    amount, when = pages.get(f"amount:{slot}", {}), pages[f"when:{slot}"]
    unsure_topic = pages[f"topic:{slot}"]["topic"] == UNSURE
    beneficiary = amount.get("beneficiary", "")
    return NeedAnswer(
        item=UNSURE_ITEM if unsure_topic else pages[f"item:{slot}"]["item"],
        quantity=amount.get("units", 1),
        quantity_known=not unsure_topic and not amount.get("unsure"),
        urgency=when["urgency"],
        deadline=date.fromisoformat(when["deadline"]) if when.get("deadline") else None,
        contribution=when.get("contribution", ""),
        beneficiary=people.index(beneficiary) if beneficiary in people else None,
    )


def _causes(pages: Answers) -> tuple[str, ...]:
    """The one that weighs most comes first (domain §2.1)."""
    causes = pages.get("cause", {}).get("causes", [])
    main = pages.get("main", {}).get("main")
    return tuple(sorted(causes, key=lambda cause: cause != main))


def _delegate(answers: Answers, pages: Answers, read_back: bool, filer: User | None) -> DelegateAnswer:
    helper: dict[str, Any] = pages.get("helper") or {
        "name": filer.name if filer else "",
        "relation": WORKER_RELATIONS.get(answers["channel"], "other"),
        "phone": filer.phone if filer else "",
    }
    powers, evidence = pages["powers"], pages["evidence"]
    return DelegateAnswer(
        name=helper["name"],
        relation=helper["relation"],
        phone=helper.get("phone", ""),
        id_number=helper.get("id_number", ""),
        evidence_kind=evidence["evidence_kind"],
        witness=evidence.get("witness", ""),
        valid_to=date.fromisoformat(powers["valid_to"]),
        scope=tuple(powers["scope"]),
        read_back=read_back,
    )
