"""The Chinese catalogue is complete and speaks kindly."""

from common import catalogues

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
