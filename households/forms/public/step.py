"""What every page of an application shares: it knows the answers so far and gives back plain JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from django import forms

from common.exceptions import Refused
from common.forms import Form

Answers = Mapping[str, Any]


class StepForm(Form):
    """One page; `answers` are all pages so far by key, `slot` names the member or need this page is about."""

    def __init__(self, *args: Any, answers: Answers, slot: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.answers = answers
        self.slot = slot
        self.prepare()

    def prepare(self) -> None:
        """Fill in choices and words that depend on the answers so far."""

    def offer(self, name: str, choices: list[Any]) -> None:
        """The choices of a field, which come from the reference or from earlier answers."""
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def as_json(self) -> dict[str, Any]:
        """The answers of this page as they are kept; uploads are kept elsewhere."""
        uploads = {name for name, field in self.fields.items() if isinstance(field, forms.FileField)}
        return {name: _plain(value) for name, value in self.cleaned_data.items() if name not in uploads}

    def said(self, slug: str, name: str, default: Any = None) -> Any:
        """An earlier answer about the same member or need."""
        return self.answers.get(f"{slug}:{self.slot}", {}).get(name, default)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def for_other(answers: Answers) -> bool:
    """Somebody else fills in for the household."""
    return bool(answers.get("channel", "self") != "self")


def each(answers: Answers, slug: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """(slot, answers) of one page for every member or need, in the order they were added."""
    found = [
        (int(key.rpartition(":")[2][1:]), key, value)
        for key, value in answers.items()
        if key.startswith(f"{slug}:")
    ]
    for _number, key, value in sorted(found, key=lambda entry: entry[0]):
        yield key.rpartition(":")[2], value


def refusing(act: Callable[[], str]) -> str:
    """A check that refuses becomes a field error with the same words."""
    try:
        return act()
    except Refused as refused:
        raise forms.ValidationError(str(refused.message), code=refused.code) from refused
