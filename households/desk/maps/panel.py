"""Family map, eco-map and strengths: on the file, and on a page of their own to print."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.models import User
from common.gate import get_visible
from common.masking import mask_name
from common.pages import page
from common.todos import Panel
from households.desk.acts import offered
from households.desk.care_acts import acts_on
from households.desk.maps.ecomap import Tie, ecomap
from households.desk.maps.genogram import Person, genogram
from households.desk.words import act_url, age_of, file_url, head_of
from households.enums import StrengthKind
from households.models import Household, Member
from reference.queries import labels

DIED = "death"


def maps(household: Household, user: User) -> list[Panel]:
    context = {
        **drawn(household, user),
        "begin": [
            (act, act_url(household, act.slug))
            for act in offered(household, user)
            if act.slug in {"tie", "strengths"}
        ],
    }
    return [Panel(_("Family map, support and strengths"), "households/desk/care/maps.html", context)]


def drawn(household: Household, user: User) -> dict[str, Any]:
    """Both drawings, each with its table, and the strengths in their editions."""
    people = [
        _person(member) for member in household.members.all() if member.live or member.ended_reason == DIED
    ]
    words = labels("relation_to_head")
    people = [_named(person, words) for person in people]
    rows = household.support_ties.visible_to(user).select_related("household").order_by("pk")
    ties = [row for row in rows if row.ended_at is None]
    lists = list(household.strength_lists.visible_to(user).select_related("written_by").order_by("-edition"))
    return {
        "household": household,
        "people": people,
        "genogram": genogram(people),
        "ties": [(row, acts_on(row, user)) for row in ties],
        "ended": [row for row in rows if row.ended_at is not None],
        "ecomap": ecomap([_tie(row) for row in ties], head_of(household)) if ties else "",
        "strengths": _told(lists[0].entries) if lists else [],
        "lists": lists,
        "earlier": [(row, _told(row.entries)) for row in lists[1:]],
    }


def _told(entries: Any) -> list[tuple[str, str]]:
    return [(str(StrengthKind(one["kind"]).label), one["words"]) for one in entries]


def _person(member: Member) -> Person:
    return Person(
        ref=member.public_id,
        relation="head" if member.is_head else member.relation,
        relation_words="",
        name=mask_name(member.name),
        sex=member.sex,
        age=age_of(member),
        gone=not member.live,
    )


def _named(person: Person, words: dict[str, str]) -> Person:
    said = words.get(person.relation, person.relation)
    return Person(person.ref, person.relation, said, person.name, person.sex, person.age, person.gone)


def _tie(row: Any) -> Tie:
    return Tie(row.name, row.get_kind_display(), row.strength, row.direction, row.strained)


def maps_page(request: HttpRequest, public_id: str, frame: dict[str, Any]) -> HttpResponse:
    """Both maps on one sheet, to lay on the table with the family."""
    user: User = request.user  # type: ignore[assignment]
    household = get_visible(Household.objects.prefetch_related("members"), user, public_id)
    context = {
        **frame,
        "title": _("Family map, support and strengths"),
        "panel": drawn(household, user),
        "household": household,
        "head": head_of(household),
        "back": file_url(household, "care"),
    }
    return page(request, "households/desk/care/maps_page.html", context)
