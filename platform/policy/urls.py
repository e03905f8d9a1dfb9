"""Pages of policy."""

from typing import Any

app_name = "policy"
urlpatterns: list[Any] = []
