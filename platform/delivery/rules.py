"""Who signs, who pays, who hands over."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.enums import PLATFORM_STAFF, Role
from accounts.models import User
from accounts.rules import own_organisations, refuse_own_employer
from common.actors import Actor
from common.clock import day_of
from common.exceptions import Refused
from delivery.enums import RUNNING, UNSPENT, AgreementKind, AgreementState, EndGround, Party, Signer
from delivery.models import Agreement, Delivery, Ending
from donors.enums import LotKind
from donors.models import Donor
from donors.rules import is_own_donor
from files.models import Attachment
from households.models import Household
from households.queries import delegation_in_force
from matching.models import Proposal
from projects.models import Project
from projects.rules import party_organisations, speaks_by_code
from reference.queries import path_label

SIGNERS = {
    AgreementKind.SERVICE: (Signer.AGENCY, Signer.HOUSEHOLD),
    AgreementKind.ENTRUSTMENT: (Signer.AGENCY, Signer.FUND_HOLDER, Signer.PLATFORM),
}

DESIGNATED = ("purpose", "use_of_funds")  # what a donor gave its money for
ASSISTED = frozenset({"worker", "delegate"})
PAPERS_OF_ENDINGS = "delivery.endings_of_agreement"
SIGNING_SCOPE = "update"  # what a delegate needs to answer for the family in its matters


def refuse_unless_of_agency(project: Project, by: Any) -> None:
    """Only the project's own agency."""
    seat = getattr(by, "seat", None)
    if seat is None or seat.role != Role.AGENCY or seat.organisation_id != project.agency.organisation_id:
        raise Refused("not_your_project", _("This belongs to another agency."))


def refuse_unless_of_fund_holder(project: Project, by: Any) -> None:
    """Only people of the fund holder that keeps the project's money."""
    seat = getattr(by, "seat", None)
    holder = project.fund_holder
    if (
        seat is None
        or seat.role != Role.FUND_HOLDER
        or holder is None
        or seat.organisation_id != holder.organisation_id
    ):
        raise Refused("not_your_money", _("This money is kept by another fund holder."))


def refuse_unless_signer(agreement: Agreement, signer: str, by: Actor, at: datetime) -> None:
    """Each party signs for itself; the household by code, or through its worker or delegate with evidence."""
    if signer not in {*SIGNERS[AgreementKind(agreement.kind)], Signer.DONOR}:
        raise Refused("no_party", _("This party does not sign this agreement."))
    if signer == Signer.HOUSEHOLD:
        if agreement.household is None or not speaks_for(
            agreement.household,
            by,
            at,
            scope=SIGNING_SCOPE,
            apart_from=party_organisations(agreement.project),
        ):
            raise Refused("not_a_signer", _("Another party signs here."))
        return
    if not isinstance(by, User) or by.seat is None:
        raise Refused("not_a_signer", _("Another party signs here."))
    if signer == Signer.DONOR:
        if asked_donor(agreement, by) is None:
            raise Refused("not_a_signer", _("Another party signs here."))
        return
    if signer == Signer.AGENCY:
        refuse_unless_of_agency(agreement.project, by)
    elif signer == Signer.FUND_HOLDER:
        refuse_unless_of_fund_holder(agreement.project, by)
    elif by.seat.role != Role.SUPERVISOR or not agreement.project.place.startswith(by.seat.prefix):
        raise Refused("supervisor_needed", _("A supervisor of this area signs for the platform."))
    else:
        refuse_own_employer(by=by, organisation_ids=party_organisations(agreement.project))


def use_changes(agreement: Agreement) -> bool:
    """Whether a new version says something else of purpose or use than the one in force."""
    earlier = agreement.replaces
    return (
        agreement.kind == AgreementKind.ENTRUSTMENT
        and earlier is not None
        and any(agreement.content.get(part) != earlier.content.get(part) for part in DESIGNATED)
    )


def donors_asked(agreement: Agreement) -> list[Donor]:
    """Whose money is held for the project: without their yes its use does not change (domain §10.6)."""
    if not use_changes(agreement):
        return []
    held = Proposal.objects.filter(
        project=agreement.project, state__in=UNSPENT, lot__kind=LotKind.MONEY
    ).values("lot__donor")
    return list(Donor.objects.filter(pk__in=held).order_by("pk"))


def asked_donor(agreement: Agreement, by: Any) -> Donor | None:
    """The donor this person signs for."""
    return next((donor for donor in donors_asked(agreement) if is_own_donor(donor, by)), None)


def may_decline(agreement: Agreement, by: Any) -> bool:
    """While it is to be signed, a donor who is asked for its yes may as well say no."""
    return agreement.state == AgreementState.SIGNING and asked_donor(agreement, by) is not None


def everybody_signed(agreement: Agreement) -> bool:
    """Every party, and every donor who is asked for its yes."""
    asked: set[tuple[str, int | None]] = {(one, None) for one in SIGNERS[AgreementKind(agreement.kind)]}
    asked |= {(Signer.DONOR, donor.pk) for donor in donors_asked(agreement)}
    return asked <= set(agreement.signatures.filter(undone_at__isnull=True).values_list("signer", "donor"))


def party_of(agreement: Agreement, by: Any) -> Party | None:
    """For which party of an entrustment this person speaks in the acting seat; nobody for their own employer."""
    seat, project = getattr(by, "seat", None), agreement.project
    if seat is None or agreement.kind != AgreementKind.ENTRUSTMENT:
        return None
    holder = project.fund_holder
    if seat.role == Role.AGENCY and seat.organisation_id == project.agency.organisation_id:
        return Party.AGENCY
    if (
        seat.role == Role.FUND_HOLDER
        and holder is not None
        and seat.organisation_id == holder.organisation_id
    ):
        return Party.FUND_HOLDER
    if seat.role == Role.SUPERVISOR and project.place.startswith(seat.prefix):
        return None if own_organisations(by) & set(party_organisations(project)) else Party.PLATFORM
    if seat.role == Role.DONOR and Agreement.objects.visible_to(by).filter(pk=agreement.pk).exists():
        return Party.DONOR
    return Party.DONOR if asked_donor(agreement, by) else None


def refuse_unless_party(agreement: Agreement, by: Any) -> Party:
    """The parties of an entrustment and the donors of its money, nobody else."""
    party = party_of(agreement, by)
    if party is None:
        raise Refused("no_party", _("You do not speak for a party of this agreement."))
    return party


def may_ask_for_change(agreement: Agreement, party: Party | None) -> bool:
    """While it is discussed every party but the one that wrote it; once it is to be signed those who sign.

    A donor's no to another use of its money is such a word: the version in force stays.
    """
    if party in {None, Party.AGENCY}:
        return False
    if agreement.state == AgreementState.SIGNING:
        return party != Party.DONOR or use_changes(agreement)
    return agreement.state == AgreementState.NEGOTIATING


def asked_of(ending: Ending) -> frozenset[Signer]:
    """Who has to speak: everybody for a mutual end, who is said to have broken it, whoever is hit by force majeure."""
    if ending.ground == EndGround.BREACH:
        return frozenset({Signer(ending.against)})
    everybody = set(SIGNERS[AgreementKind.ENTRUSTMENT])
    if ending.ground == EndGround.FORCE_MAJEURE:
        everybody.discard(Signer.PLATFORM)
    return frozenset(everybody - {Signer(ending.asked_by)})


def refuse_start_passed(start: date, replaces: Agreement | None, at: datetime) -> None:
    """Nothing is agreed backwards; a new version may go on from the first day of the one it is to replace."""
    if start < day_of(at) and (replaces is None or start < replaces.start):
        raise Refused(
            "start_passed",
            _("The first day has passed. An agreement begins on the day it is signed, or later."),
            field="start",
        )


def refuse_while_ending(agreement: Agreement) -> None:
    """While its early end is being asked for, an agreement is neither fulfilled nor replaced."""
    if agreement.endings.filter(state__in=RUNNING).exists():
        raise Refused(
            "ending_open", _("A party has asked to end this agreement. That has to be settled first.")
        )


def refuse_while_breach(agreement: Agreement) -> None:
    """While a breach of an entrustment is heard, no payment under any of its versions is asked for or approved."""
    heard = Ending.objects.filter(
        agreement__number=agreement.number, ground=EndGround.BREACH, state__in=RUNNING
    )
    if heard.exists():
        raise Refused(
            "breach_open",
            _(
                "A breach of this agreement is being heard, so payments rest. "
                "Ask the supervisor of %(place)s, who decides."
            )
            % {"place": path_label(agreement.project.place)},
        )


def refuse_unless_receiver(delivery: Delivery, by: Actor, at: datetime) -> None:
    """Only the family itself says whether it arrived, or its worker or delegate; never who handed it over."""
    proposal = delivery.proposal
    parties = party_organisations(proposal.project) if proposal.project else []
    scope = "receive_money" if proposal.need.item.is_money else "receive_goods"
    if not speaks_for(proposal.need.household, by, at, scope=scope, apart_from=parties):
        raise Refused("not_yours", _("Only the family itself can say whether it arrived."))


def speaks_for(
    household: Household, by: Actor, at: datetime, *, scope: str, apart_from: Collection[int]
) -> bool:
    """The holder of the household's code, its delegate within the scope, or a worker who sees the file.

    Nobody employed by a party of the project speaks for the family (R20).
    """
    on = day_of(at)
    if not isinstance(by, User):
        return speaks_by_code(household, by, scope=scope, on=on)
    if own_organisations(by) & set(apart_from):
        return False
    if by.seat is not None and by.seat.role in PLATFORM_STAFF:
        return Household.objects.all().visible_to(by).filter(pk=household.pk).exists()
    return delegation_in_force(household, user=by, scope=scope, on=on) is not None


def refuse_without_evidence(by: Actor, method: str, evidence: Attachment | None) -> str:
    """Who speaks for the family shows its own word; the way is read from who acts, never only from what was said."""
    way = method if isinstance(by, User) or by.actor_kind == "household" else "delegate"
    if isinstance(by, User) and way not in ASSISTED:
        way = "worker"
    if way in ASSISTED and evidence is None:
        raise Refused(
            "evidence_missing",
            _("Add the photo or recording that shows the family's own word."),
            field="upload",
        )
    return way
