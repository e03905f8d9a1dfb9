"""Charts as SVG drawn on the server, always with their table: classes instead of styles, no script (design §4.12)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import floor, log10
from zlib import crc32

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

Number = int | float | Decimal

WIDTH = 480
FONT = 15
BAR_ROW, BAR_TOP, BAR_HEIGHT = 46, 22, 14
LINE_HEIGHT, LINE_TOP, LINE_BOTTOM, LINE_SIDE = 260, 24, 224, 24
LABEL_LENGTH = 22
X_LABELS = 5
STEPS = (1, 2, 5, 10)


@dataclass(frozen=True)
class Row:
    """One figure: None is not known and is drawn as a gap, never as zero; `shown` is how people read it."""

    label: str
    value: Number | None
    shown: str = ""
    url: str = ""
    quiet: bool = False

    def __str__(self) -> str:
        if self.value is None:
            return self.shown or "—"
        return self.shown or f"{self.value:,}"


@dataclass(frozen=True)
class Chart:
    """What `components/chart.html` shows: the drawing and, beside it, the same figures as a table."""

    title: str
    description: str
    headings: tuple[str, str]
    svg: SafeString
    table: Sequence[Row]


def bar_chart(rows: Sequence[Row], *, title: str, headings: tuple[str, str], description: str = "") -> Chart:
    """Horizontal bars from a common zero, each with its label and figure above it."""
    values = [float(row.value) for row in rows if row.value is not None]
    low, high = min([0.0, *values]), max([0.0, *values])
    scale = WIDTH / (high - low) if high > low else 0.0
    zero = -low * scale
    height = BAR_ROW * len(rows)
    body = format_html_join(
        "", "{}", ((_bar(row, BAR_ROW * index, zero, scale),) for index, row in enumerate(rows))
    )
    axis = _path("axis", (zero, 0), (zero, height))
    return _chart(rows, title, headings, description, height, format_html("{}{}", axis, body))


def line_chart(rows: Sequence[Row], *, title: str, headings: tuple[str, str], description: str = "") -> Chart:
    """A line over ordered rows from a common zero, broken where a figure is not known."""
    values = [float(row.value) for row in rows if row.value is not None]
    ticks = _ticks(min([0.0, *values]), max([0.0, *values]))
    points = list(_points(rows, ticks))
    body = format_html(
        "{}{}{}{}",
        format_html_join("", "{}", ((_gridline(tick, ticks),) for tick in ticks)),
        format_html_join(
            "", '<polyline class="line" points="{}"/>', ((_joined(run),) for run in _runs(points))
        ),
        format_html_join(
            "",
            '<circle class="mark" cx="{}" cy="{}" r="4"/>',
            ((_n(x), _n(y)) for x, y in filter(None, points)),
        ),
        format_html_join("", "{}", ((_x_label(rows, index),) for index in _x_labelled(len(rows)))),
    )
    return _chart(rows, title, headings, description, LINE_HEIGHT, body)


def _chart(
    rows: Sequence[Row],
    title: str,
    headings: tuple[str, str],
    description: str,
    height: int,
    body: SafeString,
) -> Chart:
    if not rows:
        return Chart(title, description, headings, SafeString(""), rows)
    key = f"chart-{crc32(f'{title}|{description}|{body}'.encode()):08x}"
    svg = format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {width} {height}" font-size="{font}" '
        'aria-labelledby="{key}-title {key}-desc"><title id="{key}-title">{title}</title>'
        '<desc id="{key}-desc">{desc}</desc>{body}</svg>',
        width=WIDTH,
        height=height,
        font=FONT,
        key=key,
        title=title,
        desc=description or "; ".join(f"{row.label}: {row}" for row in rows),
        body=body,
    )
    return Chart(title, description, headings, svg, rows)


def _bar(row: Row, top: int, zero: float, scale: float) -> SafeString:
    value = float(row.value or 0)
    return format_html(
        '<text x="0" y="{base}">{label}</text><text x="{width}" y="{base}" text-anchor="end">{shown}</text>'
        '<rect class="{kind}" x="{x}" y="{y}" width="{length}" height="{height}" rx="2"/>',
        base=top + FONT,
        label=_short(row.label),
        width=WIDTH,
        shown=str(row),
        kind="bar-quiet" if row.quiet else "bar",
        x=_n(zero + min(value, 0) * scale),
        y=top + BAR_TOP,
        length=_n(abs(value) * scale),
        height=BAR_HEIGHT,
    )


def _ticks(low: float, high: float) -> list[float]:
    """Round numbers from at or below the lowest to at or above the highest, four or five of them."""
    span = (high - low) or 1.0
    power = 10.0 ** floor(log10(span / 4))
    step = next(power * factor for factor in STEPS if power * factor * 4 >= span * 0.999999)
    first = floor(low / step)
    ticks = [first * step]
    while ticks[-1] < high or len(ticks) < 2:
        ticks.append((first + len(ticks)) * step)
    return ticks


def _points(rows: Sequence[Row], ticks: Sequence[float]) -> Iterator[tuple[float, float] | None]:
    for index, row in enumerate(rows):
        yield None if row.value is None else (_x(index, len(rows)), _y(float(row.value), ticks))


def _runs(points: Sequence[tuple[float, float] | None]) -> Iterator[list[tuple[float, float]]]:
    """Stretches of known points; a single point is a mark without a line."""
    run: list[tuple[float, float]] = []
    for point in [*points, None]:
        if point is not None:
            run.append(point)
            continue
        if len(run) > 1:
            yield run
        run = []


def _gridline(tick: float, ticks: Sequence[float]) -> SafeString:
    y = _y(tick, ticks)
    line = _path("gridline" if tick else "axis", (0, y), (WIDTH, y))
    return format_html('{}<text x="0" y="{}">{}</text>', line, _n(y - 4), f"{tick:,.10g}")


def _x_label(rows: Sequence[Row], index: int) -> SafeString:
    anchor = "middle"
    if len(rows) > 1 and index in (0, len(rows) - 1):
        anchor = "start" if index == 0 else "end"
    x = {"start": 0.0, "middle": _x(index, len(rows)), "end": float(WIDTH)}[anchor]
    return format_html(
        '<text x="{}" y="{}" text-anchor="{}">{}</text>',
        _n(x),
        LINE_BOTTOM + 24,
        anchor,
        _short(rows[index].label),
    )


def _x_labelled(count: int) -> list[int]:
    """At most five rows carry their label below the line: the first, the last and some between."""
    if count <= X_LABELS:
        return list(range(count))
    return sorted({round(place * (count - 1) / (X_LABELS - 1)) for place in range(X_LABELS)})


def _x(index: int, count: int) -> float:
    return WIDTH / 2 if count == 1 else LINE_SIDE + index * (WIDTH - 2 * LINE_SIDE) / (count - 1)


def _y(value: float, ticks: Sequence[float]) -> float:
    return LINE_BOTTOM - (value - ticks[0]) / (ticks[-1] - ticks[0]) * (LINE_BOTTOM - LINE_TOP)


def _path(kind: str, start: tuple[float, float], end: tuple[float, float]) -> SafeString:
    (x1, y1), (x2, y2) = start, end
    return format_html(
        '<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>', kind, _n(x1), _n(y1), _n(x2), _n(y2)
    )


def _joined(run: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{_n(x)},{_n(y)}" for x, y in run)


def _short(label: str) -> str:
    return label if len(label) <= LABEL_LENGTH else label[: LABEL_LENGTH - 1] + "…"


def _n(value: float) -> str:
    """A coordinate with one decimal, whatever the language of the page."""
    return f"{value:.1f}".removesuffix(".0")
