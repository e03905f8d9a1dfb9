"""Which organisation sees which fields of a household, opened by a consent and closed with it (PIPL §23)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organisation
from common.actors import Actor
from common.exceptions import Refused
from common.locking import lock
from common.recording import record
from households.models import CaseAccess, Consent, Household


@transaction.atomic
def grant_case_access(
    *,
    household: Household,
    organisation: Organisation,
    fields: list[str],
    purpose: str,
    consent: Consent,
    cause_ref: str,
    by: Actor,
    at: datetime,
) -> CaseAccess:
    """An organisation sees the named fields while the consent that names it is in force (PIPL §23)."""
    if (
        consent.household_id != household.pk
        or consent.withdrawn_at is not None
        or consent.receiver_id != organisation.pk
    ):
        raise Refused(
            "consent_missing", _("The family has not agreed to share its details with this organisation.")
        )
    known: CaseAccess | None = CaseAccess.objects.filter(
        household=household,
        organisation=organisation,
        purpose=purpose,
        cause_ref=cause_ref,
        closed_at__isnull=True,
    ).first()
    if known is not None:
        return known
    access = CaseAccess.objects.create(
        household=household,
        organisation=organisation,
        fields=fields,
        purpose=purpose,
        consent=consent,
        cause_ref=cause_ref,
        opened_at=at,
    )
    record("case_access.opened", access, by=by, at=at, fields=fields, household=household.public_id)
    return access


@transaction.atomic
def close_case_access(*, access: CaseAccess, by: Actor, at: datetime) -> CaseAccess:
    """The organisation sees the household no longer."""
    access = lock(access)
    access.closed_at = at
    access.save(update_fields=["closed_at"])
    record("case_access.closed", access, by=by, at=at, household=access.household.public_id)
    return access
