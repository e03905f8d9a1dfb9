"""Fitting a points card to labelled households, and what it is worth beside an unfitted score and a regression.

Bins by a small tree for each question, weights of evidence, a sparse logistic regression that chooses the questions, a
second one on the chosen that gives the weights, whole points out of a hundred. Every choice is made inside each fold.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import ceil
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold
from sklearn.tree import DecisionTreeClassifier

from households.cards.card import MEASURED, MOST_INDICATORS, Answer, Bin, Card, Indicator
from households.cards.tables import Feature, Households, TableFault, answers_at, words_of
from households.measures.alkire_foster import Scheme, score

TOTAL = 100  # points of the whole card, before rounding
ANSWERS = 4  # bins of one question at most
SMALLEST = 0.04  # of the households stand in a bin at least
SMOOTH = 0.5
FREEDOM = tuple(float(step) for step in np.logspace(0, 4, 41))  # from one question to all of them
LEAK = 0.99  # a single column that tells the label this well is the label in other clothes

Numbers = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class Evidence:
    """A question with its bins and what each says about the label."""

    feature: Feature
    bins: tuple[Bin, ...]
    weights: tuple[float, ...]


@dataclass(frozen=True)
class Course:
    """What a fit is asked for."""

    left_out: frozenset[str] = frozenset()  # columns no card may ask about
    most: int = MOST_INDICATORS
    folds: int = 5
    seed: int = 1
    total: int = TOTAL


@dataclass(frozen=True)
class Rate:
    """How well a rule orders the households of the folds it was not made from."""

    folds: tuple[float, ...]
    unscored: int

    @property
    def auc(self) -> float:
        return sum(self.folds) / len(self.folds)

    def as_json(self) -> dict[str, Any]:
        return {"auc": self.auc, "folds": list(self.folds), "unscored": self.unscored}


@dataclass(frozen=True)
class Fitted:
    """The card made from all households, and the three rates under the same folds."""

    card: Card
    rates: Mapping[str, Rate | None]
    candidates: list[Feature]
    leaking: list[str]
    positives: int


def fit(
    table: Households,
    *,
    course: Course,
    codebook: Mapping[str, str],
    facts: Mapping[str, str],
    deprivations: Sequence[Mapping[str, bool | None]] | None = None,
    scheme: Scheme | None = None,
) -> Fitted:
    """The card of all households, beside the free regression and the unfitted deprivation score of the same folds."""
    labels = np.array(table.labels, dtype=int)
    refuse_too_few(labels, course.folds)
    candidates, leaking = _candidates(table, labels, course.left_out)
    if not candidates:
        raise TableFault(
            "no column can be asked of a household: see --columns, --leave-out and what is empty"
        )
    parts = list(StratifiedKFold(course.folds, shuffle=True, random_state=course.seed).split(labels, labels))
    everybody = np.arange(labels.size)

    def by_card(train: Numbers, test: Numbers) -> list[float | None]:
        card = _card(table, candidates, labels, train, course, codebook, facts)
        found = [card.score(answers_at(table, int(place))).points for place in test]
        return [None if points is None else float(points) for points in found]

    free = _matrix(table, candidates)

    def by_regression(train: Numbers, test: Numbers) -> list[float | None]:
        return _regression(free, labels, train, test)

    rates: dict[str, Rate | None] = {
        "card": _rate(labels, parts, by_card),
        "deprivation": None,
        "regression": _rate(labels, parts, by_regression),
    }
    if deprivations is not None and scheme is not None:
        shares = [score(answers, scheme).value for answers in deprivations]
        rates["deprivation"] = _rate(
            labels, parts, lambda _train, test: [_plain(shares[int(x)]) for x in test]
        )
    card = _card(table, candidates, labels, everybody, course, codebook, facts)
    return Fitted(card, rates, candidates, leaking, int(labels.sum()))


def refuse_too_few(labels: Numbers, folds: int) -> None:
    least = int(min(labels.sum(), labels.size - labels.sum()))
    if least < folds:
        raise TableFault(
            f"{folds} folds need at least {folds} households with and without; there are {least}"
        )


def _plain(share: Fraction | None) -> float | None:
    return None if share is None else float(share)


def _rate(labels: Numbers, parts: list[Any], rule: Callable[[Numbers, Numbers], list[float | None]]) -> Rate:
    aucs, unscored = [], 0
    for train, test in parts:
        found = [
            (value, labels[place])
            for value, place in zip(rule(train, test), test, strict=True)
            if value is not None
        ]
        unscored += len(test) - len(found)
        if len({label for _value, label in found}) < 2:
            raise TableFault(
                "too many answers are unknown: in one part of the households nobody can be compared"
            )
        aucs.append(
            float(roc_auc_score([label for _value, label in found], [value for value, _label in found]))
        )
    return Rate(tuple(aucs), unscored)


def _numbers(found: Sequence[Answer]) -> Numbers:
    return np.array([np.nan if one is None else float(one) for one in found])


def _candidates(
    table: Households, labels: Numbers, left_out: frozenset[str]
) -> tuple[list[Feature], list[str]]:
    """Every question once; a column that orders the households as an earlier one does says nothing new."""
    kept: list[Feature] = []
    leaking: list[str] = []
    seen: set[bytes] = set()
    for feature in table.features:
        found = table.answers[feature.name]
        if feature.column in left_out:
            continue
        if not feature.number:
            kept.append(feature)
            continue
        numbers = _numbers(found)
        known = ~np.isnan(numbers)
        order = np.full(numbers.size, -1)
        order[known] = np.unique(numbers[known], return_inverse=True)[1]
        turned = np.where(known, order.max() - order, -1)
        if order.tobytes() in seen or turned.tobytes() in seen:
            continue
        seen.add(order.tobytes())
        if 0 < labels[known].sum() < known.sum():
            auc = roc_auc_score(labels[known], numbers[known])
            if max(auc, 1 - auc) >= LEAK:
                leaking.append(feature.name)
                continue
        kept.append(feature)
    return kept, leaking


def _card(
    table: Households,
    candidates: Sequence[Feature],
    labels: Numbers,
    places: Numbers,
    course: Course,
    codebook: Mapping[str, str],
    facts: Mapping[str, str],
) -> Card:
    """Bins, questions, weights and points from these households alone."""
    told = labels[places]
    evidence, columns = [], []
    for feature in candidates:
        answers = table.answers[feature.name]
        found = [answers[int(place)] for place in places]
        one = _evidence(feature, found, told)
        if one is not None:
            evidence.append(one)
            columns.append(_weighed(one, found))
    if not evidence:
        raise TableFault("no column tells the households that are looked for from the others")
    matrix = np.column_stack(columns)
    chosen = _chosen(matrix, told, course.most)
    chosen, weights = _weights(matrix, told, chosen)
    given = [[w * x for x in evidence[place].weights] for place, w in zip(chosen, weights, strict=True)]
    scale = course.total / sum(max(one) - min(one) for one in given)
    indicators = []
    for place, values in zip(chosen, given, strict=True):
        points = [round((value - min(values)) * scale) for value in values]
        if max(points):
            indicators.append(_indicator(evidence[place], points, codebook, facts))
    indicators.sort(key=lambda indicator: -indicator.most)
    return Card(tuple(indicators))


def _indicator(
    evidence: Evidence, points: Sequence[int], codebook: Mapping[str, str], facts: Mapping[str, str]
) -> Indicator:
    feature = evidence.feature
    bins: list[Bin] = []
    for one, given in zip(evidence.bins, points, strict=True):
        before = bins[-1] if bins else None
        if before is not None and before.points == given and feature.number:
            bins[-1] = Bin(
                given, before.start, one.below
            )  # two neighbours with the same points are one answer
        else:
            bins.append(Bin(given, one.start, one.below, one.words))
    return Indicator(
        feature.name, words_of(codebook, feature), tuple(bins), facts.get(feature.name, ""), feature.kind
    )


def _evidence(feature: Feature, found: Sequence[Answer], labels: Numbers) -> Evidence | None:
    """The bins of a question and the weight of evidence of each; None when it has one bin only."""
    bins = (
        _number_bins(found, labels, whole=feature.kind != MEASURED)
        if feature.number
        else _word_bins(found, labels)
    )
    if len(bins) < 2:
        return None
    places = _places(bins, found, number=feature.number)
    counts = [
        np.bincount(places[(places >= 0) & (labels == side)], minlength=len(bins)) + SMOOTH for side in (0, 1)
    ]
    without, with_ = (count / max(1, count.sum()) for count in counts)
    return Evidence(feature, tuple(bins), tuple(float(value) for value in np.log(with_ / without)))


def _places(bins: Sequence[Bin], found: Sequence[Answer], *, number: bool) -> Any:
    """Which bin each answer stands in; -1 for what is not known."""
    if not number:
        at = {word: place for place, one in enumerate(bins) for word in one.words}
        return np.array([-1 if answer is None else at.get(str(answer), -1) for answer in found])
    numbers = _numbers(found)
    edges = np.array([one.below for one in bins[:-1]], dtype=float)
    return np.where(np.isnan(numbers), -1, np.searchsorted(edges, numbers, side="right"))


def _weighed(evidence: Evidence, found: Sequence[Answer]) -> Numbers:
    """The weight of each answer; what is not known speaks for neither side."""
    places = _places(evidence.bins, found, number=evidence.feature.number)
    return np.where(places < 0, 0.0, np.array(evidence.weights)[places])


def _edges(numbers: Numbers, labels: Numbers) -> list[float]:
    """Where a tree of a few leaves would part these households."""
    least = max(1, ceil(SMALLEST * numbers.size))
    tree = DecisionTreeClassifier(
        criterion="entropy", max_leaf_nodes=ANSWERS, min_samples_leaf=least, random_state=0
    ).fit(numbers.reshape(-1, 1), labels)
    inner = tree.tree_.feature >= 0
    return sorted(float(edge) for edge in tree.tree_.threshold[inner])


def _number_bins(found: Sequence[Answer], labels: Numbers, *, whole: bool) -> list[Bin]:
    numbers = _numbers(found)
    known = ~np.isnan(numbers)
    cuts = _edges(numbers[known], labels[known])
    edges = sorted({float(np.floor(cut) + 1) if whole else float(f"{cut:.3g}") for cut in cuts})
    starts, ends = [None, *edges], [*edges, None]
    return [Bin(0, start, end) for start, end in zip(starts, ends, strict=True)]


def _word_bins(found: Sequence[Answer], labels: Numbers) -> list[Bin]:
    """Words whose households fare alike stand together."""
    told: dict[str, list[int]] = {}
    for answer, label in zip(found, labels, strict=True):
        if answer is not None:
            told.setdefault(str(answer), []).append(int(label))
    mean = float(labels.mean())
    rate = {word: (sum(ones) + mean) / (len(ones) + 1) for word, ones in told.items()}
    known = [place for place, answer in enumerate(found) if answer is not None]
    numbers = np.array([rate[str(found[place])] for place in known])
    edges = [float("-inf"), *_edges(numbers, labels[known]), float("inf")]
    groups = [
        tuple(sorted(word for word, value in rate.items() if low < value <= high))
        for low, high in pairwise(edges)
    ]
    return [Bin(0, words=words) for words in groups if words]


def _chosen(matrix: Numbers, labels: Numbers, most: int) -> list[int]:
    """The freest sparse regression that asks no more than so many questions, each speaking for its own side."""
    best: list[int] = []
    for freedom in FREEDOM:
        model = LogisticRegression(
            l1_ratio=1, solver="liblinear", C=freedom / labels.size, random_state=0, max_iter=500
        ).fit(matrix, labels)
        asked = [place for place, weight in enumerate(model.coef_[0]) if weight > 0]
        if len(asked) > most:
            break
        best = asked or best
    return best or [int(np.argmax(matrix.std(axis=0)))]


def _weights(matrix: Numbers, labels: Numbers, chosen: list[int]) -> tuple[list[int], list[float]]:
    """The weights of the chosen questions; one that would speak against its own evidence is dropped."""
    while True:
        model = LogisticRegression(C=1.0, max_iter=2000).fit(matrix[:, chosen], labels)
        weights = [float(weight) for weight in model.coef_[0]]
        kept = [place for place, weight in zip(chosen, weights, strict=True) if weight > 0]
        if len(kept) == len(chosen) or not kept:
            return chosen, [max(weight, 0.0) or 1.0 for weight in weights] if not kept else weights
        chosen = kept


def _matrix(table: Households, candidates: Sequence[Feature]) -> Numbers:
    """Every column as a regression takes it: numbers as they are, a column for each word."""
    columns = []
    for feature in candidates:
        found = table.answers[feature.name]
        if feature.number:
            columns.append(_numbers(found))
        else:
            words = sorted({str(answer) for answer in found if answer is not None})
            columns += [np.array([float(answer == word) for answer in found]) for word in words]
    return np.column_stack(columns)


def _regression(free: Numbers, labels: Numbers, train: Numbers, test: Numbers) -> list[float | None]:
    """A logistic regression free in every column, what is not known put at the mean of the households learned from."""
    mean = np.nanmean(free[train], axis=0)
    spread = np.nanstd(free[train], axis=0)
    scaled = (np.where(np.isnan(free), mean, free) - mean) / np.where(spread > 0, spread, 1)
    model = LogisticRegression(C=0.1, max_iter=5000).fit(scaled[train], labels[train])
    return [float(value) for value in model.decision_function(scaled[test])]
