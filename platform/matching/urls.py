"""Pages of matching."""

from typing import Any

app_name = "matching"
urlpatterns: list[Any] = []
