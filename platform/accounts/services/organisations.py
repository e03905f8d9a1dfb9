"""Organisations: registered once, by their unified social credit code."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.enums import OrganisationKind
from accounts.models import Organisation
from accounts.rules import AREA
from common.actors import Actor
from common.exceptions import Refused
from common.identity import check_uscc
from common.locking import save_edited
from journal.services import record


@transaction.atomic
def create_organisation(
    *, name: str, kind: str, uscc: str = "", area: str = "", phone: str = "", by: Actor, at: datetime
) -> Organisation:
    """Register a body under its name; one credit code belongs to one organisation (GB 32100)."""
    if kind not in OrganisationKind.values:
        raise Refused("kind_unknown", _("Choose what kind of organisation this is."), field="kind")
    if not name.strip():
        raise Refused("name_missing", _("Write the name as it stands on the certificate."), field="name")
    if area and not AREA.fullmatch(area):
        raise Refused(
            "area_unreadable",
            _("An area code has 2, 4, 6, 9 or 12 digits. Count them once more."),
            field="area",
        )
    code = check_uscc(uscc) if uscc.strip() else None
    try:
        with transaction.atomic():
            organisation = Organisation.objects.create(
                name=name.strip(), kind=kind, uscc=code, area=area, phone=phone.strip(), created_at=at
            )
    except IntegrityError:
        raise Refused(
            "organisation_known",
            _("An organisation with this credit code is registered already. Ask its people to invite you."),
            field="uscc",
        ) from None
    record("organisation.created", organisation, by=by, at=at, kind=kind, area=area)
    return organisation


@transaction.atomic
def edit_organisation(
    *, organisation: Organisation, version: int, name: str, area: str, phone: str, by: Actor, at: datetime
) -> Organisation:
    """Correct name, area or office phone; who saved first wins and the other sees both versions."""
    if not name.strip():
        raise Refused("name_missing", _("Write the name as it stands on the certificate."), field="name")
    changes = {"name": name.strip(), "area": area, "phone": phone.strip()}
    organisation = save_edited(organisation, version=version, changes=changes)
    record("organisation.edited", organisation, by=by, at=at, version=organisation.version)
    return organisation
