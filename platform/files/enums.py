"""What may be uploaded for what, and how private it is."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IMAGES = frozenset({"image/jpeg", "image/png", "image/webp"})
DOCUMENTS = frozenset({"application/pdf"})
SHEETS = frozenset({XLSX, "text/csv"})
AUDIO = frozenset({"audio/mpeg", "audio/mp4", "audio/wav", "audio/ogg", "audio/amr"})
PAPERS = IMAGES | DOCUMENTS
EVIDENCE = IMAGES | DOCUMENTS | AUDIO
ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "application/pdf": "pdf",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/wav": "wav",
    "audio/ogg": "ogg",
    "audio/amr": "amr",
    "text/csv": "csv",
    XLSX: "xlsx",
}


class DataClass(models.TextChoices):
    """Identity and health files are opened under the journal's eyes (domain §8)."""

    IDENTITY = "identity", _("identity")
    HEALTH = "health", _("health")
    ORDINARY = "ordinary", _("ordinary")


@dataclass(frozen=True)
class Purpose:
    """The kinds of file a purpose accepts, and how private they are."""

    accepts: frozenset[str]
    data_class: DataClass


PURPOSES: dict[str, Purpose] = {
    "delegation_evidence": Purpose(EVIDENCE, DataClass.IDENTITY),
    "consent_evidence": Purpose(EVIDENCE, DataClass.IDENTITY),
    "identity_document": Purpose(IMAGES, DataClass.IDENTITY),
    "visit_evidence": Purpose(IMAGES | AUDIO, DataClass.IDENTITY),
    "story": Purpose(AUDIO, DataClass.IDENTITY),
    "confirmation_evidence": Purpose(EVIDENCE, DataClass.IDENTITY),
    "signature_evidence": Purpose(PAPERS, DataClass.IDENTITY),
    "delivery_proof": Purpose(PAPERS, DataClass.IDENTITY),
    "ending_evidence": Purpose(PAPERS, DataClass.IDENTITY),
    "household_import": Purpose(SHEETS, DataClass.IDENTITY),
    "medical": Purpose(PAPERS, DataClass.HEALTH),
    "transfer_proof": Purpose(PAPERS, DataClass.ORDINARY),
    "arrival_proof": Purpose(PAPERS, DataClass.ORDINARY),
    "payment_proof": Purpose(PAPERS, DataClass.ORDINARY),
    "voucher": Purpose(PAPERS, DataClass.ORDINARY),
    "licence": Purpose(PAPERS, DataClass.ORDINARY),
    "qualification": Purpose(PAPERS, DataClass.ORDINARY),
    "approval": Purpose(PAPERS, DataClass.ORDINARY),
    "value_evidence": Purpose(PAPERS, DataClass.ORDINARY),
    "case_evidence": Purpose(PAPERS, DataClass.IDENTITY),
    "policy_document": Purpose(DOCUMENTS, DataClass.ORDINARY),
    "progress": Purpose(PAPERS, DataClass.ORDINARY),
}
