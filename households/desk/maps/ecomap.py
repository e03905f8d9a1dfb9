"""The eco-map: who stands by the family, how strongly, in which direction, and where it is strained (domain §4.1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from households.desk.maps.drawing import WIDTH, line, shortened, svg, text, zigzag

BOX, TALL, STEP, RADIUS = 104, 50, 68, 34
WIDTHS = {1: "1", 2: "3", 3: "6"}
TIP = SafeString(  # of an arrow
    '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="12" markerHeight="12" '
    'markerUnits="userSpaceOnUse" orient="auto-start-reverse"><path class="tip" d="M0 0 10 5 0 10z"/></marker></defs>'
)


@dataclass(frozen=True)
class Tie:
    """One recorded tie in words."""

    name: str
    kind: str
    strength: int
    direction: str
    strained: bool


def ecomap(ties: Sequence[Tie], family: str) -> SafeString:
    """The family in the middle, ties left and right in turn; thick is strong, a zigzag is strained."""
    rows = max(1, (len(ties) + 1) // 2)
    height = max(rows * STEP, 2 * RADIUS + 8)
    centre = (WIDTH / 2, height / 2)
    parts: list[SafeString] = [TIP]
    for number, tie in enumerate(ties):
        left = number % 2 == 0
        y = (number // 2) * STEP + STEP / 2 + (height - rows * STEP) / 2
        parts += _tie(tie, left, y, centre)
    parts.append(format_html('<circle class="person" cx="{}" cy="{}" r="{}"/>', *centre, RADIUS))
    parts.append(text(centre[0], centre[1] + 5, shortened(family, 4), kind="strong"))
    told = _("; ").join(f"{tie.name}, {tie.kind}" for tie in ties)
    return svg("ecomap", _("Support around the family"), told, height, parts)


def _tie(tie: Tie, left: bool, y: float, centre: tuple[float, float]) -> Iterator[SafeString]:
    edge = BOX if left else WIDTH - BOX
    start = (edge + (2 if left else -2), y)
    far = ((start[0] - centre[0]) ** 2 + (y - centre[1]) ** 2) ** 0.5
    share = (RADIUS + 2) / far
    end = (centre[0] + (start[0] - centre[0]) * share, centre[1] + (y - centre[1]) * share)
    if tie.strained:
        yield zigzag(start, end)
    tips = {"gives": {"marker_end"}, "receives": {"marker_start"}, "both": {"marker_start", "marker_end"}}
    yield line(
        "tie-thin" if tie.strained else "tie",
        start,
        end,
        stroke_width="0.5" if tie.strained else WIDTHS[tie.strength],
        **dict.fromkeys(sorted(tips[tie.direction]), "url(#tip)"),
    )
    x = 0 if left else WIDTH - BOX
    yield format_html(
        '<rect class="box" x="{}" y="{}" width="{}" height="{}" rx="6"/>', x, y - TALL / 2, BOX, TALL
    )
    yield text(x + BOX / 2, y - 4, shortened(tie.name), kind="strong")
    yield text(x + BOX / 2, y + 15, shortened(tie.kind))
