"""The folders are what CONTRIBUTING says they are."""

import platform
import re
import statistics
import sysconfig
from pathlib import Path

import pytest
from django.conf import settings

from tests.guards import tree

REQUIREMENTS = ["requirements.txt", "requirements-dev.txt"]


def test_shelf_is_not_a_package():
    assert not (tree.SHELF / "__init__.py").exists()
    assert Path(platform.__file__) == Path(sysconfig.get_path("stdlib"), "platform.py")
    assert platform.system()


def test_every_folder_is_an_app_of_the_import_contract():
    named = set().union(*tree.layers())

    assert tree.app_folders() == named
    assert set(tree.PROJECT["tool"]["importlinter"]["root_packages"]) == named


def test_every_app_is_installed_by_the_right_profile():
    assert set(settings.OUR_APPS) == tree.app_folders() - {"config", "demo"}


def test_import_order_is_the_one_contributing_states():
    text = (tree.ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.strip().startswith("config ›"))

    stated = [{name.strip() for name in layer.split("|")} for layer in line.split("›")]

    flat = [name for layer in tree.layers() for name in sorted(layer)]
    assert [name for layer in stated for name in sorted(layer)] == flat


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_requirements_are_pinned_hashed_and_name_no_host(name: str):
    text = (tree.ROOT / name).read_text(encoding="utf-8")

    assert not re.search(
        r"https?:|file:|--index|--extra-index|--find-links|--trusted|(?m:^-i )|(?m: @ )", text
    )
    pins = re.findall(r"(?m)^([a-z0-9][\w.\[\],-]*)(==\S+)?(.*)$", text)
    assert pins
    assert [pin[0] for pin in pins if not pin[1]] == []
    blocks = re.split(r"(?m)^(?=[a-z0-9])", text)[1:]
    assert [block.split("==")[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_modules_are_small():
    sizes = {
        path.relative_to(tree.ROOT).as_posix(): len(path.read_text().splitlines()) for path in tree.modules()
    }

    assert {name: size for name, size in sizes.items() if size > 600} == {}
    assert statistics.median(size for size in sizes.values() if size) <= 80
