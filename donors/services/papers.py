"""Papers a donor hands in: licence and the asset authority's approval (domain §6.1)."""

from __future__ import annotations

from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from common.actors import Actor
from common.exceptions import Refused
from common.locking import lock
from donors import rules
from donors.models import Donor
from files.services import keep

# paper -> the column it is kept in, and what it is uploaded for
PAPERS = {"licence": ("licence", "licence"), "approval": ("approval_file", "approval")}


@transaction.atomic
def add_donor_paper(
    *, donor: Donor, paper: str, upload: UploadedFile[bytes] | None, by: Actor, at: datetime
) -> Donor:
    """Keep a photo or scan; the newest one counts, older ones stay on file."""
    if paper not in PAPERS:
        raise Refused("paper_unknown", _("Choose which paper this is."), field="paper")
    column, purpose = PAPERS[paper]
    donor = lock(donor)
    rules.refuse_unless_own_donor(donor, by)
    setattr(donor, column, keep(upload=upload, purpose=purpose, owner=donor, by=by, at=at))
    donor.save(update_fields=[column])
    return donor
