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
from households.models import Household
from households.services.news import tell_household
from households.signals import household_leaving
from matching import signals
from matching.enums import OverrideState, Party
from matching.models import Confirmation, Override, Proposal
from matching.services.leaving import leave_matches
from matching.services.pledge import drop_pledged
from notices.services import notify


@receiver(pledge_withdrawing)
def forget_pledged(*, pledge: Pledge, by: Actor, at: datetime, **_: Any) -> None:
    """An undecided proposal goes with its pledge; a decided one holds the lot and makes the withdrawal refuse."""
    drop_pledged(pledge, by=by, at=at)


@receiver(household_leaving)
def release_for_leaving(*, household: Household, by: Actor, at: datetime, **_: Any) -> None:
    """What waits for a family that leaves goes back; what is under agreement is ended there first."""
    leave_matches(household=household, by=by, at=at)


@receiver(signals.asked)
def tell_asked(*, confirmation: Confirmation, by: Actor, at: datetime, **_: Any) -> None:
    """Whoever is asked learns of it at once."""
    proposal = confirmation.proposal
    if confirmation.party == Party.HOUSEHOLD:
        tell_household(proposal.need.household, "match_for_household", by=by, at=at)
        return
    url = reverse("matching:match", args=[proposal.public_id])
    for person in _people(confirmation):
        _notify(person, f"match_for_{confirmation.party}", proposal, url, by=by, at=at)


@receiver(signals.confirmed)
def tell_confirmed(*, proposal: Proposal, by: Actor, at: datetime, **_: Any) -> None:
    """The caseworker, or the area's workers, learn that everybody has said yes."""
    _tell_workers(proposal, "match_confirmed", by=by, at=at)


@receiver(signals.released)
def tell_released(*, proposal: Proposal, by: Actor, at: datetime, **_: Any) -> None:
    """So that somebody looks for another way."""
    _tell_workers(proposal, "match_released", by=by, at=at)


@receiver(signals.override_asked)
def tell_supervisors(*, override: Override, by: Actor, at: datetime, **_: Any) -> None:
    """Every supervisor of the area but the one who asked."""
    url = reverse("admin:matching_override_answer", args=[override.public_id])
    for person in holders_of(Role.SUPERVISOR, area=override.proposal.need.area):
        if person.pk != override.asked_by_id:
            _notify(person, "override_waiting", override.proposal, url, by=by, at=at)


@receiver(signals.override_answered)
def tell_asker(*, override: Override, by: Actor, at: datetime, **_: Any) -> None:
    """Who asked learns the answer; after a no the suggestion is on the desk again."""
    agreed = override.state == OverrideState.CONFIRMED
    kind = "override_agreed" if agreed else "override_not_agreed"
    page = "confirmation" if agreed else "proposal"
    url = reverse(f"admin:matching_{page}_changelist")
    _notify(override.asked_by, kind, override.proposal, url, by=by, at=at)


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
            url = reverse("admin:matching_confirmation_changelist")
            _notify(person, kind, proposal, url, by=by, at=at)


def _notify(person: User, kind: str, proposal: Proposal, url: str, *, by: Actor, at: datetime) -> None:
    notify(to=person, kind=kind, params={"number": proposal.number}, url=url, by=by, at=at)
