"""Telling people: one row per reader, one sending per outside channel, each sent once by a durable job."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils.translation import gettext, override

from accounts.models import User
from common import clock
from common.actors import Actor
from common.locking import lock
from jobs.models import Job
from jobs.registry import Step, handler
from jobs.services import enqueue
from notices.kinds import KINDS
from notices.models import Notice, Sending
from notices.sms import adapter


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
    reader = reader_of(to) if isinstance(to, User) else to
    news = KINDS[kind]
    notice = Notice.objects.create(
        to_kind=reader.kind, to_ref=reader.ref, kind=kind, params=params or {}, url=url, at=at
    )
    addresses = {"email": reader.email if news.email else "", "sms": reader.phone if news.sms else ""}
    for channel, address in addresses.items():
        if address:
            sending = Sending(notice=notice, channel=channel, address=address)
            sending.save(force_insert=True)
            enqueue(
                "notices.send",
                key=f"notices.send:{sending.public_id}",
                by=by,
                at=at,
                params={"id": sending.pk},
            )
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
def mark_read(*, notice: Notice, at: datetime) -> Notice:
    """The reader has seen it."""
    if notice.read_at is None:
        notice.read_at = at
        notice.save(update_fields=["read_at"])
    return notice


@handler("notices.send")
def send(job: Job) -> Generator[Step, None, dict[str, Any]]:
    """Send one neutral text; the row is marked in the same transaction, its address forgotten."""
    sending = lock(Sending.objects.get(pk=job.params["id"]))
    if sending.sent_at is None:
        with override(settings.LANGUAGE_CODE):
            text = gettext(str(KINDS[sending.notice.kind].outside))
            subject = gettext("Bangfu social-work platform")
        if sending.channel == "email":
            send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [sending.address])
        else:
            adapter().send(phone=sending.address, text=text)
        sending.sent_at, sending.address = clock.now(), ""
        sending.save(update_fields=["sent_at", "address"])
    yield Step(done=1, total=1)
    return {"sent": sending.public_id}
