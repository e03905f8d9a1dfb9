"""Telling people: one row per reader, one sending per outside channel, each sent once by a durable job."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from accounts.models import User
from common.actors import Actor
from common.exceptions import Refused
from common.locking import lock
from common.recording import record
from jobs.services import enqueue
from notices.kinds import KINDS
from notices.models import Channel, Notice, Sending


@dataclass(frozen=True)
class Reader:
    """Whom a notice is for and where it can reach them; an empty address is no channel."""

    kind: str
    ref: str
    email: str = ""
    phone: str = ""


def reader_of(user: User) -> Reader:
    """A person with an account."""
    return Reader("user", user.public_id, email=user.email, phone=user.phone)


@transaction.atomic
def notify(
    *,
    to: User | Reader,
    kind: str,
    params: dict[str, Any] | None = None,
    url: str = "",
    by: Actor,
    at: datetime,
) -> Notice:
    """Put one notice before one reader and queue what goes outside; parameters carry numbers and titles, no names."""
    if url and not url_has_allowed_host_and_scheme(url, allowed_hosts=None):
        raise ValueError(f"a notice leads to a page of ours, not to {url!r}")
    reader = reader_of(to) if isinstance(to, User) else to
    news = KINDS[kind]
    notice = Notice(to_kind=reader.kind, to_ref=reader.ref, kind=kind, params=params or {}, url=url, at=at)
    notice.save(force_insert=True)
    record("notice.given", notice, by=by, at=at, kind=kind, to=reader.ref)
    if news.email and reader.email:
        _queue(notice, Channel.EMAIL, reader.email, by=by, at=at)
    if news.sms and reader.phone:
        _queue(notice, Channel.SMS, reader.phone, by=by, at=at)
    return notice


def notify_all(
    *,
    to: Iterable[User],
    kind: str,
    params: dict[str, Any] | None = None,
    url: str = "",
    by: Actor,
    at: datetime,
) -> int:
    """The same news to several people, once each."""
    readers = {user.pk: user for user in to}
    for user in readers.values():
        notify(to=user, kind=kind, params=params, url=url, by=by, at=at)
    return len(readers)


@transaction.atomic
def mark_read(*, notice: Notice, by: Actor, at: datetime) -> Notice:
    """The reader has seen it."""
    notice = lock(notice)
    if (notice.to_kind, notice.to_ref) != (by.actor_kind, by.actor_ref):
        raise Refused("not_yours", _("This notice is for somebody else."))
    if notice.read_at is None:
        notice.read_at = at
        notice.save(update_fields=["read_at"])
        record("notice.read", notice, by=by, at=at)
    return notice


@transaction.atomic
def mark_all_read(*, user: User, at: datetime) -> int:
    """Everything that is new to this person has been seen."""
    seen = Notice.objects.visible_to(user).unread().update(read_at=at)
    if seen:
        record("notice.all_read", user, by=user, at=at, count=seen)
    return int(seen)


def _queue(notice: Notice, channel: Channel, address: str, *, by: Actor, at: datetime) -> None:
    sending = Sending(notice=notice, channel=channel, address=address)
    sending.save(force_insert=True)
    params = {"sending": sending.public_id}
    enqueue("notices.send", key=f"notices.send:{sending.public_id}", params=params, by=by, at=at, once=True)
