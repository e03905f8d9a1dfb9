"""Fund holders: registered, their qualifications checked by one person and admitted by another (domain §0.7)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import User
from accounts.services import open_own_seat
from common import clock
from common.actors import Actor
from common.exceptions import Refused
from common.locking import lock, save_edited
from common.states import move
from implementers import rules
from implementers.enums import HOLDER_KINDS, FundHolderKind, FundHolderState, QualificationKind
from implementers.models import FundHolder, Qualification
from implementers.services.agencies import contact_number, organisation_of
from implementers.services.news import tell_people
from implementers.services.papers import kept
from journal.services import record


@transaction.atomic
def register_fund_holder(
    *,
    user: User,
    name: str,
    uscc: str,
    kind: str,
    contact_phone: str,
    contact_name: str = "",
    area: str = "",
    bank_name: str = "",
    account: str = "",
    platform_link: str = "",
    by: Actor,
    at: datetime,
) -> FundHolder:
    """A charity or budget unit offers to receive and pay gifts; it may do so once it is admitted."""
    if kind not in FundHolderKind.values:
        raise Refused("kind_unknown", _("Choose whether you are a charity or a budget unit."), field="kind")
    phone = contact_number(contact_phone)
    organisation = organisation_of(
        user=user,
        name=name,
        kinds=HOLDER_KINDS[FundHolderKind(kind)],
        uscc=uscc,
        area=area,
        by=by,
        at=at,
    )
    holder = FundHolder(
        organisation=organisation,
        kind=kind,
        platform_link=platform_link.strip(),
        bank_name=bank_name.strip(),
        account=account.strip(),
        contact_name=(contact_name or user.name).strip(),
        contact_phone=phone,
        state=FundHolderState.APPLIED,
        state_since=at,
        applied_at=at,
    )
    try:
        with transaction.atomic():
            holder.save(force_insert=True)
    except IntegrityError:
        raise Refused(
            "fund_holder_known",
            _("This organisation has applied already. Open its page to go on."),
            field="uscc",
        ) from None
    record("implementers.fund_holder.registered", holder, by=by, at=at, kind=kind)
    open_own_seat(user=user, role=Role.FUND_HOLDER, organisation=organisation, by=by, at=at)
    return holder


@transaction.atomic
def edit_fund_holder(
    *, holder: FundHolder, version: int, by: Actor, at: datetime, **changes: Any
) -> FundHolder:
    """The holder keeps its account and contact up to date."""
    rules.refuse_unless_own(holder, by)
    allowed = {"bank_name", "account", "contact_name", "contact_phone", "platform_link"}
    if not changes.keys() <= allowed:
        raise Refused("not_yours_to_change", _("This part was checked. Ask a social worker to change it."))
    if "contact_phone" in changes:
        changes["contact_phone"] = contact_number(changes["contact_phone"])
    holder = save_edited(holder, version=version, changes=changes)
    record("implementers.fund_holder.edited", holder, by=by, at=at, fields=sorted(changes))
    return holder


@transaction.atomic
def add_qualification(
    *,
    holder: FundHolder,
    kind: str,
    issuer: str,
    valid_from: date,
    valid_to: date | None = None,
    number: str = "",
    proof: Any = None,
    by: Actor,
    at: datetime,
) -> Qualification:
    """One qualification with its period and a picture of it."""
    rules.refuse_unless_own(holder, by)
    if kind not in QualificationKind.values:
        raise Refused("kind_unknown", _("Choose which qualification this is."), field="kind")
    if valid_to is not None and valid_to < valid_from:
        raise Refused(
            "period_backwards", _("The last day lies before the first one. Look at the paper once more."),
            field="valid_to",
        )  # fmt: skip
    qualification = Qualification.objects.create(
        fund_holder=holder, kind=kind, number=number.strip(), issuer=issuer.strip(), valid_from=valid_from,
        valid_to=valid_to, proof=kept(proof=proof, owner=holder, by=by, at=at), added_at=at,
    )  # fmt: skip
    record(
        "implementers.qualification.added", qualification, by=by, at=at, holder=holder.public_id, kind=kind
    )
    return qualification


@transaction.atomic
def start_checking_fund_holder(*, holder: FundHolder, by: User, at: datetime) -> FundHolder:
    """The first person looks at the qualifications."""
    holder = lock(holder)
    rules.refuse_unless_checker(holder, by)
    return move(holder, FundHolderState.CHECKING, by=by, at=at, also={"checked_by": by})


@transaction.atomic
def admit_fund_holder(*, holder: FundHolder, by: User, at: datetime) -> FundHolder:
    """A supervisor who did not check admits it, with every qualification its kind needs in force (charity law §38)."""
    holder = lock(holder)
    rules.refuse_unless_checker(holder, by, supervisor=True)
    if holder.state != FundHolderState.CHECKING:
        raise Refused("wrong_state", _("Somebody has to check the papers first."))
    rules.refuse_same_person(holder.checked_by, by)
    rules.refuse_blocked("qualification_missing", rules.qualification_blockers(holder, clock.day_of(at)))
    also = {"admitted_by": by, "admitted_at": at, "reason": ""}
    move(holder, FundHolderState.ADMITTED, by=by, at=at, also=also)
    tell_people(holder.organisation, "fund_holder_admitted", by=by, at=at)
    return holder


@transaction.atomic
def apply_again_fund_holder(*, holder: FundHolder, by: Actor, at: datetime) -> FundHolder:
    """After a refusal the papers may be completed and looked at once more."""
    rules.refuse_unless_own(holder, by)
    return move(lock(holder), FundHolderState.APPLIED, by=by, at=at)


@transaction.atomic
def refuse_fund_holder(*, holder: FundHolder, reason: str, by: User, at: datetime) -> FundHolder:
    """Not admitted, with the reason."""
    holder = lock(holder)
    rules.refuse_unless_checker(holder, by)
    return move(holder, FundHolderState.REFUSED, by=by, at=at, also={"reason": _reason(reason)})


@transaction.atomic
def suspend_fund_holder(*, holder: FundHolder, reason: str, by: User, at: datetime) -> FundHolder:
    """No new money goes there for now."""
    holder = lock(holder)
    rules.refuse_unless_checker(holder, by)
    return move(holder, FundHolderState.SUSPENDED, by=by, at=at, also={"reason": _reason(reason)})


@transaction.atomic
def resume_fund_holder(*, holder: FundHolder, by: User, at: datetime) -> FundHolder:
    """May receive again, with its qualifications in force."""
    holder = lock(holder)
    rules.refuse_unless_checker(holder, by, supervisor=True)
    rules.refuse_blocked("qualification_missing", rules.qualification_blockers(holder, clock.day_of(at)))
    return move(holder, FundHolderState.ADMITTED, by=by, at=at, also={"reason": ""})


def _reason(reason: str) -> str:
    if not reason.strip():
        raise Refused(
            "reason_missing", _("Say why, in a sentence the fund holder will read."), field="reason"
        )
    return reason.strip()
