"""The colleagues of a place, and which of them may decide an objection: without part, tie or earlier word."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.enums import Duty
from accounts.models import Membership, User
from accounts.rules import kept_from
from common.exceptions import Refused
from households.models import Objection
from households.queries.decisions import FREE
from households.rules import CASE_ROLES, parties_of


def colleagues(area: str, *, within: bool = False) -> QuerySet[User]:
    """The social workers and supervisors whose area holds the place, or lies within it."""
    prefixes = [area[:length] for length in (2, 4, 6, 9, 12) if length <= len(area)]
    seats = Membership.objects.in_force().filter(role__in=CASE_ROLES)
    seats = seats.filter(prefix__startswith=area) if within else seats.filter(prefix__in=prefixes)
    people: QuerySet[User] = User.objects.filter(pk__in=seats.values("user_id"), is_active=True)
    return people.order_by("name", "pk")


def fit_deciders(objection: Objection) -> QuerySet[User]:
    """The people a supervisor can name."""
    return colleagues(objection.household.area).exclude(
        Q(pk__in=_involved(objection)) | Q(pk__in=_tied(objection)) | Q(pk__in=_heard(objection))
    )


def refuse_unfit_decider(objection: Objection, decider: User, *, field: str) -> None:
    """Say of the person named why it must be somebody else."""
    name = {"name": decider.name}
    if not colleagues(objection.household.area).filter(pk=decider.pk).exists():
        raise Refused("decider_elsewhere", _("%(name)s does not work in this area.") % name, field=field)
    if decider.pk in _heard(objection):
        raise Refused(
            "decided_before",
            _("%(name)s answered an objection to the same decision before. Name somebody else.") % name,
            field=field,
        )
    if decider.pk in _tied(objection):
        raise Refused(
            "own_employer",
            _("%(name)s works for one of the parties that help this family. Name somebody else.") % name,
            field=field,
        )
    if (part := _involved(objection).get(decider.pk)) is not None:
        words = {**name, "duty": Duty(part).label}
        raise Refused(
            "incompatible_duty",
            _("%(name)s took part in this file (“%(duty)s”). Name somebody else.") % words,
            field=field,
        )


def _involved(objection: Objection) -> dict[int, str]:
    kept = kept_from(file=objection.household, duty=Duty.OBJECTION_DECIDER)
    return dict(kept.order_by("-pk").values_list("user_id", "duty"))


def _tied(objection: Objection) -> set[int]:
    parties = parties_of(objection.household)
    return set(
        Membership.objects.in_force().filter(organisation_id__in=parties).values_list("user_id", flat=True)
    )


def _heard(objection: Objection) -> set[int]:
    """Whoever answered an earlier objection to the same decision has made up the mind."""
    if objection.subject in FREE:
        return set()
    same = objection.household.objections.filter(
        object_label=objection.object_label, object_ref=objection.object_ref, subject=objection.subject
    ).exclude(pk=objection.pk)
    pairs = same.values_list("first_decider_id", "second_decider_id")
    return {pk for pair in pairs for pk in pair if pk is not None}
