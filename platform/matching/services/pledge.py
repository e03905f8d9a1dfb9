"""A donor's pledge to a need: a lot for that need alone and a proposal of origin donor; there is no second path."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organisation
from common.actors import Actor
from common.clock import day_of
from common.exceptions import Refused
from common.locking import lock
from common.numbering import next_number
from common.recording import record
from common.states import move
from common.templatetags.ui import amount
from donors.models import Donor, Pledge
from donors.services import make_pledge
from households.models import Need
from matching.enums import Origin, ProposalState
from matching.models import Proposal
from matching.queries.catalogue import left_of
from matching.rules import refuse_unfit_pair
from matching.services.lapsing import lapse_overrides


@transaction.atomic
def pledge_to_need(
    *,
    need: Need,
    donor: Donor,
    quantity: int,
    fund_holder: Organisation | None,
    binding: str,
    confirm_each: bool,
    fair_value: int | None = None,
    by: Actor,
    at: datetime,
) -> Proposal:
    """Pledge part of a need or all that is missing: the need closes exactly, however many pledge at once.

    What earlier donors pledged and nobody has decided yet counts as taken.
    """
    need = lock(need)
    if not Need.objects.listed().open_on(day_of(at)).filter(pk=need.pk).exists():
        raise Refused(
            "need_closed", _("This need is covered or closed by now. Thank you; please choose another.")
        )
    if quantity < 1:
        raise Refused("amount", _("Give a quantity of at least one."), field="quantity")
    left = left_of(need)
    if quantity > left:
        raise Refused(
            "need_taken",
            _("%(left)s is still missing here. You can pledge that or less, or choose another need.")
            % {"left": amount(left, need.item)},
            field="quantity",
        )
    if quantity < min(need.smallest, left):
        raise Refused("too_small", _("This is less than the smallest useful part."), field="quantity")
    pledge = make_pledge(
        donor=donor,
        item=need.item,
        quantity=quantity,
        need_ref=need.public_id,
        title=need.public_title[:80] or need.item.label_zh,
        area_prefix=need.area[:6],
        fund_holder=fund_holder,
        binding=binding,
        confirm_each=confirm_each,
        fair_value=fair_value,
        by=by,
        at=at,
    )
    refuse_unfit_pair(need, pledge.lot, quantity, day_of(at))
    proposal = Proposal(
        number=next_number("M", need.area, at),
        need=need,
        lot=pledge.lot,
        amount=quantity,
        origin=Origin.DONOR,
        created_at=at,
        state=ProposalState.SUGGESTED,
        state_since=at,
    )
    proposal.save(force_insert=True)
    record(
        "matching.pledged",
        proposal,
        by=by,
        at=at,
        need=need.public_id,
        lot=pledge.lot.public_id,
        amount=quantity,
    )
    return proposal


def drop_pledged(pledge: Pledge, *, by: Actor, at: datetime) -> None:
    """A pledge taken back takes its undecided proposal with it."""
    for proposal in Proposal.objects.filter(lot=pledge.lot, state=ProposalState.SUGGESTED):
        lapse_overrides(proposal=proposal, by=by, at=at)
        move(lock(proposal), ProposalState.EXPIRED, by=by, at=at, reason="pledge_withdrawn")
