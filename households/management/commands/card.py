"""manage.py card fit FILE.csv --label COLUMN [--positive 1,2] [--household COLUMN] [--keep TITLE --as USER] [--json]"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.utils.translation import override

from accounts.models import User
from common import clock
from common.commands import PlainCommand
from common.exceptions import Refused
from households.cards.acts import keep_card
from households.cards.card import MOST_INDICATORS, CardFault
from households.cards.deprivation import asked_for, shipped
from households.cards.facts import FACTS
from households.cards.fitting import Course, Fitted, fit
from households.cards.tables import Households, TableFault, gathered
from households.cards.words import questions_of
from households.commands import Fault, rows_of

RULES = {
    "card": "points card",
    "deprivation": "deprivation score, unfitted",
    "regression": "logistic regression, free",
}
LEAST_FOLDS, MOST_FOLDS = 2, 20


class Command(PlainCommand):
    help = (
        "Fit a points card to a table of labelled households: at most 20 questions, whole points, the more the "
        "likelier a household is one of those looked for. Beside it, under the same folds by household, the unfitted "
        "deprivation score and a logistic regression free in every column. A card is advice: it moves no file."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("act", choices=["fit"])
        parser.add_argument("file", type=Path, metavar="FILE.csv")
        parser.add_argument(
            "--label", required=True, metavar="COLUMN", help="what is known of each household"
        )
        parser.add_argument("--positive", default="1", metavar="a,b", help="its values that are looked for")
        parser.add_argument(
            "--household", default="", metavar="COLUMN", help="brings the rows of one household together"
        )
        parser.add_argument(
            "--speaker",
            default="",
            metavar="COLUMN",
            help="says yes in the row whose label counts, else the first",
        )
        parser.add_argument(
            "--columns", default="", metavar="a,b", help="ask these only; all that fit without it"
        )
        parser.add_argument("--leave-out", default="", metavar="a,b", help="columns no card may ask about")
        parser.add_argument(
            "--deprived",
            default="",
            metavar="a,b<9",
            help="what counts as deprived, such as water,rooms<2,most.schooling<9; a column that differs between "
            "members is asked as most., least., average. or count. Without it the shipped mapping the columns fit says",
        )
        parser.add_argument(
            "--codebook", type=Path, metavar="FILE.csv", help="column and its words, a line each"
        )
        parser.add_argument(
            "--fact",
            action="append",
            default=[],
            metavar="COLUMN=FACT",
            help=f"what the register records about it: {', '.join(FACTS)}",
        )
        parser.add_argument("--folds", type=int, default=5)
        parser.add_argument("--seed", type=int, default=1, help="of the folds; the same seed, the same card")
        parser.add_argument("--indicators", type=int, default=MOST_INDICATORS, metavar="N", help="20 at most")
        parser.add_argument("--keep", default="", metavar="TITLE", help="put it up as a draft, with --as")
        parser.add_argument("--as", dest="username", metavar="USER", help="who puts it up")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            by = self._keeper(options)
            table, fitted = self._fitted(options)
            figures = told(table, fitted, options)
            kept = None
            if by is not None:
                kept = keep_card(
                    title=options["keep"], card=fitted.card, figures=figures, by=by, at=clock.now()
                ).public_id
        except (Fault, TableFault, CardFault) as fault:
            self.refuse(str(fault))
        except Refused as refused:
            self.refuse(str(refused.message))
        if options["json"]:
            self.print_json(figures | {"card": fitted.card.as_json(), "kept": kept})
            return
        with override("en"):
            for line in lines(figures, fitted):
                self.stdout.write(line)
        if kept:
            self.stdout.write(f"put up as a draft: {kept}; a second person approves it at the desk")

    def _keeper(self, options: Mapping[str, Any]) -> User | None:
        if bool(options["keep"]) != bool(options["username"]):
            raise Fault("--keep and --as belong together: the title of the card, and who puts it up")
        if not options["keep"]:
            return None
        user: User | None = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise Fault(f"there is no account {options['username']}")
        return user

    def _fitted(self, options: Mapping[str, Any]) -> tuple[Households, Fitted]:
        label, columns, left_out = (
            options["label"],
            _names(options["columns"]),
            _names(options["leave_out"]),
        )
        if not LEAST_FOLDS <= options["folds"] <= MOST_FOLDS:
            raise Fault(f"--folds: between {LEAST_FOLDS} and {MOST_FOLDS}")
        if not 1 <= options["indicators"] <= MOST_INDICATORS:
            raise Fault(f"--indicators: between 1 and {MOST_INDICATORS}")
        needed = [label, *filter(None, (options["household"], options["speaker"])), *columns, *left_out]
        rows = rows_of(options["file"], needed)
        table = gathered(
            rows,
            label=label,
            positive=frozenset(_names(options["positive"])),
            household=options["household"],
            speaker=options["speaker"],
            columns=columns,
        )
        deprived = (
            asked_for(options["deprived"], table.rows)
            if options["deprived"]
            else shipped(table.rows, label=label)
        )
        course = Course(frozenset(left_out), options["indicators"], options["folds"], options["seed"])
        rows_deprived, scheme = deprived or (None, None)
        fitted = fit(
            table,
            course=course,
            codebook=_codebook(options["codebook"]),
            facts=_facts(options["fact"], table),
            deprivations=rows_deprived,
            scheme=scheme,
        )
        return table, fitted


def told(table: Households, fitted: Fitted, options: Mapping[str, Any]) -> dict[str, Any]:
    """What was learned from, and how well each rule orders the households it did not see."""
    return {
        "households": len(table.keys),
        "positive": fitted.positives,
        "differing": table.differing,
        "unlabelled": table.unlabelled,
        "questions": len(fitted.candidates),
        "leaking": fitted.leaking,
        "folds": options["folds"],
        "seed": options["seed"],
        "auc": {name: rate.as_json() if rate else None for name, rate in fitted.rates.items()},
    }


def lines(figures: Mapping[str, Any], fitted: Fitted) -> Iterator[str]:
    """The card and the three figures for a person."""
    share = figures["positive"] / figures["households"]
    yield f"{figures['households']:,} households, {figures['positive']:,} of them looked for ({share:.1%})"
    if figures["differing"]:
        yield f"{figures['differing']:,} households differ in the label: the speaker's row counts, else the first"
    if figures["unlabelled"]:
        yield f"{figures['unlabelled']:,} households without a label: nothing was learned from them"
    if figures["leaking"]:
        yield f"left out, because they tell the label itself: {', '.join(figures['leaking'])}"
    yield ""
    heading = f"AUC, {figures['folds']} folds by household"
    yield f"{heading:<34}{'mean':>8}{'lowest':>8}{'highest':>9}{'no score':>10}"
    for name, said in RULES.items():
        rate = figures["auc"][name]
        if rate is None:
            yield f"{said:<34}{'—':>8}  not computed: say with --deprived what counts as deprived"
        else:
            low, high = min(rate["folds"]), max(rate["folds"])
            yield f"{said:<34}{rate['auc']:>8.4f}{low:>8.4f}{high:>9.4f}{rate['unscored']:>10,}"
    yield ""
    yield f"points card: {len(fitted.card.indicators)} questions, 0 to {fitted.card.most} points"
    for question in questions_of(fitted.card):
        answers = " · ".join(f"{answer}: {points}" for answer, points in question.answers)
        yield f"{question.number:>3}. {question.words}: {answers}"


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _codebook(path: Path | None) -> dict[str, str]:
    """The words of each column: the first two columns of a table."""
    if path is None:
        return {}
    found = {}
    for _line, row in rows_of(path, []):
        name, words, *_rest = [*row.values(), "", ""]
        if name and words:
            found[name] = words
    return found


def _facts(pairs: list[str], table: Households) -> dict[str, str]:
    """Which question is answered by which fact of the register: by name, or as said."""
    known = {feature.name for feature in table.features}
    found = {name: name for name in known if name in FACTS}
    for pair in pairs:
        column, _equals, fact = (part.strip() for part in pair.partition("="))
        if column not in known:
            raise Fault(f"--fact: the table answers no {column}")
        if fact not in FACTS:
            raise Fault(f"--fact: the register has no {fact}; it has {', '.join(FACTS)}")
        found[column] = fact
    return found
