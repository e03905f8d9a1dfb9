"""Who is asked and has not answered, and what an answer is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Case, Exists, IntegerField, OuterRef, Prefetch, Q, QuerySet, Value, When

from matching.enums import ConfirmationState, Party, ProposalState
from matching.models import Confirmation, Proposal
from matching.queries.catalogue import COUNTY_LENGTH, group_words
from reference.queries import labels, path_labels

TOWN_LENGTH = 9


def waiting_answers(user: Any) -> QuerySet[Confirmation]:
    """Questions without an answer on matches this user may see."""
    return (
        Confirmation.objects.visible_to(user)
        .filter(state=ConfirmationState.ASKED, proposal__state=ProposalState.PROPOSED)
        .select_related(
            "proposal", "proposal__need__item", "proposal__need__household", "proposal__lot__donor",
            "proposal__project__agency__organisation",
        )
    )  # fmt: skip


def late_answers(on: date) -> QuerySet[Confirmation]:
    """Questions whose day has passed."""
    return Confirmation.objects.filter(state=ConfirmationState.ASKED, due__lt=on).order_by("pk")


def asked_of(user: Any, party: Party) -> QuerySet[Any]:
    """Matches on which this party was asked, as this user may see them; `waiting` marks those without an answer.

    A question that was dropped is shown once the match is called off: whoever was told of it reads what became of it.
    """
    mine = Confirmation.objects.filter(proposal=OuterRef("pk"), party=party)
    called_off = Q(state=ProposalState.RELEASED)
    open_question = mine.filter(state=ConfirmationState.ASKED)
    rows: QuerySet[Any] = (
        Proposal.objects.visible_to(user)
        .filter(Exists(mine.exclude(state=ConfirmationState.CANCELLED)) | called_off & Exists(mine))
        .annotate(
            waiting=Case(
                When(Exists(open_question), then=Value(1)), default=Value(0), output_field=IntegerField()
            )
        )
        .select_related("need__item", "lot__donor", "lot__fund_holder", "project__agency__organisation")
        .prefetch_related(
            Prefetch("confirmations", Confirmation.objects.filter(party=party), to_attr="asked")
        )
    )
    return rows


def household_offers(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Matches on which the household was asked and that are not over before they began, the newest first."""
    mine = Confirmation.objects.filter(proposal=OuterRef("pk"), party=Party.HOUSEHOLD)
    return (
        rows.filter(Exists(mine.exclude(state=ConfirmationState.CANCELLED)))
        .exclude(state=ProposalState.RELEASED)
        .select_related("need__item", "lot__donor", "project__agency__organisation")
        .prefetch_related(
            Prefetch("confirmations", Confirmation.objects.filter(party=Party.HOUSEHOLD), to_attr="asked")
        )
        .order_by("-id")
    )


@dataclass(frozen=True)
class MatchCard:
    """A match as a party may see it before an agreement: no name, no house."""

    proposal: Any
    title: str
    place: str
    groups: str
    question: Any


def match_cards(proposals: Iterable[Any], party: Party) -> list[MatchCard]:
    """The agency learns the township, because it has to go there; the donor the county."""
    rows = list(proposals)
    length = TOWN_LENGTH if party == Party.AGENCY else COUNTY_LENGTH
    places = path_labels({row.need.area[:length] for row in rows})
    groups = labels("population_group") if rows else {}
    return [
        MatchCard(
            proposal=row,
            title=row.need.public_title or row.need.item.label,
            place=" ".join(places[row.need.area[:length]].split(" / ")[2:]),
            groups=group_words(row.need.groups, groups),
            question=next(iter(row.asked), None),
        )
        for row in rows
    ]


def match_card(proposal: Any, party: Party) -> MatchCard:
    return match_cards([proposal], party)[0]


def may_undo(question: Confirmation, now: datetime) -> bool:
    """Whether the ten minutes of a yes still run."""
    return (
        question.state == ConfirmationState.GIVEN
        and question.undo_until is not None
        and now < question.undo_until
    )
