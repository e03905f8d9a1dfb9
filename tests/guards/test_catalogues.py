"""The Chinese catalogue is complete and speaks kindly."""

from django.utils import translation

from common import catalogues
from households.enums import Urgency

BANNED = ("无效", "非法", "必填项", "贫困户")


def test_catalogue_is_complete():
    _, findings = catalogues.compose()

    assert findings.missing == []
    assert findings.fuzzy == []
    assert findings.placeholders == []
    assert findings.conflicts == []
    assert findings.obsolete == []


def test_catalogue_on_disk_is_in_step():
    catalogue, _ = catalogues.compose()

    assert catalogues.part_paths() == [], "run manage.py messages --fold"
    assert catalogues.catalogue_path().read_text(encoding="utf-8") == f"{catalogue}\n", (
        "run manage.py messages"
    )


def test_catalogue_uses_no_banned_word():
    catalogue, _ = catalogues.compose()

    found = [
        (entry.msgid, word)
        for entry in catalogue
        for word in BANNED
        if word in "".join(catalogues.words_of(entry))
    ]

    assert found == []


def test_severity_and_how_soon_share_no_word():
    """The rule's severity decides who comes first; how soon the family needs it only sets a date (glossary)."""
    catalogue, _ = catalogues.compose()
    said = {(entry.msgctxt, entry.msgid): entry.msgstr for entry in catalogue}
    with translation.override("en"):
        soon = [(None, "How soon"), (None, "How soon?"), *((None, str(label)) for label in Urgency.labels)]
    grades = ["most urgent", "urgent", "ordinary", "can wait"]
    severity = {said[None, "Severity"], *(said["severity", grade] for grade in grades)}

    assert [(msgid, word) for _c, msgid in soon for word in severity if word in said[None, msgid]] == []
