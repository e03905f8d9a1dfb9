"""Organisations: registered once, by their unified social credit code."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import rules
from accounts.enums import CodeReason, OrganisationKind
from accounts.models import Organisation
from accounts.rules import AREA
from common.actors import Actor
from common.exceptions import Refused
from common.identity import check_uscc
from common.locking import lock, save_edited
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
    code = rules.readable_credit_code(uscc, kinds=[kind]) if uscc.strip() else None
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
    *,
    organisation: Organisation,
    version: int,
    reason: str = "",
    by: Actor,
    at: datetime,
    **changes: Any,
) -> Organisation:
    """Correct what is on record; who saved first wins and the other sees both versions.

    An administrator changes everything, a new credit code only with its reason; a manager how the office is reached.
    """
    if not changes.keys() <= rules.own_columns(by=by, organisation=organisation):
        raise Refused(
            "not_yours_to_change", _("Name, kind and credit code are changed by the system administrator.")
        )
    changes = _readable(changes)
    fresh = lock(organisation)
    has_new_code = "uscc" in changes and changes["uscc"] != fresh.uscc
    if has_new_code and reason not in CodeReason.values:
        raise Refused("reason_missing", _("Say why the credit code changes."), field="reason")
    if changes.get("kind", fresh.kind) != fresh.kind:
        rules.refuse_kind_without_room(organisation=fresh, kind=changes["kind"])
    if has_new_code and Organisation.objects.filter(uscc=changes["uscc"]).exclude(pk=fresh.pk).exists():
        raise Refused(
            "organisation_known", _("Another organisation has this credit code. Look at both."), field="uscc"
        )
    if code := changes.get("uscc", fresh.uscc):
        rules.kind_of_code(code, [changes.get("kind", fresh.kind)])
    organisation = save_edited(organisation, version=version, changes=changes)
    changed = sorted(name for name, value in changes.items() if getattr(fresh, name) != value)
    record("organisation.edited", organisation, by=by, at=at, version=organisation.version, fields=changed)
    if has_new_code:
        record("organisation.code_changed", organisation, by=by, at=at, reason=reason)
    return organisation


def _readable(changes: dict[str, Any]) -> dict[str, Any]:
    """The changes as they are stored, or a refusal beside the field that cannot be."""
    read = dict(changes)
    for name in ("name", "phone"):
        if name in read:
            read[name] = read[name].strip()
    if read.get("name") == "":
        raise Refused("name_missing", _("Write the name as it stands on the certificate."), field="name")
    if "kind" in read and read["kind"] not in OrganisationKind.values:
        raise Refused("kind_unknown", _("Choose what kind of organisation this is."), field="kind")
    if "uscc" in read:
        read["uscc"] = check_uscc(read["uscc"], field="uscc") if read["uscc"].strip() else None
    if read.get("area") and not AREA.fullmatch(read["area"]):
        raise Refused(
            "area_unreadable",
            _("An area code has 2, 4, 6, 9 or 12 digits. Count them once more."),
            field="area",
        )
    return read
