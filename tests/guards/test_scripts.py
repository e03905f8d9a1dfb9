"""The commands a stranger types exist, and continuous integration hides nothing."""

import os

import pytest

from tests.guards import tree

SCRIPTS = ["script/setup", "script/server", "script/test", "script/lint", "script/bench", ".ci/run"]


@pytest.mark.parametrize("name", SCRIPTS)
def test_script_can_be_run(name: str):
    assert os.access(tree.ROOT / name, os.X_OK)


def test_integration_calls_lint_and_test_and_requires_everything():
    text = (tree.ROOT / ".ci/run").read_text(encoding="utf-8")

    assert "script/lint" in text
    assert "script/test" in text
    assert "BANGFU_REQUIRE=postgres,redis,browser" in text
    assert "|| true" not in text


@pytest.mark.parametrize("name", ["README.md", "README.zh-Hans.md"])
def test_first_screen_of_the_readme_holds_the_two_commands(name: str):
    first_screen = (tree.ROOT / name).read_text(encoding="utf-8").splitlines()[:25]

    assert any("script/server" in line for line in first_screen)
    assert any("script/test" in line for line in first_screen)
