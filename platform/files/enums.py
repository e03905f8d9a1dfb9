"""What may be uploaded for what."""

from __future__ import annotations

from dataclasses import dataclass

IMAGES = frozenset({"image/jpeg", "image/png", "image/webp"})
DOCUMENTS = frozenset({"application/pdf"})
AUDIO = frozenset({"audio/mpeg", "audio/mp4", "audio/wav", "audio/ogg", "audio/amr"})


@dataclass(frozen=True)
class Purpose:
    """The kinds of file a purpose accepts, and how private they are."""

    accepts: frozenset[str]
    data_class: str


PURPOSES: dict[str, Purpose] = {
    "delegation_evidence": Purpose(IMAGES | DOCUMENTS | AUDIO, "identity"),
    "consent_evidence": Purpose(IMAGES | DOCUMENTS | AUDIO, "identity"),
    "identity_document": Purpose(IMAGES, "identity"),
    "visit_evidence": Purpose(IMAGES | AUDIO, "identity"),
    "story": Purpose(AUDIO, "identity"),
    "confirmation_evidence": Purpose(IMAGES | DOCUMENTS | AUDIO, "identity"),
    "signature_evidence": Purpose(IMAGES | DOCUMENTS, "identity"),
    "transfer_proof": Purpose(IMAGES | DOCUMENTS, "ordinary"),
    "arrival_proof": Purpose(IMAGES | DOCUMENTS, "ordinary"),
    "payment_proof": Purpose(IMAGES | DOCUMENTS, "ordinary"),
    "voucher": Purpose(IMAGES | DOCUMENTS, "ordinary"),
    "delivery_proof": Purpose(IMAGES | DOCUMENTS, "identity"),
    "licence": Purpose(IMAGES | DOCUMENTS, "ordinary"),
    "qualification": Purpose(IMAGES | DOCUMENTS, "ordinary"),
    "approval": Purpose(IMAGES | DOCUMENTS, "ordinary"),
    "value_evidence": Purpose(IMAGES | DOCUMENTS, "ordinary"),
    "policy_document": Purpose(DOCUMENTS, "ordinary"),
    "medical": Purpose(IMAGES | DOCUMENTS, "health"),
    "progress": Purpose(IMAGES | DOCUMENTS, "ordinary"),
}
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
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}
