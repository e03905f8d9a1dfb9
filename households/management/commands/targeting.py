"""manage.py targeting FILE (--card REF | --line COLUMN=Z | --deprived a,b<9) --places N --outcome COLUMN [--by …]"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from common.commands import PlainCommand
from common.exceptions import Refused
from households.cards.card import WORDS, Answer, Card, CardFault, card_from
from households.cards.deprivation import asked_for
from households.cards.tables import TableFault, answers_to, as_word, by_household, voice_of
from households.commands import Fault, fraction, rows_of, table_of
from households.imports.reading import Row
from households.measures.alkire_foster import score
from households.measures.targeting import Case, Number, simulate, told
from households.models import PointsCard

Groups = Sequence[Sequence[Row]]


class Command(PlainCommand):
    help = (
        "Try out a rule before it is used: with so many places, or so much money, who would be in and who out, how "
        "many of those it is meant for it leaves out, how many others it lets in, and how groups fare. Counts under "
        "five are not shown, nor what they could be reckoned from. Nothing is stored."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.csv")
        rules = parser.add_mutually_exclusive_group(required=True)
        rules.add_argument(
            "--card", metavar="REF", help="a card: its reference, or what card fit --json printed"
        )
        rules.add_argument(
            "--line", metavar="COLUMN=Z", help="income strictly below the line, the lowest first"
        )
        rules.add_argument(
            "--deprived", metavar="a,b<9", help="a deprivation score: conditions, weighing the same"
        )
        parser.add_argument("--k", metavar="1/3", help="with --deprived: from what score on; all without it")
        parser.add_argument(
            "--from", dest="least", type=int, metavar="POINTS", help="with --card: from how many on"
        )
        budgets = parser.add_mutually_exclusive_group(required=True)
        budgets.add_argument("--places", metavar="N", help="how many households there is room for")
        budgets.add_argument("--budget", metavar="AMOUNT", help="how much there is, with --cost")
        parser.add_argument("--cost", metavar="AMOUNT", help="what a household gets: a number, or a column")
        parser.add_argument(
            "--outcome", required=True, metavar="COLUMN", help="what is known of each household"
        )
        parser.add_argument("--positive", default="1", metavar="a,b", help="its values the help is meant for")
        parser.add_argument("--household", default="", metavar="COLUMN", help="brings rows together")
        parser.add_argument("--speaker", default="", metavar="COLUMN", help="says yes in the row that counts")
        parser.add_argument("--by", metavar="COLUMN", help="a group")
        parser.add_argument("--weight", metavar="COLUMN", help="how many households a row stands for")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            figures = self._figures(options)
        except (Fault, TableFault, CardFault) as fault:
            self.refuse(str(fault))
        except Refused as refused:
            self.refuse(str(refused.message))
        if options["json"]:
            self.print_json(figures)
            return
        for line in lines(figures):
            self.stdout.write(line)

    def _figures(self, options: Mapping[str, Any]) -> dict[str, Any]:
        money = options["budget"] is not None
        if money != (options["cost"] is not None):
            raise Fault("--budget and --cost belong together")
        budget = fraction(options["budget"] or options["places"], "--budget" if money else "--places")
        if budget <= 0:
            raise Fault("there is nothing to give: say more than 0")
        cost = options["cost"] or "1"
        cost_column = "" if _is_number(cost) else cost
        named = ("outcome", "household", "speaker", "by", "weight")
        needed = [options[name] for name in named if options[name]] + ([cost_column] if cost_column else [])
        rows = rows_of(options["file"], needed)
        groups = list(by_household(rows, options["household"]).values())
        voices = [voice_of(members, options["speaker"]) for members in groups]
        positive = {value.strip() for value in options["positive"].split(",")}
        urgencies, eligible = _rule(options, groups)
        cases = [
            Case(
                urgency=urgency,
                poor=voice[options["outcome"]] in positive if voice[options["outcome"]] else None,
                group=(voice[options["by"]] or "—") if options["by"] else "",
                weight=_positive(voice, options["weight"]) if options["weight"] else 1,
                cost=_positive(voice, cost_column) if cost_column else fraction(cost, "--cost"),
                eligible=fits,
            )
            for urgency, fits, voice in zip(urgencies, eligible, voices, strict=True)
        ]
        if any(case.cost <= 0 for case in cases):
            raise Fault("--cost: everybody costs more than 0")
        return told(simulate(cases, budget=budget))


def _rule(options: Mapping[str, Any], groups: Groups) -> tuple[list[Number | None], list[bool]]:
    """How urgent each household is by the rule, and whether the rule lets it in at all."""
    if options["line"]:
        column, equals, limit = options["line"].rpartition("=")
        if not equals:
            raise Fault("--line: write the column and the line, such as --line income=6000")
        line = fraction(limit, "--line")
        incomes = [_exact(answer, column) for answer in answers_to(column.strip(), groups)]
        return [None if x is None else -x for x in incomes], [x is not None and x < line for x in incomes]
    if options["card"]:
        points = _points(_card(options["card"]), groups)
        least = options["least"] or 0
        return list(points), [one is not None and one >= least for one in points]
    deprived, scheme = asked_for(options["deprived"], groups)
    shares = [score(one, scheme).value for one in deprived]
    k = fraction(options["k"], "--k") if options["k"] else Fraction(0)
    return list(shares), [share is not None and share >= k for share in shares]


def _points(card: Card, groups: Groups) -> list[int | None]:
    columns: dict[str, list[Answer]] = {}
    for one in card.indicators:
        found = answers_to(one.name, groups)
        if one.kind == WORDS:
            found = [None if answer is None else as_word(answer) for answer in found]
        columns[one.name] = found
    return [
        card.score({name: column[place] for name, column in columns.items()}).points
        for place in range(len(groups))
    ]


def _card(reference: str) -> Card:
    """A kept card by its reference, or a file with one."""
    path = Path(reference)
    if path.is_file():
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise Fault(f"{path}: this is no JSON") from error
        if not isinstance(content, dict):
            raise Fault(f"{path}: this is no points card")
        return card_from(content.get("card", content))
    kept = PointsCard.objects.filter(public_id=reference).first()
    if kept is None:
        raise Fault(f"--card: there is neither a file nor a card {reference}")
    return card_from(kept.content)


def _exact(answer: Answer, column: str) -> Fraction | None:
    if isinstance(answer, str):
        raise Fault(f"column {column}: “{answer}” is no number")
    return None if answer is None else Fraction(str(answer))


def _positive(voice: Row, column: str) -> Fraction:
    value = fraction(voice[column], f"column {column}")
    if value < 0:
        raise Fault(f"column {column}: “{voice[column]}” is below zero")
    return value


def _is_number(text: str) -> bool:
    try:
        Fraction(text)
    except (ValueError, ZeroDivisionError):
        return False
    return True


SAID = {
    "households": "households",
    "served": "in",
    "served_share": "share of them in",
    "unscored": "the rule cannot say",
    "unknown": "outcome not known",
    "in_poor": "in, and meant",
    "in_other": "in, not meant",
    "out_poor": "out, though meant",
    "out_other": "out, not meant",
    "exclusion_error": "exclusion error: meant and left out",
    "inclusion_error": "inclusion error: in and not meant",
    "spent": "spent",
    "left": "left",
    "border": "last urgency served",
    "at_border": "households that share it",
    "border_share": "share of those there is room for",
}
HIDDEN = "under 5"


def lines(figures: Mapping[str, Any]) -> Iterator[str]:
    for name, said in SAID.items():
        yield f"{said:<38}{_said(figures[name]):>12}"
    if not figures["groups"]:
        return
    yield ""
    shown = ("households", "served", "served_share", "exclusion_error", "inclusion_error")
    yield from table_of(
        {group: {name: _said(row[name]) for name in shown} for group, row in figures["groups"].items()},
        {},
    )
    gaps = ", ".join(f"{name} {_said(value)}" for name, value in figures["gap"].items())
    yield f"between the groups that fare best and worst: {gaps}"


def _said(value: Any) -> str:
    if value is None:
        return HIDDEN
    return f"{value:,.4f}".rstrip("0").rstrip(".") if isinstance(value, float) else f"{value:,}"
