"""What goes outside: handed to the gateway once, and to nobody while a transaction is open."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from common import clock
from common.actors import SYSTEM
from common.locking import lock
from common.recording import record
from jobs.models import Job
from jobs.registry import Outside, Step, Work, handler
from notices.kinds import SUBJECT, TELEPHONE
from notices.models import Channel, Sending
from notices.sms import adapter


@handler("notices.send", title=_("Send a message"), follows=True)
def send(job: Job) -> Work:
    """Begin, commit, hand over, mark as sent. Who finds it begun asks the operator before sending again."""
    sending = lock(Sending.objects.select_related("notice").get(public_id=job.params["sending"]))
    if sending.sent_at is None:
        begun_before = sending.begun_at is not None
        sending.begun_at = sending.begun_at or clock.now()
        sending.save(update_fields=["begun_at"])
        yield Step(done=1, total=2)
        yield Outside(lambda: deliver(sending, ask_first=begun_before))
        sending.sent_at, sending.address = clock.now(), ""
        sending.save(update_fields=["sent_at", "address"])
        record("notice.sent", sending.notice, by=SYSTEM, at=sending.sent_at, channel=sending.channel)
    yield Step(done=2, total=2)
    return {"sending": sending.public_id}


def deliver(sending: Sending, *, ask_first: bool) -> None:
    """A neutral text in the platform's first language; phones and mailboxes are shared in a family (domain §9e)."""
    with override(settings.LANGUAGE_CODE):
        text, subject = str(sending.notice.news.outside), str(SUBJECT)
        if sending.channel == Channel.SMS and settings.COUNTY_PHONE:
            text += TELEPHONE % {"number": settings.COUNTY_PHONE}
    if sending.channel == Channel.SMS:
        gateway = adapter()
        if not (ask_first and gateway.accepted(sending.public_id)):
            gateway.send(phone=sending.address, text=text, reference=sending.public_id)
        return
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    headers = {"Message-ID": f"<{sending.public_id}@{host}>"}  # sent twice, a mailbox shows it once
    EmailMessage(subject, text, settings.DEFAULT_FROM_EMAIL, [sending.address], headers=headers).send()
