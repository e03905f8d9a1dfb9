"""A plain instance from a file: lots, needs, edges and one of three objectives; or nodes and arcs. Exact or refused."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .rows import BANDS, LARGEST_SUM, InstanceError, Key

OBJECTIVES = ("lexicographic", "min_cost", "assignment")


@dataclass(frozen=True, slots=True)
class Edge:
    """One lot may serve one need, at a cost for each unit."""

    lot: Key
    need: Key
    cost: int = 0


@dataclass(frozen=True, slots=True)
class Pairs:
    """Lots with quantities, needs with amounts and severities, and who may serve whom."""

    quantity: Mapping[Key, int]
    amount: Mapping[Key, int]
    severity: Mapping[Key, int]
    edges: tuple[Edge, ...]


@dataclass(frozen=True, slots=True)
class Arc:
    """One arc of a transport network, with its bounds and its cost for each unit."""

    tail: Key
    head: Key
    lower: int
    upper: int
    cost: int


@dataclass(frozen=True, slots=True)
class Transport:
    """Nodes with supply (or, below zero, demand) and arcs."""

    supply: Mapping[Key, int]
    arcs: tuple[Arc, ...]


def read_instance(text: str) -> tuple[str, Pairs | Transport]:
    """The objective and its instance; `InstanceError` with one line when anything is not as it should be."""
    try:
        data = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise InstanceError(f"not JSON: {error}") from None
    except ValueError:  # the interpreter reads numbers of a few thousand digits and no longer ones
        raise InstanceError("a number has too many digits") from None
    if not isinstance(data, dict):
        raise InstanceError("the instance is not an object")
    objective = data.get("objective", "lexicographic")
    if objective not in OBJECTIVES:
        raise InstanceError(f"objective {repr(objective)[:40]} is none of {', '.join(OBJECTIVES)}")
    if objective == "min_cost" and ("nodes" in data or "arcs" in data):
        return objective, _transport(data)
    return objective, _pairs(data)


def _pairs(data: Mapping[str, Any]) -> Pairs:
    quantity: dict[Key, int] = {}
    for place, row in enumerate(_rows(data, "lots")):
        key = _key(_entry(row, "lots", place), "lots", place)
        _once(key, quantity, "lot")
        quantity[key] = _whole(row.get("quantity", 1), f"quantity of lot {key}", least=0)
    amount: dict[Key, int] = {}
    severity: dict[Key, int] = {}
    for place, row in enumerate(_rows(data, "needs")):
        key = _key(_entry(row, "needs", place), "needs", place)
        _once(key, amount, "need")
        amount[key] = _whole(row.get("amount", 1), f"amount of need {key}", least=0)
        severity[key] = _whole(row.get("severity", 1), f"severity of need {key}", least=1)
        if severity[key] not in BANDS:
            raise InstanceError(f"severity of need {key} is {severity[key]}, not 1 to 5")
    edges: dict[tuple[Key, Key], Edge] = {}
    for place, row in enumerate(_rows(data, "edges")):
        if not isinstance(row, list) or len(row) not in (2, 3):
            raise InstanceError(f"edges[{place}] is not [lot, need] or [lot, need, cost]")
        lot, need = _plain_key(row[0], f"edges[{place}]"), _plain_key(row[1], f"edges[{place}]")
        if lot not in quantity:
            raise InstanceError(f"edges[{place}] names lot {lot}, which is not there")
        if need not in amount:
            raise InstanceError(f"edges[{place}] names need {need}, which is not there")
        if (lot, need) in edges:
            raise InstanceError(f"edge {lot}, {need} appears twice")
        edges[lot, need] = Edge(lot, need, _whole(row[2], f"cost of edges[{place}]") if len(row) == 3 else 0)
    _within(quantity.values(), "quantities")
    _within(amount.values(), "amounts")
    most = min(sum(quantity.values()), sum(amount.values()))
    _within([max((abs(edge.cost) for edge in edges.values()), default=0) * most], "costs")
    return Pairs(quantity, amount, severity, tuple(edges.values()))


def _transport(data: Mapping[str, Any]) -> Transport:
    supply: dict[Key, int] = {}
    for place, row in enumerate(_rows(data, "nodes")):
        key = _key(_entry(row, "nodes", place), "nodes", place)
        _once(key, supply, "node")
        supply[key] = _whole(row.get("supply", 0), f"supply of node {key}")
    arcs = []
    for place, row in enumerate(_rows(data, "arcs")):
        if not isinstance(row, list) or len(row) != 5:
            raise InstanceError(f"arcs[{place}] is not [from, to, lower, upper, cost]")
        tail, head = _plain_key(row[0], f"arcs[{place}]"), _plain_key(row[1], f"arcs[{place}]")
        for end in (tail, head):
            if end not in supply:
                raise InstanceError(f"arcs[{place}] names node {end}, which is not there")
        lower = _whole(row[2], f"lower bound of arcs[{place}]", least=0)
        upper = _whole(row[3], f"upper bound of arcs[{place}]", least=0)
        if upper < lower:
            raise InstanceError(f"arcs[{place}] has upper bound {upper} below lower bound {lower}")
        arcs.append(Arc(tail, head, lower, upper, _whole(row[4], f"cost of arcs[{place}]")))
    _within((abs(units) for units in supply.values()), "supplies")
    _within((arc.upper for arc in arcs), "upper bounds")
    _within((abs(arc.cost) * arc.upper for arc in arcs), "costs")
    return Transport(supply, tuple(arcs))


def _rows(data: Mapping[str, Any], name: str) -> list[Any]:
    rows = data.get(name)
    if not isinstance(rows, list):
        raise InstanceError(f"{name} is missing or not a list")
    return rows


def _entry(row: object, name: str, place: int) -> Mapping[str, Any]:
    if not isinstance(row, dict):
        raise InstanceError(f"{name}[{place}] is not an object")
    return row


def _key(row: Mapping[str, Any], name: str, place: int) -> Key:
    if "id" not in row:
        raise InstanceError(f"{name}[{place}] has no id")
    return _plain_key(row["id"], f"{name}[{place}]")


def _plain_key(value: object, where: str) -> Key:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise InstanceError(f"{where}: an id is a whole number or a text, not {json.dumps(value)[:40]}")
    if isinstance(value, str) and any("\ud800" <= sign <= "\udfff" for sign in value):
        raise InstanceError(f"{where}: the id {ascii(value)[:40]} holds half a character")
    return value


def _once(key: Key, known: Mapping[Key, int], kind: str) -> None:
    if key in known:
        raise InstanceError(f"{kind} {key} appears twice")


def _whole(value: object, what: str, least: int | None = None) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise InstanceError(f"{what} is not a whole number")
    if abs(value) > LARGEST_SUM:
        raise InstanceError(f"{what} is beyond {LARGEST_SUM}")
    if least is not None and value < least:
        raise InstanceError(f"{what} is {value}, below {least}")
    return value


def _within(values: Iterable[int], what: str) -> None:
    if sum(values) > LARGEST_SUM:
        raise InstanceError(f"{what} add up to more than {LARGEST_SUM}")
