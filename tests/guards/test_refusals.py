"""Every refusal the product can give is named by a test."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.guards import tree


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def codes_of(path: Path) -> Iterator[str]:
    """The literal first argument of every `Refused(…)`."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Refused":
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant):
                yield str(first.value)


def words_of_tests() -> set[str]:
    """Every whole string a test writes down."""
    tests = (tree.ROOT / "tests").rglob("*.py")
    return {
        node.value
        for path in tests
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_every_refusal_is_named_by_a_test() -> None:
    codes = {code for path in tree.modules() for code in codes_of(path)}
    untested = codes - words_of_tests()

    assert sorted(untested) == [], "write a test that reaches the refusal and sees nothing changed"
