"""Plain instances: known optima, certificates recounted, refusals in one line."""

import json
from itertools import permutations

import pytest
from django.core.management import call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import InstanceError
from matching.engine.instance import read_instance
from matching.engine.plain import answer


def solved(data):
    return answer(*read_instance(json.dumps(data)))


def market(objective, quantities, amounts, edges):
    return {
        "objective": objective,
        "lots": [{"id": f"l{index}", "quantity": quantity} for index, quantity in enumerate(quantities)],
        "needs": [
            {"id": f"n{index}", "amount": amount, "severity": severity}
            for index, (amount, severity) in enumerate(amounts)
        ],
        "edges": [[f"l{lot}", f"n{need}", *cost] for lot, need, *cost in edges],
    }


def test_lexicographic_serves_the_most_severe_first():
    data = market("lexicographic", [5, 2], [(4, 5), (4, 1)], [(0, 0), (0, 1), (1, 1)])
    result = solved(data)
    assert result["served"] == {"5": 4, "4": 0, "3": 0, "2": 0, "1": 3}
    assert result["optimal"]
    assert result["certificate"]["bands"][-1] == {
        "band": 1, "served_above": 7, "bound": 7, "lots": ["l0", "l1"], "needs": ["n0", "n1"],
    }  # fmt: skip


def test_lexicographic_takes_the_cheapest_of_the_best_plans():
    data = market("lexicographic", [3, 3], [(3, 5), (3, 4)], [(0, 0, 9), (0, 1, 1), (1, 0, 1), (1, 1, 1)])
    result = solved(data)
    assert result["cost"] == 6
    assert result["pieces"] == [["l0", "n1", 3], ["l1", "n0", 3]]


@settings(max_examples=80, deadline=None)
@given(st.lists(st.lists(st.integers(-9, 9), min_size=4, max_size=4), min_size=4, max_size=4))
def test_assignment_is_the_cheapest_permutation(costs):
    edges = [(lot, need, costs[lot][need]) for lot in range(4) for need in range(4)]
    result = solved(market("assignment", [1] * 4, [(1, 1)] * 4, edges))
    assert result["objective"] == min(sum(costs[i][p[i]] for i in range(4)) for p in permutations(range(4)))
    assert len(result["pieces"]) == 4


def test_min_cost_pairs_serve_as_much_as_possible():
    result = solved(market("min_cost", [2, 5], [(4, 1)], [(0, 0, 1), (1, 0, 7)]))
    assert result["objective"] == 2 * 1 + 2 * 7
    assert result["certificate"]["served"] == 4


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_transport_potentials_prove_the_optimum(data):
    size = data.draw(st.integers(1, 5))
    node, small = st.integers(0, size - 1), st.integers(0, 3)
    arcs = [
        [tail, head, low, low + more, cost]
        for tail, head, low, more, cost in data.draw(
            st.lists(st.tuples(node, node, small, small, st.integers(-5, 5)), max_size=10)
        )
    ]
    # A flow drawn within the bounds decides the supplies, so that the instance is feasible.
    supply = [0] * size
    for tail, head, low, high, _ in arcs:
        drawn = data.draw(st.integers(low, high))
        supply[tail] += drawn
        supply[head] -= drawn
    nodes = [{"id": index, "supply": units} for index, units in enumerate(supply)]
    result = solved({"objective": "min_cost", "nodes": nodes, "arcs": arcs})
    potential = dict(map(tuple, result["certificate"]["nodes"]))
    bound = sum(potential[index] * -units for index, units in enumerate(supply))
    bound += sum(
        min(low * reduced, high * reduced)
        for tail, head, low, high, cost in arcs
        for reduced in [cost + potential[tail] - potential[head]]
    )
    assert result["objective"] == bound


LOTS, NEEDS = [{"id": 1, "quantity": 2}], [{"id": 1, "amount": 3}]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("{", "not JSON"),
        ("[]", "not an object"),
        ('{"objective": "best"}', "is none of"),
        ({"lots": LOTS, "needs": NEEDS}, "edges is missing"),
        ({"lots": [{}], "needs": NEEDS, "edges": []}, "has no id"),
        ({"lots": [7], "needs": NEEDS, "edges": []}, "is not an object"),
        ({"lots": [{"id": True}], "needs": NEEDS, "edges": []}, "an id is a whole number or a text"),
        ({"lots": [{"id": 1, "quantity": -1}], "needs": NEEDS, "edges": []}, "is -1, below 0"),
        ({"lots": [{"id": 1, "quantity": 1.5}], "needs": NEEDS, "edges": []}, "not a whole number"),
        ({"lots": LOTS * 2, "needs": NEEDS, "edges": []}, "lot 1 appears twice"),
        ({"lots": LOTS, "needs": [{"id": 1, "severity": 6}], "edges": []}, "not 1 to 5"),
        ({"lots": LOTS, "needs": NEEDS, "edges": [[1]]}, "is not"),
        ({"lots": LOTS, "needs": NEEDS, "edges": [[2, 1]]}, "names lot 2"),
        ({"lots": LOTS, "needs": NEEDS, "edges": [[1, 2]]}, "names need 2"),
        ({"lots": LOTS, "needs": NEEDS, "edges": [[1, 1], [1, 1]]}, "appears twice"),
        ({"lots": [{"id": 1, "quantity": 2**70}], "needs": NEEDS, "edges": []}, "is beyond"),
        (
            {"lots": LOTS, "needs": [{"id": n, "amount": 2**59} for n in range(3)], "edges": []},
            "add up to more",
        ),
        ({"lots": LOTS, "needs": NEEDS, "edges": [[1, 1, 2**60]]}, "costs add up"),
        ({"objective": "assignment", "lots": LOTS, "needs": NEEDS, "edges": [[1, 1]]}, "only 2 of 3"),
        ('{"lots": [{"id": 1, "quantity": ' + "9" * 5000 + "}]}", "too many digits"),
        ('{"lots": [{"id": 1, "quantity": -' + "9" * 4000 + "}]}", "is beyond"),
        ('{"lots": [{"id": "\\ud800"}], "needs": [], "edges": []}', "half a character"),
        ('{"objective": "min_cost", "nodes": [{"id": "\\udfff"}], "arcs": []}', "half a character"),
        ({"objective": "min_cost", "nodes": [{"id": 1, "supply": 1}], "arcs": []}, "supplies add up to 1"),
        (
            {"objective": "min_cost", "nodes": [{"id": 1, "supply": 1}, {"id": 2, "supply": -1}], "arcs": []},
            "infeasible",
        ),
        ({"objective": "min_cost", "nodes": [{"id": 1}], "arcs": [[1, 1, 2, 1, 0]]}, "below lower bound"),
        ({"objective": "min_cost", "nodes": [{"id": 1}], "arcs": [[1, 1, 2]]}, "is not"),
        ({"objective": "min_cost", "nodes": [{"id": 1}], "arcs": [[1, 9, 0, 1, 0]]}, "names node 9"),
    ],
)
def test_faulty_instance_is_refused_in_one_line(text, line, tmp_path, capsys):
    file = tmp_path / "instance.json"
    file.write_text(text if isinstance(text, str) else json.dumps(text))
    with pytest.raises(InstanceError, match=line):
        answer(*read_instance(file.read_text()))
    with pytest.raises(SystemExit) as leaving:
        call_command("match_instance", str(file), "--json")
    said = capsys.readouterr()
    assert leaving.value.code == 2
    assert said.out == ""
    assert line in said.err
    assert said.err.count("\n") == 1


def test_missing_file_is_refused_in_one_line(tmp_path, capsys):
    with pytest.raises(SystemExit) as leaving:
        call_command("match_instance", str(tmp_path / "none.json"))
    assert leaving.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_command_prints_one_json_object(tmp_path, capsys):
    file = tmp_path / "instance.json"
    file.write_text(json.dumps(market("lexicographic", [5], [(4, 5)], [(0, 0)])))
    call_command("match_instance", str(file), "--json")
    printed = json.loads(capsys.readouterr().out)
    assert printed["pieces"] == [["l0", "n0", 4]]
    assert printed["optimal"] is True
    call_command("match_instance", str(file))
    assert capsys.readouterr().out.splitlines() == ["l0 → n0: 4", "lexicographic: 4"]


def test_empty_instances_have_empty_answers():
    assert solved(market("lexicographic", [], [], []))["pieces"] == []
    assert solved(market("assignment", [], [], []))["objective"] == 0
    assert solved({"objective": "min_cost", "nodes": [], "arcs": []})["objective"] == 0
