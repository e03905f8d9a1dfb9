"""Words of forms wait for their reader: none is put into one language when the server starts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.urls import get_resolver
from django.utils import translation
from django.utils.translation import gettext_lazy

from common.forms import Form
from common.wording import filled

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def below(kind: Any) -> Iterator[Any]:
    for child in kind.__subclasses__():
        yield child
        yield from below(child)


def test_numbers_are_filled_in_when_the_sentence_is_read() -> None:
    words = filled(gettext_lazy("A photo or file of at most %(mb)d MB."), mb=7)

    with translation.override("en"):
        assert str(words) == "A photo or file of at most 7 MB."
    with translation.override("zh-hans"):
        assert "7" in str(words)
        assert CHINESE.search(str(words))


def test_every_form_speaks_its_readers_language() -> None:
    get_resolver().url_patterns  # noqa: B018 — every page's forms are loaded with its addresses
    kinds = [kind for kind in below(Form) if not kind.__module__.startswith("tests")]
    assert len(kinds) > 100

    with translation.override("en"):
        chinese = {
            f"{kind.__module__}.{kind.__name__}.{name}"
            for kind in kinds
            for name, field in kind.base_fields.items()
            if CHINESE.search(f"{field.label} {field.help_text} {[*map(str, field.error_messages.values())]}")
        }

    assert chinese == set()
