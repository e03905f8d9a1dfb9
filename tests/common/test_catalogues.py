"""The words of code and pages are found, merged and reported without gettext tools."""

from pathlib import Path

import polib
import pytest

from common import catalogues

PAGE = """{% load i18n %}
  <p>{% translate "Continue" %} it's 5 o'clock</p>
      {% blocktranslate count n=n %}One {{ n }} need{% plural %}{{ n }} needs{% endblocktranslate %}
   {{ _("Short")|upper }} {% translate "May" context "month" %}
  {% blocktranslate trimmed with a=b %}
     Two {{ a }}
     lines.
  {% endblocktranslate %}
"""
MODULE = """from django.utils.translation import gettext_lazy as _
_("One" " sentence")
_(f"not {1}")
ngettext("%(n)d household", "%(n)d households", 3)
pgettext("letter", "Yours")
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small product: one page, one module, and a test that does not speak to users."""
    for name, text in {"templates/a.html": PAGE, "app/views.py": MODULE, "tests/t.py": '_("Hidden")'}.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def part(tree: Path, name: str, **words: str) -> None:
    """Translations as one app hands them in."""
    folder = tree / "locale" / "parts"
    folder.mkdir(parents=True, exist_ok=True)
    entries = [f'msgid "{msgid.replace("_", " ")}"\nmsgstr "{word}"\n' for msgid, word in words.items()]
    (folder / f"{name}.po").write_text("\n".join(entries), encoding="utf-8")


def test_extraction_finds_the_words_of_pages_and_modules(tree: Path):
    found = catalogues.extract(tree)

    assert {(m.context, m.msgid, m.plural) for m in found.values()} == {
        (None, "Continue", None),
        (None, "One %(n)s need", "%(n)s needs"),
        (None, "Short", None),
        ("month", "May", None),
        (None, "Two %(a)s lines.", None),
        (None, "One sentence", None),
        (None, "%(n)d household", "%(n)d households"),
        ("letter", "Yours", None),
    }


def test_compose_merges_parts_and_names_what_is_missing(tree: Path):
    part(tree, "app", Continue="继续", One_sentence="一句话", Gone="没有了")

    catalogue, findings = catalogues.compose(tree)

    assert catalogue.find("Continue").msgstr == "继续"
    assert findings.missing == [
        "%(n)d household",
        "May",
        "One %(n)s need",
        "Short",
        "Two %(a)s lines.",
        "Yours",
    ]
    assert findings.obsolete == ["Gone"]
    assert not findings.clean


def test_compose_keeps_what_the_catalogue_already_says(tree: Path):
    part(tree, "app", Continue="继续")
    catalogues.write(catalogues.compose(tree)[0], tree)
    for path in catalogues.part_paths(tree):
        path.unlink()

    catalogue, _ = catalogues.compose(tree)

    assert catalogue.find("Continue").msgstr == "继续"
    assert catalogues.write(catalogue, tree) is False


def test_two_parts_that_disagree_are_a_conflict(tree: Path):
    part(tree, "app", Continue="继续")
    part(tree, "other", Continue="下一步")

    _, findings = catalogues.compose(tree)

    assert findings.conflicts == ["'Continue': app.po and other.po disagree"]


@pytest.mark.parametrize(
    ("words", "same"),
    [("第 %(a)s 行", True), ("一行", False), ("%(b)s 行", False), ("%(a)s 行 %(b)s", False)],
)
def test_placeholders_must_survive_translation(words: str, same: bool):
    assert catalogues.same_placeholders(catalogues.Message("Line %(a)s"), words) is same


def test_a_fuzzy_entry_is_reported(tree: Path):
    catalogue, _ = catalogues.compose(tree)
    entry = catalogue.find("Continue")
    entry.msgstr, entry.flags = "继续", ["fuzzy"]
    catalogues.write(catalogue, tree)

    _, findings = catalogues.compose(tree)

    assert findings.fuzzy == ["Continue"]


def test_compiling_is_done_once(tree: Path):
    part(tree, "app", Continue="继续")
    catalogues.write(catalogues.compose(tree)[0], tree)

    first, second = catalogues.compile_catalogues(tree), catalogues.compile_catalogues(tree)

    assert [entry.msgstr for entry in polib.mofile(str(first[0]))] == ["继续"]
    assert second == []
