"""Pages of reference."""

from typing import Any

app_name = "reference"
urlpatterns: list[Any] = []
