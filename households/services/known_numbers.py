"""Identity numbers on file are not to be found out by trying: a few clear refusals, then a general answer.

One number, one file, and who files a known one is told so (decision 0013). Each such answer is counted for the
application, for the browser and, high enough for a village behind one address, for the address; over the limit nothing
is looked up any more that day, and the application goes on without numbers. Like the tries of a query code, a look is
written down and committed before it is answered, so that looks made at the same moment count each other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from common.actors import Actor
from common.crypto import blind_index
from common.exceptions import Refused
from common.recording import record
from households.models import CodeTry, Draft

DAY = timedelta(days=1)
NEIGHBOURS = 64  # bits of an IPv6 address that stand for one line


@dataclass(frozen=True)
class Look:
    """One application with numbers on its way to the register; `over` names what has reached its limit."""

    draft: Draft
    tries: tuple[str, ...]
    subjects: tuple[str, ...]
    over: str = ""


@transaction.atomic
def note_look(*, draft: Draft, browser: str, address: str, at: datetime) -> Look:
    """Write down that numbers are about to be looked up; who signed in is counted by the application alone."""
    limits = _limits(draft, browser, address)
    CodeTry.objects.filter(at__lt=at - DAY).delete()
    tries = [CodeTry(subject=subject, at=at) for subject in limits]
    CodeTry.objects.bulk_create(tries)
    over = next((subject for subject, limit in limits.items() if _count(subject, at) > limit), "")
    look = Look(
        draft, tuple(one.public_id for one in tries), tuple(limits), over.split(":")[1] if over else ""
    )
    if over:
        _forget(look)  # what is not looked up is no further try
    return look


def refuse_over_limit(look: Look) -> None:
    """The same sentence whether the numbers are on file or not."""
    if look.over:
        raise Refused(
            "numbers_not_looked_up",
            _(
                "Identity numbers are not looked up here any more today. Leave them empty and send: the social worker "
                "sorts it out with you at the visit."
            ),
            field="id_number",
        )


@transaction.atomic
def settle_look(*, look: Look, known: bool, by: Actor, at: datetime) -> None:
    """A look that found nothing is no try; the one that reaches a limit is journaled, without any number."""
    if look.over:
        return
    if not known:
        _forget(look)
        return
    limits = _limits_of(look.subjects)
    for subject, limit in limits.items():
        if _count(subject, at) == limit:
            record(
                "draft.numbers_closed", look.draft, by=by, at=at, counted=subject.split(":")[1], tries=limit
            )


def _limits(draft: Draft, browser: str, address: str) -> dict[str, int]:
    named = [f"known:draft:{draft.public_id}"]
    if draft.owner_id is None:
        named.append(f"known:browser:{browser}"[:80])
        if address:
            named.append(f"known:address:{blind_index('address', _line(address))}"[:80])
    return _limits_of(named)


def _limits_of(subjects: Iterable[str]) -> dict[str, int]:
    own, line = settings.KNOWN_NUMBERS_TOLD, settings.KNOWN_NUMBERS_TOLD_ADDRESS
    return {subject: line if subject.startswith("known:address:") else own for subject in subjects}


def _line(address: str) -> str:
    """An IPv6 subscriber holds a whole network of addresses; they count as one."""
    known = ip_address(address)
    if isinstance(known, IPv6Address) and known.ipv4_mapped is None:
        return str(ip_network((known, NEIGHBOURS), strict=False))
    return address


def _count(subject: str, at: datetime) -> int:
    return CodeTry.objects.filter(subject=subject, at__gt=at - DAY).count()


def _forget(look: Look) -> None:
    CodeTry.objects.filter(public_id__in=look.tries).delete()
