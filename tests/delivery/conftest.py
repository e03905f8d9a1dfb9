"""The story of one family's winter, up to the approved project."""

import pytest

from tests.delivery.scene import Scene, opening


@pytest.fixture
def scene(db: None) -> Scene:
    return opening()
