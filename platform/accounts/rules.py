"""Predicates shared by pages, services and forms: neutrality, separated roles, who looks after which seat."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.enums import (
    AREA_ROLES,
    CODE_HEADS,
    EMPLOYED_ROLES,
    NATIONAL,
    NATIONAL_ROLES,
    ORGANISATION_ROLES,
    PLATFORM_STAFF,
    ROLES_OF_KIND,
    SEPARATED_ROLES,
    MembershipState,
    OrganisationKind,
    Role,
)
from accounts.models import DutyConflict, Involvement, Membership, Organisation, User
from common import panels
from common.exceptions import Refused
from common.gate import Seat
from common.identity import check_uscc
from reference.queries import get_division

AREA = re.compile(r"\d{2}|\d{4}|\d{6}|\d{9}|\d{12}")
MOBILE = re.compile(r"1[3-9]\d{9}")


def own_organisations(by: Any) -> frozenset[int]:
    """Every employer of this person, whichever seat they act in."""
    return frozenset(seat.organisation_id for seat in getattr(by, "seats", ()) if seat.organisation_id)


def refuse_own_employer(*, by: Any, organisation_ids: Collection[int | None]) -> None:
    """Nobody verifies, decides or approves where the own employer is donor, agency or fund holder (R20, R31)."""
    if own_organisations(by) & set(organisation_ids):
        raise Refused(
            "own_employer",
            _("You work for one of the parties here, so a colleague without that tie must do this step."),
        )


def works_with(user: Any, organisation: Organisation | None, *, area: str = "") -> bool:
    """Whether a seat lies where an organisation is registered or says it works, or where it gives or carries out
    something; who named no place yet may have to be checked by anybody. The others need no persons and no papers of it
    (PIPL §6: the least that the purpose needs)."""
    seat = getattr(user, "seat", None)
    if seat is None:
        return False
    if organisation is None:
        return True
    places = {place for place in (organisation.area, area) if place}
    near = any(place.startswith(seat.prefix) or seat.prefix.startswith(place) for place in places)
    return (
        near or not places or Organisation.objects.filter(active_in(seat.prefix), pk=organisation.pk).exists()
    )


def active_in(prefix: str, path: str = "pk") -> Q:
    """Organisations that give or carry out something in a place, as the layers above tell."""
    found = Q(pk__in=[])
    for organisation_ids in panels.collect("organisation.active_in", prefix):
        found |= Q(**{f"{path}__in": organisation_ids})
    return found


def near_rows(seat: Seat, *, organisation: str, area: str = "") -> Q:
    """`works_with` over rows: the path to their organisation, and the column where it says it works."""
    if not seat.prefix:
        return Q()
    around = [seat.prefix[:length] for length in range(1, len(seat.prefix) + 1)]
    near, nowhere = active_in(seat.prefix, organisation), Q()
    for place in (f"{organisation}__area", *((area,) if area else ())):
        near |= Q(**{f"{place}__startswith": seat.prefix}) | Q(**{f"{place}__in": around})
        nowhere &= Q(**{place: ""})
    return near | nowhere


def refuse_unless_worker_near(
    *, by: Any, organisation: Organisation | None, area: str = "", supervisor: bool = False
) -> None:
    """Who checks, admits or judges somebody is a worker of a place where it is registered, works, gives or has a
    project (`works_with`), and has no tie to it: never a worker to whom its papers are closed."""
    refuse_own_employer(by=by, organisation_ids={organisation.pk} if organisation else set())
    seat = getattr(by, "seat", None)
    if supervisor and (seat is None or seat.role != Role.SUPERVISOR):
        raise Refused("supervisors_only", _("A supervisor does this step."))
    if seat is None or seat.role not in PLATFORM_STAFF:
        raise Refused("workers_only", _("A worker of the station does this step."))
    if not works_with(by, organisation, area=area):
        raise Refused(
            "other_place",
            _("It is registered and at work elsewhere. The workers of those places do this step."),
        )


def acts_by_rule(by: Any) -> bool:
    """A job acting by rule and clock, or the platform itself; neither a person at a page nor a family with its code."""
    return not isinstance(by, User) and by.actor_kind not in {"household", "delegate"}


def refuse_unless_by_rule(by: Any) -> None:
    """What follows from a day or a rule alone is nobody's to do by hand."""
    if not acts_by_rule(by):
        raise Refused("by_rule_only", _("The platform does this by itself when its day has come."))


def conflict_of(*, user: User, file: Any, duty: str) -> str | None:
    """The earlier duty of this user on this file that excludes the new one, or None."""
    label, ref = file_key(file)
    earlier = set(
        Involvement.objects.filter(user=user, file_label=label, file_ref=ref).values_list("duty", flat=True)
    )
    if not earlier:
        return None
    for first, second in DutyConflict.objects.values_list("first", "second").order_by("pk"):
        if first == duty and second in earlier:
            return second
        if second == duty and first in earlier:
            return first
    return None


def kept_from(*, file: Any, duty: str) -> QuerySet[Involvement]:
    """What people did on this file that keeps each of them from a duty there."""
    label, ref = file_key(file)
    pairs = DutyConflict.objects.filter(Q(first=duty) | Q(second=duty)).values_list("first", "second")
    excluding = {first if second == duty else second for first, second in pairs}
    return Involvement.objects.filter(file_label=label, file_ref=ref, duty__in=excluding)


def file_key(file: Any) -> tuple[str, str]:
    """The (label, ref) of a file: a row, or such a pair already."""
    return file if isinstance(file, tuple) else (file._meta.label_lower, file.public_id)


def refuse_meeting_separated_roles(*, user: User, role: str) -> None:
    """Audit, system and security administration never meet in one person (MLPS level 3)."""
    if role not in SEPARATED_ROLES:
        return
    held = user.memberships.exclude(state=MembershipState.ENDED).filter(role__in=SEPARATED_ROLES)
    if held.exclude(role=role).exists():
        raise Refused(
            "separated_roles",
            _(
                "This person already holds one of the three separated administrations. "
                "Choose somebody else, or end the other seat first."
            ),
            field="role",
        )


def refuse_unfit_seat(*, role: str, prefix: str, organisation: Organisation | None) -> None:
    """A seat for an area has one, a worker has an employer, and the employer is of a kind that has such workers."""
    if prefix == NATIONAL:
        if role not in NATIONAL_ROLES:
            raise Refused(
                "area_too_wide",
                _("This role works in one place. Write the code of that area instead of the whole country."),
                field="prefix",
            )
        prefix = ""
    elif role in AREA_ROLES and not prefix:
        raise Refused("area_missing", _("Write the code of the area this person works for."), field="prefix")
    if prefix and not AREA.fullmatch(prefix):
        raise Refused(
            "area_unreadable",
            _("An area code has 2, 4, 6, 9 or 12 digits. Count them once more."),
            field="prefix",
        )
    if prefix and get_division(prefix) is None:
        raise Refused(
            "area_unknown",
            _("No division in force has this code. Look it up in the list of areas."),
            field="prefix",
        )
    if organisation is None:
        if role in EMPLOYED_ROLES:
            raise Refused(
                "employer_missing", _("Name the organisation this person works for."), field="organisation"
            )
    elif role not in ROLES_OF_KIND[OrganisationKind(organisation.kind)]:
        raise Refused(
            "role_unfit",
            _("An organisation of this kind has no such role. Choose another role or another organisation."),
            field="role",
        )


def may_look_after(*, by: Any, role: str, organisation: Organisation | None) -> bool:
    """System administrators look after every seat; who manages an organisation, after its seats of the own role."""
    seat = getattr(by, "seat", None)
    if seat is None:
        return False
    if seat.role == Role.SYSTEM_ADMIN:
        return True
    return bool(
        seat.manages
        and organisation is not None
        and seat.organisation_id == organisation.pk
        and seat.role == role
        and role in ORGANISATION_ROLES
    )


def own_columns(*, by: Any, organisation: Organisation) -> frozenset[str]:
    """What this person may change of an organisation: an administrator everything, its manager how to reach it."""
    seat = getattr(by, "seat", None)
    if seat is None:
        return frozenset()
    if seat.role == Role.SYSTEM_ADMIN:
        return frozenset({"name", "kind", "uscc", "area", "phone"})
    manages = seat.manages and seat.organisation_id == organisation.pk
    return frozenset({"phone"}) if manages else frozenset()


def refuse_kind_without_room(*, organisation: Organisation, kind: str) -> None:
    """The people of an organisation hold roles that its new kind has as well."""
    held = set(organisation.memberships.exclude(state=MembershipState.ENDED).values_list("role", flat=True))
    if held - set(ROLES_OF_KIND[OrganisationKind(kind)]):
        raise Refused(
            "kind_unfit",
            _("People of this organisation hold roles that this kind does not have. End those seats first."),
            field="kind",
        )


def refuse_unless_looking_after(*, by: Any, role: str, organisation: Organisation | None) -> None:
    if not may_look_after(by=by, role=role, organisation=organisation):
        raise Refused(
            "not_yours_to_give",
            _(
                "You can invite colleagues into your own organisation and role. "
                "For anything else, ask the system administrator."
            ),
            field="role",
        )


def is_last_administrator(membership: Membership) -> bool:
    """The platform never stays without a system administrator."""
    return membership.role == Role.SYSTEM_ADMIN and not (
        Membership.objects.in_force()
        .filter(role=Role.SYSTEM_ADMIN, user__is_active=True)
        .exclude(user=membership.user_id)
        .exists()
    )


def readable_credit_code(text: str, *, kinds: Sequence[str]) -> str:
    """The code of a body of one of these kinds, or a refusal that says how theirs begin (GB 32100, domain §6.1)."""
    code = check_uscc(text, field="uscc")
    kind_of_code(code, kinds)
    return code


def kind_of_code(code: str, kinds: Sequence[str]) -> str:
    """Which of these kinds a credit code was given to: its first two characters name department and category."""
    for kind in kinds:
        if code[:2] in CODE_HEADS[kind]:
            return kind
    expected = _(", ").join(
        _("%(heads)s (%(kind)s)")
        % {"heads": " / ".join(CODE_HEADS[kind]), "kind": OrganisationKind(kind).label}
        for kind in kinds
    )
    raise Refused(
        "uscc_kind",
        _(
            "This credit code begins with %(head)s; here it begins with %(expected)s. "
            "Compare it with the certificate, or choose another kind of organisation."
        )
        % {"head": code[:2], "expected": expected},
        field="uscc",
    )


def readable_mobile(text: str) -> str:
    """A mobile number without spaces and country code, or a refusal that says what one looks like."""
    digits = re.sub(r"[\s\-]", "", text).removeprefix("+86")
    if digits and not MOBILE.fullmatch(digits):
        raise Refused(
            "phone_unreadable",
            _("A mobile number has 11 digits and begins with 1. Count them once more."),
            field="phone",
        )
    return digits
