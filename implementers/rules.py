"""Predicates of admission and of taking on projects (domain §6.5, §11.4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.rules import refuse_unless_worker_near
from common.actors import Actor
from common.exceptions import Refused
from implementers.enums import (
    BARRED,
    HEADING_POINTS,
    LEVEL_FLOORS,
    REQUIRED_QUALIFICATIONS,
    CredentialKind,
    Heading,
    QualificationKind,
    Standing,
)
from implementers.models import Agency, FundHolder


@dataclass(frozen=True)
class Blocker:
    """One reason why something may not happen: a code for machines, a sentence for people."""

    code: str
    message: str


def check_scores(scores: Mapping[str, Any]) -> dict[str, int]:
    """A whole number of points for each of the six headings, none above what the heading can earn."""
    if set(scores) != set(Heading.values):
        raise Refused("headings_incomplete", _("Give points for each of the six headings."))
    for heading, points in scores.items():
        if type(points) is not int or not 0 <= points <= HEADING_POINTS[heading]:
            raise Refused(
                "points_out_of_range",
                _("“%(heading)s” earns between 0 and %(most)d points.")
                % {"heading": Heading(heading).label, "most": HEADING_POINTS[heading]},
                field=heading,
            )
    return dict(scores)


def level_for(total: int) -> str:
    """The highest level open to a total; empty when it is too low for any."""
    return next((level for floor, level in LEVEL_FLOORS if total >= floor), "")


def admission_blockers(agency: Agency, on: date) -> list[Blocker]:
    """What keeps an agency from being admitted whatever its points."""
    held = set(agency.credentials.all().in_force(on).values_list("kind", flat=True))
    blockers = []
    if not held & {CredentialKind.REGISTRATION, CredentialKind.HOST_AGREEMENT}:
        blockers.append(
            Blocker("registration_missing", _("No registration certificate (or host agreement) is in force."))
        )
    if not agency.staff.filter(left_at__isnull=True, is_fund_manager=True).exists():
        blockers.append(Blocker("fund_manager_missing", _("Nobody is named who looks after the money.")))
    if agency.standing in {Standing.FROZEN, Standing.ELIMINATED}:
        blockers.append(
            Blocker(
                "standing", _("The agency is “%(standing)s”.") % {"standing": agency.get_standing_display()}
            )
        )
    return blockers


def qualification_blockers(holder: FundHolder, on: date) -> list[Blocker]:
    """Which of the qualifications its kind needs are not in force that day."""
    held = set(holder.qualifications.all().in_force(on).values_list("kind", flat=True))
    lacking = sorted(REQUIRED_QUALIFICATIONS[holder.kind] - held)
    return [
        Blocker(
            f"qualification_{kind}",
            _("“%(kind)s” is missing or no longer valid.") % {"kind": QualificationKind(kind).label},
        )
        for kind in lacking
    ]


def project_blockers(agency: Agency, on: date, funds: int) -> list[Blocker]:
    """Why an agency may not take on a project of this size that day: admission, standing, ceiling, papers."""
    blockers = []
    if not agency.is_admitted:
        blockers.append(Blocker("not_admitted", _("The agency has not been admitted.")))
    if agency.standing in BARRED:
        blockers.append(
            Blocker(
                "standing",
                _("The agency is “%(standing)s” and takes no new projects.")
                % {"standing": agency.get_standing_display()},
            )
        )
    if agency.ceiling is not None and funds > agency.ceiling:
        blockers.append(
            Blocker(
                "above_ceiling",
                _("The project is larger than level %(level)s allows: at most %(ceiling)s yuan.")
                % {"level": agency.level, "ceiling": f"{agency.ceiling // 100:,}"},
            )
        )
    papers = {CredentialKind.REGISTRATION, CredentialKind.HOST_AGREEMENT}
    if agency.is_admitted and not agency.credentials.all().in_force(on).filter(kind__in=papers).exists():
        blockers.append(
            Blocker("registration_expired", _("The registration certificate is no longer valid."))
        )
    return blockers


def refuse_blocked(code: str, blockers: list[Blocker]) -> None:
    """Refuse with every reason at once, so that nobody comes back for the next one."""
    if blockers:
        raise Refused(code, " ".join(blocker.message for blocker in blockers))


def refuse_unless_own(body: Agency | FundHolder, by: Any) -> None:
    """An agency or fund holder is spoken for by its own people, in their seat there."""
    role = Role.AGENCY if isinstance(body, Agency) else Role.FUND_HOLDER
    seat = getattr(by, "seat", None)
    if seat is None or seat.role != role or seat.organisation_id != body.organisation_id:
        raise Refused("not_yours", _("Only its own people do this. Switch to your seat there."))


def refuse_unless_checker(body: Agency | FundHolder, by: Any, *, supervisor: bool = False) -> None:
    """Who checks and admits works in a place where it is registered or at work, and not for it (R20, R72)."""
    area = body.area if isinstance(body, Agency) else ""
    refuse_unless_worker_near(by=by, organisation=body.organisation, area=area, supervisor=supervisor)


def refuse_same_person(first: Any, by: Actor) -> None:
    """The second look is another person's (design §4.10)."""
    if first is not None and first == by:
        raise Refused("second_person", _("You took the first step here, so a colleague must take this one."))
