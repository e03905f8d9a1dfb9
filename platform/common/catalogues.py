"""The catalogues: gather the words of code and pages, merge translations, say what is missing, compile.

Needs no gettext tools: Babel reads Python, Django's `templatize` turns a template into something Babel can
read, polib writes `.po` and `.mo`. `python -m common.catalogues` compiles and is called by script/setup.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polib
from babel.messages.extract import extract_python
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
LANGUAGE = "zh_Hans"
HEADER = {
    "Project-Id-Version": "bangfu",
    "Language": LANGUAGE,
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}
OUTSIDE = {"tests", "script", "bench", "docs", "var", "staticfiles", "migrations", "__pycache__"}
KEYWORDS: dict[str, Any] = {  # Babel's notation: which argument is the msgid, the plural, the context
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")

Key = tuple[str | None, str]  # context and msgid


@dataclass
class Message:
    """One msgid with the files that speak it."""

    msgid: str
    plural: str | None = None
    context: str | None = None
    files: set[str] = field(default_factory=set)

    @property
    def key(self) -> Key:
        return (self.context, self.msgid)


@dataclass
class Findings:
    """What stands between the catalogue and being complete; every list empty is what we want."""

    missing: list[str] = field(default_factory=list)
    fuzzy: list[str] = field(default_factory=list)
    placeholders: list[str] = field(default_factory=list)
    obsolete: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return not (self.missing or self.fuzzy or self.placeholders or self.obsolete or self.conflicts)


def sources(root: Path = ROOT) -> Iterator[Path]:
    """Every Python module and template of the product; tests and scripts do not speak to users."""
    for top in sorted(root.iterdir()):
        if not top.is_dir() or top.name in OUTSIDE or top.name.startswith("."):
            continue
        for path in sorted(top.rglob("*")):
            parts = path.relative_to(root).parts
            if OUTSIDE.isdisjoint(parts) and (
                path.suffix == ".py" or (path.suffix in {".html", ".txt", ".svg"} and "templates" in parts)
            ):
                yield path


def messages_in(path: Path) -> Iterator[Message]:
    """The messages of one file; an untranslatable call (an f-string, a variable) yields nothing."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        text = "\n".join(line.strip() for line in templatize(text, origin=str(path)).splitlines())
    stream = io.BytesIO(text.encode())
    calls: Any = extract_python(stream, KEYWORDS, (), {"encoding": "utf-8"})
    for _line, name, found, _comments in calls:
        words = list(found) if isinstance(found, tuple) else [found]
        context = words.pop(0) if "pgettext" in name and len(words) > 1 else None
        if not words or not words[0]:
            continue
        plural = words[1] if name.startswith(("ngettext", "npgettext")) else None
        yield Message(words[0], plural, context)


def extract(root: Path = ROOT) -> dict[Key, Message]:
    """Every message of the product by context and msgid, with the files it stands in."""
    messages: dict[Key, Message] = {}
    for path in sources(root):
        for message in messages_in(path):
            known = messages.setdefault(message.key, message)
            known.plural = known.plural or message.plural
            known.files.add(path.relative_to(root).as_posix())
    return messages


def catalogue_path(root: Path = ROOT) -> Path:
    return root / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def part_paths(root: Path = ROOT) -> list[Path]:
    """Translations waiting to be folded into the catalogue, one file an app."""
    return sorted((root / "locale" / "parts").glob("*.po"))


def words_of(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgstr_plural else [entry.msgstr]


def translations(root: Path, findings: Findings) -> dict[Key, polib.POEntry]:
    """The catalogue's entries overlaid by the parts; two parts that disagree are a conflict."""
    known: dict[Key, polib.POEntry] = {}
    spoken_by: dict[Key, str] = {}
    catalogue = catalogue_path(root)
    for path in [*([catalogue] if catalogue.exists() else []), *part_paths(root)]:
        for entry in polib.pofile(str(path), encoding="utf-8"):
            key = (entry.msgctxt, entry.msgid)
            if entry.obsolete or not any(words_of(entry)):
                continue
            if path != catalogue:
                earlier = spoken_by.setdefault(key, path.name)
                if earlier != path.name and words_of(known[key]) != words_of(entry):
                    findings.conflicts.append(f"{entry.msgid!r}: {earlier} and {path.name} disagree")
                    continue
            known[key] = entry
    return known


def compose(root: Path = ROOT) -> tuple[polib.POFile, Findings]:
    """The catalogue as it should stand now, and what it still lacks."""
    findings = Findings()
    known = translations(root, findings)
    messages = extract(root)
    catalogue = polib.POFile(wrapwidth=110)
    catalogue.metadata = dict(HEADER)
    for key, message in sorted(messages.items(), key=lambda pair: (pair[0][1], pair[0][0] or "")):
        old = known.get(key)
        words = words_of(old)[0] if old else ""
        fuzzy = bool(old and old.fuzzy)
        entry = polib.POEntry(
            msgid=message.msgid,
            msgctxt=message.context,
            occurrences=[(name, "") for name in sorted(message.files)],
            flags=["fuzzy"] if fuzzy else [],
        )
        if message.plural:
            entry.msgid_plural = message.plural
            entry.msgstr_plural = {0: words}
        else:
            entry.msgstr = words
        catalogue.append(entry)
        if not words:
            findings.missing.append(message.msgid)
        elif fuzzy:
            findings.fuzzy.append(message.msgid)
        elif not same_placeholders(message, words):
            findings.placeholders.append(message.msgid)
    findings.obsolete = sorted(msgid for context, msgid in known if (context, msgid) not in messages)
    return catalogue, findings


def same_placeholders(message: Message, words: str) -> bool:
    """A translation may reorder placeholders, never lose or invent one; a plural may leave out its number."""
    wanted = set(PLACEHOLDER.findall(message.plural or message.msgid))
    found = set(PLACEHOLDER.findall(words))
    return found == wanted or (message.plural is not None and found <= wanted)


def write(catalogue: polib.POFile, root: Path = ROOT) -> bool:
    """Save the catalogue; True when the file changed."""
    path = catalogue_path(root)
    text = f"{catalogue}\n"
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return True


def compile_catalogues(root: Path = ROOT) -> list[Path]:
    """Write every `.mo` that is missing or older than its `.po`; the compiled ones are returned."""
    compiled = []
    for path in sorted((root / "locale").glob("*/LC_MESSAGES/*.po")):
        target = path.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= path.stat().st_mtime:
            continue
        polib.pofile(str(path), encoding="utf-8").save_as_mofile(str(target))
        compiled.append(target)
    return compiled


if __name__ == "__main__":
    for written in compile_catalogues():
        print(f"compiled {written.relative_to(ROOT)}")  # noqa: T201 — a line of script/setup
