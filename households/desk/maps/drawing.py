"""What both maps are drawn with: classes instead of styles, no script, as narrow as a telephone (design §4.12)."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH = 340
FONT = 14
SHORT = 7  # characters of a label under a symbol


def line(kind: str, start: tuple[float, float], end: tuple[float, float], **more: str) -> SafeString:
    (x1, y1), (x2, y2) = start, end
    attributes = format_html_join(
        "", ' {}="{}"', ((name.replace("_", "-"), value) for name, value in more.items())
    )
    return format_html(
        '<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"{}/>',
        kind,
        _n(x1),
        _n(y1),
        _n(x2),
        _n(y2),
        attributes,
    )


def text(x: float, y: float, words: str, *, kind: str = "", anchor: str = "middle") -> SafeString:
    return format_html(
        '<text class="{}" x="{}" y="{}" text-anchor="{}">{}</text>', kind, _n(x), _n(y), anchor, words
    )


def zigzag(start: tuple[float, float], end: tuple[float, float], *, teeth: int = 8) -> SafeString:
    """A strained tie is told by its shape, not by colour alone."""
    (x1, y1), (x2, y2) = start, end
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5 or 1.0
    across = (-(y2 - y1) / length * 5, (x2 - x1) / length * 5)
    points = [start]
    for tooth in range(1, teeth):
        share, side = tooth / teeth, 1 if tooth % 2 else -1
        points.append((x1 + (x2 - x1) * share + across[0] * side, y1 + (y2 - y1) * share + across[1] * side))
    return format_html(
        '<polyline class="tie-strained" points="{}"/>',
        " ".join(f"{_n(x)},{_n(y)}" for x, y in [*points, end]),
    )


def svg(key: str, title: str, description: str, height: float, parts: Iterable[SafeString]) -> SafeString:
    """The drawing with its name and what it shows in words."""
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {} {}" font-size="{}" '
        'aria-labelledby="{}-title {}-desc"><title id="{}-title">{}</title><desc id="{}-desc">{}</desc>{}</svg>',
        WIDTH,
        _n(height),
        FONT,
        key,
        key,
        key,
        title,
        key,
        description,
        format_html_join("", "{}", ((part,) for part in parts)),
    )


def shortened(words: str, most: int = SHORT) -> str:
    return words if len(words) <= most else f"{words[: most - 1]}…"


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
