"""The link an invitation is handed over with: signed, good for a week and for one acceptance."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse

from accounts.enums import MembershipState
from accounts.models import Membership

SALT = "accounts.invitation"


def link_to(membership: Membership) -> str:
    """The path of the accept page; whoever holds it can take the seat, so it is handed over in person."""
    return reverse("accounts:accept", args=[signing.dumps(membership.public_id, salt=SALT)])


def behind(token: str) -> Membership | None:
    """The invitation a link belongs to, or None: cut, too old, used or withdrawn."""
    try:
        public_id = signing.loads(token, salt=SALT, max_age=timedelta(days=settings.INVITATION_DAYS))
    except signing.BadSignature:
        return None
    return (
        Membership.objects.select_related("user", "organisation")
        .filter(public_id=public_id, state=MembershipState.INVITED)
        .first()
    )
