"""Every occasion the code speaks of has its words."""

import ast

import pytest

from notices.kinds import KINDS
from tests.guards import tree

TELLERS = {"notify", "notify_all", "tell", "tell_household", "tell_workers", "tell_agency", "tell_people"}


def kinds_in(source: str) -> set[str]:
    """What calls of notify (by `kind=`) and of the apps' own tellers (as second argument) name."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in TELLERS:
            named = [one.value for one in node.keywords if one.arg == "kind"] + node.args[1:2]
            found |= {
                one.value for one in named if isinstance(one, ast.Constant) and isinstance(one.value, str)
            }
    return found


def test_finder_sees_both_ways_of_telling():
    assert kinds_in('notify(to=x, kind="a")\ntell_household(h, "b", by=by)\nother(x, "c")') == {"a", "b"}


@pytest.mark.parametrize("path", tree.modules(), ids=lambda path: path.relative_to(tree.ROOT).as_posix())
def test_module_speaks_of_known_occasions(path):
    assert kinds_in(path.read_text(encoding="utf-8")) <= set(KINDS)
