"""What matching does when the donor side changes, and whom it tells when somebody is asked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from accounts.queries import holders_of, members_of
from common.actors import Actor
from donors.models import Pledge
from donors.queries import donor_users
from donors.signals import pledge_withdrawing
from households.services.news import tell_household
from matching import signals
from matching.enums import Party
from matching.models import Confirmation, Proposal
from matching.services.pledge import drop_pledged
from notices.services import notify


@receiver(pledge_withdrawing)
def forget_pledged(*, pledge: Pledge, by: Actor, at: datetime, **_: Any) -> None:
    """An undecided proposal goes with its pledge; a decided one holds the lot and makes the withdrawal refuse."""
    drop_pledged(pledge, by=by, at=at)


@receiver(signals.asked)
def tell_asked(*, confirmation: Confirmation, by: Actor, at: datetime, **_: Any) -> None:
    """Whoever is asked learns of it at once."""
    proposal = confirmation.proposal
    if confirmation.party == Party.HOUSEHOLD:
        tell_household(proposal.need.household, "match_for_household", by=by, at=at)
        return
    url = reverse("matching:match", args=[proposal.public_id])
    for person in _people(confirmation):
        notify(
            to=person,
            kind=f"match_for_{confirmation.party}",
            params={"number": proposal.number},
            url=url,
            by=by,
            at=at,
        )


@receiver(signals.confirmed)
def tell_confirmed(*, proposal: Proposal, by: Actor, at: datetime, **_: Any) -> None:
    """The caseworker, or the area's workers, learn that everybody has said yes."""
    _tell_workers(proposal, "match_confirmed", by=by, at=at)


@receiver(signals.released)
def tell_released(*, proposal: Proposal, by: Actor, at: datetime, **_: Any) -> None:
    """So that somebody looks for another way."""
    _tell_workers(proposal, "match_released", by=by, at=at)


def _people(confirmation: Confirmation) -> list[User]:
    proposal = confirmation.proposal
    if confirmation.party == Party.DONOR:
        return donor_users(proposal.lot.donor)
    agency = proposal.project.agency.organisation_id if proposal.project else None
    return members_of(agency, role=Role.AGENCY) if agency else []


def _tell_workers(proposal: Proposal, kind: str, *, by: Actor, at: datetime) -> None:
    need = proposal.need
    worker = need.household.worker
    people = [worker] if worker is not None else holders_of(Role.SOCIAL_WORKER, area=need.area)
    for person in people:
        if person.actor_ref != by.actor_ref:
            notify(
                to=person,
                kind=kind,
                params={"number": proposal.number},
                url=reverse("admin:matching_confirmation_changelist"),
                by=by,
                at=at,
            )
